"""Lengths in days wherever a length can stand: targets, steps, pauses, extensions, holding replies and visits.

The office works from 8 to 12 and from 13 to 17 on weekdays; hours count from Monday 00:00, and all is in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.builders import MONDAY, Complaint, Town, hours
from tests.policy import REPORTED, URGED, VISIT, WARNED
from tests.working_hours import a_town, red

TO_AN_OPEN_DAY = {"days": 5, "ends": "end_of_day", "closed_last_day": "next_open"}


def town_of(targets: dict[str, Any], ladder: str = "standard", ladders: Any = None, **plan: Any) -> Town:
    """A town whose one plan has these targets."""
    plans = {"ordinary": {"targets": targets, "ladder": ladder, **plan}}
    routes = [{"category": ["*"], "department": "water", "plan": "ordinary"}]
    return a_town(plans=plans, routes=routes, **({"ladders": ladders} if ladders else {}))


def due(complaint: Complaint) -> dict[str, float]:
    return complaint.targets()


def counted_to(complaint: Complaint, name: str) -> float | None:
    plans = [fact.targets for fact in complaint.facts() if getattr(fact, "targets", None) is not None]
    (counted,) = (target.counted_to for target in plans[-1] if target.name == name)
    return None if counted is None else hours(counted)


def at(*day_and_hour: tuple[int, float]) -> list[float]:
    return [day * 24 + hour for day, hour in day_and_hour]


def test_a_date_in_working_days_is_warned_of_at_its_share_of_working_time() -> None:
    town = town_of({"answer": {"working_days": 2}})
    town.at(10)
    complaint = town.complaint()

    town.at(60)

    assert due(complaint) == {"answer": 2 * 24 + 10}
    assert [hour for hour, *_ in complaint.rungs("answer")] == at((1, 15), (2, 10))
    assert red(a_month_on(town)) == set()


def test_a_date_that_falls_on_a_closed_day_is_promised_for_the_next_open_one_and_remembered_as_counted() -> None:
    town = town_of({"answer": TO_AN_OPEN_DAY})
    town.at(10)
    complaint = town.complaint()

    assert due(complaint) == {"answer": 8 * 24}
    assert counted_to(complaint, "answer") == 6 * 24

    town.at(8 * 24)
    assert [hour for hour, action, *_ in complaint.rungs("answer") if action == "urge"] == [8 * 24]
    assert red(a_month_on(town)) == set()


def test_a_yellow_card_comes_one_working_day_before_and_a_red_card_at_the_next_opening() -> None:
    yellow_card = {**WARNED, "at_percent": None, "before": {"working_days": 1}, "action": "yellow"}
    red_card = {**REPORTED, "at_percent": None, "at": "next_opening", "action": "red"}
    reminder = {"every": {"working_days": 1}, "role": "centre"}
    ladders = {"standard": {"steps": [yellow_card, URGED, red_card], "reminder": reminder}}
    town = town_of({"answer": {"working_days": 4, "ends": "close"}}, ladders=ladders)
    town.at(10)
    complaint = town.complaint()

    town.at(9 * 24)

    assert due(complaint) == {"answer": 4 * 24 + 17}
    told = [(hour, action) for hour, action, *_ in complaint.rungs("answer")]
    friday, monday, tuesday = 4 * 24 + 17, 7 * 24 + 8, 8 * 24 + 8
    assert told == [(3 * 24 + 17, "yellow"), (friday, "urge"), (monday, "red"), (tuesday, "remind")]
    assert red(a_month_on(town)) == set()


def test_a_step_stands_working_days_after_a_date() -> None:
    late = {**REPORTED, "at_percent": None, "after": {"working_days": 1}}
    town = town_of({"answer": {"working_days": 4, "ends": "close"}}, ladders={"standard": {"steps": [URGED, late]}})
    town.at(10)
    complaint = town.complaint()

    town.at(14 * 24)

    assert [hour for hour, *_ in complaint.rungs("answer")] == at((4, 17), (7, 17))
    assert red(a_month_on(town)) == set()


def test_a_pause_is_capped_in_working_days_and_the_date_ends_on_its_new_day_as_the_rule_says() -> None:
    parts = {"parts": {"targets": ["answer"], "at_most": {"working_days": 3}}}
    town = town_of({"answer": TO_AN_OPEN_DAY}, pauses=parts)
    town.at(10)
    complaint = town.complaint()

    complaint.reply("water", "waiting", reason="parts")

    assert due(complaint) == {"answer": 9 * 24, "resume": 3 * 24 + 10}, "three days behind Saturday is Tuesday"
    assert counted_to(complaint, "answer") is None

    town.at(20)
    complaint.reply("water", "resumed")
    assert due(complaint) == {"answer": 8 * 24}, "ten hours lead to Saturday 20:00, and on to Monday"
    assert counted_to(complaint, "answer") == 6 * 24

    town.at(20 * 24)
    assert [hour for hour, action, *_ in complaint.rungs("answer", revision=3) if action == "urge"] == [8 * 24]
    assert red(a_month_on(town)) == set()


def test_a_date_in_days_is_asked_for_as_many_days_before_and_moved_as_many_days_behind() -> None:
    extension = {"before": {"working_days": 1}, "at_most": {"days": 2}, "approved_within": {"working_days": 1}}
    town = town_of({"answer": {"days": 4}}, extension=extension)
    town.at(10)
    complaint = town.complaint()

    town.at(3 * 24 + 9)
    complaint.reply("water", "extension", until=when(6, 11), note="the pipe is old")
    assert complaint.refusals() == ["beyond_the_limit"]
    complaint.reply("water", "extension", until=when(6, 10), note="the pipe is old")
    assert due(complaint)["approve"] == 4 * 24 + 9
    complaint.reply("centre", "approved")
    assert due(complaint) == {"answer": 6 * 24 + 10}

    other = town.complaint()
    town.at(6 * 24 + 11)  # Sunday; its date is Monday 09:00, one working day before is Friday 09:00
    other.reply("water", "extension", until=when(8, 9), note="the pipe is old")
    assert other.refusals() == ["too_late"]
    assert red(a_month_on(town)) == set()


def test_an_extension_may_count_from_the_request() -> None:
    extension = {"before": "1h", "at_most": {"days": 5}, "approved_within": "8h", "counted_from": "request"}
    town = town_of({"answer": {"days": 4}}, extension=extension)
    town.at(10)
    complaint = town.complaint()

    town.at(24)
    complaint.reply("water", "extension", until=when(6, 1), note="the pipe is old")
    complaint.reply("water", "extension", until=when(6, 0), note="the pipe is old")

    assert complaint.refusals() == ["beyond_the_limit"]
    assert [fact.until for fact in complaint.facts("ApprovalRequested")] == [datetime(2026, 9, 20, tzinfo=UTC)]
    assert red(a_month_on(town)) == set()


def test_an_extended_date_counts_from_the_date_before_easter_moved_it() -> None:
    england = {"version": "1", "zone": "Europe/London", "hours": {"mon-fri": ["09:00-17:00"]}, "holidays": "GB-ENG"}
    rule = {"cut_off": "16:00", "ends": "end_of_day", "closed_last_day": "next_open"}
    later = {"days": 14, "ends": "end_of_day", "closed_last_day": "next_open"}
    plan = {
        "targets": {"answer": {"days": 19, **rule}},
        "ladder": "standard",
        "extension": {"before": "1d", "at_most": later, "approved_within": "8h"},
    }
    routes = [{"category": ["*"], "department": "water", "plan": "ordinary"}]
    town = a_town(england, plans={"ordinary": plan}, routes=routes)
    town.at(hours(london(2027, 3, 9, 16, 30)))
    complaint = town.complaint()

    assert due(complaint) == {"answer": hours(london(2027, 3, 31))}
    assert counted_to(complaint, "answer") == hours(london(2027, 3, 30))

    for until in (london(2027, 4, 14), london(2027, 4, 13)):
        complaint.reply("water", "extension", until=until.isoformat(), note="records are in the archive")
    complaint.reply("centre", "approved")

    assert complaint.refusals() == ["beyond_the_limit"]
    assert due(complaint) == {"answer": hours(london(2027, 4, 13))}, "the end of Monday the 12th, 33 days in all"
    assert red(a_month_on(town)) == set()


def test_a_final_answer_after_a_holding_reply_is_due_in_working_days() -> None:
    town = town_of({"answer": {"working_days": 2}}, holding={"meets": ["answer"], "final_within": {"working_days": 7}})
    town.at(10)
    complaint = town.complaint()

    complaint.reply("water", "holding", note="the laboratory needs a week")

    assert due(complaint)["final"] == 9 * 24 + 10
    assert red(a_month_on(town)) == set()


def test_progress_is_wanted_every_working_day() -> None:
    town = town_of({"answer": {"working_days": 9}, "progress": {"every": {"working_days": 1, "ends": "12:00"}}})
    town.at(4 * 24 + 10)
    complaint = town.complaint()

    assert due(complaint)["progress"] == 7 * 24 + 12
    town.at(7 * 24 + 9)
    complaint.reply("water", "progress", note="the valve is ordered")
    assert due(complaint)["progress"] == 8 * 24 + 12
    assert red(a_month_on(town)) == set()


def test_what_the_centre_assigns_is_due_in_its_working_days() -> None:
    town = a_town(assign_within={"working_days": 1, "ends": "close"})
    town.at(4 * 24 + 18)

    assert due(town.complaint("nobody/knows")) == {"assign": 8 * 24 + 17}
    assert red(a_month_on(town)) == set()


def test_news_of_an_incident_and_its_report_are_due_in_days() -> None:
    incidents = {"level": 1, "ladder": "top", "update": "1d", "report_within": {"working_days": 2}}
    town = a_town(incidents=incidents)
    town.at(10)
    complaint = town.complaint()

    complaint.reply("water", "incident", note="the whole street")
    assert due(complaint)["update"] == 24 + 10
    complaint.reply("water", "answered")
    assert due(complaint)["report"] == 2 * 24 + 10
    assert red(a_month_on(town)) == set()


def answered_on_friday_evening(opens_after: Any, due_after: Any) -> Complaint:
    """A complaint that is answered on Friday at 17:30; the visit desk works from 9 to 17."""
    desk = {"version": "1", "zone": "UTC", "hours": {"mon-fri": ["09:00-17:00"]}}
    visit = {**VISIT, "opens_after": opens_after, "due_after": due_after}
    town = town_of({"answer": {"working_days": 9}}, visit=visit)
    content = town.policy.model_dump(mode="json")
    content["calendars"]["desk"] = desk
    content["departments"]["visit-desk"]["calendar"] = "desk"
    town = Town(policy=type(town.policy).model_validate(content))
    town.at(4 * 24 + 17.5)
    complaint = town.complaint()
    complaint.reply("water", "answered")
    town.at(14 * 24)
    return complaint


def test_a_visit_opens_and_is_due_by_the_calendar_of_its_desk() -> None:
    def closes(count: int) -> dict[str, Any]:
        return {"working_days": count, "counted_from": "next_day", "ends": "close"}

    for opens_after, due_after in (closes(1), closes(2)), ({"working": "8h"}, {"working": "16h"}):
        complaint = answered_on_friday_evening(opens_after, due_after)

        (scheduled,) = complaint.facts("VisitScheduled")
        assert [hours(scheduled.opens_at), hours(scheduled.due_at)] == at((7, 17), (8, 17))
        assert min(hour for hour, *_ in complaint.rungs("visit")) >= 7 * 24 + 17
        assert red(complaint.town) == set()


def test_a_visit_is_warned_of_at_its_share_of_the_desks_working_time() -> None:
    complaint = answered_on_friday_evening({"working": "0h"}, {"working": "8h"})

    rungs = [hour for hour, action, *_ in complaint.rungs("visit") if action in ("warn", "urge")]
    assert rungs == at((7, 15), (7, 17)), "not on Sunday, when most of all the time is over"
    assert red(complaint.town) == set()


def a_month_on(town: Town) -> Town:
    """The town a month on: whatever was to be told has been told."""
    town.at(hours(town.world.now) + 31 * 24)
    return town


def when(day: int, hour: float) -> str:
    return MONDAY.replace(day=MONDAY.day + day, hour=int(hour)).isoformat()


def london(*date: int) -> datetime:
    return datetime(*date, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)  # type: ignore[misc, arg-type]
