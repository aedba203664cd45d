"""What happens if nobody acts is what then does happen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from closedloop.explain import Ahead, NothingYet, ahead
from closedloop.explain.ahead import Coming
from schemas.facts import ComplaintClosed
from tests.builders import Complaint, Town, hour, hours
from tests.cases import file_of
from tests.story.test_working_time import a_town

HOUR = timedelta(hours=1)


def of(complaint: Complaint, at: float, until: float | None = None) -> Ahead:
    file = file_of(complaint)
    return ahead(file.facts, file.pack, hour(at), None if until is None else hour(until))


def foretold(found: Ahead) -> list[tuple[float, str, int, str | None, str, str]]:
    return [(hours(c.due_at), c.target, c.level, role(c), c.queue.name, c.action) for c in found.coming]


def role(coming: Coming) -> str | None:
    return coming.whom.role if coming.whom else None


@pytest.mark.parametrize("town", [Town, a_town], ids=["all of the time", "working time"])
def test_what_was_foretold_is_what_happens_if_nobody_acts(town: type[Town]) -> None:
    there = town()
    complaint = there.complaint("water/leak")

    before = foretold(of(complaint, at=0, until=300))

    there.at(300)
    rungs = complaint.facts("DeadlineApproaching", "DeadlineBreached", "ComplaintEscalated")
    assert before == [(hours(f.due_at), f.target, f.level, f.role, f.queue, f.action) for f in rungs]


def test_it_ends_with_the_third_reminder_of_each_target() -> None:
    found = of(Town().complaint("water/leak"), at=0)

    reminders = [(hours(c.due_at), c.target) for c in found.coming if c.what == "reminder"]
    assert reminders == [
        (t, name) for name, top in (("accept", 15), ("answer", 150)) for t in (top + 24, top + 48, top + 72)
    ]


def test_it_looks_no_further_than_a_month_unless_it_is_asked_to() -> None:
    complaint = Town().complaint("stated/promise", due_at=hour(2000).isoformat())

    assert of(complaint, at=0).coming == ()
    assert [hours(c.due_at) for c in of(complaint, at=0, until=3000).coming] == [1500, 2000]


def test_what_was_told_is_not_ahead_and_what_should_have_been_is_told_at_once() -> None:
    town = Town()
    complaint = town.complaint("power/outage")
    town.at(80)

    assert [(hours(c.due_at), c.late) for c in of(complaint, at=90).coming] == [(100, False)]
    assert [(hours(c.due_at), c.late) for c in of(complaint, at=101).coming] == [(100, True)]


def test_what_is_left_by_then_is_counted_as_the_target_counts_and_by_the_wall() -> None:
    town = a_town()
    town.at(4 * 24 + 16)

    found = of(town.complaint("water/leak"), at=4 * 24 + 16)

    answer = [(hours(c.due_at), c.left / HOUR, c.left_wall / HOUR) for c in found.coming if c.target == "answer"]
    tuesday, wednesday = 8 * 24, 9 * 24
    assert answer[:3] == [(tuesday + 11, 4, 5), (tuesday + 16, 0, 0), (wednesday + 11, -4, -19)]


def test_after_the_answer_the_visit_and_its_ladder_are_ahead() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "answered")

    before = foretold(of(complaint, at=1, until=90))
    town.at(90)

    assert before[0] == (24, "visit", 0, None, "visit-desk", "visit")
    assert [(at, action, queue, level) for at, _, level, _, queue, action in before[1:]] == complaint.rungs("visit")


def test_a_visit_that_was_scheduled_is_not_ahead_of_what_ended_before() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "answered")
    file = file_of(complaint)
    closed = ComplaintClosed(complaint_id=file.id, at=hour(1), ending="answered")

    assert ahead([*file.facts, closed], file.pack, hour(2)).coming == ()


def test_nothing_is_ahead_of_what_has_ended_and_nothing_is_known_before_the_beginning() -> None:
    town = Town()
    town.at(1)
    complaint = town.complaint("power/outage")
    complaint.reply("power", "answered")

    assert (of(complaint, at=2).open, of(complaint, at=2).coming) == ((), ())
    with pytest.raises(NothingYet):
        of(complaint, at=0)
