"""Topics have no order between them: what becomes of a record is the same in whichever order they are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.envelope import Message, text_header
from schemas.topics import COMPLAINTS, DEAD_LETTERS, QUEUE, REPLIES, VISITS
from services.shared.machine import early
from services.shared.machine.documents import Document
from services.shared.machine.early import MOST, MOST_BYTES, SKEW, WAIT
from services.shared.machine.fold import Around, fold, give_up
from services.shared.machine.letters import Origin
from services.shared.machine.reading import read, rereader
from services.shared.machine.table import Service
from services.shared.timing.clock import EPOCH, MILLISECOND, Clock, from_ms
from tests.builders import FOLLOWUP, ROUTER, Town, book, hour
from tests.sampling import so_many

FACTS, WATER, POWER, DESK = COMPLAINTS.name, REPLIES.of("water"), REPLIES.of("power"), VISITS.of("visit-desk")
BEGUN = hour(1)
SECOND = timedelta(seconds=1)


def received() -> list[Origin]:
    """The complaint of all these tests begins with this record, one hour after the beginning."""
    town = Town()
    town.at(1)
    town.complaint("water/leak")
    return [record for record in town.on(FACTS) if text_header(record.headers, "ce_type") == RECEIVED]


def answered() -> list[Origin]:
    """The facts of a complaint that is received and answered one hour after the beginning."""
    town = Town()
    town.at(1)
    town.complaint("water/leak").reply("water", "answered")
    return [r for r in town.on(FACTS) if text_header(r.headers, "ce_type") in (RECEIVED, ANSWERED)]


RECEIVED, ANSWERED = "closedloop.complaint.received.v1", "closedloop.complaint.answered.v1"
ID = (received()[0].key or b"").decode()


def reply(topic: str, offset: int, at: datetime, **fields: Any) -> Origin:
    body = {"id": f"{topic}-{offset}", "complaint_id": ID, "reply": "progress", "attempt": 1, "visitor": "wang"}
    body |= {"outcome": "solved", "note": "It is done."} | fields
    return Origin(topic, 0, offset, (at - EPOCH) // MILLISECOND, None, json.dumps(body).encode())


@dataclass
class Reader:
    """One service reads the partitions each at its own pace; all that it has said is kept."""

    service: Service
    log: dict[str, Sequence[Origin]]
    now: datetime = BEGUN - 3 * WAIT
    document: Document = field(default_factory=lambda: Document(ID))
    said: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.read: dict[str, int] = dict.fromkeys(self.log, 0)

    @property
    def around(self) -> Around:
        return Around(book(), self.now, reread=rereader(self.service, Clock()))

    def reads(self, topic: str) -> None:
        """The next record of a partition, if it has been appended by now."""
        position = self.read[topic]
        if position == len(self.log[topic]) or from_ms(self.log[topic][position].timestamp_ms) > self.now:
            return
        given = read(self.service, self.log[topic][position], Clock())
        self.read[topic] += 1
        if given is not None:
            folded = fold(self.service, self.document, [given], self.around)
            self.said += folded.strays
            self._save(folded.document)

    def looks(self) -> None:
        """Gives up what has waited long enough for the facts as far as they are read; all of it is in doubt before."""
        position, facts = self.read[FACTS], self.log[FACTS]
        unread = [record for record in facts[position:] if from_ms(record.timestamp_ms) <= self.now]
        read_until = from_ms(facts[position - 1].timestamp_ms) if position else EPOCH
        self._save(give_up(self.service, self.document, read_until if unread else self.now, self.around).document)

    def goes_back(self, topic: str, by: int) -> None:
        """An offset is reset, or was not yet committed when the process died."""
        self.read[topic] = max(0, self.read[topic] - by)

    def comes_to_its_end(self) -> None:
        for topic in self.log:
            for _ in self.log[topic]:
                self.reads(topic)
        self.now += 2 * WAIT
        self.looks()

    def _save(self, document: Document) -> None:
        self.said += [item.message for item in document.unsaid]
        self.document = replace(document, unsaid=())
        if early.is_empty(self.document):
            self.document = Document(ID)

    def outcomes(self, record: Origin) -> set[str]:
        """What became of a record: the reasons of letters about it, and the facts that follow from it."""
        letters = [dict(m.headers) for m in self.said if m.topic == DEAD_LETTERS.of(self.service.name)]
        place = (record.topic.encode(), str(record.offset).encode())
        reasons = {
            story["dlq-reason"].decode()
            for story in letters
            if (story["dlq-original-topic"], story["dlq-original-offset"]) == place
        }
        cause = f"{record.topic}/{json.loads(record.value or b'')['id']}"
        facts = [m for m in self.said if m.topic == FACTS and text_header(m.headers, "ce_causationid") == cause]
        return reasons | {text_header(m.headers, "ce_type") or "" for m in facts}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("reads"), st.sampled_from([FACTS, WATER, POWER])),
        st.tuples(st.just("passes"), st.sampled_from([1, 20, 70])),
        st.tuples(st.just("looks")),
        st.tuples(st.just("goes_back"), st.sampled_from([FACTS, WATER, POWER]), st.integers(1, 30)),
    ),
    max_size=60,
)
AGES = st.lists(st.sampled_from([-125, -66, -61, -60, -59, -30, -1, 0, 1, 30]), max_size=22).map(sorted)


@settings(max_examples=so_many(30, 120), deadline=None)
@given(AGES, AGES, STEPS)
def test_a_record_has_one_outcome_in_whichever_order_topics_are_read_and_however_often(
    water: list[int], power: list[int], steps: list[tuple[Any, ...]]
) -> None:
    replies = {
        topic: [reply(topic, n, BEGUN + age * SECOND) for n, age in enumerate(ages)]
        for topic, ages in ((WATER, water), (POWER, power))
    }
    reader = Reader(ROUTER, {FACTS: received(), **replies})

    for what, *how in steps:
        if what == "passes":
            reader.now += how[0] * SECOND
        else:
            getattr(reader, what)(*how)
    reader.now = max(reader.now, BEGUN) + WAIT
    reader.comes_to_its_end()
    for topic in reader.log:
        reader.goes_back(topic, 100)
    reader.comes_to_its_end()

    for record in (*replies[WATER], *replies[POWER]):
        outcomes = reader.outcomes(record)
        assert len(outcomes) == 1, (record.position, outcomes)
        if from_ms(record.timestamp_ms) + WAIT < BEGUN:
            assert outcomes == {"unknown_subject"}
    assert reader.document.case is not None and not reader.document.early and not reader.document.parked


@pytest.mark.parametrize(
    ("service", "facts", "topic", "kind"),
    [
        (ROUTER, received, WATER, "closedloop.progress.reported.v1"),
        (FOLLOWUP, answered, DESK, "closedloop.visit.refused.v1"),
    ],
    ids=["a reply", "a visit report"],
)
def test_what_is_read_before_its_complaint_waits_and_is_taken_right_behind_it(
    service: Service, facts: Any, topic: str, kind: str
) -> None:
    record = reply(topic, 0, BEGUN - SECOND)
    reader = Reader(service, {topic: [record], FACTS: facts()}, BEGUN)

    reader.reads(topic)
    waiting, said = reader.document.early, list(reader.said)
    reader.comes_to_its_end()

    assert (waiting, said) == ((record,), [])
    assert reader.outcomes(record) == {kind}


def test_what_waits_is_taken_in_the_order_in_which_it_came() -> None:
    records = [reply(WATER, n, BEGUN - SECOND, reply=kind) for n, kind in enumerate(["accepted", "answered"])]
    reader = Reader(ROUTER, {WATER: [*records, reply(WATER, 2, BEGUN)], FACTS: received()}, BEGUN)

    reader.comes_to_its_end()

    kinds = [text_header(m.headers, "ce_type") for m in reader.said if m.topic == FACTS]
    assert kinds == [f"closedloop.{kind}.v1" for kind in ("complaint.routed", "work.accepted", *LAST)]


LAST = ("complaint.answered", "reply.refused")


def test_nothing_is_called_unknown_while_the_facts_of_its_time_are_not_read() -> None:
    record = reply(WATER, 0, BEGUN - SECOND)
    reader = Reader(ROUTER, {WATER: [record], FACTS: received()}, BEGUN + 10 * WAIT)

    reader.reads(WATER)
    reader.looks()

    assert reader.document.early == (record,)
    assert reader.said == []


def test_what_waits_in_vain_is_turned_away_its_sender_hears_so_and_nothing_is_left() -> None:
    record = reply(WATER, 0, BEGUN)
    reader = Reader(ROUTER, {WATER: [record], FACTS: []}, BEGUN)
    reader.reads(WATER)

    reader.now += WAIT + SKEW - MILLISECOND
    reader.looks()
    early_said = list(reader.said)
    reader.now += MILLISECOND
    reader.looks()

    assert early_said == []
    assert [m.topic for m in reader.said] == [DEAD_LETTERS.of("router"), QUEUE.of("water")]
    assert reader.outcomes(record) == {"unknown_subject"}
    assert reader.document == Document(ID)


def test_what_was_turned_away_is_turned_away_with_the_same_words_when_it_is_read_again() -> None:
    record = reply(WATER, 0, BEGUN - 2 * WAIT)
    reader = Reader(ROUTER, {WATER: [record], FACTS: received()}, BEGUN - 2 * WAIT)
    reader.reads(WATER)
    reader.now += WAIT + SKEW
    reader.looks()
    first = list(reader.said)

    reader.now = BEGUN
    reader.comes_to_its_end()
    begun = len(reader.said)
    reader.goes_back(WATER, 1)
    reader.reads(WATER)

    assert [m.topic for m in first] == [DEAD_LETTERS.of("router"), QUEUE.of("water")]
    again = reader.said[begun:]
    assert [(m.topic, text_header(m.headers, "ce_id"), m.value) for m in again] == [
        (m.topic, text_header(m.headers, "ce_id"), m.value) for m in first
    ]


def test_of_a_flood_about_one_unknown_complaint_a_few_wait_and_the_others_stay_turned_away() -> None:
    flood = [reply(WATER, n, BEGUN - SECOND) for n in range(MOST + 5)]
    reader = Reader(ROUTER, {WATER: flood, FACTS: received()}, BEGUN)

    for _ in flood:
        reader.reads(WATER)
    waiting = len(reader.document.early)
    reader.comes_to_its_end()
    reader.goes_back(WATER, len(flood))
    reader.comes_to_its_end()

    assert waiting == MOST
    assert [reader.outcomes(record) for record in flood[MOST:]] == [{"unknown_subject"}] * 5
    assert all(reader.outcomes(record) == {"closedloop.progress.reported.v1"} for record in flood[:MOST])


def test_what_waits_has_a_size_that_a_document_can_hold() -> None:
    large = [reply(WATER, n, BEGUN, padding="x" * 200_000) for n in range(4)]
    reader = Reader(ROUTER, {WATER: large, FACTS: []}, BEGUN)

    for _ in large:
        reader.reads(WATER)

    assert sum(len(origin.value or b"") for origin in reader.document.early) <= MOST_BYTES
    assert {len(reader.outcomes(record)) for record in large[2:]} == {1}


def test_a_document_from_before_takes_whatever_comes() -> None:
    reader = Reader(ROUTER, {FACTS: received(), WATER: [reply(WATER, 0, BEGUN - 2 * WAIT)]}, BEGUN)
    reader.reads(FACTS)
    reader.document = replace(reader.document, begun=None)

    reader.reads(WATER)

    assert reader.outcomes(reader.log[WATER][0]) == {"closedloop.progress.reported.v1"}
