"""Whatever the clocks of server and hosts do: no timer fires early, none twice, each soon after its time has come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.topics import COMPLAINTS
from services.shared.broker.partition import partition_of
from services.shared.database.server_time import Wall
from services.shared.loop.gate import LONGEST, open_until
from services.shared.machine.documents import Document, Timer
from services.shared.timing.clock import Clock
from tests.sampling import so_many
from tests.unit.shared.hosts import BEGIN, EVERY_S, LIMIT, Host, Place, Shown, armed, dates, lives
from tests.unit.shared.moved_time import run

pytestmark = pytest.mark.usefixtures("quiet")

UNTIL_S = 70.0
"""Until then clocks go wrong; from then on all show the same."""
LASTS_S = 85.0
"""Now every rung of every complaint has been due for a while."""
SOON_S = 2.5
"""The bound: a second until the poller looks, one until the server's time is heard, and the ways."""
WAY_S = 0.3
"""How old the server's time may be that a decision rests on."""

FEW = 50
"""How many timers one look finds where a flood of them is wanted: twice as many as are watched."""

Two = tuple[Shown, Shown]
RIGHT = (Shown(), Shown())
DAY_S = 86_400.0
MOMENTS = st.floats(0.1, UNTIL_S - 0.1)


@st.composite
def clocks(draw: st.DrawFn, far_s: float) -> Shown:
    """A clock that is wrong from the beginning, runs wrongly, and is set several times; right from `UNTIL_S` on."""
    ppm = draw(st.sampled_from([0.0, -500.0, 500.0]))
    steps = [(0.0, draw(st.floats(-far_s, far_s)))]
    steps += draw(st.lists(st.tuples(MOMENTS, st.floats(-far_s, far_s)), max_size=4))
    wrong = sum(by for _, by in steps) + UNTIL_S * ppm / 1e6
    return Shown((*steps, (UNTIL_S, -wrong)), ppm, UNTIL_S)


def life(place: Place, runs: Two = RIGHT, reading: int = 2, seconds: float = LASTS_S, limit: int = LIMIT) -> None:
    """Two hosts, each of which reads half of the partitions unless one reads nothing, watch what is armed so long."""

    async def lived() -> None:
        place.memory.keep(armed())
        hosts = two_hosts(place, runs, reading, limit)
        for host in hosts:
            await host.wall.look()
        await lives(hosts, seconds)

    run(lived())


def two_hosts(place: Place, runs: Two = RIGHT, reading: int = 2, limit: int = LIMIT) -> list[Host]:
    half = [range(n, COMPLAINTS.partitions, 2) if n < reading else () for n in range(2)]
    return [Host(place, f"host-{n}", half[n], runs[n], limit) for n in range(2)]


def due_by(moment: datetime) -> set[tuple[str, int]]:
    return {key for key, due in dates().items() if due <= moment}


def assert_never_early(place: Place) -> None:
    """When a rung is told, the server's clock has shown its time just now."""
    for at, rung in place.told():
        looks = [at, at - WAY_S, *(step - 1e-6 for step, _ in place.clock.steps if at - WAY_S <= step <= at)]
        assert max(map(place.clock.at, looks)) >= rung.due_at, (at, rung)


def assert_each_is_told_once(place: Place) -> None:
    told = [(rung.complaint_id, rung.rung) for _, rung in place.told()]
    assert sorted(told) == sorted(dates())


def assert_told_within(place: Place, seconds: float, since: Callable[[float], float]) -> None:
    """Each is told so soon after the server's clock has reached its time, and after another moment."""
    for at, rung in place.told():
        reached = place.clock.reaches(rung.due_at, at)
        assert reached is None or at - max(reached, since(at)) <= seconds, (reached, at, rung)


@settings(max_examples=so_many(5, 30), deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    server=clocks(30.0) | clocks(3_600.0),
    runs=st.tuples(*[st.builds(Shown, ppm=st.sampled_from([0.0, -500.0, 500.0]))] * 2),
    seed=st.integers(0, 2**32),
)
def test_whatever_the_clocks_do_each_timer_fires_once_never_early_and_soon(server: Shown, runs: Two, seed: int) -> None:
    place = Place(server, Random(seed))

    life(place, runs)

    assert_never_early(place)
    assert_each_is_told_once(place)
    assert_told_within(place, SOON_S, since=server.last_step)


@pytest.mark.parametrize("back_s", [0.5, 60.0, 7_200.0])
def test_a_clock_that_was_set_back_while_timers_were_armed_has_to_reach_their_time_again(back_s: float) -> None:
    place = Place(Shown(steps=((9.99, -back_s),)), Random(1))

    life(place)

    assert_never_early(place)
    assert_told_within(place, SOON_S, since=lambda at: 0.0)
    told = {(rung.complaint_id, rung.rung) for _, rung in place.told()}
    assert due_by(place.clock.at(LASTS_S - SOON_S)) <= told <= due_by(place.clock.at(LASTS_S))


def test_a_clock_that_was_set_forth_has_all_that_it_passed_told_soon_in_order_each_with_its_own_date() -> None:
    place = Place(Shown(steps=((5.0, 3_600.0),)), Random(1))

    life(place, seconds=5.0 + SOON_S)

    told = [(rung.complaint_id, rung.rung, rung.due_at) for _, rung in place.told()]
    assert sorted(told) == sorted((*key, due) for key, due in dates().items())
    assert all([n for id, n, _ in told if id == document.id] == [1, 2, 3, 4] for document, _ in armed())


@pytest.mark.parametrize("ppm", [-500.0, 500.0])
def test_on_a_host_whose_clock_runs_wrongly_for_a_day_the_servers_time_is_known_to_half_a_millisecond(
    ppm: float,
) -> None:
    passed, runs, errors = 0.0, Shown(ppm=ppm), set[timedelta]()

    async def server() -> datetime:
        return BEGIN + timedelta(seconds=passed)

    async def day() -> None:
        nonlocal passed
        wall = Wall(server, lambda: passed + runs.ahead(passed))
        for second in range(int(DAY_S)):
            await wall.look()
            passed = second + EVERY_S
            errors.add(wall.now() - await server())

    asyncio.run(day())

    assert max(errors) - min(errors) <= timedelta(microseconds=1)
    assert max(map(abs, errors)) <= timedelta(microseconds=501)


@pytest.mark.parametrize("ppm", [-500.0, 500.0])
def test_a_process_that_stood_still_for_a_day_on_such_a_host_fires_nothing_early_when_it_goes_on(ppm: float) -> None:
    place = Place(Shown(), Random(1))

    async def lived() -> None:
        place.memory.keep(armed(DAY_S))
        stood = Host(place, "host", range(COMPLAINTS.partitions), Shown(ppm=ppm))
        await stood.wall.look()
        await asyncio.sleep(DAY_S)
        await lives([stood], LASTS_S)

    run(lived())

    assert_never_early(place)
    assert len(list(place.told())) == len(dates())


def test_a_timer_of_a_partition_that_nobody_has_read_is_held_for_half_a_minute_and_no_longer() -> None:
    place = Place(Shown(), Random(1))

    life(place, reading=1, seconds=LASTS_S + LONGEST.total_seconds())

    late = {partition_of(rung.complaint_id) % 2: set[float]() for _, rung in place.told()}
    for at, rung in place.told():
        late[partition_of(rung.complaint_id) % 2].add(at - (rung.due_at - BEGIN).total_seconds())
    assert min(late[0]) >= 0 and max(late[0]) < SOON_S
    assert min(late[1]) >= 30 and max(late[1]) < 30 + SOON_S


@pytest.mark.parametrize("at_one_time", [False, True])
def test_timers_of_partitions_that_are_read_do_not_wait_for_three_looks_full_of_one_that_is_not(
    at_one_time: bool,
) -> None:
    place = Place(Shown(), Random(1))
    dark = (str(n) for n in count() if partition_of(str(n)) % 2)
    for n, id in enumerate(islice(dark, 3 * FEW)):
        due = BEGIN + timedelta(seconds=5 if at_one_time else 5 + n / FEW)
        place.memory.keep([(Document(id), Timer(due, "water"))])

    life(place, reading=1, seconds=LONGEST.total_seconds(), limit=FEW)

    told = [(at, rung) for at, rung in place.told() if partition_of(rung.complaint_id) % 2 == 0]
    due = {key for key in due_by(BEGIN + timedelta(seconds=LONGEST.total_seconds() - SOON_S)) if not dark_one(key)}
    assert due <= {(rung.complaint_id, rung.rung) for _, rung in told}
    assert all(at - (rung.due_at - BEGIN).total_seconds() < SOON_S for at, rung in told)


def dark_one(key: tuple[str, int]) -> bool:
    return bool(partition_of(key[0]) % 2)


def test_a_time_of_long_ago_holds_a_timer_however_fast_time_runs() -> None:
    began = datetime(2026, 9, 14, tzinfo=UTC)
    fast = Clock(began, began, 86_400 / 20)

    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    assert open_until(began + timedelta(hours=1), began + timedelta(seconds=1), long_ago, fast, LONGEST) is None
