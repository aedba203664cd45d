"""Deadlines: who is warned, when a breach stands, when it is taken back, and that nobody is told twice."""

from __future__ import annotations

import pytest

from tests.builders import Town, hour, hours, pack
from tests.story.unsteady import UnsteadyTown


def test_what_nobody_accepts_climbs_from_warning_over_breach_two_levels_up_to_the_reminders_of_the_centre() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(70)

    assert complaint.rungs("accept") == [
        (7.5, "warn", "water", 0),
        (10, "urge", "water", 1),
        (12.5, "supervise", "water", 2),
        (15, "report", "centre", 3),
        (39, "remind", "centre", 3),
        (63, "remind", "centre", 3),
    ]


def test_the_centre_is_reminded_for_ever_each_day_once() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(24 * 365)

    reminders = [at for at, action, queue, _ in complaint.rungs("answer") if (action, queue) == ("remind", "centre")]
    assert reminders == [150 + 24 * day for day in range(1, 359)]


def test_reminders_end_as_soon_as_somebody_acts() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(40)
    complaint.reply("water", "accepted")
    town.at(74)

    assert complaint.plot[-3:] == [(39, "ComplaintEscalated"), (40, "WorkAccepted"), (40, "DeadlineMissed")]


def test_each_rung_stands_on_the_queue_it_names_with_the_whole_order() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(15)

    assert complaint.orders("water") == [
        (0, "routed", "open"),
        (7.5, "warned", "open"),
        (10, "breached", "open"),
        (12.5, "escalated", "open"),
    ]
    assert (complaint.orders("centre"), complaint.notices("centre")) == ([], [(15, "escalated")])
    assert {notice.subject for notice in town.notices("centre")} == {"it leaks"}


def test_a_breach_stands_when_the_answer_is_late() -> None:
    town = Town()
    complaint = town.complaint("power/outage")

    town.at(101)
    complaint.reply("power", "answered")

    assert complaint.facts("DeadlineMet", "BreachRetracted") == []
    assert complaint.rungs("answer") == [(75, "warn", "power", 0), (100, "urge", "power", 1)]


def test_an_answer_at_the_very_deadline_is_in_time_and_a_millisecond_later_it_is_late() -> None:
    town = Town()
    punctual, late = town.complaint("power/outage"), town.complaint("power/outage")

    town.at(100)
    punctual.reply("power", "answered")
    town.world.advance(hour(100.0000003))
    late.reply("power", "answered")

    assert [type(f).__name__ for f in punctual.facts("DeadlineMet", "BreachRetracted")] == [
        "BreachRetracted",
        "DeadlineMet",
    ]
    assert late.facts("DeadlineMet", "BreachRetracted") == []


def test_an_answer_given_in_time_that_is_told_after_the_breach_takes_the_breach_back() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "accepted")

    town.at(100.5)
    complaint.reply("water", "answered", stated_at=hour(99.75).isoformat())

    (retracted,) = complaint.facts("BreachRetracted")
    assert (retracted.rungs, retracted.queues, hours(retracted.met_at)) == ((1, 2), ("water",), 99.75)
    assert [hours(met.met_at) for met in complaint.facts("DeadlineMet")] == [0, 99.75]
    assert complaint.orders("water")[-3:] == [
        (100, "breached", "open"),
        (100.5, "answered", "answered"),
        (100.5, "retracted", "answered"),
    ]


def test_a_department_that_answered_in_time_is_not_late_because_we_were_down() -> None:
    town = UnsteadyTown()
    complaint = town.complaint("power/outage")
    town.at(99)
    town.world.crash("router", uncommitted=0)

    complaint.reply("power", "answered")
    town.at(120)
    breached = complaint.rungs("answer")
    town.recover()

    assert breached == [(75, "warn", "power", 0), (100, "urge", "power", 1)]
    assert [(type(f).__name__, hours(f.met_at)) for f in complaint.facts("BreachRetracted", "DeadlineMet")] == [
        ("BreachRetracted", 99),
        ("DeadlineMet", 99),
    ]


def test_deadlines_that_passed_while_we_were_down_are_told_once_we_are_back() -> None:
    town = UnsteadyTown()
    complaint = town.complaint("power/outage")
    town.world.crash("escalation", uncommitted=5)

    town.at(120)
    before = complaint.rungs("answer")
    town.recover()

    assert before == []
    assert complaint.rungs("answer") == [(75, "warn", "power", 0), (100, "urge", "power", 1)]


def test_everybody_who_was_told_of_a_breach_hears_that_it_was_none() -> None:
    town = Town(policy=pack(trust="unlimited"))
    complaint = town.complaint("water/leak")

    town.at(16)
    complaint.reply("water", "accepted", stated_at=hour(9).isoformat())

    assert complaint.facts("BreachRetracted")[0].queues == ("water", "centre")
    assert complaint.orders("water")[-1] == (16, "retracted", "open")
    assert complaint.notices("centre")[-1] == (16, "retracted")


@pytest.mark.parametrize(
    ("arrives", "stated", "counts", "trusted"),
    [
        pytest.param(50, None, 50, False, id="nothing stated: the arrival counts"),
        pytest.param(50, 49, 49, True, id="stated within the window of trust: it counts"),
        pytest.param(50, 48.9, 50, False, id="stated before the window of trust: the arrival counts"),
        pytest.param(50, 50.05, 50, False, id="a clock slightly ahead: never later than the arrival"),
    ],
)
def test_which_time_of_a_reply_counts(arrives: float, stated: float | None, counts: float, trusted: bool) -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(arrives)
    claim = {} if stated is None else {"stated_at": hour(stated).isoformat()}
    complaint.reply("water", "accepted", **claim)

    (accepted,) = complaint.facts("WorkAccepted")
    assert (hours(accepted.judged_at), accepted.trusted) == (counts, trusted)


@pytest.mark.parametrize(
    ("reply", "met"),
    [
        ("accepted", {"accept"}),
        ("contacted", {"accept", "contact"}),
        ("progress", {"accept", "progress"}),
        ("answered", {"accept", "contact", "progress", "answer"}),
    ],
)
def test_what_a_reply_meets(reply: str, met: set[str]) -> None:
    town = Town()
    complaint = town.complaint("housing/crack")

    complaint.reply("housing", reply)

    assert {fact.target for fact in complaint.facts("DeadlineMet")} == met


def test_a_target_that_is_met_again_is_met_by_what_was_done_first() -> None:
    town = Town()
    complaint = town.complaint("housing/crack")

    town.at(5)
    complaint.reply("housing", "accepted")
    town.at(12)
    complaint.reply("housing", "contacted")

    assert [(f.target, hours(f.met_at)) for f in complaint.facts("DeadlineMet")] == [("accept", 5), ("contact", 12)]


def test_an_answer_ends_every_clock_of_the_department() -> None:
    town = Town()
    complaint = town.complaint("housing/crack")

    complaint.reply("housing", "answered")
    town.at(23)

    assert complaint.plot[-1][0] == 0


def test_a_date_that_came_along_is_the_date_of_the_answer() -> None:
    town = Town()
    complaint = town.complaint("stated/promise", due_at=hour(40).isoformat())

    town.at(1000)

    assert complaint.rungs("answer") == [(30, "warn", "water", 0), (40, "urge", "water", 1)]


def test_where_no_date_came_along_none_is_watched() -> None:
    town = Town()
    complaint = town.complaint("stated/promise")

    town.at(1000)

    assert [name for _, name in complaint.plot] == ["ComplaintReceived", "ComplaintRouted"]


def test_time_counts_from_when_the_complaint_was_made_where_that_is_trusted() -> None:
    town = Town()
    complaint = town.complaint("power/outage", stated_at=hour(-1).isoformat())

    town.at(200)

    assert complaint.rungs("answer") == [(74, "warn", "power", 0), (99, "urge", "power", 1)]
