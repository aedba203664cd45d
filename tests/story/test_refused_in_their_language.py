"""A refusal is in the language of the complaint, else in the one that its sender asks for; its code never changes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from schemas.envelope import complaint_id
from schemas.topics import REPLIES, SUBMISSIONS, VISITS
from services.router.messages import refusal
from tests.builders import Complaint, Town, hour

NOBODY = "00000000-0000-5000-8000-000000000000"
LATE: dict[str, Any] = {"id": "7", "subject": "x", "due_at": hour(-1).isoformat()}


def language_of(text: str) -> str:
    return "zh" if re.search("[\u4e00-\u9fff]", text) else "en"


def send(town: Town, topic: str, body: dict[str, Any] | bytes, asks_for: str | None = None) -> None:
    value = body if isinstance(body, bytes) else json.dumps(body).encode()
    town.world.send(topic, value, headers=() if asks_for is None else [("Accept-Language", asks_for.encode())])


SUBMITTED: list[tuple[dict[str, Any] | bytes, str | None, str, str]] = [
    (LATE | {"language": "zh"}, None, "due_before_receipt", "zh"),
    (LATE | {"language": "zh"}, "en", "due_before_receipt", "zh"),
    (LATE | {"language": "en"}, "zh", "due_before_receipt", "en"),
    (LATE, "zh-CN,zh;q=0.9", "due_before_receipt", "zh"),
    (LATE, None, "due_before_receipt", "en"),
    (LATE, "fr", "due_before_receipt", "en"),
    (LATE | {"language": "zh", "source": "hotline"}, None, "not_your_topic", "zh"),
    (LATE | {"language": "zh", "channel": "pigeon"}, None, "unreadable", "zh"),
    (LATE | {"language": "zh-CN"}, None, "unreadable", "zh"),
    (b'{"id": "7", "language": "zh", "subject": ', None, "unreadable", "zh"),
    (b"\xff\xfe", "zh", "unreadable", "zh"),
    (b"\xff\xfe", None, "unreadable", "en"),
    ({"subject": "x", "language": "zh"}, None, "id_missing", "zh"),
]


@pytest.mark.parametrize(("submission", "asks_for", "code", "language"), SUBMITTED)
def test_a_submission_is_refused_in_its_own_language_or_else_in_the_one_that_is_asked_for(
    submission: dict[str, Any] | bytes, asks_for: str | None, code: str, language: str
) -> None:
    town = Town()

    send(town, SUBMISSIONS.of("app"), submission, asks_for)

    (receipt,) = town.receipts()
    said, _, why = receipt.reasons[0].partition(": ")
    assert (receipt.kind, said, language_of(why)) == ("refused", code, language)
    assert town.dead_letters("intake") == [code]


def test_every_fault_of_a_submission_is_named_in_its_language() -> None:
    town = Town()

    town.submits(
        {
            "id": "7",
            "language": "zh",
            "subject": "",
            "channel": "pigeon",
            "affected": 0,
            "due_at": "2026-03-02T08:00:00",
        }
    )

    (receipt,) = town.receipts()
    assert receipt.reasons == (
        "unreadable: channel: 应为 'phone'、'mail'、'chat'、'letter'、'visit'、'web'、'app' 或 'other'; "
        "subject: 至少 1 个字符; due_at: 日期时间须带时区，如 +08:00 或 Z; affected: 应大于或等于 1",
    )


def test_the_dead_letter_of_a_complaint_in_chinese_tells_the_operators_in_english() -> None:
    town = Town()

    town.submits(LATE | {"language": "zh"})

    (letter,) = town.on("closedloop.dead-letters.intake")
    assert dict(letter.headers)["dlq-exception-message"].startswith(b"due at ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_department_is_refused_in_the_language_of_the_complaint(language: str) -> None:
    town = Town()
    complaint = town.complaint("water/leak", language=language)
    town.at(1)

    complaint.reply("power", "accepted")

    (notice,) = town.notices("power")
    explained = {"en": "the complaint is with water", "zh": "该投诉由 water 承办"}
    assert (notice.reason, notice.detail) == ("not_the_owner", f"not_the_owner: {explained[language]}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_desk_that_reports_too_early_hears_so_in_the_language_of_the_complaint(language: str) -> None:
    town = Town()
    complaint = town.complaint("water/leak", language=language)
    town.at(1)
    complaint.reply("water", "answered", handler="li")

    complaint.visit("solved")

    (notice,) = (notice for notice in town.notices("visit-desk") if notice.why == "refused")
    assert (notice.reason, language_of(notice.detail)) == ("too_early", language)


def test_two_replies_with_one_id_are_a_conflict_in_the_language_of_the_complaint() -> None:
    town = Town()
    complaint = town.complaint("water/leak", language="zh")
    town.at(1)
    complaint.reply("water", "accepted", id="1")

    complaint.reply("water", "contacted", id="1")

    (notice,) = (notice for notice in town.notices("water") if notice.why == "refused")
    assert notice.detail == "conflict: 同一编号此前已发送过不同的内容，以先到者为准"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("is_incident", [False, True])
def test_two_reports_with_one_id_are_a_conflict_in_the_language_of_the_complaint(
    language: str, is_incident: bool
) -> None:
    town = Town()
    complaint = town.complaint("water/leak", language=language, affected=50 if is_incident else None)
    if not is_incident:
        complaint.reply("water", "answered")
        town.at(30)

    for satisfaction in (4, 5):
        body = {"id": "1", "complaint_id": complaint.id, "attempt": 1, "visitor": "wang", "outcome": "unreachable"}
        asks_for = {"zh": "en", "en": "zh"}[language]
        send(town, VISITS.of("visit-desk"), body | {"satisfaction": satisfaction}, asks_for)

    detail = town.notices("visit-desk")[-1].detail or ""
    assert (detail.split(":")[0], language_of(detail)) == ("conflict", language)


@pytest.mark.parametrize(
    ("asks_for", "language"), [("zh", "zh"), ("en;q=0.1, zh-Hans", "zh"), ("en", "en"), (None, "en")]
)
@pytest.mark.parametrize(
    ("topic", "queue"),
    [(REPLIES.of("water"), "water"), (VISITS.of("visit-desk"), "visit-desk")],
    ids=["reply", "visit"],
)
def test_who_sends_what_nobody_can_read_or_knows_hears_so_in_the_language_asked_for(
    topic: str, queue: str, asks_for: str | None, language: str
) -> None:
    town = Town()
    report = {"complaint_id": NOBODY, "attempt": 1, "visitor": "wang", "outcome": "solved", "reply": "accepted"}

    send(town, topic, b"{", asks_for)
    send(town, topic, report, asks_for)
    town.at(0.02)

    told = [notice.detail.partition(": ") for notice in town.notices(queue)]
    assert [(code, language_of(why)) for code, _, why in told] == [
        ("unreadable", language),
        ("unknown_subject", language),
    ]


def test_what_came_too_early_is_refused_once_and_in_its_own_language_whenever_it_is_read() -> None:
    town = Town()
    Complaint(town, complaint_id("app", "1")).reply("water", "accepted")
    town.at(0.02)

    town.complaint("water/leak", language="zh")
    town.reads_again("router")

    refusals = [record for record in town.on("closedloop.queue.water") if b'"refused"' in (record.value or b"")]
    (refusal,) = refusals
    assert language_of(json.loads(refusal.value or b"")["detail"]) == "en"


@pytest.mark.parametrize("words", [None, {"sentence": "newer.one"}, {"sentence": "not_the_owner"}])
def test_a_refusal_of_another_version_whose_words_are_not_known_is_told_as_it_was_said(words: Any) -> None:
    town = Town()
    complaint = town.complaint("water/leak", language="zh")
    town.at(1)
    complaint.reply("power", "accepted")
    (fact,) = complaint.facts("ReplyRefused")
    other = type(fact).model_validate(fact.model_dump() | {"words": words})

    told = refusal(town.world.documents["router", complaint.id].case, other, "power", "r").body

    assert told.detail == "not_the_owner: the complaint is with water"
