"""What happened to one complaint: its facts in the order of the topic, each once, and how each of its targets ended."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from closedloop.verify.derive.watching import Key, Watch, Watching
from closedloop.verify.evidence.records import Said


class Case:
    """One complaint, from its facts."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.records: list[Said] = []

    @cached_property
    def facts(self) -> list[Said]:
        """The first occurrence of each fact, in the order of the topic."""
        found: dict[str, Said] = {}
        for fact in self.records:
            found.setdefault(fact.id, fact)
        return list(found.values())

    @cached_property
    def by_kind(self) -> dict[str, list[Said]]:
        """The facts of each kind, in order."""
        found: dict[str, list[Said]] = {}
        for fact in self.facts:
            found.setdefault(fact.kind, []).append(fact)
        return found

    def of(self, kind: str, cycle: int | None = None) -> list[Said]:
        """The facts of a kind, in order; of one cycle where it is given."""
        return [fact for fact in self.by_kind.get(kind, ()) if cycle in (None, fact.cycle)]

    def last(self, kinds: Iterable[str], cycle: int) -> Said | None:
        """The latest fact of these kinds in a cycle."""
        found = [fact for kind in kinds for fact in self.of(kind, cycle)]
        return max(found, key=lambda fact: fact.position, default=None)

    @property
    def received(self) -> Said | None:
        """Where it began."""
        return next(iter(self.of("ComplaintReceived")), None)

    @property
    def closed(self) -> Said | None:
        """Where it ended; None while it lives."""
        return next(iter(self.of("ComplaintClosed")), None)

    @property
    def cycle(self) -> int:
        """The cycle it is in."""
        return max((fact.cycle for fact in self.of("ComplaintReopened")), default=1)

    @property
    def policy(self) -> str:
        """The hash of the pack that it was received under."""
        return self.received.body["policy"] if self.received else ""

    def plan(self, cycle: int) -> str | None:
        """The plan of a cycle as it was last routed; None where the centre kept it."""
        routed = self.last(("ComplaintRouted",), cycle)
        return routed.body["plan"] if routed else None

    @property
    def lacks_its_report(self) -> bool:
        """Whether it is a major incident that nobody has reported on."""
        return bool(self.of("IncidentDeclared")) and not self.of("IncidentReported")

    @cached_property
    def watches(self) -> dict[Key, Watch]:
        """Every target that was ever armed."""
        return Watching().through(self.facts)


def cases(facts: Iterable[Said]) -> dict[str, Case]:
    """The complaints that these facts speak of."""
    found: dict[str, Case] = {}
    for fact in facts:
        id = fact.body["complaint_id"]
        case = found.get(id)
        if case is None:
            case = found[id] = Case(id)
        case.records.append(fact)
    return found
