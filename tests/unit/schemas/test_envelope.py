"""Every message comes back as it was sent; what is no message is unreadable, and nothing worse."""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from schemas.base import Visible, is_visible
from schemas.edges import EDGES, Reply, Submission, VisitReport
from schemas.envelope import (
    NAMESPACE,
    Unreadable,
    complaint_id,
    encode,
    event_id,
    name_based,
    read_edge,
    read_fact,
    type_of,
)
from schemas.facts import PLOT, ComplaintClosed, Fact
from schemas.sizes import MAX_VALUE_BYTES
from schemas.topics import COMPLAINTS
from tests.sampling import so_many

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CASE = complaint_id("hotline", "GD-1")
REPLY: dict[str, Any] = {"complaint_id": CASE, "reply": "accepted"}

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
INSTANTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))


def values(annotation: Any, constraints: list[Any]) -> st.SearchStrategy[Any]:
    """What a field of this type may hold."""
    if get_origin(annotation) is Literal:
        return st.sampled_from(get_args(annotation))
    if get_origin(annotation) in (Union, UnionType):
        return st.one_of(*(values(inner, constraints) for inner in get_args(annotation)))
    if get_origin(annotation) is tuple:
        return st.lists(values(get_args(annotation)[0], []), max_size=3).map(tuple)
    if hasattr(annotation, "__metadata__"):
        return values(annotation.__origin__, [*annotation.__metadata__, *constraints])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return bodies(annotation)
    if get_origin(annotation) is dict:
        return st.dictionaries(*(values(inner, []) for inner in get_args(annotation)), max_size=3)
    if annotation is str:
        return strings(constraints)
    if annotation is timedelta:
        return st.timedeltas(timedelta(0), timedelta(days=400))
    return {AwareDatetime: INSTANTS, bool: st.booleans(), int: numbers(constraints), type(None): st.none()}[annotation]


def strings(constraints: list[Any]) -> st.SearchStrategy[str]:
    if patterns := [c.pattern for c in constraints if getattr(c, "pattern", None)]:
        return st.from_regex(patterns[0].strip("^$"), fullmatch=True)
    return TEXTS.filter(is_visible) if Visible in constraints else TEXTS


def numbers(constraints: list[Any]) -> st.SearchStrategy[int]:
    least = [int(str(c.ge)) for c in constraints if isinstance(c, annotated_types.Ge)]
    most = [int(str(c.le)) for c in constraints if isinstance(c, annotated_types.Le)]
    return st.integers(max(least, default=0), min(most, default=1_000))


def bodies(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Any instance of the model, optional fields given or left out."""

    def of(field: FieldInfo) -> st.SearchStrategy[Any]:
        return values(field.annotation, list(field.metadata))

    required = {name: of(field) for name, field in model.model_fields.items() if field.is_required()}
    optional = {name: of(field) for name, field in model.model_fields.items() if not field.is_required()}
    return st.fixed_dictionaries(required, optional=optional).map(lambda fields: model(**fields))


@pytest.mark.parametrize("fact", PLOT, ids=type_of)
@settings(max_examples=so_many(4, 30), deadline=None)
@given(data=st.data())
def test_a_fact_comes_back_as_it_was_said(fact: type[Fact], data: st.DataObject) -> None:
    said = data.draw(bodies(fact))
    sequence = data.draw(st.integers(1, 2**53))

    sent = encode(
        said,
        topic=COMPLAINTS.name,
        subject=said.complaint_id,
        service=fact.said_by,
        sequence=sequence,
        at=said.at,
        cause="hotline/1",
    )

    assert read_fact(sent.headers, sent.value) == (said, fact.said_by, sequence)
    assert sent.key == said.complaint_id


@pytest.mark.parametrize("model", EDGES, ids=type_of)
@settings(max_examples=so_many(4, 30), deadline=None)
@given(data=st.data())
def test_a_message_at_the_edge_comes_back_as_it_was_sent_in_all_three_ways(
    model: type[BaseModel], data: st.DataObject
) -> None:
    body = data.draw(bodies(model))
    value = body.model_dump_json(exclude_none=True).encode()
    event = json.dumps({"id": "r-1", "source": "/desk", "type": type_of(model), "data": json.loads(value)}).encode()
    structured = [("Content-Type", b"Application/CloudEvents+JSON; charset=utf-8")]
    binary = [("ce_id", b"r-1"), ("ce_source", b"/desk"), ("ce_type", type_of(model).encode())]

    plain = read_edge(model, [], value, "some.topic#0-7")

    assert (plain.body, plain.source, plain.id) == (body, "some.topic", "0-7")
    for headers, sent in ((binary, value), (structured, event)):
        got = read_edge(model, headers, sent, "some.topic#0-7")
        assert (got.body, got.source, got.id) == (body, "/desk", "r-1")


def test_the_same_decision_always_has_the_same_id() -> None:
    assert event_id(CASE, "router", 3) == event_id(CASE, "router", 3)
    assert len({event_id(CASE, service, n) for service in ("intake", "router") for n in range(9)}) == 18


@given(st.text())
def test_every_id_is_the_uuid_version_5_of_its_name(name: str) -> None:
    name = name.encode(errors="replace").decode()

    assert name_based(name) == str(uuid.uuid5(NAMESPACE, name))


def test_two_systems_may_use_the_same_number_for_different_complaints() -> None:
    assert complaint_id("hotline", "1") == complaint_id("hotline", "1")
    assert complaint_id("hotline", "1") != complaint_id("city-app", "1")


@pytest.mark.parametrize(
    "sequence",
    [None, b"", b"-1", b"1.0", b"x", "²".encode(), b"\xff", b"9" * 5_000],
    ids=lambda value: repr(value)[:12],
)
def test_a_fact_without_a_proper_number_is_unreadable(sequence: bytes | None) -> None:
    headers = [("ce_type", type_of(ComplaintClosed).encode())]
    numbered = headers if sequence is None else [*headers, ("ce_sequence", sequence)]
    value = ComplaintClosed(complaint_id=CASE, at=NOON, ending="solved").model_dump_json().encode()

    with pytest.raises(Unreadable):
        read_fact(numbered, value)


@pytest.mark.parametrize("name", [None, b"", b"closedloop.complaint.received.v2", b"\xff"])
def test_a_fact_of_an_unknown_type_is_unreadable(name: bytes | None) -> None:
    with pytest.raises(Unreadable):
        read_fact([("ce_type", name)] if name is not None else [], b"{}")


@pytest.mark.parametrize(
    ("headers", "value"),
    [
        ([], None),
        ([], b""),
        ([], b"\xff\xfe"),
        ([], b"null"),
        ([], b"[" * 100_000),
        ([], json.dumps({**REPLY, "note": "x" * MAX_VALUE_BYTES}).encode()),
        ([("ce_type", b"closedloop.reply.v2")], json.dumps(REPLY).encode()),
        ([("ce_id", b"\xff")], json.dumps(REPLY).encode()),
        ([("content-type", b"application/cloudevents+json")], json.dumps(REPLY).encode()),
        ([("content-type", b"application/cloudevents+json")], b'{"data": null}'),
        ([("content-type", b"application/cloudevents+json")], b"[]"),
        ([("content-type", b"application/cloudevents+json")], json.dumps({"id": 7, "data": REPLY}).encode()),
        ([("content-type", b"application/cloudevents+json")], json.dumps({"source": {}, "data": REPLY}).encode()),
    ],
    ids=[
        "no value",
        "empty",
        "not UTF-8",
        "null",
        "nested too deeply",
        "too large",
        "another version",
        "id not UTF-8",
        "structured without data",
        "structured with null",
        "structured list",
        "structured id not text",
        "structured source not text",
    ],
)
def test_what_is_no_reply_is_unreadable(headers: list[tuple[str, bytes]], value: bytes | None) -> None:
    with pytest.raises(Unreadable):
        read_edge(Reply, headers, value, "closedloop.replies.water#0-0")


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_no_bytes_at_all_can_do_more_harm_than_be_unreadable(value: bytes, kind: bytes) -> None:
    for headers in ([("content-type", kind)], [("content-type", b"application/cloudevents")], [("ce_id", kind)]):
        with suppress(Unreadable):
            read_edge(Submission, headers, value, "closedloop.submissions.hotline#0-0")


@pytest.mark.parametrize(
    ("model", "value"),
    [
        (Reply, {**REPLY, "cycle": 2**63}),
        (VisitReport, {"complaint_id": CASE, "attempt": 2**63, "visitor": "v", "outcome": "solved"}),
        (VisitReport, {"complaint_id": CASE, "cycle": 2**63, "attempt": 1, "visitor": "v", "outcome": "solved"}),
    ],
)
def test_a_number_that_the_database_cannot_hold_is_unreadable(model: type[BaseModel], value: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_edge(model, [], json.dumps(value).encode(), "some.topic#0-0")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00"])
def test_a_date_at_the_edge_of_the_calendar_is_unreadable(moment: str) -> None:
    with pytest.raises(Unreadable):
        read_edge(Reply, [], json.dumps({**REPLY, "stated_at": moment}).encode(), "some.topic#0-0")


def test_why_a_message_is_unreadable_is_told_in_full_without_its_content() -> None:
    secret = "+86 138 0000 0000"

    with pytest.raises(Unreadable) as refusal:
        read_edge(Reply, [], json.dumps({"complaint_id": secret, "reply": secret}).encode(), "some.topic#0-0")

    assert "complaint_id" in str(refusal.value) and "reply" in str(refusal.value)
    assert secret not in str(refusal.value)
