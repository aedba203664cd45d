"""Whatever is wrong in a message, its refusal carries every id that could be read in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import references
from schemas.legible import ids_in
from schemas.topics import REPLIES, SUBMISSIONS, VISITS
from services.shared.machine.letters import Origin
from services.shared.timing.clock import EPOCH, MILLISECOND
from tests.builders import Town, hour
from tests.sampling import so_many

ID = "757179e2-8eae-5504-ab09-64ab22150213"
WRAPPED = (("content-type", b"application/cloudevents+json"),)
SUBMISSION: dict[str, Any] = {"id": "portal-7", "subject": "it leaks"}
REPLY: dict[str, Any] = {"id": "w-7", "complaint_id": ID, "reply": "accepted"}
REPORT: dict[str, Any] = {"id": "v-7", "complaint_id": ID, "attempt": 1, "visitor": "wang", "outcome": "solved"}

WRONG_SUBMISSIONS: dict[str, dict[str, Any]] = {
    "a day that is none": {"due_at": "2026-04-31T10:00:00Z"},
    "a moment without its zone": {"stated_at": "2026-04-30T10:00:00"},
    "a value that is none of the field's": {"channel": "pigeon"},
    "another kind of value": {"text": 7},
    "nothing where something must stand": {"subject": ""},
    "another's topic": {"source": "hotline"},
    "from the future": {"stated_at": hour(9).isoformat()},
    "due before it came": {"due_at": hour(-1).isoformat()},
}
WRONG_REPLIES: dict[str, dict[str, Any]] = {
    "a day that is none": {"until": "2026-04-31T10:00:00Z"},
    "a moment without its zone": {"stated_at": "2026-04-30T10:00:00"},
    "a value that is none of the field's": {"reply": "done"},
    "another kind of value": {"cycle": "two"},
    "about nobody": {},
}
WRONG_REPORTS: dict[str, dict[str, Any]] = {
    "a value that is none of the field's": {"outcome": "perhaps"},
    "another kind of value": {"attempt": [1]},
    "nothing where something must stand": {"visitor": ""},
    "about nobody": {},
}


def receive(town: Town, topic: str, value: bytes, headers: tuple[tuple[str, bytes], ...] = (), key: Any = None) -> None:
    arrived = (town.world.now - EPOCH) // MILLISECOND
    town.world.log.append(Origin(topic, 0, town.world.next_offset(topic), arrived, key, value, headers))
    town.world.settle()


def as_body(body: dict[str, Any]) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    return json.dumps(body).encode(), ()


def with_id_in_the_header(body: dict[str, Any]) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    rest = {name: value for name, value in body.items() if name != "id"}
    return json.dumps(rest).encode(), (("ce_id", body["id"].encode()),)


def wrapped(body: dict[str, Any]) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    rest = {name: value for name, value in body.items() if name != "id"}
    return json.dumps({"specversion": "1.0", "id": body["id"], "data": rest}).encode(), WRAPPED


Form = Callable[[dict[str, Any]], tuple[bytes, tuple[tuple[str, bytes], ...]]]
FORMS = [as_body, with_id_in_the_header, wrapped]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrong", WRONG_SUBMISSIONS)
def test_a_refused_submission_names_its_senders_own_id(wrong: str, form: Form) -> None:
    town = Town()

    receive(town, SUBMISSIONS.of("app"), *form(SUBMISSION | WRONG_SUBMISSIONS[wrong]))

    (receipt,) = town.receipts()
    assert (receipt.kind, receipt.source_id) == ("refused", "portal-7")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrong", WRONG_REPLIES)
def test_a_refused_reply_names_its_complaint(wrong: str, form: Form) -> None:
    town = Town()

    receive(town, REPLIES.of("water"), *form(REPLY | WRONG_REPLIES[wrong]))
    town.at(1)

    (notice,) = town.notices("water")
    assert (notice.why, notice.complaint_id, notice.reply_id) == ("refused", ID, "w-7")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrong", WRONG_REPORTS)
def test_a_desk_hears_too_why_its_report_is_refused_and_of_which_complaint(wrong: str, form: Form) -> None:
    town = Town()

    receive(town, VISITS.of("visit-desk"), *form(REPORT | WRONG_REPORTS[wrong]))
    town.at(1)

    (notice,) = town.notices("visit-desk")
    assert (notice.why, notice.complaint_id, notice.reply_id) == ("refused", ID, "v-7")


def test_another_content_under_an_id_that_was_used_is_refused_findably_at_every_door() -> None:
    town = Town()
    complaint = town.complaint("water/leak", id="portal-7")
    complaint.reply("water", "answered", id="w-7", note="done")
    town.at(25)
    complaint.visit("unreachable", id="v-7")

    town.submits(SUBMISSION | {"text": "another"})
    complaint.reply("water", "answered", id="w-7", note="another")
    complaint.visit("solved", id="v-7")

    (receipt,) = [receipt for receipt in town.receipts() if receipt.kind == "refused"]
    assert (receipt.source_id, receipt.reasons[0].split(":")[0]) == ("portal-7", "conflict")
    for queue, reply_id in (("water", "w-7"), ("visit-desk", "v-7")):
        (notice,) = town.notices(queue)
        assert (notice.complaint_id, notice.reply_id, notice.reason) == (complaint.id, reply_id, "conflict")


REFERENCE = next(references.candidates(ID))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ({"complaint_id": REFERENCE}, REFERENCE),
        ({"complaint_id": REFERENCE.replace("-", " ").lower()}, REFERENCE),
        ({"reference": REFERENCE}, REFERENCE),
        ({"reference": "CL-4F7-K2M-000"}, "CL-4F7-K2M-000"),
        ({"complaint_id": "nobody"}, None),
    ],
    ids=["in the place of the id", "as it is read aloud", "by its name", "mistyped", "none"],
)
def test_a_reply_that_names_a_reference_instead_of_an_id_is_refused_under_it(
    said: dict[str, str], heard: str | None, form: Form
) -> None:
    town = Town()

    receive(town, REPLIES.of("water"), *form({"id": "w-7", "reply": "accepted"} | said))
    receive(town, VISITS.of("visit-desk"), *form({"id": "v-7", "outcome": "solved"} | said))
    town.at(1)

    for desk, id in (("water", "w-7"), ("visit-desk", "v-7")):
        (notice,) = town.notices(desk)
        assert (notice.why, notice.reply_id, notice.complaint_id, notice.reference) == ("refused", id, None, heard)


@pytest.mark.parametrize(
    ("more", "spoken", "chinese"),
    [({}, None, True), ({}, b"en", False), ({"language": "en"}, None, False), ({"language": "zh"}, b"en", True)],
    ids=["nobody says which", "it is asked for", "it is said", "what is said counts first"],
)
def test_what_is_written_in_chinese_is_refused_in_chinese_where_nobody_says_which_language(
    more: dict[str, str], spoken: bytes | None, chinese: bool
) -> None:
    town, asked = Town(), () if spoken is None else (("accept-language", spoken),)
    told = {"id": "portal-7", "subject": "水管漏水"} | more

    receive(town, SUBMISSIONS.of("app"), json.dumps(told | {"channel": "pigeon"}, ensure_ascii=False).encode(), asked)
    receive(town, SUBMISSIONS.of("app"), json.dumps(told | {"due_at": hour(-1).isoformat()}).encode(), asked)

    reasons = [receipt.reasons[0] for receipt in town.receipts()]
    assert len(reasons) == 2
    assert [any("\u4e00" <= sign <= "\u9fff" for sign in reason) for reason in reasons] == [chinese, chinese]


LEGIBLE: dict[str, tuple[bytes, tuple[tuple[str, bytes], ...], bytes | None, dict[str, str]]] = {
    "cut off": (b'{"id": "7", "subject": "it le', (), None, {"id": "7"}),
    "no UTF-8": ('{"id": "7", "subject": "漏水"}'.encode("gbk"), (), None, {"id": "7"}),
    "UTF-16": ('{"id": "7"}'.encode("utf-16"), (), None, {"id": "7"}),
    "half a character": (b'{"id": "7", "subject": "\\ud800"}', (), None, {"id": "7"}),
    "half a character in the id": (b'{"id": "7\\ud800"}', (), None, {"id": "7?"}),
    "a number": (b'{"id": 7}', (), None, {"id": "7"}),
    "too large": (b'{"id": "7", "text": "' + b"x" * 300_000 + b'"}', (), None, {"id": "7"}),
    "an id as long as a page": (b'{"id": "' + b"x" * 300 + b'"}', (), None, {"id": "x" * 200}),
    "a wrapper without its content type": (
        b'{"specversion": "1.0", "id": "7", "subject": "%s", "data": {}}' % ID.encode(),
        (),
        None,
        {"id": "7", "complaint_id": ID},
    ),
    "the body before the header": (b'{"id": "7"}', (("ce_id", b"8"),), None, {"id": "7"}),
    "the header where the body has none": (
        b"{",
        (("ce_id", b"8"), ("ce_subject", ID.encode())),
        None,
        {"id": "8", "complaint_id": ID},
    ),
    "the key": (b"{", (), ID.encode(), {"complaint_id": ID}),
    "in capitals": (json.dumps({"complaint_id": ID.upper()}).encode(), (), None, {"complaint_id": ID}),
    "what is no complaint": (b'{"complaint_id": "7"}', (), b"7", {}),
    "a subject that is a sentence": (b'{"subject": "it leaks"}', (), None, {}),
    "yes": (b'{"id": true}', (), None, {}),
    "nothing": (b"", (), None, {}),
}


@pytest.mark.parametrize("what", LEGIBLE)
def test_an_id_is_read_as_far_as_it_can_be(what: str) -> None:
    value, headers, key, ids = LEGIBLE[what]

    assert ids_in(headers, value, key) == ids


@settings(deadline=None, max_examples=so_many(40, 200))
@given(cut=st.integers(0, 400), junk=st.binary(max_size=20), key=st.none() | st.binary(max_size=8))
def test_whatever_is_left_of_a_message_is_read_without_stumbling(cut: int, junk: bytes, key: bytes | None) -> None:
    value = json.dumps(REPLY | {"note": "x" * 300}).encode()[:cut] + junk

    ids = ids_in((("ce_id", junk), ("ce_subject", junk)), value, key)

    assert set(ids) <= {"id", "complaint_id"} and all(text.encode() and len(text) <= 200 for text in ids.values())
