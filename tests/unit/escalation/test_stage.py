"""What supervision counts of a complaint, hour by hour: whose rung is next, and whether a target is at risk."""

from __future__ import annotations

from typing import Any

import pytest

from services.escalation.rules import next_due
from services.escalation.rules.stage import stage
from tests.builders import TOWN, Complaint, Town, hour, hours

RUNGS = ("DeadlineApproaching", "DeadlineBreached", "ComplaintEscalated")
VERDICTS = ("DeadlineBreached", "DeadlineMet", "DeadlineMissed", "DeadlineCancelled")
AFTER = (81, 90, 104, 113)


def counted(complaint: Complaint) -> tuple[str, ...]:
    """As what it is counted now; as nothing while no rung is ahead."""
    case = complaint.document("escalation").case
    due = next_due(case, TOWN)
    return () if due is None else stage(case, TOWN, due)


def seen(complaint: Complaint, *moments: float) -> list[tuple[str, ...]]:
    """As what it is counted at those hours."""
    found = []
    for at in moments:
        complaint.town.at(at)
        found.append(counted(complaint))
    return found


def test_a_target_is_at_risk_from_its_warning_until_its_date() -> None:
    complaint = Town().complaint("water/leak")

    assert seen(complaint, 7.4, 7.5, 9.9, 10) == [
        ("accept",),
        ("accept", "water", "ordinary"),
        ("accept", "water", "ordinary"),
        ("accept",),
    ]


def test_what_was_done_is_not_at_risk_any_more() -> None:
    complaint = Town().complaint("water/leak")
    before = seen(complaint, 8)

    complaint.reply("water", "accepted")
    accepted = seen(complaint, 8, 76)
    complaint.reply("water", "answered")

    assert before == [("accept", "water", "ordinary")]
    assert accepted == [("answer",), ("answer", "water", "ordinary")]
    assert seen(complaint, 77, 101) == [(), ("visit",)]


def test_a_complaint_late_with_one_target_is_at_risk_with_another() -> None:
    complaint = Town().complaint("water/leak")

    assert seen(complaint, 74, 76, 101) == [("answer",), ("accept", "water", "ordinary"), ("accept",)]


def test_a_complaint_that_nobody_owns_yet_is_at_risk_at_the_centre() -> None:
    complaint = Town().complaint("unheard/of")

    assert seen(complaint, 1, 3.5) == [("assign",), ("assign", "centre", "")]


@pytest.mark.parametrize(
    ("until", "at_risk_at"),
    [
        pytest.param(150, (113,), id="much later: its own warning is ahead"),
        pytest.param(105, (81, 90, 104), id="a little later: its warning would be due by now"),
    ],
)
def test_a_target_that_was_warned_of_and_got_a_later_date_is_at_risk_when_most_of_its_time_is_over(
    until: float, at_risk_at: tuple[float, ...]
) -> None:
    complaint = Town().complaint("patient/leak")
    before = seen(complaint, 80)

    complaint.reply("water", "extension", until=hour(until).isoformat(), note="the street has to be opened")
    complaint.town.at(81)
    complaint.reply("centre", "approved")
    found = {at: stage[1:] for at, stage in zip(AFTER, seen(complaint, *AFTER), strict=True)}

    assert before[0][1:] == ("water", "patient")
    assert found == {at: ("water", "patient") if at in at_risk_at else () for at in AFTER}


@pytest.mark.parametrize("category", ["water/leak", "power/outage", "housing/damp", "patient/x", "unheard/of"])
@pytest.mark.parametrize("answered_at", [None, 60, 90])
def test_the_target_that_is_counted_is_the_one_that_the_next_rung_is_about(category: str, answered_at: Any) -> None:
    complaint = Town().complaint(category)

    for _ in range(12):
        case = complaint.document("escalation").case
        due = next_due(case, TOWN)
        if due is None or (answered_at is not None and hours(due) > answered_at):
            break
        word = stage(case, TOWN, due)[0]
        before = len(complaint.facts(*RUNGS))
        complaint.town.at(hours(due))
        assert word in {fact.target for fact in complaint.facts(*RUNGS)[before:]}
        assert len(counted(complaint)) in ((3,) if at_risk(complaint) else (1, 0))


def at_risk(complaint: Complaint) -> bool:
    """Whether the facts say that some target was warned of and has met no end yet."""
    warned = set[str]()
    for fact in complaint.facts(*RUNGS, *VERDICTS):
        (warned.add if type(fact).__name__ == "DeadlineApproaching" else warned.discard)(fact.target)
    return bool(warned)
