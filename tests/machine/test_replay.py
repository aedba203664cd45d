"""A thousand real requests of New York come to the verdicts that their own dates ask for, in memory."""

from pathlib import Path

import pytest

from closedloop.policies import load
from closedloop.replay.in_memory import in_memory
from closedloop.replay.records import SNAPSHOT, read
from closedloop.replay.result import Result
from closedloop.run import Progress

HISTORY = Path(__file__).parents[3] / "shared" / "data" / "nyc311.csv"

pytestmark = pytest.mark.skipif(not HISTORY.exists(), reason="the file ../shared/data/nyc311.csv is not here")


@pytest.fixture(scope="module")
def result() -> Result:
    return in_memory(read(HISTORY), load("nyc311"), SNAPSHOT, Progress(quiet=True))


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
