"""What documents are counted as: each gauge by its own words, what is gone as none, and never for long."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from prometheus_client import Gauge
from prometheus_client.registry import CollectorRegistry

from services.shared.loop.timer_gauges import Census, Level
from services.shared.machine.failures import Temporary
from services.shared.watching.measures import Measures
from tests.builders import ESCALATION
from tests.unit.shared.memory_store import Memory, MemoryStore
from tests.unit.shared.moved_time import now, run


class Counts(MemoryStore):
    """A database that takes so long to count, or does not answer at first."""

    def __init__(self, *counted: dict[tuple[str, ...], int], takes_s: float = 0.0, fails: int = 0) -> None:
        super().__init__(Memory())
        self.counted, self.takes_s, self.fails = list(counted), takes_s, fails
        self.looks: list[float] = []

    async def census(self) -> dict[tuple[str, ...], int]:
        self.looks.append(now())
        await asyncio.sleep(self.takes_s)
        if len(self.looks) <= self.fails:
            raise Temporary("no primary")
        return self.counted.pop(0) if self.counted else {}


class Shown:
    """A census with two gauges: of the first word, and of the other two."""

    def __init__(self, store: Counts) -> None:
        self.registry = CollectorRegistry()
        self.measures = Measures(ESCALATION.name, (), self.registry)
        first = Gauge("first", "the first word", ["word"], registry=self.registry)
        others = Gauge("others", "the other words", ["second", "third"], registry=self.registry)
        self.census = Census(store, (Level(first, (0,)), Level(others, (1, 2))), self.measures, now)

    def of(self, gauge: str) -> dict[tuple[str, ...], float]:
        families = [family for family in self.registry.collect() if family.name == gauge]
        return {tuple(sample.labels.values()): sample.value for sample in families[0].samples}


async def for_so_long(shown: Shown, seconds: float) -> None:
    """The census is taken for so long."""
    taking = asyncio.create_task(shown.census.run())
    await asyncio.sleep(seconds)
    taking.cancel()


def test_a_stage_counts_in_every_gauge_whose_words_it_has() -> None:
    shown = Shown(Counts({("answer",): 5, ("answer", "water", "plain"): 2, ("accept", "water", "plain"): 1}))

    run(shown.census.take())

    assert shown.of("first") == {("answer",): 7, ("accept",): 1}
    assert shown.of("others") == {("water", "plain"): 3}


def test_what_is_gone_is_shown_as_none() -> None:
    shown = Shown(Counts({("answer", "water", "plain"): 2}, {("accept",): 1}))

    for _ in range(2):
        run(shown.census.take())

    assert shown.of("first") == {("answer",): 0, ("accept",): 1}
    assert shown.of("others") == {("water", "plain"): 0}


@pytest.mark.parametrize(("takes_s", "apart_s"), [(0.0, 15), (0.1, 15), (0.5, 50), (20.0, 60)])
def test_between_two_looks_passes_a_hundred_times_what_one_takes_but_a_quarter_of_a_minute_to_a_whole_one(
    takes_s: float, apart_s: float
) -> None:
    store = Counts(takes_s=takes_s)

    run(for_so_long(Shown(store), 10_000))

    pauses = [later - earlier - takes_s for earlier, later in pairwise(store.looks)]
    assert set(map(round, pauses)) == {apart_s}


def test_a_database_that_is_away_is_not_counted_as_slow() -> None:
    store = Counts({("answer",): 1}, takes_s=0.01, fails=20)
    shown = Shown(store)

    run(for_so_long(shown, 60))

    assert shown.of("first") == {("answer",): 0}
    assert len(store.looks) >= 20 + 2


def test_how_long_it_took_is_shown() -> None:
    shown = Shown(Counts(takes_s=0.5))

    run(shown.census.take())

    assert shown.of("closedloop_census_seconds") == {(ESCALATION.name,): 0.5}
