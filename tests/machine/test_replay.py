"""Real requests of New York and Boston come to the verdicts that their own dates ask for, in memory."""

from pathlib import Path

import pytest

from closedloop.policies import load
from closedloop.replay import maps
from closedloop.replay.in_memory import in_memory
from closedloop.replay.promises import pack_of
from closedloop.replay.records import history_of
from closedloop.replay.result import Result
from closedloop.replay.table import table_of
from closedloop.run import Progress

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the files of ../shared/data are not here")


def replayed(name: str) -> Result:
    map = maps.load(name)
    history = history_of(table_of(DATA / f"{name}.csv", map), map)
    return in_memory(history, load(map.policy) if map.policy else pack_of(history), Progress(quiet=True))


@pytest.fixture(scope="module")
def result() -> Result:
    return replayed("nyc311")


@pytest.fixture(scope="module")
def boston() -> Result:
    return replayed("boston311")


def test_every_request_is_accepted_and_those_with_a_date_are_judged_by_it(result: Result) -> None:
    found = result.found

    assert (found.accepted, found.with_deadline, found.met, found.breached) == (1000, 486, 427, 59)


def test_a_breach_is_a_late_answer_or_none(result: Result) -> None:
    assert (result.found.answered_late, result.found.still_open) == (52, 7)


def test_each_agency_has_the_breaches_that_are_its_own(result: Result) -> None:
    assert result.found.breached_by_agency == {
        "nypd": 16,
        "dpr": 12,
        "dof": 7,
        "dsny": 7,
        "dohmh": 6,
        "tlc": 6,
        "dot": 2,
        "edc": 2,
        "dcas": 1,
    }


def test_an_answer_dated_before_its_complaint_is_refused(result: Result) -> None:
    assert result.found.refused == {"before_receipt": 10}


def test_the_file_itself_counted_says_the_same_and_every_invariant_holds(result: Result) -> None:
    assert result.found == result.expected
    assert result.verdict.red == set()


def test_what_is_dirty_in_the_file_is_listed(result: Result) -> None:
    kinds = [dirt.kind for dirt in result.history.dirt]

    assert (len(kinds), set(kinds)) == (10, {"closed_first"})


def test_boston_is_judged_by_the_dates_that_the_city_published(boston: Result) -> None:
    found = boston.found

    assert (found.accepted, found.answered, found.met, found.missed) == (100, 85, 72, 5)
    assert (found.breached, found.answered_late, found.still_open) == (17, 5, 12)
    assert (found.with_deadline, found.without_deadline) == (89, 11)


def test_bostons_departments_own_their_requests_without_a_pack_of_the_city(boston: Result) -> None:
    assert boston.found.breached_by_agency == {"pwdx": 7, "btdt": 5, "prop": 3, "isd": 2}


def test_bostons_file_counted_says_the_same_and_every_invariant_holds(boston: Result) -> None:
    assert boston.found == boston.expected
    assert boston.verdict.red == set()
    assert boston.history.dirt == ()
