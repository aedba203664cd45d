"""Any record on a topic of outsiders ends in a dead letter or a refusal with its reason, never in a stop."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.topics import COMPLAINTS, DEAD_LETTERS, REPLIES, SERVICES, SUBMISSIONS, VISITS
from services.shared.machine.letters import Broken, Origin
from services.shared.timing.clock import EPOCH, MILLISECOND, to_ms
from tests.bad_records import BAD, MEGABYTES, STRUCTURED
from tests.builders import Town
from tests.sampling import so_many

ID = "00000000-0000-5000-8000-000000000000"
DOORS = {
    "intake": (SUBMISSIONS.of("app"), {"id": "7", "subject": "it leaks"}),
    "router": (REPLIES.of("water"), {"complaint_id": ID, "reply": "accepted"}),
    "followup": (VISITS.of("visit-desk"), {"complaint_id": ID, "attempt": 1, "visitor": "w", "outcome": "solved"}),
}


@pytest.mark.parametrize("service", DOORS)
@pytest.mark.parametrize("what", BAD)
def test_a_record_that_cannot_be_read_becomes_a_dead_letter_and_the_next_one_is_taken(what: str, service: str) -> None:
    town = Town()
    topic, _ = DOORS[service]
    value, headers = BAD[what]

    receive(town, topic, value, headers)
    complaint = town.complaint("water/leak")

    assert town.dead_letters(service) == ["unreadable"]
    assert complaint.facts("ComplaintRouted") != []
    (letter,) = town.on(DEAD_LETTERS.of(service))
    assert size(letter) < DEAD_LETTERS.max_bytes - 64 * 1024


@pytest.mark.parametrize("what", BAD)
def test_its_sender_hears_why_in_few_words(what: str) -> None:
    town = Town()
    value, headers = BAD[what]

    receive(town, SUBMISSIONS.of("app"), value, headers)
    receive(town, REPLIES.of("water"), value, headers)

    (receipt,), (notice,) = town.receipts(), town.notices("water")
    assert (receipt.kind, notice.why) == ("refused", "refused")
    for told in (receipt.reasons[0], notice.detail):
        assert told.startswith("unreadable: ") and 20 < len(told) <= 2_000


@pytest.mark.parametrize(
    "key", [b"\xff" * 1_000_000, b"", None, "钥匙".encode()], ids=["no text", "empty", "none", "text"]
)
def test_a_dead_letter_has_key_value_and_headers_as_they_came(key: bytes | None) -> None:
    town = Town()
    headers = (("ce_id", b"\xff"), ("x", b""), ("x", b"again"))

    receive(town, SUBMISSIONS.of("app"), b"\xff{", headers, key)

    (letter,) = town.on(DEAD_LETTERS.of("intake"))
    assert (letter.key, letter.value, letter.headers[: len(headers)]) == (key, b"\xff{", headers)


def test_a_dead_letter_that_no_topic_could_hold_is_cut_and_says_where_the_whole_is() -> None:
    town = Town()

    receive(town, SUBMISSIONS.of("app"), b"x" * MEGABYTES, ())

    (letter,) = town.on(DEAD_LETTERS.of("intake"))
    story = dict(letter.headers)
    assert story["dlq-original-bytes"] == str(MEGABYTES).encode()
    assert (story["dlq-original-topic"], story["dlq-original-offset"]) == (b"closedloop.submissions.app", b"0")
    assert set(letter.value or b"") == {ord("x")}


def test_an_unknown_header_is_nobodys_business() -> None:
    town = Town()

    receive(
        town, SUBMISSIONS.of("app"), b'{"id": "7", "subject": "it leaks"}', (("x", b"\xff"), ("y", None), ("", b""))
    )

    assert [receipt.kind for receipt in town.receipts()] == ["accepted"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WORDS = (
    *("id", "source", "channel", "language", "category", "subject", "text", "customer", "stated_at", "due_at"),
    *("complaint_id", "cycle", "reply", "department", "note", "assign_to", "attempt", "visitor", "outcome", "data"),
)
NAMES = st.sampled_from(["ce_id", "CE_ID", "ce_source", "ce_type", "content-type", "x"])
HEADERS = st.lists(st.tuples(NAMES, st.none() | st.binary(max_size=30) | st.just(STRUCTURED[0][1])), max_size=4)


def almost(right: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """The right message with a few of its fields replaced by anything."""
    wrong = st.dictionaries(st.sampled_from(WORDS), JSON, max_size=3)
    return wrong.map(lambda fields: json.dumps({**right, **fields}).encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=so_many(40, 150))
@given(data=st.data(), headers=HEADERS, service=st.sampled_from(sorted(DOORS)), known=st.booleans())
def test_whatever_is_sent_no_service_stops_and_no_case_is_parked(
    data: st.DataObject, headers: list[tuple[str, bytes | None]], service: str, known: bool
) -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    topic, right = DOORS[service]
    if known and "complaint_id" in right:
        right = {**right, "complaint_id": complaint.id}
    value = data.draw(st.none() | st.binary(max_size=60) | JSON.map(as_json) | almost(right))

    receive(town, topic, value, tuple(headers))
    town.at(30)

    assert [document.parked for document in town.world.documents.values() if document.parked] == []


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def receive(town: Town, topic: str, value: bytes | None, headers: Iterable[tuple[str, Any]], key: Any = None) -> None:
    """A record as the broker delivers it, whatever its sender put into it."""
    arrived = (town.world.now - EPOCH) // MILLISECOND
    town.world.log.append(Origin(topic, 0, town.world.next_offset(topic), arrived, key, value, tuple(headers)))
    town.world.settle()


def size(record: Origin) -> int:
    heads = sum(len(name) + len(value or b"") for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + heads


def test_what_is_no_fact_at_all_is_a_letter_of_everybody_who_reads_facts_and_parks_nothing() -> None:
    town = Town()

    receive(town, COMPLAINTS.name, b"{}", (), b"\xff")

    assert town.world.documents == {}
    assert all(town.dead_letters(name) == ["unreadable"] for name in SERVICES)


@pytest.mark.parametrize("service", DOORS)
def test_what_the_wire_does_not_let_anybody_read_is_a_letter_that_says_where_it_lies(service: str) -> None:
    town = Town()
    topic, _ = DOORS[service]
    why = "a batch that cannot be unpacked: it is no lz4 (offsets 0 to 2)"

    town.world.log.append(
        Broken(topic, 0, town.world.next_offset(topic), to_ms(town.world.now), None, b"\x04\x22", (), why)
    )
    town.world.settle()

    (letter,) = town.on(DEAD_LETTERS.of(service))
    assert town.dead_letters(service) == ["unreadable"]
    assert dict(letter.headers)["dlq-exception-message"].decode() == why
    assert letter.value == b"\x04\x22"
