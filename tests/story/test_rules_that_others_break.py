"""Rules that other systems' clocks break, by their own code or their users' reports; each test is named after its rule.

The system that broke a rule is named beside its test. That facts are told in time and once, through any crash, is
tested in the other stories.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MONDAY, TOWN, Complaint, Town, hour, hours, pack

LADDER = [(75, "warn"), (100, "urge"), (125, "supervise"), (150, "report")]


def ladder(complaint: Complaint, target: str = "answer", cycle: int = 1) -> list[tuple[float, str]]:
    """When what was told of a target; each cycle gives it a date, and so a revision, of its own."""
    return [(at, action) for at, action, *_ in complaint.rungs(target, cycle, revision=cycle)]


def answered(complaint: Complaint, department: str = "water") -> None:
    complaint.reply(department, "accepted", handler="li")
    complaint.reply(department, "answered", handler="li", note="mended")


def test_after_a_reopening_the_answer_escalates_again() -> None:
    """Zammad: `close_at` is set once and never cleared. OTRS, Znuny: the solution counts to the first close."""
    town = Town()
    complaint = town.complaint("water/leak")
    answered(complaint)
    town.at(24)

    complaint.visit("not_solved")
    town.at(24 + 150)

    assert ladder(complaint, cycle=2)[:4] == [(24 + at, action) for at, action in LADDER]


def test_what_happens_to_a_complaint_does_not_start_its_clock_anew() -> None:
    """eGov: elapsed = now - last modified, so that any update resets the clock."""
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "accepted")
    for at in (20, 40, 60):
        town.at(at)
        complaint.reply("water", "progress", note="still digging")

    town.at(150)

    assert ladder(complaint) == [(float(at), action) for at, action in LADDER]


def test_what_nobody_has_been_given_climbs_too() -> None:
    """eGov: a case without an assignee is skipped."""
    town = Town()
    complaint = town.complaint("nobody/knows")

    town.at(6)

    assert ladder(complaint, "assign") == [(3, "warn"), (4, "urge"), (5, "supervise"), (6, "report")]


def test_at_the_top_of_the_ladder_nobody_is_forgotten() -> None:
    """eGov: the top of the chain is a silent skip. osTicket: one alert only."""
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(150 + 24 * 10)

    assert [at for at, action in ladder(complaint) if action == "remind"] == [150 + 24 * n for n in range(1, 11)]


def test_however_many_are_overdue_each_of_them_is_told() -> None:
    """eGov looks at the newest 100 alone, osTicket at 100 a run."""
    town = Town()
    complaints = [town.complaint("power/outage") for _ in range(150)]

    town.at(100)

    assert all(ladder(complaint) == [(75, "warn"), (100, "urge")] for complaint in complaints)


def test_every_level_fires_and_not_the_first_alone() -> None:
    """GLPI: only the first level ever fired. Frappe, Chatwoot: one level and no warning."""
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(160)

    assert ladder(complaint) == [(float(at), action) for at, action in LADDER]
    assert [level for *_, level in complaint.rungs("answer")] == [0, 1, 2, 3]


def test_two_complaints_that_are_late_on_one_day_are_both_told() -> None:
    """Zammad: one notice per type and day, the second one is lost."""
    town = Town()
    first, second = town.complaint("water/leak"), town.complaint("water/leak")

    town.at(10)

    assert [ladder(complaint, "accept") for complaint in (first, second)] == [[(7.5, "warn"), (10, "urge")]] * 2


def test_nobody_is_told_anything_about_what_is_closed() -> None:
    """osTicket: alerts on closed tickets. GLPI: a solved ticket keeps its level."""
    town = Town()
    complaint = town.complaint("water/leak")
    answered(complaint)
    town.at(24)
    complaint.visit("solved")
    told = len(complaint.facts())

    town.at(24 * 365)

    assert len(complaint.facts()) == told


def test_an_answer_in_time_is_never_late_however_late_we_look() -> None:
    """Zammad: escalates although it was answered. Zendesk: an alert anywhere in an hour."""
    town = Town()
    complaint = town.complaint("power/outage")
    town.at(99.9)
    complaint.reply("power", "answered", note="mended")

    town.at(24 * 30)

    assert ladder(complaint) == [(75, "warn")]
    assert [(fact.target, hours(fact.met_at)) for fact in complaint.facts("DeadlineMet")] == [("answer", 99.9)]


@pytest.mark.parametrize("channel", ["phone", "mail", "chat", "letter", "visit", "web", "app", "other"])
def test_the_clock_runs_whatever_the_channel(channel: str) -> None:
    """Zammad: a customer's note on the web never escalates."""
    town = Town()
    complaint = town.complaint("power/outage", channel=channel)

    town.at(100)

    assert ladder(complaint) == [(75, "warn"), (100, "urge")]


def test_a_new_policy_changes_nothing_for_those_who_complained_before() -> None:
    """Zammad: a deleted SLA keeps escalating. Jira, ServiceNow: editing one corrupts what runs."""
    town = Town()
    before = town.complaint("power/outage")
    plans = TOWN.model_dump(mode="json")["plans"]
    plans["plain"]["targets"]["answer"] = "PT10H"
    newer = pack(version="2", plans=plans)
    town.world.policies.learn(newer.hash, newer, 1)  # type: ignore[attr-defined]

    after = town.complaint("power/outage")
    town.at(100)

    assert ladder(before) == [(75, "warn"), (100, "urge")]
    assert ladder(after) == [(7.5, "warn"), (10, "urge")]


def working(hours_of_week: dict[str, list[str]], zone: str = "UTC", target: str = "16h") -> Town:
    content: dict[str, Any] = {"calendar": "office"}
    content["calendars"] = {"office": {"version": "1", "zone": zone, "hours": hours_of_week}}
    plans = TOWN.model_dump(mode="json")["plans"]
    plans["plain"]["targets"]["answer"] = {"working": target}
    return Town(policy=pack(plans=plans, **content))


def test_a_calendar_that_is_always_open_loses_no_minute_at_midnight() -> None:
    """Zammad: 24/7 loses a minute at midnight."""
    town = working({"mon-sun": ["00:00-24:00"]}, target="100h")
    complaint = town.complaint("power/outage")

    town.at(100)

    assert ladder(complaint) == [(75, "warn"), (100, "urge")]


def test_nothing_fires_at_an_hour_at_which_nobody_works() -> None:
    """GLPI: a level fired at 00:00. Zammad, osTicket: mails at midnight."""
    town = working({"mon-fri": ["08:00-12:00", "13:00-17:00"]})
    town.at(14.5)
    complaint = town.complaint("power/outage")

    town.at(24 * 8)

    for at, _ in ladder(complaint):
        assert (at // 24) % 7 < 5 and (8 <= at % 24 <= 12 or 13 <= at % 24 <= 17)


def test_a_deadline_keeps_its_hour_when_the_clocks_change() -> None:
    """Grafana OnCall, dbt_zendesk: everything an hour off after the change."""
    town = working({"mon-fri": ["09:00-17:00"]}, zone="Europe/Berlin")
    friday = (hour(39 * 24) - MONDAY).days * 24 + 15  # 23 October 2026, 17:00 in Berlin; clocks change on the 25th
    town.at(friday)
    complaint = town.complaint("power/outage")

    (target,) = complaint.facts("ComplaintRouted")[0].targets

    assert target.due_at.astimezone().tzinfo is not None
    assert (hours(target.due_at) - friday, target.due_at.hour) == (4 * 24 + 1, 16)  # Tuesday, 17:00 in winter time


def test_the_same_moment_is_told_once_however_often_it_is_looked_at() -> None:
    """Chatwoot, itsm: exists-then-create races. iTop: acts before it marks."""
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(100)
    told = len(complaint.facts())

    for service in ("escalation", "router", "followup", "intake"):
        document = town.world.documents.get((service, complaint.id))
        if document is not None:
            town.world.documents[service, complaint.id] = replace(document)
        town.reads_again(service)
    town.at(100)

    assert len(complaint.facts()) == told


def test_waiting_for_the_customer_does_not_count_and_everybody_sees_how_long_it_was() -> None:
    """OsTicket: no pause at all, asked for since 2016."""
    complaint = waited(20, 50)

    (order,) = [order for order in complaint.town.queue("water") if order.why == "resumed"]
    (answer,) = [target for target in order.targets if target.name == "answer"]
    assert [(hours(p.starts_at), hours(p.ends_at), p.reason) for p in answer.pauses] == [(20, 50, "customer")]
    assert hours(answer.due_at) == 130


def test_nothing_escalates_while_it_waits() -> None:
    """GLPI, Frappe Helpdesk: they escalate although paused or pending."""
    complaint = Town().complaint("patient/leak")
    complaint.town.at(74)
    complaint.reply("water", "waiting", reason="customer")

    complaint.town.at(123)

    assert [ladder(complaint), complaint.rungs("answer", revision=2)] == [[], []]


def test_time_that_was_waited_survives_another_plan() -> None:
    """GLPI: pause time is lost when the agreement changes. ServiceNow: only with a switch of its own."""
    complaint = waited(20, 50)

    complaint.reply("centre", "assigned", assign_to="water", plan="ordinary")

    assert complaint.targets()["answer"] == 130


def test_how_late_it_was_is_right_after_any_change() -> None:
    """iTop: the overrun is wrong after a change, says its own comment. Zammad: wrong statistics in edge cases."""
    complaint = waited(20, 50)
    complaint.reply("centre", "assigned", assign_to="water", plan="ordinary")
    complaint.town.at(140)

    complaint.reply("water", "answered")

    (missed,) = [f for f in complaint.facts("DeadlineMissed") if f.target == "answer"]
    assert (hours(missed.target_due_at), missed.late_wall) == (130, timedelta(hours=10))


def test_a_date_that_changes_says_what_it_was_before() -> None:
    """OsTicket, Zammad: one column, overwritten."""
    moves = [(hours(f.before), hours(f.after), f.why) for f in waited(20, 50).facts("DeadlineMoved")]

    assert moves == [(100, 150, "WorkPaused"), (150, 130, "WorkResumed")]


def test_levels_that_nobody_was_there_to_tell_are_told_each_with_its_own_date() -> None:
    """GLPI: a crash between two writes loses a level, missed ones are not computed again."""
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "accepted")

    complaint.town.nobody_looks_until(151)

    assert ladder(complaint) == LADDER


def test_whoever_is_away_is_no_dead_end() -> None:
    """eGov: who has nobody above is passed over in silence; nobody stands in for who is absent."""
    away = {"starts_at": hour(0).isoformat(), "ends_at": hour(500).isoformat()}
    people = {"wang": {"zh": "王", "en": "Wang", "deputy": "sun", "absent": [away]}, "sun": {"zh": "孙", "en": "Sun"}}
    complaint = Town(policy=pack(people=people, offices={"head": "wang"})).complaint("water/leak")

    complaint.town.at(10)

    (breach,) = complaint.facts("DeadlineBreached")
    assert (breach.person, breach.deputy_for) == ("sun", "wang")


def waited(since: float, until: float) -> Complaint:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(since)
    complaint.reply("water", "waiting", reason="customer")
    complaint.town.at(until)
    complaint.reply("water", "resumed")
    return complaint
