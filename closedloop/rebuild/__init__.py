"""Makes the documents of one service again from the log, silently, and says what cannot be had from it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from schemas.envelope import Unreadable
from schemas.policy import PolicyPack
from schemas.topics import COMPLAINTS, DEAD_LETTERS, POLICIES, QUEUE, RECEIPTS, group_of
from services.escalation.service import SERVICE as ESCALATION
from services.followup.service import SERVICE as FOLLOWUP
from services.intake.service import SERVICE as INTAKE
from services.router.service import SERVICE as ROUTER
from services.shared.broker import groups
from services.shared.broker.whole import Log
from services.shared.database.store import Store
from services.shared.machine.documents import Document, Input
from services.shared.machine.fold import Around, Folded
from services.shared.machine.letters import Origin, about, position
from services.shared.machine.policies import PolicyBook
from services.shared.machine.reading import is_strange, read, rereader
from services.shared.machine.recall import NOT_YET, Spoken, facts_of, recalled
from services.shared.machine.table import Service
from services.shared.process import belonging
from services.shared.process.belonging import Mark
from services.shared.timing.clock import Clock

TABLES: Mapping[str, Service] = {service.name: service for service in (INTAKE, ROUTER, ESCALATION, FOLLOWUP)}
WRITTEN_AT_ONCE = 500
ENDED_COUNTS_S = 20.0
"""A process that has ended counts as a member for 10 s, from when a broker that begins anew has read of it."""
Offsets = Mapping[TopicPartition, int]


class Refusal(Exception):
    """Why nothing is made again; nothing has been changed."""


@dataclass
class Result:
    """What was made again, and what is gone."""

    service: str
    stood: int = 0
    """Documents that the database held before: an older database is better than none."""
    documents: int = 0
    timers: int = 0
    to_say: int = 0
    """Messages that the service had not said before it lost its documents: it says them when it starts."""
    untouched: int = 0
    """Documents that stand as they stood: the log holds no fact of theirs."""
    gone: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


@dataclass
class Found:
    """What the topics hold for one service, but for the facts."""

    spoken: Spoken
    inputs: dict[str, list[Input[Any]]] = field(default_factory=dict)
    waiting: dict[str, list[Input[Any]]] = field(default_factory=dict)
    """What is parked with its case, by subject."""
    made: set[str] = field(default_factory=set)
    offsets: dict[TopicPartition, int] = field(default_factory=dict)
    """Where the service shall read on: at the first record that has had no outcome."""

    def leave(self, topic: str, partition: int, offset: int) -> None:
        """Have the service read this record itself, once it runs."""
        place = TopicPartition(topic, partition)
        self.offsets[place] = min(offset, self.offsets[place])


def rebuild(name: str, kafka: str, mongodb: str, say: Callable[[str], None]) -> Result:
    """Make the documents of a service again. Raises Refusal, kafka.errors.KafkaError and what the database raises."""
    service = TABLES[name]
    read_until = _acknowledged_by_what_is_stopped(name, kafka, say)
    store = Store(mongodb, name, service.case, service.case_of)
    with Log(kafka) as log:
        return asyncio.run(_rebuild(Spoken(service, read_until=read_until), kafka, store, log, say))


async def _rebuild(spoken: Spoken, kafka: str, store: Store, log: Log, say: Callable[[str], None]) -> Result:
    service = spoken.service
    result = Result(service.name)
    mark = await _begin(service.name, kafka, store, say)
    result.stood = await store.size()
    if result.stood:
        say(f"the database holds {result.stood:,} documents: contact data and known ids are kept, the rest is replaced")
    await store.prepare()
    clock = await store.clock() or Clock()
    facts = log.ends(log.partitions([COMPLAINTS.name]))
    found = _outside(spoken, log, facts, clock, result)
    say(f"{service.name} has spoken of {len(found.spoken.highest):,} cases")
    around = Around(_policies(log), datetime.now(UTC), reread=rereader(service, clock))
    for n, (partition, end) in enumerate(sorted(facts.items()), 1):
        subjects = facts_of(log.records({partition: end}))
        await _write(store, found, subjects, around, clock, result)
        say(f"partition {n} of {len(facts)}: {result.documents:,} documents")
    for given in (given for inputs in found.waiting.values() for given in inputs):
        found.leave(*given.origin.place)
    _read_on(service.name, kafka, found.offsets)
    await store.keep_mark(mark.cluster, mark.database)
    await _untouched(store, found, result)
    await store.close()
    return result


async def _untouched(store: Store, found: Found, result: Result) -> None:
    """The documents to keep: for intake, those without facts in the remaining log."""
    left = set(await store.beginning("", limit=0)) - found.made
    result.untouched = len(left)
    if result.service == INTAKE.name:
        documents = (await store.load(left)).values() if left else ()
        # What was accepted and is not yet on the log is said when the service starts.
        lost = sorted(d.id for d in documents if d.case is not None and not d.unsaid)
        result.gone += [f"{id}: the complaint, the log holds no fact of it" for id in lost]


def _outside(spoken: Spoken, log: Log, facts: Offsets, clock: Clock, result: Result) -> Found:
    """What the service has said anywhere, and which records from outside have had their outcome."""
    service, found = spoken.service, Found(spoken)
    told = log.ends(log.partitions([QUEUE.prefix, RECEIPTS.prefix, DEAD_LETTERS.of(service.name)]))
    strange = []
    for record in log.records({**told, **facts}):
        found.spoken.add(record)
        if record.topic == COMPLAINTS.name and is_strange(record):
            strange.append(record.place)
    edges = log.partitions([edge.topic.prefix for edge in service.every_edge]) if service.every_edge else []
    ends = log.ends(edges)
    # Not at the end of the facts: if it is made again once more, the same facts have to count as unread.
    read_until = found.spoken.read_until
    found.offsets.update({**ends, **{tp: min(end, read_until.get(tp.partition, end)) for tp, end in facts.items()}})
    result.gone += _forgotten(log.begins(edges))
    for place in strange:
        if position(*place) not in found.spoken.letters:
            found.leave(*place)
    for record in log.records(ends):
        _sort(found, record, _given(service, record, clock))
    return found


def _sort(found: Found, record: Origin, given: Input[Any] | None) -> None:
    """Whether a record from outside has had its outcome, is parked, or has not been read."""
    spoken = found.spoken
    if given is None and spoken.letters.get(record.position, NOT_YET[0]) not in NOT_YET:
        return
    if given is not None and spoken.is_over(given):
        found.inputs.setdefault(given.subject, []).append(given)
    elif given is not None and given.edge is not None and not given.edge.creates and spoken.still_waits(given):
        found.waiting.setdefault(given.subject, []).append(given)
    else:
        found.leave(*record.place)


def _given(service: Service, record: Origin, clock: Clock) -> Input[Any] | None:
    try:
        return read(service, record, clock)
    except Unreadable:
        return None


def _forgotten(begins: Offsets) -> Iterable[str]:
    for partition, begin in begins.items():
        if begin > 0:
            yield (
                f"{partition.topic}: {begin:,} records are older than its retention; what is sent again under an id of "
                "theirs is not recognised as a repeat"
            )


def _policies(log: Log) -> PolicyBook:
    book = PolicyBook()
    for record in log.records(log.ends(log.partitions([POLICIES.name]))):
        try:
            pack = PolicyPack.model_validate_json(record.value or b"")
        except ValueError:
            continue
        book.learn((record.key or b"").decode(errors="replace"), pack, record.offset)
    return book


async def _write(
    store: Store, found: Found, subjects: Mapping[str, list[Origin]], around: Around, clock: Clock, result: Result
) -> None:
    ids = [*subjects]
    for n in range(0, len(ids), WRITTEN_AT_ONCE):
        some = ids[n : n + WRITTEN_AT_ONCE]
        old = await store.load(some)
        rows = []
        for id in some:
            inputs, waiting = found.inputs.get(id, ()), found.waiting.pop(id, ())
            folded = recalled(found.spoken, id, subjects[id], inputs, around, clock, waiting)
            for told in filter(None, (about(stray.headers) for stray in folded.strays)):
                found.leave(*told[0])
            document = _kept(folded.document, old.get(id))
            if document != Document(id):
                rows.append((document, folded.timer))
                found.made.add(id)
                _count(found.spoken.service, document, folded, result)
        lost = await store.save(rows, around.now) if rows else set()
        if lost:
            raise Refusal(f"{len(lost)} documents were written by somebody else meanwhile: stop the service first")


def _kept(made: Document, old: Document | None) -> Document:
    """Data that only the old database holds: contact data and idempotency keys."""
    if old is None:
        return made
    return replace(made, version=old.version, contact=made.contact or old.contact, heard={**made.heard, **old.heard})


def _count(service: Service, document: Document, folded: Folded, result: Result) -> None:
    result.documents += 1
    result.timers += folded.timer is not None
    result.to_say += len(document.unsaid)
    if service.name == INTAKE.name and document.contact is None and document.case is not None:
        result.gone.append(f"{document.id}: contact data, if there were any: they stood in no record that is left")


def _acknowledged_by_what_is_stopped(name: str, kafka: str, say: Callable[[str], None]) -> dict[int, int]:
    """Up to where the service has acknowledged the facts. Raises Refusal while it runs."""
    group = group_of(name)
    members = groups.asked(kafka, lambda admin: groups.members(admin, group), say)
    if members:
        say(f"{name} has {_processes(members)} at the broker; one that has ended counts for 10 s: waiting")
        members = groups.asked(kafka, lambda admin: groups.left(admin, group, ENDED_COUNTS_S), say)
    if members:
        raise Refusal(f"{name} runs: it still has {_processes(members)} at the broker. Stop it first")
    offsets = groups.asked(kafka, lambda admin: groups.offsets(admin, group), say)
    # An offset of 0 says nothing: somebody may have reset it.
    return {tp.partition: o.offset for tp, o in offsets.items() if tp.topic == COMPLAINTS.name and o.offset > 0}


def _processes(members: Sized) -> str:
    return f"{len(members)} process{'' if len(members) == 1 else 'es'}"


def _read_on(name: str, kafka: str, offsets: Offsets) -> None:
    places = {tp: OffsetAndMetadata(offset, "", -1) for tp, offset in offsets.items()}
    groups.asked(kafka, lambda admin: groups.set_offsets(admin, group_of(name), places))


async def _begin(name: str, kafka: str, store: Store, say: Callable[[str], None]) -> Mark:
    """The mark of the database once it is whole; until then no service starts on it. Raises Refusal."""
    theirs, found = belonging.look(kafka, name, say), await store.mark()
    mine = Mark(**found) if found else Mark(theirs.cluster, belonging.UNFINISHED)
    is_known = not theirs.database or mine.database in (theirs.database, belonging.UNFINISHED)
    if mine.cluster != theirs.cluster or not is_known:
        raise Refusal(
            f"the database closedloop_{name} belongs to another installation than the broker at {kafka}: name the one "
            "that belongs to it, or drop this one if it is of no use any more (docs/recovery.md)"
        )
    database = mine.database if mine.database != belonging.UNFINISHED else theirs.database or uuid.uuid4().hex
    # The broker first: an unfinished database is refused only beside a broker that knows a finished one.
    belonging.leave(kafka, name, database)
    await store.keep_mark(theirs.cluster, belonging.UNFINISHED)
    return Mark(theirs.cluster, database)
