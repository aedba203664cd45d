"""The pack `quick`: whoever tries the system for the first time sees the whole loop within five minutes."""

from __future__ import annotations

from datetime import timedelta

from closedloop.policies import load
from tests.builders import MONDAY, Town


def test_a_newcomer_sees_a_loop_that_is_not_solved_reopened_and_closed_within_five_minutes() -> None:
    town = Town(policy=load("quick"))

    def after(seconds: float) -> None:
        town.world.advance(MONDAY + timedelta(seconds=seconds))

    complaint = town.complaint("water/quality")
    after(60)
    complaint.reply("water", "accepted")
    complaint.reply("water", "answered", note="The pipe is flushed.", handler="li")
    after(90)
    complaint.visit("not_solved", note="Yellow again.")
    after(150)
    complaint.reply("water", "answered", note="The pipe is replaced.", handler="li")
    after(200)
    complaint.visit("solved")

    told = [type(fact).__name__ for fact in complaint.facts("VisitAttempted", "ComplaintReopened", "ComplaintClosed")]
    assert told == ["VisitAttempted", "ComplaintReopened", "VisitAttempted", "ComplaintClosed"]
    assert complaint.facts("ComplaintClosed")[0].at <= MONDAY + timedelta(minutes=5)
    assert complaint.facts("DeadlineBreached") == []
