"""What is not legal is refused with its reason, on the queue of whoever sent it, and changes nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from closedloop.outsiders.rehearsal import log_of
from closedloop.verify import Clock, judge, terms
from closedloop.verify.judge import CHECKS
from schemas.envelope import complaint_id, text_header
from schemas.topics import QUEUE, RECEIPTS
from services.followup.rules import LEGALITY as VISIT_RULES
from services.router.rules.replies import REPLIES
from tests.builders import Complaint, Town, hour, pack
from tests.story.refusals import REFUSED_REPLIES, REFUSED_VISITS, Tale, reasons_in, routed

REPLY_RULES = {rule for kind in REPLIES.values() for rule in kind.rules}


@pytest.mark.parametrize(("reason", "tale", "sender", "reply"), REFUSED_REPLIES)
def test_an_illegal_reply_is_refused_on_the_queue_of_the_department_that_sent_it(
    reason: str, tale: Tale, sender: str, reply: dict[str, Any]
) -> None:
    complaint = tale()
    before = len(complaint.facts())

    complaint.reply(sender, **reply)

    (refused,) = complaint.facts()[before:]
    assert (type(refused).__name__, refused.department, refused.reason) == ("ReplyRefused", sender, reason)
    notice = complaint.town.notices(sender)[-1]
    assert (notice.why, notice.reason, notice.detail) == ("refused", reason, f"{reason}: {refused.detail}")
    assert (refused.words.code, refused.words.said("en")) == (reason, refused.detail)
    assert re.search("[\u4e00-\u9fff]", refused.words.said("zh"))


@pytest.mark.parametrize(("reason", "tale", "sender", "report"), REFUSED_VISITS)
def test_an_illegal_visit_report_is_refused_on_the_queue_of_the_desk_that_sent_it(
    reason: str, tale: Tale, sender: str, report: dict[str, Any]
) -> None:
    complaint = tale()
    before = len(complaint.facts())

    complaint.visit("solved", desk=sender, **report)

    (refused,) = complaint.facts()[before:]
    assert (type(refused).__name__, refused.desk, refused.reason) == ("VisitRefused", sender, reason)
    notice = complaint.town.notices(sender)[-1]
    assert (notice.why, notice.reason, notice.detail) == ("refused", reason, f"{reason}: {refused.detail}")
    assert (refused.words.code, refused.words.said("en")) == (reason, refused.detail)
    assert re.search("[\u4e00-\u9fff]", refused.words.said("zh"))


@pytest.mark.parametrize(
    ("rules", "rows"),
    [(REPLY_RULES, REFUSED_REPLIES), (VISIT_RULES, REFUSED_VISITS)],
    ids=["replies", "visits"],
)
def test_the_tables_have_a_row_for_each_reason(rules: Iterable[Callable[..., Any]], rows: list[Any]) -> None:
    assert {reason for reason, *_ in rows} == {code for rule in rules for code in reasons_in(rule)}


def test_an_answer_on_the_very_day_of_the_receipt_is_legal() -> None:
    complaint = routed()

    complaint.reply("water", "answered", stated_at=hour(0).isoformat())

    assert complaint.facts("ReplyRefused") == []


@pytest.mark.parametrize("reply", ["accepted", "contacted", "progress", "answered"])
def test_a_reply_about_a_complaint_that_nobody_knows_is_refused_on_the_queue_and_kept_as_a_dead_letter(
    reply: str,
) -> None:
    town = Town()

    Complaint(town, "00000000-0000-5000-8000-000000000000").reply("water", reply)
    before = [*town.queue("water"), *town.notices("water")]
    town.at(0.02)

    assert before == []
    (notice,) = town.notices("water")
    assert (notice.why, notice.detail) == ("refused", "unknown_subject: no such case is known here")
    assert town.dead_letters("router") == ["unknown_subject"]


def test_a_reply_that_came_before_its_complaint_counts_once_the_complaint_is_known() -> None:
    town = Town()

    Complaint(town, complaint_id("app", "1")).reply("water", "accepted")
    complaint = town.complaint("water/leak")
    town.at(0.02)

    assert [type(fact).__name__ for fact in complaint.facts()][:3] == [
        "ComplaintReceived",
        "ComplaintRouted",
        "WorkAccepted",
    ]
    assert town.dead_letters("router") == []


def test_whatever_counts_for_a_complaint_counts_no_earlier_than_its_receipt() -> None:
    town = Town()
    Complaint(town, complaint_id("app", "1")).reply("water", "accepted")
    town.at(0.01)

    complaint = town.complaint("water/leak")

    (accepted,) = complaint.facts("WorkAccepted")
    (met,) = complaint.facts("DeadlineMet")
    assert (accepted.at, accepted.judged_at, met.met_at) == (hour(0), hour(0.01), hour(0.01))
    judged = judge(log_of(town.world, town.policy), terms(Clock(), now=town.world.now), may_be_empty=tuple(CHECKS))
    assert [failure.why() for row in judged.rows for failure in row.failures] == []


def test_what_was_refused_because_its_complaint_was_unknown_is_refused_once_however_often_it_is_read() -> None:
    town = Town()
    Complaint(town, complaint_id("app", "1")).reply("water", "accepted")
    town.at(0.02)

    complaint = town.complaint("water/leak")
    before = len(complaint.facts())
    town.reads_again("router")

    assert len(complaint.facts()) == before
    assert town.dead_letters("router") == ["unknown_subject"]
    assert len([r for r in town.on(QUEUE.of("water")) if b'"refused"' in (r.value or b"")]) == 1


@pytest.mark.parametrize(
    ("reason", "submission"),
    [
        ("not_your_topic", {"source": "hotline"}),
        ("too_far_ahead", {"stated_at": hour(0.1).isoformat()}),
        ("due_before_receipt", {"due_at": hour(0).isoformat()}),
        ("due_before_receipt", {"due_at": hour(-0.6).isoformat(), "stated_at": hour(-0.5).isoformat()}),
    ],
)
def test_a_submission_that_makes_no_sense_is_refused_to_its_sender_and_kept_as_a_dead_letter(
    reason: str, submission: dict[str, Any]
) -> None:
    town = Town()

    complaint = town.complaint(**submission)

    (receipt,) = town.receipts()
    assert (receipt.kind, receipt.source_id, receipt.reasons[0].split(":")[0]) == ("refused", "1", reason)
    assert town.dead_letters("intake") == [reason]
    assert complaint.facts() == []


def test_no_upstream_system_submits_under_the_name_of_the_http_door() -> None:
    town = Town()

    town.submits({"id": "7", "subject": "it leaks"}, source="http")

    (receipt,) = town.receipts("http")
    assert (receipt.kind, receipt.source_id, receipt.reasons[0].split(":")[0]) == ("refused", "7", "not_your_topic")
    assert town.dead_letters("intake") == ["not_your_topic"]
    assert town.facts() == []


def test_a_submission_that_was_refused_may_be_sent_again_corrected() -> None:
    town = Town()
    town.submits({"id": "7", "subject": "it leaks", "due_at": hour(0).isoformat()})

    town.submits({"id": "7", "subject": "it leaks", "due_at": hour(9).isoformat()})

    assert [receipt.kind for receipt in town.receipts()] == ["refused", "accepted"]


def test_one_record_has_one_outcome_however_often_it_is_read_and_under_whichever_pack() -> None:
    town = Town()
    trusting = pack(version="2", trust="unlimited")
    due = hour(0).isoformat()
    town.submits({"id": "7", "subject": "it leaks", "due_at": due, "stated_at": hour(-2).isoformat()})
    told = events(town)

    town.world.policies.learn(trusting.hash, trusting, 1)
    town.reads_again("intake")
    again, letters = events(town), town.dead_letters("intake")
    town.submits({"id": "7", "subject": "it leaks", "due_at": due, "stated_at": hour(-2).isoformat()})
    corrected = [receipt.kind for receipt in town.receipts()]
    town.reads_again("intake")

    assert (again, letters) == (told, ["due_before_receipt"])
    assert corrected == ["refused", "accepted"]
    assert [receipt.kind for receipt in town.receipts()] == corrected
    assert town.dead_letters("intake") == letters


def test_each_refusal_is_an_event_of_its_own_and_none_is_told_again() -> None:
    town = Town()
    for text in ("one", "other"):
        town.submits({"id": "7", "subject": text, "due_at": hour(0).isoformat()})
    refused = events(town)

    town.reads_again("intake")
    again = events(town)[len(refused) :]
    town.submits({"id": "7", "subject": "a third", "due_at": hour(9).isoformat()})

    assert len(set(refused)) == 2
    assert again == []
    assert set(refused).isdisjoint(events(town)[len(refused) :])


def events(town: Town) -> list[str | None]:
    """The ids of the receipts, in order."""
    return [text_header(record.headers, "ce_id") for record in town.on(RECEIPTS.of("app"))]
