"""A major incident goes to the top at once, is told of until its end, and does not end without its report."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import Complaint, Town, hours

REPORT = {
    "impact": "40 flats without water",
    "handling": "pipe replaced",
    "cause": "frost",
    "corrective": "valve moved",
    "preventive": "insulated",
}


def incident(category: str = "water/leak", **more: Any) -> Complaint:
    return Town().complaint(category, text="There was an EXPLOSION in the cellar", area="north", **more)


@pytest.mark.parametrize(
    ("submission", "is_one"),
    [
        pytest.param({"text": "an Explosion!"}, True, id="a word of the policy"),
        pytest.param({"text": "楼下发生爆炸"}, True, id="a word in Chinese"),
        pytest.param({"affected": 50}, True, id="so many are affected"),
        pytest.param({"affected": 49}, False, id="too few are affected"),
        pytest.param({"text": "a leak"}, False, id="neither"),
    ],
)
def test_the_policy_says_what_a_major_incident_is(submission: dict[str, Any], is_one: bool) -> None:
    complaint = Town().complaint("water/leak", **submission)

    assert bool(complaint.facts("IncidentDeclared")) is is_one


def test_the_top_hears_of_it_at_once() -> None:
    complaint = incident()

    assert (0, "incident", "open") in complaint.orders("centre")
    assert (0, "incident", "open") in complaint.orders("water")


def test_every_ladder_of_it_begins_at_the_top() -> None:
    complaint = incident()

    complaint.town.at(8)

    assert complaint.rungs("accept") == [(7.5, "warn", "centre", 3)]


def test_news_of_it_is_due_again_and_again_until_the_answer() -> None:
    complaint = incident()
    complaint.town.at(1.5)
    complaint.reply("water", "progress", note="on site")

    complaint.town.at(3.6)

    assert complaint.verdicts("update") == [(1.5, "DeadlineMet")]
    assert complaint.rungs("update", revision=2) == [(3.5, "urge", "centre", 3)]
    complaint.reply("water", "answered")
    assert complaint.verdicts("update")[-1] == (3.6, "DeadlineCancelled")


def test_it_is_not_closed_before_its_report_is_there() -> None:
    complaint = incident()
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(24)
    complaint.visit("solved")

    complaint.town.at(48)
    assert complaint.facts("ComplaintClosed") == []
    assert complaint.rungs("report") == [(48, "urge", "centre", 3)]

    complaint.reply("water", "report", report=REPORT)
    (closed,) = complaint.facts("ComplaintClosed")
    assert (hours(closed.at), closed.ending) == (48, "solved")
    assert complaint.verdicts("report") == [(48, "BreachRetracted"), (48, "DeadlineMet")]


def test_the_customer_gets_the_report() -> None:
    complaint = incident()
    complaint.reply("water", "report", report=REPORT)

    (receipt,) = [r for r in complaint.town.receipts() if r.kind == "report"]
    assert receipt.report is not None and receipt.report.cause == "frost"


def test_reported_before_the_answer_it_closes_as_any_other() -> None:
    complaint = incident()
    complaint.reply("water", "report", report=REPORT)
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(24)

    complaint.visit("solved")

    assert [f.ending for f in complaint.facts("ComplaintClosed")] == ["solved"]
    assert "report" not in complaint.targets()


def test_where_nobody_visits_the_report_ends_it() -> None:
    complaint = Town().complaint("power/outage", affected=500)
    complaint.reply("power", "answered")
    assert complaint.facts("ComplaintClosed") == []

    complaint.reply("power", "report", report=REPORT)

    assert [f.ending for f in complaint.facts("ComplaintClosed")] == ["answered"]


@pytest.mark.parametrize("by", ["water", "centre"])
def test_it_may_be_declared_by_hand_with_its_record(by: str) -> None:
    complaint = Town().complaint("water/leak")
    record = {"place": "Mill Street", "symptom": "the road sinks", "response": "close the road"}

    complaint.reply(by, "incident", note="it gets worse", incident=record)

    (declared,) = complaint.facts("IncidentDeclared")
    assert (declared.by, declared.record.place) == ("centre" if by == "centre" else "department", "Mill Street")
    assert complaint.targets()["update"] == 2


def test_said_again_its_record_is_replaced_and_its_dates_stay() -> None:
    complaint = incident()
    complaint.town.at(1)

    complaint.reply("water", "incident", note="more is known", incident={"response": "evacuate"})

    assert complaint.facts("IncidentDeclared")[-1].record.response == "evacuate"
    assert complaint.targets()["update"] == 2


def test_unsolved_it_is_worked_on_and_told_of_again() -> None:
    complaint = incident()
    complaint.reply("water", "answered", handler="li")
    complaint.town.at(24)

    complaint.visit("not_solved")

    assert complaint.targets()["update"] == 26
    assert complaint.verdicts("report") == [(24, "DeadlineCancelled")]
    complaint.reply("water", "answered", handler="li")
    assert complaint.targets()["report"] == 72


@pytest.mark.parametrize(
    ("text", "reports", "code"),
    [
        ("it leaks", [{"report": REPORT}], "no_incident"),
        ("an explosion", [{}], "report_missing"),
        ("an explosion", [{"report": REPORT}, {"id": "again", "report": REPORT}], "already_reported"),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(text: str, reports: list[dict[str, Any]], code: str) -> None:
    complaint = Town().complaint("water/leak", text=text)

    for report in reports:
        complaint.reply("water", "report", **report)

    assert complaint.refusals() == [code]


def test_who_follows_an_incident_that_nobody_has_yet_tells_news_of_it() -> None:
    complaint = Town().complaint("other/strange", affected=500)
    complaint.town.at(1)

    complaint.reply("centre", "progress", note="we are looking for whose it is")

    assert complaint.refusals() == []
    assert complaint.verdicts("update") == [(1, "DeadlineMet")]


def test_news_from_who_follows_it_is_news_and_the_department_has_still_to_accept_to_call_and_to_report() -> None:
    complaint = incident("housing/crack")
    complaint.town.at(1)

    complaint.reply("centre", "progress", note="the street is closed")

    assert complaint.verdicts("update") == [(1, "DeadlineMet")]
    assert complaint.verdicts("accept") == complaint.verdicts("progress") == []
    complaint.town.at(2)
    complaint.reply("housing", "progress", note="on site")
    assert complaint.verdicts("accept") == complaint.verdicts("progress") == [(2, "DeadlineMet")]
    assert complaint.verdicts("update") == [(1, "DeadlineMet"), (2, "DeadlineMet")]


def test_news_from_who_follows_it_is_not_the_departments_own_that_is_wanted_again_and_again() -> None:
    complaint = incident("patient/leak")
    complaint.town.at(1)

    complaint.reply("centre", "progress", note="the street is closed")

    assert (complaint.targets()["update"], complaint.targets()["progress"]) == (3, 40)


def test_news_of_an_incident_stays_due_when_the_department_gives_it_back() -> None:
    complaint = incident()

    complaint.reply("water", "returned", note="not ours")
    complaint.reply("centre", "assigned", assign_to="power")

    assert complaint.targets()["update"] == 2
