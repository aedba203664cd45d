"""Which policy pack a new complaint gets, and what happens until one is there."""

from __future__ import annotations

from datetime import datetime

import pytest
from prometheus_client.registry import CollectorRegistry

from services.shared.loop.policy_feed import PolicyFeed
from services.shared.machine.failures import NotYet, Temporary
from services.shared.machine.policies import PolicyBook
from services.shared.watching.measures import Measures
from tests.builders import MONDAY, TOWN, book, pack
from tests.unit.shared.memory_store import Memory, MemoryStore

LATER = pack(version="2")


def test_a_new_complaint_gets_the_newest_pack() -> None:
    assert book(TOWN, LATER).bound_to("app") == LATER


def test_the_order_in_which_packs_are_read_does_not_matter() -> None:
    known = PolicyBook()
    for order, one in ((1, LATER), (0, TOWN)):
        known.learn(one.hash, one, order)

    assert known.bound_to("app") == LATER


def test_a_source_that_is_bound_to_a_pack_gets_that_one() -> None:
    known = PolicyBook(bindings={"app": TOWN.hash})
    for order, one in enumerate((TOWN, LATER)):
        known.learn(one.hash, one, order)

    assert (known.bound_to("app"), known.bound_to("hotline")) == (TOWN, LATER)


def test_an_older_complaint_keeps_its_pack() -> None:
    assert book(TOWN, LATER).pack(TOWN.hash) == TOWN


LED = [
    pack(version=who, people={who: {"zh": who, "en": who}}, offices={"director": who}, chain=["director"])
    for who in ("li", "sun")
]
"""Two packs of one name, the later one with another director."""


def directors(known: PolicyBook) -> list[str]:
    return [known.pack(one.hash).offices["director"] for one in LED]


@pytest.mark.parametrize(
    ("heard", "director"),
    [
        pytest.param([(0, 0), (1, 1)], "sun", id="in order"),
        pytest.param([(1, 1), (0, 0)], "sun", id="the older one late"),
        pytest.param([(0, 0), (1, 1), (0, 0), (1, 1), (0, 0)], "sun", id="again and again"),
        pytest.param([(0, 0), (1, 1), (0, 2)], "li", id="the older one published anew"),
        pytest.param([(0, 0), (1, 1), (0, 2), (1, 1)], "li", id="and the later one heard again"),
    ],
)
def test_every_pack_of_a_name_has_the_people_of_the_one_published_last(
    heard: list[tuple[int, int]], director: str
) -> None:
    known = PolicyBook()

    for which, order in heard:
        known.learn(LED[which].hash, LED[which], order)

    assert directors(known) == [director] * 2
    assert known.bound_to("app").offices["director"] == director


class Kept(MemoryStore):
    """A database that keeps these packs; more come when a test says so."""

    def __init__(self) -> None:
        super().__init__(Memory())
        self.kept = [LED[0].model_dump_json()]

    async def packs(self) -> list[tuple[str, str, int]]:
        return [(LED[n].hash, text, n) for n, text in enumerate(self.kept)]


async def test_what_is_known_is_not_learnt_again_each_second_and_what_is_new_is() -> None:
    store = Kept()
    known = PolicyBook()
    feed = PolicyFeed(known, store)
    await feed.reload()
    before = known.pack(LED[0].hash)

    await feed.reload()
    again = known.pack(LED[0].hash)
    store.kept.append(LED[1].model_dump_json())
    await feed.reload()

    assert again is before
    assert directors(known) == ["sun", "sun"]


async def test_a_kept_pack_that_no_longer_can_be_read_is_passed_over_until_it_is_read_elsewhere() -> None:
    store = Kept()
    store.kept = ["{}", LED[1].model_dump_json()]
    known = PolicyBook()
    feed = PolicyFeed(known, store)

    await feed.reload()
    found = known.bound_to("app")
    known.learn(LED[0].hash, LED[0], 0)

    assert found == LED[1]
    assert directors(known) == ["sun", "sun"]


def test_a_pack_that_has_not_arrived_is_waited_for() -> None:
    empty = PolicyBook()

    assert not empty.known
    for look in (lambda: empty.bound_to("app"), lambda: empty.pack("0123")):
        with pytest.raises(NotYet) as waiting:
            look()
        assert isinstance(waiting.value, Temporary)


OFFICE = {"version": "1", "zone": "Asia/Shanghai", "hours": {"mon-fri": ["09:00-17:00"]}, "holidays": "CN"}
"""Its authority has published the holidays of the years up to 2026."""


@pytest.mark.parametrize(
    ("now", "years"),
    [
        pytest.param("2025-06-01T00:00:00+00:00", [], id="the year ahead is published"),
        pytest.param("2026-01-01T12:00:00+00:00", [2027], id="the last moment ahead is not"),
        pytest.param("2026-12-31T23:00:00+00:00", [2027, 2028], id="already the next year there"),
    ],
)
def test_years_whose_holidays_are_a_guess_are_known_by_calendar(now: str, years: list[int]) -> None:
    known = book(TOWN, pack(calendars={"office": OFFICE}), pack(version="2", calendars={"office": OFFICE}))

    assert known.unofficial_years(datetime.fromisoformat(now)) == {("office", year) for year in years}


def test_calendars_without_an_authority_guess_nothing() -> None:
    plain = {name: value for name, value in OFFICE.items() if name != "holidays"}

    assert book(pack(calendars={"office": plain})).unofficial_years(MONDAY) == set()


def test_what_is_a_guess_no_more_is_shown_no_more() -> None:
    registry = CollectorRegistry()
    measures = Measures("any", (), registry)
    measures.show_unofficial({("office", 2027), ("night", 2028)})

    measures.show_unofficial({("night", 2028)})

    shown = [s for family in registry.collect() for s in family.samples if s.name == "closedloop_unofficial_years"]
    assert [(s.labels, s.value) for s in shown] == [({"service": "any", "calendar": "night", "year": "2028"}, 1)]
