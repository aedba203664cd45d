"""A rebuild names the data that the log does not hold: contact data of HTTP senders, and ids beyond retention."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kafka import TopicPartition

from closedloop.rebuild import Result, _outside, _write
from schemas.topics import COMPLAINTS, SUBMISSIONS
from services.shared.machine.documents import Document
from services.shared.machine.letters import Origin
from services.shared.machine.recall import Spoken, facts_of
from services.shared.timing.clock import Clock
from tests.builders import SERVICES, SOURCE, Complaint, Town

INTAKE = next(service for service in SERVICES if service.name == "intake")
UPSTREAM = SUBMISSIONS.of(SOURCE)


class Topics:
    """A broker's log without what its retention has taken."""

    def __init__(self, records: Iterable[Origin], begins: Mapping[str, int]) -> None:
        self._records = [record for record in records if record.offset >= begins.get(record.topic, 0)]
        self._begins = begins

    def partitions(self, prefixes: Collection[str]) -> list[TopicPartition]:
        topics = {record.topic for record in self._records} | self._begins.keys()
        return [TopicPartition(t, 0) for t in sorted(topics) if t.startswith(tuple(prefixes))]

    def begins(self, places: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        return {place: self._begins.get(place.topic, 0) for place in places}

    def ends(self, places: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        return {p: max((r.offset + 1 for r in self._records if r.topic == p.topic), default=0) for p in places}

    def records(self, ends: Mapping[TopicPartition, int]) -> Iterator[Origin]:
        topics = {place.topic for place in ends}
        return (record for record in self._records if record.topic in topics)


class Database:
    """Intake's documents; those that were there before, if any."""

    def __init__(self, *before: Document) -> None:
        self._before = {document.id: document for document in before}
        self.made: list[Document] = []

    async def load(self, ids: Iterable[str]) -> dict[str, Document]:
        return {id: self._before[id] for id in ids if id in self._before}

    async def save(self, rows: Iterable[tuple[Document, Any]], now: Any) -> set[str]:
        self.made += [document for document, _ in rows]
        return set()


def made_again(town: Town, database: Any, *, begins: Mapping[str, int] | None = None, over_http: bool) -> Result:
    """Intake's documents from the log; what came over HTTP has left no record of its own."""
    records = [r for r in town.world.log if not (over_http and r.topic == UPSTREAM)]
    log: Any = Topics(records, begins or {})
    result, facts = Result("intake"), log.ends(log.partitions([COMPLAINTS.name]))
    found = _outside(
        Spoken(INTAKE, read_until={0: facts[TopicPartition(COMPLAINTS.name, 0)]}), log, facts, Clock(), result
    )
    subjects = facts_of(log.records(facts))
    asyncio.run(_write(database, found, subjects, town.world._around(INTAKE), Clock(), result))
    return result


def a_complaint() -> Complaint:
    complaint = Town().complaint("water/leak", customer={"phone": "13800138000"})
    complaint.reply("water", "answered")
    return complaint


def test_the_contact_data_of_what_came_over_http_are_gone_with_intakes_database_and_named() -> None:
    complaint = a_complaint()

    result = made_again(complaint.town, Database(), over_http=True)

    (line,) = result.gone
    assert line.startswith(f"{complaint.id}: contact data") and result.documents == 1


def test_what_an_upstream_system_sent_stands_on_its_topic_and_nothing_is_gone() -> None:
    result = made_again(a_complaint().town, Database(), over_http=False)

    assert (result.documents, result.gone) == (1, [])


def test_contact_data_that_an_older_database_still_holds_are_kept_and_not_gone() -> None:
    complaint = a_complaint()
    old = replace(complaint.document("intake"), case=None)
    assert old.contact is not None
    database = Database(old)

    result = made_again(complaint.town, database, over_http=True)

    assert result.gone == [] and [document.contact for document in database.made] == [old.contact]


def test_ids_that_are_older_than_the_retention_of_their_topic_are_named() -> None:
    result = made_again(a_complaint().town, Database(), begins={SUBMISSIONS.of("crm"): 1_412}, over_http=False)

    (line,) = result.gone
    assert line.startswith(f"{SUBMISSIONS.of('crm')}: 1,412 records are older than its retention")
