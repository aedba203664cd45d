"""Documents with their outbox and timers, saved by compare-and-set."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

from bson import ObjectId, encode
from bson.raw_bson import RawBSONDocument
from pymongo import ASCENDING, UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError

from services.shared.database import indexes, stored
from services.shared.database.database import DURABLE, LAZY, Database
from services.shared.database.errors import reporting
from services.shared.database.indexes import BY_DATE, BY_LANE, SELDOM
from services.shared.database.stored import Raw
from services.shared.database.writing import Row, Statement, writes
from services.shared.machine.documents import Case, Document, Timer

DUPLICATE_KEY = 11000
PROGRESS_KEPT_S = 3600
EARLIEST = datetime.min.replace(tzinfo=UTC)
Beyond = tuple[datetime, int]
"""A place among the due timers: from that date on, without the first so many of that date."""
THE_FIRST: Beyond = (EARLIEST, 0)
ARMED = {"$exists": True, "$gte": EARLIEST, "$lte": datetime.max.replace(tzinfo=UTC)}
"""Only a date is a due date, whatever a hand may have put in its place. `$exists` lets the partial indexes serve."""
LEFT = timedelta(seconds=30)
"""After so long the process that is to say a message looks at it again."""
AT_ONCE = 10_000
SAVE = "save"
"""The field that says by which save a document was written."""


class Store(Database):
    """One service's documents; every method may raise Temporary."""

    def __init__(
        self, uri: str, service: str, case: type[Case], case_of: Callable[[str], type[Case]] | None = None
    ) -> None:
        """`case_of` tells the case by the document's id, where a service has several tables."""
        super().__init__(uri, service)
        self._case_of = case_of or (lambda id: case)
        self._cases = self.database.get_collection("cases", write_concern=DURABLE)
        self._lazy = self.database.get_collection("cases", write_concern=LAZY)

    @reporting
    async def prepare(self) -> None:
        """Make the indexes that the queries ask for, and remove those of older versions."""
        await indexes.make(self._cases)
        for told in (self._progress, self.database.get_collection("processes")):
            await told.create_index("at", expireAfterSeconds=PROGRESS_KEPT_S)

    @reporting
    async def load(self, ids: Iterable[str]) -> dict[str, Document]:
        """The documents that exist among these ids."""
        wanted = list(ids)
        found = self._cases.find({"_id": {"$in": wanted}}, batch_size=len(wanted) + 1)
        return {raw["_id"]: stored.read(raw, self._case_of(raw["_id"])) for raw in await found.to_list()}

    @reporting
    async def save(self, documents: Sequence[tuple[Document, Timer | None]], sweep_at: datetime) -> set[str]:
        """Write all of them durably; the ids that lost their compare-and-set are returned, to be decided again.

        From `sweep_at` on another process may publish the rest, once the document's sayer is dead.
        """
        save = ObjectId()
        raws = ((d, {**stored.written(d, timer, sweep_at), SAVE: save}) for d, timer in documents)
        rows = {d.id: Row(d.id, d.version, RawBSONDocument(encode(raw))) for d, raw in raws}
        try:
            done = await self._cases.bulk_write([_update(each) for each in writes(rows.values())], ordered=False)
            if done.modified_count + done.upserted_count == len(rows):
                return set()
        except BulkWriteError as error:
            failed = error.details["writeErrors"]
            if error.details.get("writeConcernErrors") or any(e["code"] != DUPLICATE_KEY for e in failed):
                raise
        # What was written over since counts as lost: deciding again finds it decided.
        won = await self._cases.find({"_id": {"$in": [*rows]}, SAVE: save}, {"_id": 1}).to_list()
        return set(rows) - {raw["_id"] for raw in won}

    @reporting
    async def labelled(self, labels: Iterable[str]) -> dict[str, str]:
        """The labels that are taken, each with its document."""
        wanted = {"label": {"$exists": True, "$in": list(labels)}}
        return {raw["label"]: raw["_id"] async for raw in self._cases.find(wanted, {"label": 1})}

    @reporting
    async def beginning(self, prefix: str, limit: int) -> list[str]:
        """The ids that begin so."""
        found = self._cases.find({"_id": {"$gte": prefix, "$lt": f"{prefix}~"}}, {"_id": 1}).limit(limit)
        return [raw["_id"] async for raw in found]

    @reporting
    async def clear(self, said: Mapping[str, int]) -> None:
        """Take what is acknowledged off the front of `unsaid`; lazily, a repeat does no harm."""
        by_number = defaultdict[int, list[str]](list)
        for id, n in said.items():
            by_number[n].append(id)
        writes = [
            UpdateMany({"_id": {"$in": ids}}, {"$pull": {"unsaid": {"n": {"$lte": n}}}}) for n, ids in by_number.items()
        ]
        if writes:
            await self._lazy.bulk_write(writes, ordered=False)

    @reporting
    async def unsaid(
        self, now: datetime, limit: int, living: Iterable[str] = (), me: str | None = None
    ) -> list[tuple[str, str | None]]:
        """Documents whose messages nobody living is to say, or `me` has left, the oldest first, with their sayers."""
        whose = [({"$nin": [*living]}, now), (me, now - LEFT)]
        either = [{"sayer": who, "sweep_at": {"$lte": at}, "unsaid.0": {"$exists": True}} for who, at in whose]
        found = self._cases.find({"$or": either}, {"sayer": 1}).sort("sweep_at", ASCENDING).limit(limit)
        return [(raw["_id"], raw.get("sayer")) async for raw in found]

    @reporting
    async def claim(self, found: Mapping[str, str | None], me: str | None) -> list[str]:
        """Become the sayer of documents that have these sayers still; lazily. Returns those that are `me`'s now."""
        by_sayer = defaultdict[str | None, list[str]](list)
        for id, sayer in found.items():
            by_sayer[sayer].append(id)
        writes = [
            UpdateMany({"_id": {"$in": ids}, "sayer": sayer}, {"$set": {"sayer": me}})
            for sayer, ids in by_sayer.items()
            if sayer != me
        ]
        if not writes or (await self._lazy.bulk_write(writes, ordered=False)).matched_count == len(found):
            return list(found)
        mine = self._cases.find({"_id": {"$in": [*found]}, "sayer": me}, {"_id": 1})
        return [raw["_id"] async for raw in mine]

    @reporting
    async def due(self, until: datetime, limit: int, beyond: Beyond | None = None) -> list[tuple[str, datetime]]:
        """Documents whose next timer falls due by then (virtual), the oldest first.

        Of more than `limit` each lane has its share, and the oldest of all fill the rest; `beyond` a place it is just
        those that follow it.
        """
        found = await self._due({}, until, limit, beyond or THE_FIRST)
        if beyond is not None or len(found) < limit:
            return found
        if len(lanes := await self._lanes(until)) < 2:
            return found
        shares = [await self._due({"lane": lane}, until, max(1, limit // len(lanes))) for lane in lanes]
        fair = dict(chain.from_iterable(shares))
        for id, at in found:
            if len(fair) < limit:
                fair[id] = at
        return sorted(fair.items(), key=lambda timer: timer[1])

    async def _due(
        self, whose: Raw, until: datetime, limit: int, beyond: Beyond = THE_FIRST
    ) -> list[tuple[str, datetime]]:
        since, left_out = beyond
        wanted = {**whose, "next_due": {**ARMED, "$gte": since, "$lte": until}}
        index = BY_LANE if whose else BY_DATE
        found = (
            self._cases.find(wanted, {"next_due": 1}, hint=index)
            .sort("next_due", ASCENDING)
            .skip(left_out)
            .limit(limit)
        )
        return [(raw["_id"], raw["next_due"]) async for raw in found]

    async def _lanes(self, until: datetime) -> list[str]:
        """The lanes with something due, one seek each."""
        lanes: list[str] = []
        while True:
            after = {"lane": {"$gt": lanes[-1]} if lanes else {"$exists": True}}
            wanted = {**after, "next_due": {**ARMED, "$lte": until}}
            first = await self._cases.find_one(wanted, {"lane": 1}, sort=[("lane", ASCENDING)], hint=BY_LANE)
            if first is None:
                return lanes
            lanes.append(first["lane"])

    @reporting
    async def first_due(self) -> datetime | None:
        """The due date of the earliest timer (virtual); None without any. Raises Temporary."""
        first = await self._cases.find_one({"next_due": ARMED}, {"next_due": 1}, sort=BY_DATE, hint=BY_DATE)
        return None if first is None else first["next_due"]

    @reporting
    async def census(self) -> dict[tuple[str, ...], int]:
        """How many timers are armed of each stage: the whole index is read, and no document."""
        # With a bound for each field of the index, and none that asks whether it exists, no document has to be fetched.
        every = {"lane": {"$gte": ""}, "next_due": {"$gte": EARLIEST}, "stage": {"$gte": ""}}
        steps: list[Raw] = [{"$match": every}, {"$group": {"_id": "$stage", "count": {"$sum": 1}}}]
        found = await self._cases.aggregate(steps, hint=dict(BY_LANE))
        return {tuple(raw["_id"].split("/")): raw["count"] async for raw in found}

    @reporting
    async def parked(self, limit: int = 100) -> list[Document]:
        """The parked documents, the oldest first."""
        found = self._cases.find({"parked": {"$exists": True}}).sort("parked.since", ASCENDING).limit(limit)
        return [stored.read(raw, self._case_of(raw["_id"])) async for raw in found]

    @reporting
    async def waited(self, is_over: Callable[[str, datetime], bool], limit: int) -> list[str]:
        """The ids of documents in which something has waited for its case until then and that is over, oldest first."""
        wanted = {"wait_until": {"$exists": True}}
        found, over = self._cases.find(wanted, {"wait_until": 1}).sort("wait_until", ASCENDING), list[str]()
        async for raw in found:
            if len(over) < limit and is_over(raw["_id"], raw["wait_until"]):
                over.append(raw["_id"])
        return over

    @reporting
    async def remove_empty(self, until: datetime) -> None:
        """Remove documents in which nothing is left, if they were written before then and have had their say."""
        await self._cases.delete_many({"empty": {"$exists": True}, "unsaid": [], "sweep_at": {"$lte": until}})

    @reporting
    async def tally(self) -> dict[str, int]:
        """How many documents are parked, have something unsaid, wait, or are empty: only these are looked at."""
        # Without the hint the database reads every document: of a few indexes it cannot tell that they serve.
        return {
            state: await self._cases.count_documents({field: {"$exists": True}}, hint=index)
            for state, (field, index) in SELDOM.items()
        }

    @reporting
    async def counts(self, ids: Sequence[str]) -> dict[str, int]:
        """How much has been said of each of these subjects, as far as its document knows; all, where none can tell."""
        found: dict[str, int] = {}
        for n in range(0, len(ids), AT_ONCE):
            wanted = {"_id": {"$in": [*ids[n : n + AT_ONCE]]}}
            async for raw in self._cases.find(wanted, {"sequence": 1}):
                found[raw["_id"]] = raw["sequence"] if isinstance(raw.get("sequence"), int) else sys.maxsize
        return found

    @reporting
    async def size(self) -> int:
        """How many documents stand here."""
        return await self._cases.count_documents({})


def _update(s: Statement) -> UpdateMany | UpdateOne:
    return UpdateMany(s.chosen, s.pipeline) if s.many else UpdateOne(s.chosen, s.pipeline, upsert=s.upsert)
