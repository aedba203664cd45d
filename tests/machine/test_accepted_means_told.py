"""Accepted means it can be told: no text grows on its way beyond what a message may hold, and no case is parked."""

from __future__ import annotations

from typing import Any

import bson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.edges import Reply
from schemas.envelope import text_header
from schemas.sizes import MAX_VALUE_BYTES, TEXT_BYTES, TEXTS_BYTES, fitting, sent_bytes, too_large
from schemas.topics import COMPLAINTS
from services.intake.service import SERVICE as INTAKE
from services.shared.database import stored
from tests.builders import MONDAY, TOWN, Complaint, Town, hour, pack

WIDTHS = {"\x01": 6, "水": 3, "😀": 4, '"': 2, "\\": 2, "\n": 2, "x": 1, "\x7f": 1, "é": 2}
"""How many bytes each of these letters becomes in JSON."""
CONTROL = "\x01"
NOBODY = "00000000-0000-5000-8000-000000000000"


def longest(letter: str, share: float = 1) -> str:
    """As much of a letter as a text may hold, behind one that can be seen."""
    return "x" + letter * (min(20_000, int(TEXT_BYTES * share) // WIDTHS[letter]) - 1)


@pytest.mark.parametrize("letter", WIDTHS)
def test_a_text_is_measured_as_it_is_sent(letter: str) -> None:
    assert sent_bytes(letter * 10) == 10 * WIDTHS[letter]


@pytest.mark.parametrize("letter", WIDTHS)
def test_a_text_is_cut_between_two_letters_as_late_as_it_can_be(letter: str) -> None:
    assert fitting(letter * 100_000, 1_000) == letter * (1_000 // WIDTHS[letter])


@given(st.text(max_size=300), st.integers(6, 400))
def test_what_was_cut_fits_and_what_fits_is_not_cut(text: str, most: int) -> None:
    cut = fitting(text, most)

    assert text.startswith(cut) and sent_bytes(cut) <= most
    assert cut == text or sent_bytes(text[: len(cut) + 1]) > most


# --- at the doors -----------------------------------------------------------------------------------------------------


def test_twenty_thousand_chinese_characters_are_an_ordinary_complaint_and_an_ordinary_answer() -> None:
    town = Town()
    complaint = town.complaint(text="水" * 20_000, subject="水" * 200)
    complaint.reply("water", "answered", note="水" * 20_000)

    orders = [order for order in town.queue("water") if order.complaint_id == complaint.id]
    assert complaint.refusals() == [] and orders[0].text == "水" * 20_000
    assert told_whole(town)


def test_twenty_thousand_control_characters_are_refused_at_the_door_with_the_reason() -> None:
    town = Town()
    complaint = town.complaint(text=CONTROL * 20_000, id="portal-7")

    (receipt,) = town.receipts()
    assert (receipt.kind, receipt.source_id) == ("refused", "portal-7")
    assert receipt.reasons == (f"too_large: text has 120000 bytes as it is sent on, at most {TEXT_BYTES} are taken",)
    assert complaint.facts() == []


@pytest.mark.parametrize("reply", [{"note": longest(CONTROL) + CONTROL}, {"incident": {"symptom": CONTROL * 12_000}}])
def test_a_reply_that_no_order_could_tell_is_refused_on_the_queue(reply: dict[str, Any]) -> None:
    complaint = Town().complaint()
    complaint.reply("water", "incident", **reply)

    assert complaint.refusals() == ["too_large"]
    assert told_whole(complaint.town)


def test_all_texts_of_a_message_are_measured_together() -> None:
    report = dict.fromkeys(("impact", "handling", "cause", "corrective", "preventive"), CONTROL * 5_000)
    body = {"complaint_id": NOBODY, "reply": "report", "report": report}
    reply = Reply.model_validate(body)

    assert too_large(reply.model_copy(update={"report": None})) is None
    whole = too_large(reply)
    assert whole and f"at most {TEXTS_BYTES} are taken together" in whole.said("en")


def test_a_text_that_an_earlier_version_accepted_is_cut_in_the_order_and_stands_whole_in_the_fact() -> None:
    town = Town(services=[service for service in Town().services if service is not INTAKE])
    old = Town(services=(INTAKE,))
    complaint = Complaint(town, old.complaint(text="x").id)
    (record,) = old.on(COMPLAINTS.name)
    value = (record.value or b"").replace(b'"text":"x"', b'"text":"' + b"\\u0001" * 20_000 + b'"')
    town.world.send(record.topic, value, key=complaint.id, headers=record.headers)

    (order,) = town.queue("water")
    assert order.text == CONTROL * 10_240
    assert told_whole(town)


# --- whatever is said -------------------------------------------------------------------------------------------------


def told_whole(town: Town) -> bool:
    """Nothing is parked, everything that is stored can be written, and no message is larger than a topic takes."""
    for document in town.world.documents.values():
        assert document.parked is None, document.parked
        assert len(bson.encode(stored.written(document, None, MONDAY))) < 8 << 20
    ours = (r for r in town.world.log if (text_header(r.headers, "ce_source") or "").startswith("/closedloop/"))
    assert max((len(record.value or b"") for record in ours), default=0) <= MAX_VALUE_BYTES
    return True


def patient_town() -> Town:
    """A town whose dates may wait often, where the centre consents and others follow incidents."""
    content = TOWN.model_dump(mode="json", exclude={"hash"})
    pause = content["plans"]["patient"]["pauses"]["customer"]
    pause["times"], pause["targets"] = 100, ["answer", "progress", "total"]
    content["incidents"]["manager"] = "power"
    return Town(policy=pack(**content))


def worst_life(text: str, share: str, line: str) -> Town:
    """A complaint about which everything is said that can be said, each text as long as it may be."""
    town = patient_town()
    complaint = town.complaint("patient/" + "x" * 190, subject=f"{line[1:]}x", text=text, area=line, tier=line)
    said = {"handler": line, "note": text}
    incident = {"place": line, "symptom": share, "response": share}
    report = dict.fromkeys(("impact", "handling", "cause", "corrective", "preventive"), share)
    for cycle in range(1, 4):
        begun = (cycle - 1) * 1_000
        town.at(begun + 1)
        complaint.reply("water", "accepted", **said)
        for n in range(80):
            complaint.reply("water", "waiting", reason="customer", id=f"{cycle}-w{n}", **said)
            complaint.reply("water", "resumed", id=f"{cycle}-r{n}", **said)
        complaint.reply("water", "extension", until=hour(begun + 130).isoformat(), **said)
        complaint.reply("centre", "approved", **said)
        complaint.reply("water", "promised", until=hour(begun + 120).isoformat(), **said)
        complaint.reply("water", "holding", **said)
        complaint.reply("water", "incident", incident=incident, handler=line, note=share)
        complaint.reply("water", "returned", **said)
        complaint.reply("centre", "assigned", assign_to="water", plan="patient", **said)
        town.at(begun + 600)
        complaint.reply("water", "answered", **said)
        complaint.reply("water", "report", report=report, handler=line, note=share)
        town.at(begun + 650)
        complaint.visit("not_solved", visitor=line[1:], note=text)
    assert len(complaint.facts("ComplaintReopened")) == 3
    assert {"too_large"}.isdisjoint(complaint.refusals())
    return town


@pytest.mark.parametrize("letter", [CONTROL, "水", '"'])
def test_a_life_in_which_every_text_is_as_long_as_it_may_be_is_told_whole(letter: str) -> None:
    assert told_whole(worst_life(longest(letter), longest(letter, 0.35), letter * 200))


LENGTHS = st.sampled_from([1, 200, 3_000, 10_240, 10_241, 15_360, 20_000])
TEXTS = st.tuples(st.sampled_from(sorted(WIDTHS)), LENGTHS)
"""A letter, and how many of them."""
KINDS = ["accepted", "progress", "waiting", "resumed", "extension", "holding", "incident", "report", "returned"]
REPLIES = st.tuples(st.sampled_from(KINDS), TEXTS, TEXTS)
LATER = hour(150).isoformat()


def in_full(kind: str, note: str, more: str) -> dict[str, Any]:
    """A reply with every field that it may have."""
    report = dict.fromkeys(("impact", "handling", "cause", "corrective", "preventive"), more)
    incident = {"place": more[:200], "symptom": more, "response": more}
    extra = {"report": {"report": report}, "incident": {"incident": incident}}.get(kind, {})
    return {"note": note, "handler": note[:200], "reason": "customer", "until": LATER, **extra}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS, replies=st.lists(REPLIES, max_size=4), answer=TEXTS)
def test_whatever_texts_are_said_no_case_is_parked(
    text: tuple[str, int], replies: list[tuple[str, tuple[str, int], tuple[str, int]]], answer: tuple[str, int]
) -> None:
    town, spoken = patient_town(), answer[0] * answer[1]
    complaint = town.complaint("patient/pump", subject=f"{text[0] * 199}x", text=text[0] * text[1])
    for n, (kind, note, more) in enumerate(replies, start=1):
        complaint.reply("water", kind, id=str(n), **in_full(kind, note[0] * note[1], more[0] * more[1]))
        complaint.reply("centre", "assigned", assign_to="water", id=f"c{n}", note=spoken)
    complaint.reply("water", "answered", note=spoken)
    town.at(30)
    complaint.visit("not_solved", note=spoken)
    town.at(200)

    assert told_whole(town)
