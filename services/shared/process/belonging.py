"""Whether a broker and a database belong together: asked before a process reads or says anything.

The database remembers the broker's cluster id. The broker remembers the database, in the note of an offset that a group
of its own has committed. And the newest facts that the service has said stand in its database, or it is not the one.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.base import Said
from schemas.envelope import FACT_TYPES, event_id
from schemas.legible import header
from schemas.topics import COMPLAINTS as FACTS
from schemas.topics import group_of
from services.shared.broker import groups
from services.shared.broker.groups import OffsetAndMetadata, TopicPartition
from services.shared.broker.provisioning import Mismatch
from services.shared.broker.whole import Log
from services.shared.database.store import Store
from services.shared.loop.retry import patiently, until_reached
from services.shared.machine.letters import Origin
from services.shared.machine.recall import number_of
from services.shared.machine.table import Service
from services.shared.watching.measures import Measures

NEWEST = 1_000
"""How many records at the end of each partition of the facts are compared at every start."""
Told = Mapping[tuple[str, str], int]
"""By subject and writer how far its facts are counted."""
PLACE = TopicPartition(FACTS.name, 0)
UNFINISHED = "unfinished"
"""The name of a database as long as it is being made again: no broker knows it, so no service starts on it."""


class Stranger(Mismatch):
    """Broker and database do not belong together; the text is one line with the way out."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The broker that a database belongs to, and the database's own name, which never changes."""

    cluster: str
    database: str


async def recognise(store: Store, service: str, kafka: str, measures: Measures) -> tuple[Mark | None, Mark]:
    """The database's mark and the one for both sides; raises Stranger if they belong to others. Waits for both.

    Asked before a process looks for its topics: a broker that is new has none, which is the smaller news.
    """
    found = await patiently(store.mark, measures)
    theirs = await until_reached(lambda: asyncio.to_thread(look, kafka, service), "broker's mark")
    if found is None and theirs.database:
        # Another process of the service may have begun at the same moment and left both marks since.
        found = await patiently(store.mark, measures)
    mine = None if found is None else Mark(**found)
    return mine, judged(service, kafka, mine, theirs)


async def make_sure(
    store: Store, table: Service, kafka: str, measures: Measures, known: tuple[Mark | None, Mark]
) -> None:
    """Leave a mark on both sides, if the database knows what was said; raises Stranger if not. Waits for both."""
    service, (mine, mark) = table.name, known
    last = None if mine is None else NEWEST
    # Before the log's ends are asked: another process of the service may read on meanwhile, beyond them.
    reach = await patiently(store.reach, measures)
    ends, facts = await until_reached(lambda: asyncio.to_thread(told, kafka, table, last), "what was said")
    refuse_younger(service, kafka, ends, reach)
    compare(service, facts, await patiently(lambda: store.counts([*{id for id, _ in facts}]), measures))
    if mine is None:
        # Of processes that begin together the first one names the database.
        mark = Mark(**await patiently(lambda: store.keep_first_mark(mark.cluster, mark.database), measures))
    # Again at every start: a broker forgets the offsets of a group that nobody uses.
    await until_reached(lambda: asyncio.to_thread(leave, kafka, service, mark.database), "mark")


def mark_group(service: str) -> str:
    """The group whose only offset carries the mark."""
    return f"{group_of(service)}.database"


def look(kafka: str, service: str, say: Callable[[str], None] = groups.silent) -> Mark:
    """The broker's cluster id, and which database of the service it knows; an empty text where it knows none."""

    def read(admin: Any) -> Mark:
        found = groups.offsets(admin, mark_group(service), [PLACE]).get(PLACE)
        known = found.metadata if found is not None and found.offset >= 0 else ""
        return Mark(str(admin.describe_cluster()["cluster_id"]), known)

    return groups.asked(kafka, read, say)


def leave(kafka: str, service: str, database: str) -> None:
    """Let the broker know this database."""
    mark = {PLACE: OffsetAndMetadata(0, database, -1)}
    groups.asked(kafka, lambda admin: groups.set_offsets(admin, mark_group(service), mark))


def judged(service: str, kafka: str, mine: Mark | None, theirs: Mark) -> Mark:
    """The mark for both sides. Raises Stranger where they belong to others."""
    rebuild = f"if its database is lost, `closedloop rebuild {service}` makes it again from the log"
    apart = "unset KAFKA_BOOTSTRAP_SERVERS and MONGODB_URI, or set both to what belongs together"
    if mine is not None and mine.cluster == theirs.cluster and mine.database == UNFINISHED:
        raise Stranger(f"the database of {service} is made again only in part: `closedloop rebuild {service}` ends it")
    if mine is not None and mine.cluster != theirs.cluster:
        raise Stranger(
            f"the database of {service} belongs to the broker {mine.cluster}, and {kafka} is {theirs.cluster}: {apart}"
            " (docs/recovery.md)"
        )
    if theirs.database and (mine is None or mine.database != theirs.database):
        raise Stranger(f"the broker at {kafka} belongs to another database of {service}: {apart}; {rebuild}")
    return mine or Mark(theirs.cluster, theirs.database or uuid.uuid4().hex)


def told(kafka: str, service: Service, last: int | None) -> tuple[Mapping[int, int], Told]:
    """The ends of the facts' partitions, and the last records there, which the database has to know.

    All of it is read, or the last of each partition.
    """
    found = groups.asked(kafka, lambda admin: groups.offsets(admin, group_of(service.name)))
    with Log(kafka) as topics:
        ends = topics.ends(topics.partitions([FACTS.name]))
        read_until = {tp.partition: found[tp].offset for tp in ends if tp in found}
        by_partition = {tp.partition: end for tp, end in ends.items()}
        return by_partition, highest(service, topics.records(ends, last), read_until)


def highest(service: Service, records: Iterable[Origin], read_until: Mapping[int, int]) -> Told:
    """By subject and writer the highest count: of what the service has said, and of what it has read and hears."""
    found: dict[tuple[str, str], int] = {}
    for record in records:
        model, number = FACT_TYPES.get(header(record.headers, "ce_type") or b""), number_of(record)
        subject = (record.key or b"").decode(errors="replace")
        teller = (header(record.headers, "ce_subject") or record.key or b"").decode(errors="replace")
        # What somebody else has put there under a service's name has hardly this id.
        if model is None or not number or header(record.headers, "ce_id") != _id_of(teller, model, number):
            continue
        if model.said_by == service.name:
            found[teller, model.said_by] = max(number, found.get((teller, model.said_by), 0))
        if _is_heard(service.of(subject), model, record, read_until):
            writer = model.said_by if teller == subject else f"{model.said_by} {teller}"
            found[subject, writer] = max(number, found.get((subject, writer), 0))
    return found


def _id_of(teller: str, model: type[Said], number: int) -> bytes:
    return event_id(teller, model.said_by, number).encode()


def _is_heard(table: Service, model: type[Said], record: Origin, read_until: Mapping[int, int]) -> bool:
    return table.listens_to(model) and record.offset < read_until.get(record.partition, 0)


def refuse_younger(service: str, kafka: str, ends: Mapping[int, int], reach: Mapping[int, int]) -> None:
    """Raises Stranger where the log ends before what the database has read of it."""
    lost = sum(max(0, offset - ends.get(partition, 0)) for partition, offset in reach.items())
    if lost:
        raise Stranger(
            f"the database of {service} has read {lost} facts more than {kafka} holds: the broker came back with an "
            "older log; restore its newest one, or go back to what it holds (docs/recovery.md, An older log)"
        )


def compare(service: str, told: Told, stored: Mapping[str, int]) -> None:
    """Raises Stranger where the log holds what the database has to know and does not.

    Of what others said, only that there is no document at all: an older version may have passed a fact over.
    """
    unknown = {
        subject
        for (subject, writer), number in told.items()
        if subject not in stored or (writer == service and number > stored[subject])
    }
    if unknown:
        raise Stranger(
            f"{service} has said or read things of {len(unknown)} cases that its database does not know: it is empty "
            f"or old; `closedloop rebuild {service}` makes it again from the log, silently (docs/recovery.md)"
        )
