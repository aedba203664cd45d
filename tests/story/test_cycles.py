"""After the answer: the visit, the ending it leads to, or the next cycle."""

from __future__ import annotations

import pytest

from tests.builders import Complaint, Town, hours


def answered(town: Town, category: str = "water/leak") -> Complaint:
    complaint = town.complaint(category)
    complaint.reply("water", "answered", handler="li", note="sealed")
    return complaint


def test_an_answer_is_checked_a_day_later_by_the_visit_desk() -> None:
    town = Town()
    complaint = answered(town)

    town.at(24)

    (requested,) = complaint.facts("VisitRequested")
    assert (requested.desk, hours(requested.opens_at), hours(requested.due_at)) == ("visit-desk", 24, 48)
    (order,) = town.queue("visit-desk")
    assert (order.why, order.attempt, order.answer) == ("visit", 1, "sealed")


def test_an_answer_that_nobody_has_to_check_ends_the_complaint() -> None:
    town = Town()
    complaint = town.complaint("power/outage")

    complaint.reply("power", "answered")

    (closed,) = complaint.facts("ComplaintClosed")
    assert closed.ending == "answered"
    assert complaint.orders("power")[-1] == (0, "closed", "closed")


def test_a_visit_that_nobody_makes_climbs_the_ladder_of_the_desk() -> None:
    town = Town()
    complaint = answered(town)

    town.at(24 + 24 + 12 + 24)

    assert complaint.rungs("visit") == [
        (42, "warn", "visit-desk", 0),
        (48, "urge", "visit-desk", 1),
        (54, "supervise", "visit-desk", 2),
        (60, "report", "centre", 3),
        (84, "remind", "centre", 3),
    ]


def test_a_customer_who_is_not_reached_three_times_ends_it_unconfirmed() -> None:
    town = Town()
    complaint = answered(town)

    for visit_at in (25, 50, 75):
        town.at(visit_at)
        complaint.visit("unreachable")
    town.at(500)

    attempts = [(hours(f.opens_at), f.attempt) for f in complaint.facts("VisitScheduled")]
    assert attempts == [(24, 1), (49, 2), (74, 3)]
    assert [(hours(f.at), f.ending) for f in complaint.facts("ComplaintClosed")] == [(75, "not_confirmed")]


def test_each_attempt_to_visit_has_a_deadline_of_its_own() -> None:
    town = Town()
    complaint = answered(town)

    town.at(25)
    complaint.visit("unreachable")
    town.at(73)

    assert complaint.rungs("visit", revision=1) == []
    assert complaint.rungs("visit", revision=2) == [(67, "warn", "visit-desk", 0), (73, "urge", "visit-desk", 1)]


def test_what_is_not_solved_goes_back_to_its_department_with_new_dates_one_level_up() -> None:
    town = Town()
    complaint = answered(town)

    town.at(25)
    complaint.visit("not_solved")
    town.at(25 + 150)

    (again,) = [fact for fact in complaint.facts("ComplaintRouted") if fact.cycle == 2]
    assert (again.department, again.level) == ("water", 1)
    assert (25, "reopened", "open") in complaint.orders("water")
    assert complaint.rungs("answer", cycle=2, revision=2) == [
        (100, "warn", "water", 1),
        (125, "urge", "water", 2),
        (150, "supervise", "centre", 3),
        (175, "report", "centre", 3),
    ]


def test_a_department_is_not_late_for_a_cycle_that_is_over() -> None:
    town = Town()
    complaint = answered(town)

    town.at(25)
    complaint.visit("not_solved")
    complaint.reply("water", "answered")
    town.at(48)

    assert complaint.rungs("answer", cycle=1) == []
    assert complaint.plot[-1][0] == 25


def test_the_centre_is_not_late_in_the_second_cycle_for_what_it_assigned_in_the_first() -> None:
    town = Town()
    complaint = town.complaint("other/strange")
    complaint.reply("centre", "assigned", assign_to="water")
    complaint.reply("water", "answered", handler="li")

    town.at(25)
    complaint.visit("not_solved")
    complaint.reply("water", "accepted")
    town.at(50)

    assert complaint.rungs("assign", cycle=2) == []


@pytest.mark.parametrize(("cycles", "level"), [(2, 1), (3, 2), (4, 3), (6, 3)])
def test_the_ladder_of_each_cycle_begins_higher_as_far_as_it_goes(cycles: int, level: int) -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    for cycle in range(1, cycles):
        complaint.reply("water", "answered", handler="li")
        town.at(25 * cycle)
        complaint.visit("not_solved")
    town.at(25 * (cycles - 1) + 7.5)

    (warned,) = complaint.facts("DeadlineApproaching")
    assert warned.level == level


def test_after_the_end_nothing_more_happens() -> None:
    town = Town()
    complaint = answered(town)

    town.at(25)
    complaint.visit("solved")
    before = len(complaint.facts())
    town.at(1000)

    assert len(complaint.facts()) == before
    assert [receipt.state for receipt in town.receipts()][-1] == "closed"
