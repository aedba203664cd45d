"""The file of one complaint from its topic: the records as they came, each fact once, and the pinned policy pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from schemas.envelope import Unreadable, read_fact
from schemas.facts import Fact
from schemas.policy import PolicyPack
from services.shared.machine.letters import Origin


class NoPack(Exception):
    """The policy pack that holds for the complaint is not on its topic."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One complaint: `records` and `facts` in the order of the topic; `unreadable` says where something else stands."""

    id: str
    records: tuple[Origin, ...]
    facts: tuple[Fact, ...]
    unreadable: tuple[str, ...]
    pack: PolicyPack

    @classmethod
    def of(cls, id: str, records: Iterable[Origin], packs: Mapping[str, PolicyPack]) -> Self:
        """The file of one complaint's records; raises NoPack where its pack is not among these (by content hash)."""
        kept, facts, unreadable = list[Origin](), list[Fact](), list[str]()
        marks: dict[str, int] = {}
        for record in records:
            kept.append(record)
            try:
                fact, writer, sequence = read_fact(record.headers, record.value)
            except Unreadable as reason:
                unreadable.append(f"{record.position}: {reason}")
                continue
            # What a crash let a service say twice counts once, as for every reader.
            if sequence > marks.get(writer, 0):
                marks[writer] = sequence
                facts.append(fact)
        return cls(id, tuple(kept), tuple(facts), tuple(unreadable), _pack(facts, packs))


def _pack(facts: Iterable[Fact], packs: Mapping[str, PolicyPack]) -> PolicyPack:
    pinned = next((named for fact in facts if (named := getattr(fact, "policy", None))), None)
    if pinned is None:
        raise NoPack("none of its facts names a policy pack")
    if pinned not in packs:
        raise NoPack(f"it is handled by policy pack {pinned}, which is not on the topic of packs")
    return packs[pinned]
