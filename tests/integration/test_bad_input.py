"""Whatever outsiders send to the real system: it explains itself, is counted, and nobody else is kept waiting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from closedloop.stack import Stack
from schemas.topics import COMPLAINTS, REPLIES, SUBMISSIONS, VISITS
from tests.bad_records import BAD
from tests.eventually import eventually
from tests.integration.outside import Outside

pytestmark = pytest.mark.stack

DOORS = {
    "intake": SUBMISSIONS.of("app"),
    "router": REPLIES.of("water"),
    "followup": VISITS.of("visit-desk"),
}
BAD_KEY = b"\xff" * 700_000


@pytest.fixture(scope="module")
def outside(stack: Stack) -> Iterator[Outside]:
    found = Outside(stack)
    yield found
    found.close()


@pytest.mark.parametrize("service", DOORS)
def test_every_record_that_cannot_be_read_is_a_dead_letter_and_the_next_one_is_taken(
    outside: Outside, service: str
) -> None:
    topic = DOORS[service]
    restarts = outside.stack.restarts(service)
    before = outside.counted(service, "closedloop_dead_letters_total", reason="unreadable")

    sent = {outside.sends(topic, value, headers, key=b"k"): what for what, (value, headers) in BAD.items()}
    sent[outside.sends(topic, b"?", key=BAD_KEY)] = "a key that is no text"
    id = outside.complaint(f"after-bad-input-to-{service}")
    outside.reply("water", id, "answered")
    eventually(lambda: outside.facts(id, "VisitScheduled"), within=30)

    eventually(lambda: {offset_of(letter, topic) for letter in outside.letters(service)} >= set(sent), within=30)
    mine = [letter for letter in outside.letters(service) if offset_of(letter, topic) in sent]
    assert len(mine) == len(sent)
    assert {letter.story["reason"] for letter in mine} == {"unreadable"}
    assert all(letter.story["exception-message"] for letter in mine)
    assert max(len(letter.key or b"") for letter in mine) == len(BAD_KEY)
    assert outside.counted(service, "closedloop_dead_letters_total", reason="unreadable") - before == len(sent)
    assert outside.stack.restarts(service) == restarts


REFUSED = [
    pytest.param("power", {"reply": "accepted"}, "not_the_owner", id="not the owner"),
    pytest.param("water", {"reply": "accepted", "cycle": 2}, "unknown_cycle", id="a cycle to come"),
    pytest.param("water", {"reply": "accepted", "department": "power"}, "not_your_topic", id="another's name"),
    pytest.param("water", {"reply": "returned"}, "reason_missing", id="no reason"),
    pytest.param("water", {"reply": "assigned", "assign_to": "power"}, "only_the_centre", id="not the centre"),
    pytest.param("centre", {"reply": "assigned", "assign_to": "nobody"}, "unknown_department", id="nobody"),
    pytest.param("water", {"reply": "accepted", "stated_at": "2999-01-01T00:00:00Z"}, "in_the_future", id="far ahead"),
    pytest.param("water", {"reply": "accepted", "stated_at": "1999-01-01T00:00:00Z"}, "before_receipt", id="long ago"),
]


@pytest.fixture(scope="module")
def routed(outside: Outside) -> str:
    return outside.complaint("refusals")


@pytest.mark.parametrize(("department", "reply", "reason"), REFUSED)
def test_a_reply_that_is_not_legal_is_refused_on_the_queue_of_its_sender_and_counted(
    outside: Outside, routed: str, department: str, reply: dict[str, Any], reason: str
) -> None:
    metric, labels = "closedloop_replies_refused_total", {"department": department, "reason": reason}
    before = outside.counted("router", metric, **labels)

    outside.sends(REPLIES.of(department), {"complaint_id": routed, **reply})

    eventually(lambda: outside.counted("router", metric, **labels) == before + 1, within=20)
    refusal = [notice for notice in outside.notices(department) if notice.complaint_id == routed][-1]
    assert (refusal.why, refusal.reason) == ("refused", reason)


def test_a_reply_about_a_cycle_that_is_over_is_refused(outside: Outside) -> None:
    id = outside.complaint("closed", category="water/leak")
    outside.reply("water", id, "answered")
    outside.reply("water", id, "progress")

    refused = eventually(lambda: outside.facts(id, "ReplyRefused"), within=20)

    assert [fact.reason for fact in refused] == ["already_answered"]


@pytest.mark.parametrize(
    ("submission", "reason"),
    [
        ({"id": "future", "stated_at": "2999-01-01T00:00:00Z"}, "too_far_ahead"),
        ({"id": "promised", "due_at": "1999-01-01T00:00:00Z"}, "due_before_receipt"),
        ({"id": "stranger", "source": "hotline"}, "not_your_topic"),
        ({"id": "april-31", "due_at": "2026-04-31T10:00:00Z"}, "unreadable"),
        ({"id": "no-zone", "stated_at": "2026-04-30T10:00:00"}, "unreadable"),
        ({"id": "milliseconds", "stated_at": 1_772_409_300_000}, "unreadable"),
        ({"id": "perhaps", "safety": "yes"}, "unreadable"),
        ({"id": "far", "due_at": "9999-12-31T10:00:00Z"}, "not_countable"),
        ({"id": "control", "text": "\x01" * 20_000}, "too_large"),
    ],
    ids=[
        *("from the future", "due before it came", "another's name", "a day that is none", "no zone"),
        *("a time as a number", "a flag as text"),
        *("beyond all calendars", "a text that grows on its way"),
    ],
)
def test_a_submission_that_makes_no_sense_is_refused_to_its_sender(
    outside: Outside, submission: dict[str, Any], reason: str
) -> None:
    outside.sends(SUBMISSIONS.of("app"), {"subject": "it leaks", **submission})

    (receipt,) = eventually(
        lambda: [receipt for receipt in outside.receipts() if receipt.source_id == submission["id"]], within=20
    )
    assert (receipt.kind, receipt.reasons[0].split(":")[0]) == ("refused", reason)


def test_an_unreadable_fact_parks_its_case_and_all_others_go_on(outside: Outside) -> None:
    stuck, other = outside.complaint("stuck"), outside.complaint("other")
    sequence = [("ce_type", b"closedloop.complaint.answered.v1"), ("ce_sequence", b"99")]

    outside.sends(COMPLAINTS.name, b"{", sequence, key=stuck.encode())
    for id in (stuck, other):
        outside.reply("water", id, "answered")

    eventually(lambda: outside.facts(other, "VisitScheduled"), within=20)
    eventually(lambda: parked(outside, "followup").get(stuck), within=20)
    assert outside.facts(stuck, "VisitScheduled") == []
    assert other not in parked(outside, "followup")


def parked(outside: Outside, service: str) -> dict[str, Any]:
    found = httpx.get(f"{outside.stack.endpoints.http[service]}/parked", timeout=60).json()
    return {row["id"]: row["reason"] for row in found}


def offset_of(letter: Any, topic: str) -> int | None:
    """The offset of the record that a letter is about, if it came by this topic."""
    return int(letter.story["original-offset"]) if letter.story["original-topic"] == topic else None
