"""What happened to one complaint: its facts in the order of the topic, each once, and how each of its targets ended."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from closedloop.verify.derive.watching import Key, Watch, Watching
from closedloop.verify.evidence.records import Said


class Case:
    """One complaint, from its facts; each is asked for by its mark."""

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
    def _marked(self) -> dict[str, list[Said]]:
        found: dict[str, list[Said]] = {}
        for fact in self.facts:
            found.setdefault(fact.row.mark, []).append(fact)
        return found

    @cached_property
    def given(self) -> list[Said]:
        """The facts that gave it to somebody."""
        return [fact for fact in self.facts if fact.row.owner]

    def of(self, mark: str, cycle: int | None = None) -> list[Said]:
        """The facts with a mark, in order; of one cycle where it is given."""
        return [fact for fact in self._marked.get(mark, ()) if cycle in (None, fact.cycle)]

    def before(self, mark: str, fact: Said) -> list[Said]:
        """The facts with a mark in another fact's cycle that stand before it."""
        return [found for found in self.of(mark, fact.cycle) if found.position < fact.position]

    def last(self, cycle: int, *marks: str) -> Said | None:
        """The latest fact with one of these marks in a cycle."""
        found = [fact for mark in marks for fact in self.of(mark, cycle)]
        return max(found, key=lambda fact: fact.position, default=None)

    @property
    def received(self) -> Said | None:
        """Where it began."""
        return next(iter(self.of("received")), None)

    @property
    def closed(self) -> Said | None:
        """Where it ended; None while it lives."""
        return next(iter(self.of("closed")), None)

    @property
    def cycle(self) -> int:
        """The cycle it is in."""
        return max((fact.cycle for fact in self.facts if fact.row.begins_a_cycle), default=1)

    @property
    def policy(self) -> str:
        """The hash of the pack that it was received under."""
        return self.received.body["policy"] if self.received else ""

    def plan(self, cycle: int) -> str | None:
        """The plan of a cycle as it was last routed; None where the centre kept it."""
        routed = self.last(cycle, "routed")
        return routed.body["plan"] if routed else None

    @property
    def lacks_its_report(self) -> bool:
        """Whether it is a major incident that nobody has reported on."""
        return bool(self.of("declared")) and not self.of("reported")

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
