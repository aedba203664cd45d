"""Typed text is masked wherever it comes in, in every field; only intake keeps the original."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.sizes import MAX_VALUE_BYTES
from schemas.topics import DEAD_LETTERS, REPLIES, SUBMISSIONS, VISITS
from tests.builders import Complaint, Town

NUMBER = "13800138000"
SECRET = f"call {NUMBER}"
REPORT = {name: f"{name}: {SECRET}" for name in ("impact", "handling", "cause", "corrective", "preventive")}
INCIDENT = {"place": SECRET, "symptom": SECRET, "response": SECRET}
KEEPS_WHAT_WAS_SENT = (SUBMISSIONS.prefix, REPLIES.prefix, VISITS.prefix, DEAD_LETTERS.prefix)


def said(town: Town) -> str:
    """All that the services have said about what was sent."""
    records = [r for r in town.world.log if not r.topic.startswith(KEEPS_WHAT_WAS_SENT)]
    return "\n".join((record.value or b"").decode() for record in records)


def stored(town: Town) -> str:
    """All cases, without what intake keeps beside them."""
    return "\n".join(document.case.model_dump_json() for document in town.world.documents.values() if document.case)


def whole_life() -> Complaint:
    """A complaint in whose life everybody who can write a text writes the number into it."""
    town = Town()
    complaint = town.complaint(
        None, subject=SECRET, text=SECRET, area=SECRET, tier=SECRET, customer={"name": "Ada Byron", "phone": NUMBER}
    )
    complaint.reply("centre", "assigned", assign_to="water", note=SECRET)
    for reply in ("accepted", "acknowledged", "contacted", "progress"):
        complaint.reply("water", reply, note=SECRET)
    complaint.reply("power", "answered", note=SECRET)
    complaint.reply("water", "returned", note=SECRET)
    complaint.reply("centre", "assigned", assign_to="water", note=SECRET)
    complaint.reply("water", "incident", note=SECRET, incident=INCIDENT)
    complaint.reply("water", "answered", note=SECRET)
    complaint.reply("water", "report", report=REPORT)
    town.at(30)
    complaint.visit("not_solved", note=SECRET)
    complaint.reply("water", "answered", note=SECRET)
    town.at(60)
    complaint.visit("solved", note=SECRET)
    return complaint


def test_whoever_writes_a_number_into_whichever_text_it_is_in_no_fact_order_receipt_or_case() -> None:
    complaint = whole_life()

    assert complaint.plot[-1][1] == "ComplaintClosed"
    assert {"IncidentDeclared", "IncidentReported", "VisitAttempted"} <= {name for _, name in complaint.plot}
    assert NUMBER not in said(complaint.town)
    assert NUMBER not in stored(complaint.town)
    assert said(complaint.town).count("call [phone]") > 30


def test_who_complains_is_still_reached_by_what_intake_keeps() -> None:
    complaint = whole_life()

    assert complaint.document("intake").contact == {"name": "Ada Byron", "phone": NUMBER}


def test_a_category_with_a_number_in_it_still_goes_where_its_route_says() -> None:
    complaint = Town().complaint(f"water/leak {NUMBER}")

    (routed,) = complaint.facts("ComplaintRouted")
    assert routed.department == "water"
    assert complaint.facts("ComplaintReceived")[0].category == "water/leak [phone]"


def test_the_same_message_is_a_repeat_and_one_with_another_number_a_conflict() -> None:
    town = Town()
    complaint = town.complaint(id="1", text=SECRET)

    town.submits({"id": "1", "subject": "it leaks", "category": "water/leak", "text": SECRET})
    town.submits({"id": "1", "subject": "it leaks", "category": "water/leak", "text": "call 13900139000"})

    assert len(complaint.facts("ComplaintReceived")) == 1
    assert town.dead_letters("intake") == ["conflict"]


def test_a_dead_letter_holds_what_was_sent() -> None:
    town = Town()

    town.submits({"id": "1", "source": "hotline", "subject": SECRET})

    (letter,) = town.on(DEAD_LETTERS.of("intake"))
    assert json.loads(letter.value or b"")["subject"] == SECRET


@pytest.mark.parametrize(
    ("submission", "left"),
    [
        pytest.param({"text": "请打13800138000"}, "请打[电话]", id="no language said: the text's"),
        pytest.param({"text": "Please ring 13800138000"}, "Please ring [phone]", id="no language said: English else"),
        pytest.param({"language": "zh", "text": "13800138000"}, "[电话]", id="the language that is said"),
        pytest.param({"language": "en", "text": "请打13800138000"}, "请打[phone]", id="whatever the text is in"),
    ],
)
def test_what_was_there_is_named_in_the_language_of_the_complaint(submission: dict[str, Any], left: str) -> None:
    complaint = Town().complaint(**submission)

    assert complaint.facts("ComplaintReceived")[0].text == left


@pytest.mark.parametrize(
    ("language", "note", "left"),
    [("zh", "13800138000", "[电话]"), ("en", "13800138000", "[phone]"), ("en", "打13800138000", "打[电话]")],
)
def test_a_note_names_it_in_its_own_language_or_the_complaints(language: str, note: str, left: str) -> None:
    complaint = Town().complaint(language=language)

    complaint.reply("water", "accepted", note=note)

    assert complaint.facts("WorkAccepted")[0].note == left


def test_a_text_that_grows_by_being_masked_stays_within_its_bounds() -> None:
    full = ("123-45-6789 " * 2000)[:20_000]

    complaint = Town().complaint(subject=full[:200], text=full)

    (received,) = complaint.facts("ComplaintReceived")
    assert len(received.subject) <= 200
    assert len(received.text) <= 20_000
    assert not set("123456789") & set(received.subject + received.text)
    assert len(received.model_dump_json().encode()) < MAX_VALUE_BYTES
