"""The checker holds a healthy history for good, and each fault turns exactly its invariant red."""

from __future__ import annotations

from functools import cache

import pytest

from closedloop.verify import Verdict
from closedloop.verify.judge import CHECKS
from closedloop.verify.saying.words import REASONS
from tests.unit.verify.faults import FAULTS, Fault
from tests.unit.verify.tales import healthy

BETWEEN_SUBJECTS = {"number_lost", "out_of_turn"}
"""What only subjects that tell each other things can do wrong: test_between_subjects.py has these."""


@cache
def spoiled(fault: Fault) -> Verdict:
    """The verdict on a healthy history in which this one thing went wrong."""
    topics = healthy()
    fault.spoil(topics)
    return topics.judge(accepted=fault.accepted)


def test_a_healthy_history_holds_in_every_point() -> None:
    verdict = healthy().judge()

    assert [(row.invariant, row.failures) for row in verdict.rows if row.failures] == []
    assert verdict.green


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.tells)
def test_each_fault_turns_exactly_its_invariant_red(fault: Fault) -> None:
    verdict = spoiled(fault)

    assert verdict.red == {fault.breaks, *fault.also}
    assert fault.code in {failure.code for failure in verdict[fault.breaks].failures}


def test_every_invariant_has_a_fault_that_breaks_it() -> None:
    assert {fault.breaks for fault in FAULTS} == set(CHECKS) - {"silent"}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.tells)
def test_each_failure_is_explained_in_both_languages(fault: Fault) -> None:
    failures = [failure for row in spoiled(fault).rows for failure in row.failures]

    assert failures
    assert all(failure.why("en") and failure.why("zh") != failure.why("en") for failure in failures)


def test_every_reason_has_a_fault_that_it_explains() -> None:
    assert {fault.code for fault in FAULTS} == set(REASONS) - {"new_words"} - BETWEEN_SUBJECTS


def test_no_explanation_lacks_a_language() -> None:
    assert all(words["en"] and words["zh"] for words in REASONS.values())
