"""The packs published on a stack: each with its time of publication, and the pack of new complaints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from closedloop.casebook.reader import BOOTSTRAP_MS, records
from schemas.policy import PolicyPack
from schemas.topics import POLICIES, RECEIPTS
from services.shared.machine.letters import Origin


@dataclass(frozen=True)
class Publication:
    """One pack as it stands on the topic: complaints name it by its key."""

    key: str
    offset: int
    at: datetime
    name: str
    version: str
    pack: PolicyPack | None
    """None where this version of the program cannot read it."""

    def is_same_as(self, pack: PolicyPack) -> bool:
        """Whether both say the same, whatever hash an older program made of it, and in whatever order it stands.

        Of plans the first is what the centre assigns by, so that one is compared.
        """
        return self.pack is not None and self.pack == pack and [*self.pack.plans][:1] == [*pack.plans][:1]

    def as_json(self) -> dict[str, Any]:
        """What it is, for programs."""
        since = self.at.isoformat().replace("+00:00", "Z")
        return {"name": self.name, "version": self.version, "hash": self.key, "since": since, "offset": self.offset}


@dataclass(frozen=True)
class Shelf:
    """All that is published, the oldest first, and the upstream systems that there are."""

    packs: tuple[Publication, ...]
    sources: tuple[str, ...] = ()
    bound: Mapping[str, str] | None = None
    """Sources that are bound to a pack by `CLOSEDLOOP_POLICIES`."""

    @property
    def in_force(self) -> Publication | None:
        """The pack that was published last; it rules complaints of all sources that are not bound."""
        return self.packs[-1] if self.packs else None

    @property
    def unbound(self) -> tuple[str, ...]:
        """The sources that get the newest pack."""
        return tuple(source for source in self.sources if source not in (self.bound or {}))

    def rules(self, one: Publication) -> list[str]:
        """The sources whose new complaints get this pack."""
        bound = [source for source, key in sorted((self.bound or {}).items()) if key == one.key]
        return sorted([*bound, *(self.unbound if one == self.in_force else ())])

    def newest(self, name: str) -> Publication | None:
        """The pack of a name that was published last; a hash, or how one begins, names its pack as well."""
        named = [one for one in self.packs if one.name == name]
        named = named or [one for one in self.packs if len(name) >= SHORTEST and one.key.startswith(name)]
        return named[-1] if named else None

    def missing(self) -> dict[str, str]:
        """Sources that are bound to a pack that nobody has published: their complaints wait."""
        known = {one.key for one in self.packs}
        return {source: key for source, key in sorted((self.bound or {}).items()) if key not in known}


SHORTEST = 6
"""So many signs of a hash are enough."""


def read(bootstrap: str, bound: Mapping[str, str] | None = None) -> Shelf:
    """What is published at these brokers; raises KafkaError."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap.split(","), bootstrap_timeout_ms=BOOTSTRAP_MS, enable_auto_commit=False
    )
    try:
        topics = consumer.topics()
        if POLICIES.name not in topics:
            return Shelf((), bound=bound)
        found = shelved(records(consumer, [TopicPartition(POLICIES.name, 0)]))
        sources = (source for topic in sorted(topics) if (source := RECEIPTS.member(topic)))
        return Shelf(found, tuple(sources), bound)
    finally:
        consumer.close()


def shelved(found: Iterable[Origin]) -> tuple[Publication, ...]:
    """The newest record of each key; what was withdrawn is not there."""
    by_key: dict[str, Publication] = {}
    for record in found:
        key = (record.key or b"").decode(errors="replace")
        by_key.pop(key, None)
        if record.value is not None:
            by_key[key] = _publication(key, record, record.value)
    return tuple(by_key.values())


def refusal(pack: PolicyPack, shelf: Shelf, back: bool) -> str | None:
    """Why a pack may not be published beside what is; None where it may."""
    same = [one for one in shelf.packs if (one.name, one.version) == (pack.name, pack.version)]
    newest = shelf.newest(pack.name)
    if same and not any(one.is_same_as(pack) for one in same):
        return (
            f"{pack.name} version {pack.version} is published already, as {same[-1].key} since {when(same[-1])}, "
            f"and says something else: give the changed pack another version"
        )
    if newest is None or newest.is_same_as(pack) or back:
        return None
    if same or _order(pack.version) < _order(newest.version):
        return (
            f"{pack.name} version {pack.version} is older than version {newest.version}, published {when(newest)}: "
            f"say --back to go back to it"
        )
    return None


def when(one: Publication) -> str:
    """Since when, for people."""
    return f"{one.at:%Y-%m-%d %H:%M:%S} UTC"


def _publication(key: str, record: Origin, value: bytes) -> Publication:
    at = datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)
    try:
        pack = PolicyPack.model_validate_json(value)
    except ValueError:
        return Publication(key, record.offset, at, *_named(value), None)
    return Publication(key, record.offset, at, pack.name, pack.version, pack)


def _named(value: bytes) -> tuple[str, str]:
    try:
        found = json.loads(value)
        return str(found["name"]), str(found["version"])
    except (ValueError, KeyError, TypeError):
        return "unreadable", "?"


def _order(version: str) -> list[tuple[int, int, str]]:
    """Numbers in a version count as numbers: 10 comes after 9, and 2026-2 after 2026-1."""
    parts = re.findall(r"\d+|[^\d]+", version)
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]
