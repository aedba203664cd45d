"""Working time: a deadline waits while its department is closed, and so does everything that follows from it.

`office` works from 8 to 12 and from 13 to 17 on weekdays, `night` from 22 to 6; both in UTC.
"""

from __future__ import annotations

from tests.builders import TOWN, Complaint, hour, hours
from tests.working_hours import CHINA, a_town, red


def due(complaint: Complaint) -> dict[str, float]:
    """By which hour each target of the newest plan is due."""
    newest = complaint.facts("ComplaintRouted", "ComplaintUnroutable", "ComplaintReturned")[-1]
    return {target.name: hours(target.due_at) for target in newest.targets}


def test_only_the_hours_in_which_the_department_works_count() -> None:
    town = a_town()
    complaint = town.complaint("water/leak")

    assert due(complaint) == {"accept": 12, "answer": 24 + 17}

    town.at(24 * 7)
    assert complaint.rungs("answer")[:5] == [
        (24 + 12, "warn", "water", 0),
        (24 + 17, "urge", "water", 1),
        (48 + 12, "supervise", "water", 2),
        (48 + 17, "report", "centre", 3),
        (72 + 17, "remind", "centre", 3),
    ]
    assert red(town) == set()


def test_nobody_is_late_over_the_weekend() -> None:
    town = a_town()
    town.at(4 * 24 + 16)
    complaint = town.complaint("water/leak")

    assert due(complaint)["accept"] == 7 * 24 + 11

    town.at(7 * 24 + 9.9)
    assert complaint.rungs("accept") == []
    town.at(7 * 24 + 11)
    assert [at for at, *_ in complaint.rungs("accept")] == [7 * 24 + 10, 7 * 24 + 11]


def test_each_department_has_its_own_hours() -> None:
    town = a_town()

    assert due(town.complaint("power/outage")) == {"answer": 48}
    assert due(town.complaint("water/leak"))["answer"] == 24 + 17


def test_on_a_holiday_no_time_counts_and_on_a_make_up_day_it_does() -> None:
    town = a_town(CHINA)
    town.at(16 * 24 + 6)  # 14:00 in Shanghai on 30 September, three open hours before the holiday
    complaint = town.complaint("water/leak")

    # Three hours on the 30th, eight on Thursday the 8th, five on Friday the 9th: until 14:00 there.
    assert due(complaint)["answer"] == hours(hour((25 * 24) + 6))

    town.at(25 * 24 + 9)
    later = town.complaint("water/leak")

    # Friday 17:00 is over; the 10th, a Saturday, is worked, then Monday the 12th.
    assert due(later)["answer"] == 28 * 24 + 9
    town.at(60 * 24)
    assert red(town) == set()


def test_what_the_centre_has_to_assign_counts_in_the_centres_hours() -> None:
    town = a_town(assign_within={"working": "4h"})
    town.at(4 * 24 + 16)

    complaint = town.complaint("nobody/knows")

    assert due(complaint) == {"assign": 7 * 24 + 11}


def test_reminders_may_wait_for_working_time_too() -> None:
    steps = [step.model_dump(mode="json") for step in TOWN.ladders["standard"].steps]
    standard = {"steps": steps, "reminder": {"every": {"working": "8h"}, "role": "centre"}}
    town = a_town(ladders={"standard": standard, "short": {"steps": steps[:2]}})
    complaint = town.complaint("water/leak")

    town.at(24 * 8)

    assert [at for at, action, *_ in complaint.rungs("answer") if action == "remind"] == [
        72 + 17,
        96 + 17,
        7 * 24 + 17,
    ]
    assert red(town) == set()


def test_a_date_keeps_its_hours_while_the_centre_looks_for_another_department() -> None:
    town = a_town()
    complaint = town.complaint("power/outage")
    town.at(10)

    complaint.reply("power", "returned", note="not our cable")

    (kept,) = [t for t in complaint.facts("ComplaintReturned")[-1].targets if t.name == "answer"]
    assert (hours(kept.due_at), kept.calendar, kept.revision) == (48, "night", 1)
    town.at(47.9)
    complaint.reply("centre", "assigned", assign_to="water")
    (moved,) = [t for t in complaint.facts("ComplaintRouted")[-1].targets if t.name == "answer"]
    assert (hours(moved.due_at), moved.calendar, moved.revision) == (24 + 17, "office", 2)
    town.at(24 * 7)
    assert red(town) == set()


def test_an_answer_within_working_time_is_in_time_however_many_days_that_took() -> None:
    town = a_town()
    town.at(4 * 24 + 16)
    complaint = town.complaint("water/leak")
    town.at(7 * 24 + 10.5)
    complaint.reply("water", "accepted")
    town.at(8 * 24 + 15.9)
    complaint.reply("water", "answered", note="mended")

    assert [fact.target for fact in complaint.facts("DeadlineMet")] == ["accept", "answer"]
    assert complaint.facts("DeadlineBreached") == []
    assert red(town) == set()
