"""What comes seldom is brought at once; the more comes, the more of it one fetch brings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.shared.broker.fetching import FETCHES, IN_MASSES, RESTING, WORKING, Arrivals, Fetch

COUNTS = st.lists(st.integers(0, 2_000), max_size=40)


def after(*counts: int, every_s: float = 0.1) -> Fetch:
    """How the next fetch asks when so many records came, one fetch after another."""
    arrivals = Arrivals()
    return [arrivals.next_fetch(came, n * every_s) for n, came in enumerate((0, *counts))][-1]


def test_who_rests_is_brought_a_record_as_soon_as_it_is_there() -> None:
    assert after() == RESTING
    assert RESTING.least_bytes == 1


def test_who_works_waits_a_moment_for_more() -> None:
    assert after(1) == WORKING


def test_masses_are_fetched_as_such() -> None:
    assert after(100, 100, 100, 100, 100, 100, 100) == IN_MASSES


def test_after_masses_it_comes_to_rest_again() -> None:
    assert after(1_000, *[0] * 5) == IN_MASSES
    assert after(1_000, *[0] * 20) == WORKING
    assert after(1_000, *[0] * 80) == RESTING


def test_each_fetch_asks_for_more_than_the_one_for_fewer_records() -> None:
    assert [fetch.least_bytes for fetch in FETCHES.values()] == sorted(f.least_bytes for f in FETCHES.values())


@given(COUNTS, st.floats(0.0, 2.0))
def test_more_records_are_never_asked_for_in_smaller_bites(counts: list[int], every_s: float) -> None:
    more = after(*(2 * came for came in counts), every_s=every_s)

    assert more.least_bytes >= after(*counts, every_s=every_s).least_bytes
