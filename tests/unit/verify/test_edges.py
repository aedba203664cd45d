"""How a record from outside is recognised, whatever its form."""

from __future__ import annotations

import json

import pytest

from closedloop.verify.evidence.edges import edge
from closedloop.verify.evidence.records import Record
from closedloop.verify.tables.contract import complaint_id

TOPIC = "closedloop.submissions.hotline"


def sent(value: object, topic: str = TOPIC, **headers: str) -> Record:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Record(topic, 0, 17, 0, None, headers, raw)


STRUCTURED = Record(
    TOPIC,
    0,
    17,
    0,
    None,
    {"content-type": "application/CloudEvents+json"},
    json.dumps({"id": "7", "source": "crm", "data": {"subject": "no water"}}).encode(),
)


@pytest.mark.parametrize(
    ("record", "source_id", "name"),
    [
        pytest.param(sent({"id": "7"}), "7", f"{TOPIC}/7", id="its own id"),
        pytest.param(sent({"subject": "x"}, ce_id="8", ce_source="crm"), "8", "crm/8", id="the id of its event"),
        pytest.param(sent({"id": "7"}, ce_id="8", ce_source="crm"), "7", "crm/7", id="its own before its event's"),
        pytest.param(sent({"subject": "x"}), "0-17", f"{TOPIC}/0-17", id="its place where it brings none"),
        pytest.param(STRUCTURED, "7", "crm/7", id="a structured event's id"),
    ],
)
def test_a_submission_is_called_by(record: Record, source_id: str, name: str) -> None:
    found = edge(record)

    assert found.complaint == complaint_id("hotline", source_id)
    assert name in found.names


@pytest.mark.parametrize("value", [b"\xff", b"[" * 100_000, b"NaN", b"[]", b'{"id": "\\ud800"}', b"9" * 5_000, b""])
def test_garbage_speaks_of_no_complaint_and_is_called_by_its_place(value: bytes) -> None:
    found = edge(sent(value))

    assert found.complaint is None
    assert f"{TOPIC}#0-17" in found.names


def test_one_moment_is_one_content_however_it_is_written() -> None:
    in_utc = edge(sent({"id": "7", "stated_at": "2026-03-02T08:00:00Z", "note": None}))
    in_beijing = edge(sent({"id": "7", "stated_at": "2026-03-02T16:00:00+08:00"}))

    assert in_utc.content == in_beijing.content


def test_saying_the_default_says_nothing_new() -> None:
    assert edge(sent({"id": "7", "channel": "other", "customer": {}})).content == edge(sent({"id": "7"})).content


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"safety": False, "tier": None}, {}, id="a submission without safety or tier"),
        pytest.param({"due_at": "2026-03-02T08:00:00Z"}, {"due_at": "2026-03-02T16:00:00+08:00"}, id="a date"),
    ],
)
def test_two_submissions_say_the_same(one: dict[str, object], other: dict[str, object]) -> None:
    assert edge(sent({"id": "7", **one})).content == edge(sent({"id": "7", **other})).content


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        pytest.param({"target": "answer"}, {}, True, id="the answer's date is meant where none is named"),
        pytest.param({"until": "2026-03-02T08:00:00Z"}, {"until": "2026-03-02T09:00:00+01:00"}, True, id="a moment"),
        pytest.param(
            {"incident": {"occurred_at": "2026-03-02T08:00:00Z", "symptom": ""}},
            {"incident": {"occurred_at": "2026-03-02T09:00:00+01:00"}},
            True,
            id="a moment within a record",
        ),
        pytest.param({"incident": {}}, {}, False, id="a record without anything is one"),
        pytest.param({"until": "2026-03-02T08:00:00Z"}, {}, False, id="a date and none"),
        pytest.param({"report": {"cause": "frost"}}, {"report": {"cause": "rust"}}, False, id="two reports"),
    ],
)
def test_two_replies_say_the_same_or_not(one: dict[str, object], other: dict[str, object], is_same: bool) -> None:
    first, second = (edge(sent({"id": "7", **body}, "closedloop.replies.water")) for body in (one, other))

    assert (first.content == second.content) is is_same


@pytest.mark.parametrize("until", [None, 17, "tomorrow", "2026-03-02T08:00:00"])
def test_a_date_that_is_none_is_not_claimed(until: object) -> None:
    assert edge(sent({"until": until}, "closedloop.replies.water")).until is None
