"""Every date is explained: by its rule, by the time that counted, by its ladder, and by how it came out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from closedloop.explain import NothingYet
from closedloop.explain.paper.merged import merged
from closedloop.explain.stretches import Stretch
from tests.builders import Complaint, Town, hour, hours
from tests.cases import explained, the
from tests.working_hours import CHINA, OFFICE, a_town

HOUR = timedelta(hours=1)
SATURDAY = {"date": "2026-09-19", "open": ["10:00-12:00"], "reason": "flood", "authority": "the mayor"}


def rows(stretches: tuple[Stretch, ...]) -> list[tuple[float, float, str, float]]:
    """The stretches: first and last hour, kind, and the counted time by then."""
    return [(hours(row.start), hours(row.end), row.kind, row.sum / HOUR) for row in stretches]


def a_friday_afternoon(**office: object) -> Complaint:
    town = a_town({**OFFICE, **office})
    town.at(4 * 24 + 16)
    return town.complaint("water/leak")


def test_the_stretches_lead_from_the_start_to_the_date_without_a_gap_and_sum_up_to_the_rule() -> None:
    found = the(a_friday_afternoon(), "accept")

    bounds = [found.starts_at, *(row.end for row in found.stretches)]
    assert bounds[:-1] == [row.start for row in found.stretches]
    assert bounds[-1] == found.due_at
    assert found.stretches[-1].sum == found.rule.length == 4 * HOUR


def test_each_stretch_says_why_it_counts_or_does_not() -> None:
    assert rows(the(a_friday_afternoon(), "accept").stretches) == [
        (112, 113, "hours", 1),
        (113, 120, "outside", 1),
        (120, 144, "rest", 1),
        (144, 168, "rest", 1),
        (168, 176, "outside", 1),
        (176, 179, "hours", 4),
    ]


def test_an_override_names_who_ordered_it() -> None:
    found = the(a_friday_afternoon(overrides=[SATURDAY]), "accept")

    (ordered,) = [row for row in found.stretches if row.kind == "override"]
    assert (ordered.open, ordered.en, ordered.by, ordered.counts) == (True, "flood", "the mayor", 2 * HOUR)


def test_a_holiday_is_named_in_both_languages() -> None:
    town = a_town(CHINA)
    town.at(16 * 24 + 6)

    found = the(town.complaint("water/leak"), "answer")

    assert ("国庆节", "National Day") in {(row.zh, row.en) for row in found.stretches if row.kind == "holiday"}


def test_a_year_without_an_official_list_of_holidays_is_said_aloud() -> None:
    assert the(a_friday_afternoon(**CHINA), "answer").unofficial_years == ()

    assert the(a_friday_afternoon(holidays="DE"), "answer").unofficial_years == (2026,)


def test_for_people_neighbours_that_are_closed_become_one_with_all_their_reasons() -> None:
    (_, closed, _) = merged(the(a_friday_afternoon(), "accept", at=200).stretches)

    assert (hours(closed.start), hours(closed.end)) == (113, 176)
    assert [row.en for row in closed.why] == ["outside working hours", "no hours on Saturdays", "no hours on Sundays"]


def test_where_all_of_the_time_counts_it_is_one_stretch() -> None:
    assert rows(the(Town().complaint("water/leak"), "answer", at=200).stretches) == [(0, 100, "time", 100)]


@pytest.mark.parametrize(
    ("at", "used", "used_wall", "left", "when"),
    [
        pytest.param(112.5, 0.5, 0.5, 3.5, {"past", "ahead"}, id="on Friday"),
        pytest.param(150, 1, 38, 3, {"past", "ahead"}, id="on Sunday nothing is used"),
        pytest.param(179, 4, 67, 0, {"past"}, id="at its date"),
    ],
)
def test_what_is_used_of_the_time_stands_beside_what_the_wall_shows(
    at: float, used: float, used_wall: float, left: float, when: set[str]
) -> None:
    found = the(a_friday_afternoon(), "accept", at)

    verdict = found.verdict
    assert (verdict.used / HOUR, verdict.used_wall / HOUR, verdict.left / HOUR) == (used, used_wall, left)
    assert {row.when for row in found.stretches} == when


def test_the_rule_is_the_word_of_the_policy_and_says_who_applied_it() -> None:
    complaint = a_friday_afternoon()

    rule = the(complaint, "answer").rule

    assert (rule.plan, rule.length, rule.calendar, rule.calendar_of) == ("ordinary", 16 * HOUR, "office", "pack")
    assert (rule.owner.zh, rule.by, rule.categories) == ("水务局", "policy", ("water/*",))
    assert explained(complaint).hash == complaint.town.policy.hash


def test_a_target_names_who_got_it_and_who_has_it_since_then() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "returned", note="not ours")

    rule = the(complaint, "answer").rule

    assert (rule.owner.name, rule.now_with and rule.now_with.name) == ("water", "centre")
    assert the(complaint, "assign").rule.now_with is None


def test_a_departments_own_calendar_is_named_as_its_own() -> None:
    rule = the(a_town().complaint("power/outage"), "answer").rule

    assert (rule.calendar, rule.calendar_of) == ("night", "department")


def test_a_date_that_came_along_has_no_rule_but_itself() -> None:
    rule = the(Town().complaint("stated/promise", due_at=hour(40).isoformat()), "answer").rule

    assert (rule.given, rule.length) == ("stated", None)


def test_from_when_a_target_counts_and_why() -> None:
    town = Town()
    complaint = town.complaint("nobody/knows")
    town.at(1)
    complaint.reply("centre", "assigned", assign_to="water")
    town.at(2)
    complaint.reply("water", "returned", note="not ours")
    town.at(3)
    complaint.reply("centre", "assigned", assign_to="water")
    complaint.reply("water", "answered", handler="li")
    town.at(28)
    complaint.visit("not_solved")

    began = {(d.target, d.cycle, d.revision): (d.starts_with, hours(d.starts_at)) for d in explained(complaint).targets}
    assert began == {
        ("assign", 1, 1): ("unroutable", 0),
        ("accept", 1, 1): ("routed", 1),
        ("answer", 1, 1): ("received", 0),
        ("assign", 1, 2): ("returned", 2),
        ("accept", 1, 2): ("routed", 3),
        ("visit", 1, 1): ("visit", 27),
        ("accept", 2, 3): ("routed", 28),
        ("answer", 2, 2): ("reopened", 28),
    }


def test_a_rung_is_told_or_due_or_ahead() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(100)

    assert [step.state for step in the(complaint, "answer").steps] == ["told", "told", "ahead", "ahead", "ahead"]
    assert [step.state for step in the(complaint, "answer", at=126).steps][2:4] == ["due", "ahead"]
    assert [(step.percent, step.reminder) for step in the(complaint, "answer").steps][3:] == [(150, None), (None, 1)]


@pytest.mark.parametrize(
    ("act", "stopped_by"),
    [
        (lambda c: c.reply("water", "answered"), "ComplaintAnswered"),
        (lambda c: c.reply("water", "returned", note="not ours"), "ComplaintReturned"),
    ],
)
def test_a_rung_that_will_never_be_told_says_what_stopped_it(act: object, stopped_by: str) -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(5)
    act(complaint)  # type: ignore[operator]

    found = the(complaint, "accept", at=20)

    assert {step.state for step in found.steps} == {"cancelled"}
    assert found.verdict.by == stopped_by
    assert {row.when for row in found.stretches} == {"past", "unneeded"}


@pytest.mark.parametrize(
    ("at", "stated", "state", "left", "taken_back"),
    [
        pytest.param(60, None, "met", 40, False, id="in time"),
        pytest.param(100, None, "met", 0, True, id="at the very moment, when the breach was told already"),
        pytest.param(100.5, 99.75, "met", 0.25, True, id="in time by a trusted word, and the breach is taken back"),
        pytest.param(103, None, "missed", -3, False, id="late, by three hours"),
    ],
)
def test_how_a_target_came_out(at: float, stated: float | None, state: str, left: float, taken_back: bool) -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(at)
    complaint.reply("water", "answered", **({"stated_at": hour(stated).isoformat()} if stated else {}))

    verdict = the(complaint, "answer").verdict

    assert (verdict.state, verdict.left / HOUR, verdict.taken_back) == (state, left, taken_back)
    assert not verdict.open


@pytest.mark.parametrize(("at", "state"), [(99, "running"), (100, "passed"), (120, "passed")])
def test_a_date_that_is_over_and_of_which_nobody_was_told_is_shown_as_over(at: float, state: str) -> None:
    assert the(Town().complaint("water/leak"), "answer", at).verdict.state == state


def test_late_is_counted_in_working_time_and_by_the_wall() -> None:
    town = a_town()
    town.at(4 * 24 + 16)
    complaint = town.complaint("water/leak")
    town.at(8 * 24 + 9)
    complaint.reply("water", "accepted")

    verdict = the(complaint, "accept").verdict

    assert (verdict.state, -verdict.left / HOUR, -verdict.left_wall / HOUR) == ("missed", 6, 22)


def test_nothing_that_happened_later_is_known_at_an_earlier_moment() -> None:
    town = Town()
    town.at(1)
    complaint = town.complaint("water/leak")
    town.at(103)
    complaint.reply("water", "answered")

    then = the(complaint, "answer", at=50)

    assert (then.verdict.state, {step.state for step in then.steps}) == ("running", {"ahead"})
    with pytest.raises(NothingYet, match="first fact"):
        explained(complaint, at=0.5)


def test_what_programs_read_names_the_unit_of_every_length() -> None:
    found = explained(a_friday_afternoon(), at=150).as_json()

    target = found["targets"][0]
    assert (target["verdict"]["used_seconds"], target["rule"]["length_seconds"]) == (3600, 4 * 3600)
    assert (target["due_at"], len(target["stretches"])) == ("2026-09-21T11:00:00.000Z", 7)
