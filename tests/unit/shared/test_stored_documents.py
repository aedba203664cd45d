"""A stored document that cannot be read, in whole or part: parked as it is with all that waits until it is repaired."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from schemas.edges import Reply
from schemas.envelope import read_fact, text_header
from schemas.topics import COMPLAINTS, DEAD_LETTERS, REPLIES
from services.shared.database import stored
from services.shared.database.stored import ASIDE, Raw
from services.shared.machine.documents import Document, Input
from services.shared.machine.fold import Around, fire, fold, release
from services.shared.machine.letters import Origin
from services.shared.machine.reading import read
from services.shared.timing.clock import Clock
from tests.builders import MONDAY, ROUTER, Town, book, hour

AROUND = Around(book(), MONDAY)
SECRET = "the code is 4711"
"""Nobody who reads about the damage reads this."""
DAMAGES: dict[str, tuple[str, Callable[[Raw], object]]] = {
    "a field of the case is missing": ("case.matter.reference: ", lambda raw: raw["case"]["matter"].pop("reference")),
    "a field of the case is another kind": ("case.plan.cycle: ", lambda raw: raw["case"]["plan"].update(cycle=SECRET)),
    "the case is text": ("case.", lambda raw: raw.update(case=SECRET)),
    "a writer's count is text": ("marks: ", lambda raw: raw["marks"].update(intake=SECRET)),
    "the writers' counts are gone": ("marks: ", lambda raw: raw.pop("marks")),
    "what was heard are no pairs": ("heard: ", lambda raw: raw.update(heard=[[SECRET]])),
    "what is to be said is no list": ("unsaid: ", lambda raw: raw.update(unsaid=7)),
    "one message is text": ("unsaid: ", lambda raw: raw["unsaid"][0].update(value=SECRET)),
    "a message's headers are odd": ("unsaid: ", lambda raw: raw["unsaid"][0]["headers"].pop()),
    "the count of what was said is gone": ("sequence: ", lambda raw: raw.pop("sequence")),
    "contact data are a number": ("contact: ", lambda raw: raw.update(contact=4711)),
    "several parts at once": ("marks: ", lambda raw: raw.update(marks=None, unsaid=None, case=None)),
}


def reply(id: str, number: int) -> Input[Any]:
    body = Reply.model_validate({"id": str(number), "complaint_id": id, "reply": "progress", "note": f"n{number}"})
    stamp = int(hour(1).timestamp() * 1000)
    origin = Origin(REPLIES.of("water"), 0, number, stamp, None, body.model_dump_json().encode())
    return read(ROUTER, origin, Clock())  # type: ignore[return-value]


def whole() -> Raw:
    """What router stores of a complaint of which it has something to say."""
    complaint = Town().complaint("water/leak")
    document = fold(ROUTER, complaint.document("router"), [reply(complaint.id, 0)], AROUND).document
    return written(document)


def written(document: Document) -> Raw:
    return deepcopy(stored.written(document, None, MONDAY))


def loaded(raw: Raw) -> Document:
    return stored.read(deepcopy(raw), ROUTER.case)


def damaged(damage: str) -> Raw:
    raw = whole()
    DAMAGES[damage][1](raw)
    return raw


def met(raw: Raw, *numbers: int) -> Raw:
    """What stands there after these replies came, one by one."""
    for number in numbers:
        raw = written(fold(ROUTER, loaded(raw), [reply(raw["_id"], number)], AROUND).document)
    return raw


def letters(document: Document) -> list[str]:
    sent = (item.message for item in document.unsaid if item.message.topic == DEAD_LETTERS.of("router"))
    return [text_header(message.headers, "dlq-reason") or "" for message in sent]


def notes(document: Document) -> list[str]:
    facts = (item.message for item in document.unsaid if item.message.topic == COMPLAINTS.name)
    return [read_fact(message.headers, message.value)[0].note for message in facts]  # type: ignore[attr-defined]


def by_hand(raw: Raw, sound: Raw) -> Raw:
    """The repaired document: the damaged part restored, with the messages put aside before the newer ones."""
    repaired = raw | {name: sound[name] for name in ("case", "marks", "heard")}
    repaired.pop("contact", None)
    if "unsaid" in repaired.pop(ASIDE, {}):
        repaired["unsaid"] = sound["unsaid"] + repaired["unsaid"]
    return repaired


@pytest.mark.parametrize("damage", DAMAGES)
def test_why_a_document_cannot_be_read_is_told_by_its_id_and_place_without_its_content(damage: str) -> None:
    raw = damaged(damage)

    found = loaded(raw).damage

    assert found and found.reason.startswith(f"document {raw['_id']}: ")
    assert DAMAGES[damage][0] in found.reason and SECRET not in found.reason


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_comes_waits_in_order_and_has_its_letters_and_the_damage_stays_as_it_stands(damage: str) -> None:
    raw = damaged(damage)

    after = met(raw, 1, 2, 3)

    document = loaded(after)
    assert document.damage and document.parked and document.parked.reason.startswith("Damaged: ")
    assert [origin.offset for origin in document.parked.waiting] == [1, 2, 3]
    assert letters(document) == ["poison", "parked", "parked"]
    stands = after | after.get(ASIDE, {})
    assert [name for name in ("case", "marks", "heard", "contact") if stands.get(name) != raw.get(name)] == []
    if "unsaid" in after.get(ASIDE, {}):
        assert stands["unsaid"] == raw["unsaid"]
    else:
        assert after["unsaid"][: len(raw["unsaid"])] == raw["unsaid"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_timer_of_a_document_that_cannot_be_read_parks_it_and_is_armed_no_more(damage: str) -> None:
    document = loaded(damaged(damage))

    folded = fire(ROUTER, document, hour(500), AROUND)

    assert folded.document.parked and folded.timer is None
    assert letters(folded.document) == ["poison"]
    assert fold(ROUTER, folded.document, [], AROUND).document is folded.document


@pytest.mark.parametrize("damage", DAMAGES)
def test_once_it_is_repaired_and_tried_again_all_that_waited_is_taken_and_nothing_is_lost(damage: str) -> None:
    sound = whole()
    after = met(damaged(damage), 1, 2)
    unrepaired = release(ROUTER, loaded(after), [reply(sound["_id"], n) for n in (1, 2)], AROUND).document

    repaired = loaded(by_hand(written(unrepaired), sound))
    released = release(ROUTER, repaired, [reply(sound["_id"], n) for n in (1, 2)], AROUND).document

    assert unrepaired.parked and len(unrepaired.parked.waiting) == 2
    assert repaired.damage is None and repaired.parked
    assert released.parked is None and notes(released) == ["n0", "n1", "n2"]
    assert released.case == loaded(met(sound, 1, 2)).case


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_document_tried_again_unrepaired_tells_what_is_wrong_now_and_writes_no_letter_again(damage: str) -> None:
    document = loaded(met(damaged(damage), 1, 2))
    assert document.parked and document.damage
    part = DAMAGES[damage][0].split(":")[0].split(".")[0]
    long_parked = replace(document, parked=replace(document.parked, reason="a bug that was mended"))

    again = release(ROUTER, long_parked, [reply(document.id, n) for n in (1, 2)], AROUND).document

    assert again.parked and again.parked.reason == f"Damaged: {document.damage.reason}"
    assert part in again.parked.reason
    assert replace(again, parked=document.parked) == document


def test_of_what_waits_in_a_parked_document_nothing_is_lost_where_that_cannot_be_read() -> None:
    broken = met(damaged("the case is text"), 1)
    broken["parked"]["waiting"][0].pop("offset")

    after = met(broken, 2)

    document = loaded(after)
    assert document.parked and [origin.offset for origin in document.parked.waiting] == [2]
    assert after[ASIDE]["parked"] == broken["parked"]
    after[ASIDE]["more"] = after["parked"] = 7
    assert met(after, 3)[ASIDE] == {"parked": 7, ASIDE: after[ASIDE]}


@pytest.mark.parametrize("version", [None, "three", 2.5])
def test_a_document_without_a_version_to_count_by_is_parked_and_counted_anew(version: Any) -> None:
    raw = whole() | {"version": version}

    before, after = loaded(raw), met(raw, 1)

    assert before.version == version and after["version"] == 1
    assert loaded(after).damage is None and loaded(after).parked


def test_a_document_that_can_be_read_is_written_as_it_was_but_for_its_version() -> None:
    raw = whole()

    assert loaded(raw).damage is None
    assert written(loaded(raw)) == raw | {"version": raw["version"] + 1}
