"""The loop that every service runs in: gather, load, fold, save, acknowledge, publish, in micro-batches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from logging import DEBUG
from typing import Any

import structlog

from schemas.envelope import Message
from schemas.topics import DEAD_LETTERS
from services.shared.database.store import Store
from services.shared.database.stored import AT_ONCE
from services.shared.loop.alarm import Alarm
from services.shared.loop.old_letters import Letters, groups
from services.shared.loop.outbox import Items, Outbox, Taken
from services.shared.loop.recent import Recent
from services.shared.loop.retry import patiently
from services.shared.loop.work import BATCH, Group, Work, rounds
from services.shared.machine import fold as pure
from services.shared.machine.documents import Document, Input, Policies, Timer
from services.shared.machine.fold import Around
from services.shared.machine.reading import read_again, rereader
from services.shared.machine.table import Service
from services.shared.timing.clock import Clock, from_ms
from services.shared.watching.measures import Measures

MOST_UNSAID = 4 << 20
"""How many bytes a document may have to say and still be decided on; with more it has its say first."""
IN_FLIGHT = 4
"""How many saved batches may wait to be published before the loop waits for the broker."""
GATHER_S = 0.005
"""How long records wait for others, to be decided with them in one write; commands and timers wait for nothing."""
LATE = timedelta(minutes=1)
"""By how much, in real time, a timer may be fired late before what it says is marked as caught up."""
TIMER = b"timer/"
"""How the cause of what a timer had to say begins; its due date follows."""
LETTER_STORY = ("original-topic", "original-partition", "original-offset", "exception-message")
TOGETHER = 20
"""How many dead letters wait for the notices that go with them: so many may be repeated if the process dies between."""
OTHERS_S = 0.1
"""How soon is looked again at a document that has so much to say and that another process is to say."""
Row = tuple[Document, Timer | None]
log = structlog.get_logger()


class Loop:
    """One service's loop in one process. `run` ends only by an error that ends the process."""

    def __init__(
        self,
        service: Service,
        store: Store,
        outbox: Outbox,
        policies: Policies,
        clock: Clock,
        measures: Measures,
        real_now: Callable[[], datetime],
    ) -> None:
        self.service, self.store, self.outbox = service, store, outbox
        self.policies, self.clock, self.measures, self.real_now = policies, clock, measures, real_now
        self.alarm, self.recent = Alarm(), Recent()
        self.letters: Letters | None = None
        """The earlier dead letters, as far as they are known; None where nothing is read again."""
        self._todo: asyncio.Queue[Work] = asyncio.Queue(maxsize=1024)
        self._taken: asyncio.Queue[Taken] = asyncio.Queue(maxsize=IN_FLIGHT)

    async def put(self, work: Work) -> None:
        """Hand work over; waits while the loop has enough."""
        await self._todo.put(work)

    async def finish(self, work: Work) -> dict[str, Document]:
        """Hand work over and wait until its decisions are saved; returns the documents of its batch."""
        answer: asyncio.Future[dict[str, Document]] = asyncio.get_running_loop().create_future()

        def done(documents: dict[str, Document]) -> None:
            if not answer.done():
                answer.set_result(documents)

        await self.put(replace(work, done=done))
        return await answer

    async def ask(self, given: Input[Any]) -> Document:
        """Decide one command; returns its document once the decision is saved."""
        return (await self.finish(Work([given])))[given.subject]

    async def run(self) -> None:
        """Decide and publish for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._decide_all())
            tasks.create_task(self._publish_all())

    async def drained(self) -> None:
        """Returns when everything that was put has been decided and published."""
        await self._todo.join()
        await self._taken.join()

    async def _decide_all(self) -> None:
        while True:
            works = await self._gathered()
            with self.measures.batch(sum(len(w.inputs) for w in works)):
                await self._decide(works)
            for _ in works:
                self._todo.task_done()

    async def _gathered(self) -> list[Work]:
        """The next that is to be done, as much as one write should carry."""
        works = [await self._todo.get()]
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER_S):
                while sum(len(w.inputs) + len(w.wake) for w in works) < BATCH:
                    if self._todo.empty() and not all(work.patient for work in works):
                        break
                    works.append(await self._todo.get())
        return works

    async def _decide(self, works: list[Work]) -> None:
        documents: dict[str, Document] = {}
        for group in rounds(works):
            documents |= await patiently(partial(self._settle, group), self.measures)
        strays = [message for work in works for message in work.strays]
        await self._turn_away(strays)
        for work in works:
            work.done(documents)

    async def _settle(self, group: Group) -> dict[str, Document]:
        """Decide for each document until its write has won; returns them as saved."""
        settled: dict[str, Document] = {}
        strays: list[Message] = []
        self.recent.forget(group.afresh)
        while open_ids := [id for id in group.ids if id not in settled]:
            recent = self.recent.of(open_ids, self.outbox.leases.name)
            known = recent | await self._load(id for id in open_ids if id not in recent)
            if await self._let_speak([d for d in known.values() if self._unsaid_bytes(d) > MOST_UNSAID]):
                continue
            around = self._around()
            labels = await self._labels(group, open_ids, known)
            changed, unchanged = list[pure.Folded](), list[pure.Folded]()
            for id in open_ids:
                before = self.outbox.taken_up(known.get(id) or Document(id))
                before = before.but(label=labels[id]) if id in labels else before
                folded = self._fold(before, group, around)
                # A woken document is written even unchanged: its stored due date may be older than its rules.
                idle = folded.document is before and id not in group.wake
                (unchanged if idle else changed).append(folded)
            lost = await self._save(changed, around)
            self.measures.lost(len(lost))
            # That nothing is to be done is believed only of what stands in the database.
            lost |= {folded.document.id for folded in unchanged if folded.document.id in recent}
            self.recent.forget(lost)
            if self.outbox.says:
                self.recent.keep(folded.document for folded in changed if folded.document.id not in lost)
            won = [folded for folded in unchanged + changed if folded.document.id not in lost]
            self._note_early(known, won)
            settled |= {folded.document.id: folded.document for folded in won}
            strays += chain.from_iterable(folded.strays for folded in won)
        await self._turn_away(strays)
        await self._taken.put(self.outbox.take(d for d in settled.values() if d.unsaid))
        return settled

    async def _load(self, ids: Iterable[str]) -> dict[str, Document]:
        wanted = [*ids]
        return await self.store.load(wanted) if wanted else {}

    def _around(self) -> Around:
        reread = rereader(self.service, self.clock)
        return Around(self.policies, self.real_now(), LATE * self.clock.rate, reread)

    async def _labels(self, group: Group, ids: list[str], known: Mapping[str, Document]) -> dict[str, str]:
        """A label for each document that may begin now; who takes it meanwhile wins, then this is decided again."""
        may_begin = (id for id in ids if id in group.inputs or id in group.release)
        fresh = (id for id in may_begin if id not in known or known[id].case is None)
        waiting = {id: free(id) for id in fresh if (free := self.service.of(id).labels) is not None}
        labels: dict[str, str] = {}
        while waiting:
            offered = {id: next(candidates) for id, candidates in waiting.items()}
            taken = await self.store.labelled(offered.values()) | {label: id for id, label in labels.items()}
            for id, label in offered.items():
                if taken.setdefault(label, id) == id:
                    labels[id] = label
                    del waiting[id]
        return labels

    def _unsaid_bytes(self, document: Document) -> int:
        return sum(len(item.message.value or b"") for item in self.outbox.still_unsaid(document))

    async def _let_speak(self, documents: list[Document]) -> bool:
        """Wait until the messages of these documents are said; True if another process has to say some of them."""
        if not documents:
            return False
        # The sweeper would wait for this loop.
        documents = [self.outbox.taken_up(document, at_once=True) for document in documents]
        await self._taken.put(self.outbox.take(documents))
        await self._taken.join()
        if others := any(self.outbox.is_theirs(document) for document in documents):
            await asyncio.sleep(OTHERS_S)
        return others

    def _fold(self, document: Document, group: Group, around: Around) -> pure.Folded:
        table, strays = self.service.of(document.id), tuple[Message, ...]()
        if document.id in group.release and document.parked is not None:
            again = read_again(self.service, document, self.clock)
            released = pure.release(table, document, again, around)
            document, strays = released.document, released.strays
        if document.id in group.give_up:
            document = pure.give_up(table, document, group.give_up[document.id], around).document
        inputs = group.inputs.get(document.id, ())
        if document.id in group.wake:
            folded = pure.fire(table, document, group.wake[document.id], around)
            if not inputs:
                return replace(folded, strays=strays)
            document = folded.document
        folded = pure.fold(table, document, inputs, around)
        return replace(folded, strays=strays + folded.strays) if strays else folded

    def _note_early(self, known: Mapping[str, Document], saved: list[pure.Folded]) -> None:
        for document in (folded.document for folded in saved if folded.document.early):
            before = known.get(document.id)
            fresh = len(document.early) - (len(before.early) if before else 0)
            self.measures.early.inc(max(0, fresh))
            if fresh > 0:
                log.info("input before its case: it waits", subject=document.id, waiting=len(document.early))

    async def _save(self, changed: list[pure.Folded], around: Around) -> set[str]:
        if not changed:
            return set()
        rows, left = list[Row](), list[Row]()
        for folded in changed:
            (left if self.outbox.is_theirs(folded.document) else rows).append((folded.document, folded.timer))
        lost = await asyncio.shield(self.store.save(rows, around.now + self.outbox.grace)) if rows else set()
        if left:
            lost |= await asyncio.shield(self.store.save(left, AT_ONCE))
        for document, timer in rows + left:
            if document.id not in lost:
                self.outbox.taken_off(document.id, document.said)
                if timer is not None:
                    self.alarm.set(timer.due)
        return lost

    async def _turn_away(self, letters: list[Message]) -> None:
        if letters and self.letters is not None:
            letters = await self.letters.unsaid(letters)
        if letters:
            told = [*groups(letters)]
            for n in range(0, len(told), TOGETHER):
                await self._send_away([*chain.from_iterable(told[n : n + TOGETHER])])
            self.measures.strays(letters)
            for letter in letters:
                _log("", letter)

    async def _send_away(self, letters: list[Message]) -> None:
        # Where a letter stands, all that goes with it was said.
        for is_letter in (False, True):
            await self.outbox.send(m for m in letters if (DEAD_LETTERS.member(m.topic) is not None) == is_letter)

    async def _publish_all(self) -> None:
        while True:
            taken = [await self._taken.get()]
            while not self._taken.empty():
                taken.append(self._taken.get_nowait())
            said, appended = await self.outbox.publish(taken)
            self.measures.said(said)
            self.measures.fired_late(self._lateness(said, appended))
            for id, items in said:
                for item in items:
                    _log(id, item.message)
            for _ in taken:
                self._taken.task_done()

    def _lateness(self, said: Items, appended: Mapping[str, int]) -> Iterator[float]:
        """Seconds from when each timer was due until the broker appended the first that it had to say."""
        for id, items in said:
            cause = dict(items[0].message.headers).get("ce_causationid", b"") if items else b""
            if cause.startswith(TIMER):
                due = datetime.fromisoformat(cause.removeprefix(TIMER).decode())
                yield (from_ms(appended[id]) - self.clock.real(due)).total_seconds()


def _log(subject: str, message: Message) -> None:
    """A dead letter is an operator's business at once, everything else only where it is asked for."""
    if DEAD_LETTERS.member(message.topic) is None and not log.is_enabled_for(DEBUG):
        return
    headers = dict(message.headers)
    reason = headers.get("dlq-reason")
    if reason is None:
        log.debug("said", subject=subject, event_id=headers["ce_id"].decode(), type=headers["ce_type"].decode())
        return
    story = {name: headers[f"dlq-{name}"].decode() for name in LETTER_STORY}
    event_id = (headers.get("ce_id") or b"").decode(errors="replace")
    log.error("dead letter", subject=subject, event_id=event_id, reason=reason.decode(), **story)
