"""Partitions of edges that this process does not read on, and when it does: by itself, or because it was told."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import structlog

from services.shared.broker.ahead import Ahead
from services.shared.broker.held import Held
from services.shared.database.stops import Stopbook
from services.shared.database.store import Store
from services.shared.loop.loop import Loop
from services.shared.loop.retry import patiently
from services.shared.loop.work import Work
from services.shared.machine.documents import Document
from services.shared.machine.failures import Temporary
from services.shared.machine.fold import Around
from services.shared.machine.letters import Origin
from services.shared.machine.reading import rereader
from services.shared.machine.stopping import (
    Place,
    Row,
    Stop,
    given_in,
    is_too_long,
    letters_in,
    turned_away,
    would_be_taken,
)
from services.shared.timing.clock import floor_ms
from services.shared.watching.health import Health

EVERY_S = 1.0
TRIED_AT_ONCE = 1_000
"""How many of the records that wait are tried at one look."""
Put = Callable[[Work], Awaitable[None]]
log = structlog.get_logger()


class Stopping:
    """Counts records in a row that were turned away, and looks for a good record behind the waiting ones."""

    def __init__(self, loop: Loop, store: Store, book: Stopbook, ahead: Ahead, most: int) -> None:
        self._loop, self._store, self._book, self._ahead = loop, store, book, ahead
        self._most, self._health = most, Health()
        self._rows: defaultdict[Place, Row] = defaultdict(Row)
        self._tried: dict[Stop, int] = {}
        self.stops: Mapping[Place, Stop] = {}

    async def feed(
        self, records: list[Origin], settled: Callable[[], None], work_of: Callable[[list[Origin]], Work], put: Put
    ) -> list[Origin]:
        """Hand records of one partition over; returns those that are left because reading has stopped."""
        place = records[0].topic, records[0].partition
        while records:
            if await self._stops_before(records[0], self._rows[place]):
                return records
            piece, work = self._piece(records, work_of)
            records = records[len(piece) :]
            decided = asyncio.Event()
            work.done = partial(self._note, piece, work, decided, settled if not records else None)
            await put(work)
            if self._most and (work.strays or self._rows[place].length):
                await decided.wait()
        return []

    def _piece(self, records: list[Origin], work_of: Callable[[list[Origin]], Work]) -> tuple[list[Origin], Work]:
        """All records at once, unless something may be wrong with them: then as many as may still be in a row."""
        if (stop := self.stops.get((records[0].topic, records[0].partition))) is not None:
            records = [record for record in records if not stop.holds(record)]
        work, length = work_of(records), self._rows[records[0].topic, records[0].partition].length
        most = self._most - length
        if not 0 < most < len(records) or not (work.strays or length):
            return records, work
        return records[:most], work_of(records[:most])

    def _note(
        self,
        piece: list[Origin],
        work: Work,
        decided: asyncio.Event,
        settled: Callable[[], None] | None,
        documents: Mapping[str, Document],
    ) -> None:
        place = piece[0].topic, piece[0].partition
        of_ours = {given.subject for given in work.inputs}
        letters = letters_in(document for id, document in documents.items() if id in of_ours)
        self._rows[place].note(piece, letters | turned_away(work.strays), self.stops.get(place))
        decided.set()
        if settled is not None:
            settled()

    async def _stops_before(self, record: Origin, row: Row) -> bool:
        place = record.topic, record.partition
        if (stop := self.stops.get(place)) is not None and (stop.holds(record) or stop.lets_through(record)):
            return stop.holds(record)
        if not is_too_long(row, self._most):
            return False
        stop = Stop(record.topic, record.partition, record.offset, floor_ms(self._loop.real_now()), row.why)
        await patiently(partial(self._book.keep, stop), self._loop.measures)
        log.error("reading stops: too many in a row were turned away", **_told(stop), in_a_row=row.length)
        self._rows.pop(place)
        self._show({**self.stops, place: stop})
        return True

    async def look(self) -> None:
        """Learn what all processes know of stops."""
        self._show(await self._book.all())

    async def run(self, held: Held, health: Health) -> None:
        """Look for ever, and read on where that is due; `held` has what this process keeps of partitions."""
        self._health = health
        while True:
            await patiently(self.look, self._loop.measures)
            for place in held.partitions:
                if (stop := self.stops.get(place)) is not None and stop.stands:
                    await self._try(stop)
                if (stop := self.stops.get(place)) is None or not stop.stands:
                    log.info("reading goes on", topic=place[0], partition=place[1])
                    await held.read_on(place)
            await asyncio.sleep(EVERY_S)

    async def go_on(self, topic: str) -> Collection[Stop]:
        """Read on in a topic, to its present end even if records are turned away. Returns the former stops."""
        await self.look()
        stopped = [stop for stop in self.stops.values() if stop.topic == topic and stop.stands]
        for stop in stopped:
            end = await patiently(partial(self._ahead.end, *stop.place), self._loop.measures)
            await self._go_on(stop, end)
        return stopped

    async def _try(self, stop: Stop) -> None:
        """Read on as far as the first record that would be taken now, if one waits."""
        # What is away now may be back at the next look; other partitions do not wait for it.
        with suppress(Temporary):
            begin = self._tried.get(stop, stop.offset)
            records = await self._ahead.records(*stop.place, begin, TRIED_AT_ONCE)
            if (good := await self._first_good(records)) is not None:
                await self._go_on(stop, good.offset + 1)
            elif records:
                self._tried[stop] = records[-1].offset + 1

    async def _first_good(self, records: list[Origin]) -> Origin | None:
        service, clock = self._loop.service, self._loop.clock
        found = [given for record in records if (given := given_in(service, record, clock)) is not None]
        known = await self._store.load({given.subject for given in found}) if found else {}
        around = Around(self._loop.policies, self._loop.real_now(), reread=rereader(service, clock))
        taken = (
            given.origin
            for given in found
            if would_be_taken(service, known.get(given.subject) or Document(given.subject), given, around)
        )
        return next(taken, None)

    async def _go_on(self, stop: Stop, read_until: int) -> None:
        await self._book.go_on(stop, read_until)
        log.warning("told to read on", **_told(stop), read_until=read_until)
        self._tried.pop(stop, None)
        await self.look()

    def _show(self, stops: Mapping[Place, Stop]) -> None:
        self.stops = stops
        gauge, service = self._loop.measures.stopped, self._loop.service.name
        gauge.clear()
        standing = [stop for stop in stops.values() if stop.stands]
        for stop in standing:
            gauge.labels(service, stop.topic, str(stop.partition)).set(1)
        self._health.stopped = {
            f"{stop.topic}-{stop.partition}": f"not read on from {stop.offset}: {stop.why}" for stop in standing
        }


def _told(stop: Stop) -> dict[str, Any]:
    return {"topic": stop.topic, "partition": stop.partition, "offset": stop.offset, "why": stop.why}
