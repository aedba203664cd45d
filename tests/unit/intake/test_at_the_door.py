"""What a request may be called and how it may be written; which of its fields nobody reads."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.edges import Submission
from schemas.envelope import Unreadable, read_edge
from schemas.ignored import MOST, ignored, said
from services.intake.described import EXAMPLES
from services.intake.door import NotTaken, body_of
from services.shared.privacy import masked
from tests.builders import Town
from tests.sampling import so_many

LEAK = '{"subject": "漏水"}'
EVENT = {
    "specversion": "1.0",
    "id": "7",
    "source": "/app",
    "type": "closedloop.submission.v1",
    "data": {"subject": "x"},
}

TAKEN = [
    *(
        None,
        "",
        "application/json",
        "Application/JSON",
        "application/json;charset=UTF-8",
        'application/json; charset="utf8"',
    ),
]
REFUSED = [
    *("text/xml", "application/xml", "text/plain", "json", "multipart/form-data", "application/x-www-form-urlencoded"),
    *(
        "application/json; charset=gbk",
        "application/json; charset=iso-8859-1",
        "application/cloudevents+json; charset=gb18030",
    ),
]


@pytest.mark.parametrize("content_type", TAKEN)
def test_json_in_utf8_is_taken_whether_or_not_it_is_said_that_it_is_json(content_type: str | None) -> None:
    assert body_of(content_type, None, LEAK.encode()).decode() == LEAK


@pytest.mark.parametrize("content_type", REFUSED)
def test_another_media_type_or_encoding_is_not_taken_and_it_is_said_which_is(content_type: str) -> None:
    with pytest.raises(NotTaken, match=r"application/json or application/cloudevents\+json, in UTF-8"):
        body_of(content_type, None, b"{}")


def test_what_is_compressed_is_not_taken() -> None:
    with pytest.raises(NotTaken, match="gzip"):
        body_of("application/json", "gzip", b"\x1f\x8b")


def test_bytes_that_are_no_utf8_are_named_in_words() -> None:
    with pytest.raises(Unreadable, match="not UTF-8: byte 13 is 0xd7"):
        body_of("application/json", None, '{"subject": "自来水发黄"}'.encode("gbk"))


def test_a_byte_order_mark_is_no_part_of_the_complaint() -> None:
    assert body_of(None, None, b"\xef\xbb\xbf{}") == b"{}"


@pytest.mark.parametrize("content_type", [None, "application/json", "application/cloudevents+json; charset=utf-8"])
def test_a_structured_event_is_its_data_whatever_it_is_called(content_type: str | None) -> None:
    assert json.loads(body_of(content_type, None, json.dumps(EVENT).encode())) == {"subject": "x"}


def test_an_event_of_another_type_is_no_submission() -> None:
    with pytest.raises(Unreadable, match=r"type 'org\.example\.other'"):
        body_of(None, None, json.dumps(EVENT | {"type": "org.example.other"}).encode())


IGNORED: list[tuple[dict[str, Any], dict[str, str | None]]] = [
    ({"subject": "x", "category": "water"}, {}),
    ({"categry": "water/leak"}, {"categry": "category"}),
    ({"Category": "water/leak"}, {"Category": "category"}),
    ({"customer": {"phne": "13800138000"}}, {"customer.phne": "customer.phone"}),
    ({"langauge": "zh", "zip": 1}, {"langauge": "language", "zip": None}),
    ({"customer": None, "customers": {"phone": "1"}}, {"customers": "customer"}),
]


@pytest.mark.parametrize(("body", "unread"), IGNORED, ids=lambda value: ",".join(value))
def test_a_field_that_nobody_reads_is_named_with_the_nearest_right_word(
    body: dict[str, Any], unread: dict[str, str | None]
) -> None:
    assert ignored(Submission, json.dumps(body).encode(), masked) == unread


def test_of_very_many_unknown_fields_the_first_are_named() -> None:
    body = {f"field {n} {'x' * 1_000}": n for n in range(1_000)}

    found = said(ignored(Submission, json.dumps(body).encode(), masked))

    assert len(found["ignored"]) == MOST and max(map(len, found["ignored"])) == 100


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("13800138000", "[phone]"),
        ("ann@example.com", "[email]"),
        ("电话13800138000", "电话[电话]"),
        ("x" * 94 + " 13800138000", "x" * 94 + " [phon"),
    ],
)
def test_the_name_of_an_ignored_field_is_masked_in_the_answer_and_in_the_receipt(name: str, shown: str) -> None:
    for body in ({name: 1}, {"customer": {name: 1}}):
        (said_name,) = ignored(Submission, json.dumps(body).encode(), masked)
        assert said_name == (f"customer.{shown}"[:100] if "customer" in body else shown)
    town = Town()

    town.submits({"id": "7", "subject": "it leaks", name: "1"})

    (accepted,) = [receipt for receipt in town.receipts() if receipt.kind == "accepted"]
    assert accepted.ignored == (shown,)


WRAPPED = {"content-type": b"application/cloudevents+json"}


@pytest.mark.parametrize("written", [LEAK, json.dumps(EVENT)], ids=["plain", "structured"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"], ids=lambda name: name
)
def test_a_body_in_any_encoding_is_taken_or_refused_alike_over_http_and_on_a_topic(written: str, encoding: str) -> None:
    sent, taken = written.encode(encoding), encoding.startswith("utf-8")
    refused = contextlib.nullcontext() if taken else pytest.raises(Unreadable, match=r"is UTF-(16|32).*only UTF-8")

    with refused:
        body_of(None, None, sent)
    for headers in (
        (),
        (() if "data" in written else (("ce_id", b"7"),)),
        tuple(WRAPPED.items()) if "data" in written else (),
    ):
        with contextlib.nullcontext() if taken else pytest.raises(Unreadable, match=r"is UTF-(16|32).*only UTF-8"):
            found = read_edge(Submission, headers, sent, "t#1")
            assert isinstance(found.body, Submission)


@settings(max_examples=so_many(20, 100), deadline=None)
@given(
    st.binary(max_size=60) | st.text().map(lambda text: json.dumps({text: {text: 1}, "customer": {text: 1}}).encode())
)
def test_whatever_is_sent_its_unknown_fields_can_be_told(value: bytes) -> None:
    for name in ignored(Submission, value, masked):
        assert len(name.encode()) <= 400


def test_the_receipt_that_accepts_a_submission_names_the_fields_that_nobody_reads() -> None:
    town = Town()

    town.submits({"id": "7", "subject": "it leaks", "categry": "water/leak", "customer": {"phne": "1"}})

    (accepted,) = [receipt for receipt in town.receipts() if receipt.kind == "accepted"]
    assert accepted.ignored == ("categry", "customer.phne")
    assert accepted.did_you_mean == {"categry": "category", "customer.phne": "customer.phone"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"subjct": "it leaks"}, "unreadable: subject: Field required; was it meant by `subjct`?"),
        ({"subject": "it leaks", "channel": "phnoe"}, "unreadable: channel: Input should be 'phone', "),
        ({"subjct": "停水", "language": "zh"}, "unreadable: subject: 缺少此字段；`subjct` 是否为此字段之误？"),
    ],
)
def test_a_refusal_names_the_word_that_was_meant(body: dict[str, object], reason: str) -> None:
    town = Town()

    town.submits({"id": "7", **body})

    (refused,) = town.receipts()
    assert [said for said in refused.reasons if said.startswith(reason)]


@pytest.mark.parametrize(
    ("submission", "language"),
    [
        ({"subject": "暖气不热"}, "zh"),
        ({"subject": "heating", "text": "只有十二度"}, "zh"),
        ({"subject": "it leaks"}, "en"),
        ({"subject": "暖气不热", "language": "en"}, "en"),
    ],
)
def test_a_complaint_that_names_no_language_has_the_one_it_is_written_in(
    submission: dict[str, str], language: str
) -> None:
    complaint = Town().complaint(**submission)

    assert complaint.document("intake").case.received.language == language


def test_a_receipt_about_a_submission_that_was_read_in_full_names_nothing() -> None:
    town = Town()

    town.complaint("water/leak")

    assert {(receipt.ignored, receipt.did_you_mean) for receipt in town.receipts()} == {(None, None)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_of_each_language_is_a_complaint_that_is_read_in_full(language: str) -> None:
    value = EXAMPLES[language]["value"]

    submission = Submission.model_validate(value)

    assert submission.language == language
    assert not ignored(Submission, json.dumps(value).encode(), masked)
