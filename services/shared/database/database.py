"""One service's database: its connection, and what it keeps beside documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bson.codec_options import CodecOptions, DatetimeConversion
from pymongo import AsyncMongoClient, WriteConcern

from services.shared.database.errors import reporting
from services.shared.database.stored import Raw
from services.shared.timing.clock import Clock

DURABLE = WriteConcern("majority", j=True)
LAZY = WriteConcern(1, j=False)


class Database:
    """Packs, the clock record, which broker belongs to it, how far the log is read. Any method may raise Temporary."""

    def __init__(self, uri: str, service: str) -> None:
        # After an unknown outcome the loop reloads the document, so the server need not record writes for a retry.
        self._client: AsyncMongoClient[Raw] = AsyncMongoClient(uri, serverSelectionTimeoutMS=5000, retryWrites=False)
        # A date outside the years 1 to 9999 would else fail the whole batch in which its document is read.
        dates = DatetimeConversion.DATETIME_AUTO
        codec: CodecOptions[Raw] = CodecOptions(tz_aware=True, tzinfo=UTC, datetime_conversion=dates)
        self.database = self._client.get_database(f"closedloop_{service}", codec_options=codec)
        self._policies = self.database.get_collection("policies", write_concern=DURABLE)
        self._clock = self._client.get_database("closedloop").get_collection("clock")
        self._installation = self.database.get_collection("installation", write_concern=DURABLE)
        self._progress = self.database.get_collection("progress", write_concern=LAZY)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    @reporting
    async def now(self) -> datetime:
        """The database server's time: the real time that all processes share."""
        hello: Raw = await self.database.command("hello", codec_options=self.database.codec_options)
        return hello["localTime"]  # type: ignore[no-any-return]

    @reporting
    async def packs(self) -> list[tuple[str, str, int]]:
        """The policy packs that this service keeps: hash, JSON and order of publication."""
        return [(raw["_id"], raw["pack"], raw["order"]) async for raw in self._policies.find()]

    @reporting
    async def keep_pack(self, hash: str, pack: str, order: int) -> None:
        """Keep a policy pack, for this service's processes that start without the broker."""
        await self._policies.update_one({"_id": hash}, {"$set": {"pack": pack, "order": order}}, upsert=True)

    @reporting
    async def clock(self) -> Clock | None:
        """The one clock record of this data directory; None until it is written."""
        record = await self._clock.find_one({"_id": "clock"})
        return None if record is None else Clock.of(record)

    @reporting
    async def mark(self) -> dict[str, str] | None:
        """The broker that this database belongs to, and the database's own name; None until they are recorded."""
        found = await self._installation.find_one({"_id": "mark"})
        return None if found is None else {"cluster": found["cluster"], "database": found["database"]}

    @reporting
    async def keep_first_mark(self, cluster: str, database: str) -> dict[str, str]:
        """Remember the broker to which this database belongs; returns the one that was remembered first."""
        mark = {"cluster": cluster, "database": database}
        stands = await self._installation.find_one_and_update(
            {"_id": "mark"}, {"$setOnInsert": mark}, upsert=True, return_document=True
        )
        assert stands is not None, "an upsert returns what it has left"
        return {name: stands[name] for name in mark}

    @reporting
    async def keep_mark(self, cluster: str, database: str) -> None:
        """Remember to which broker this database belongs, and not how far any log was read before."""
        mark = {"cluster": cluster, "database": database}
        # Where reading has stopped is told by offsets of the log before, too.
        await self.database.get_collection("stops").delete_many({})
        await self._installation.replace_one({"_id": "mark"}, mark, upsert=True)

    @reporting
    async def keep_reach(self, reach: Mapping[int, int]) -> None:
        """Remember up to which offset each partition of the facts has been read at least."""
        furthest = {f"reach.{partition}": offset for partition, offset in reach.items()}
        await self._installation.update_one({"_id": "mark"}, {"$max": furthest})

    @reporting
    async def reach(self) -> dict[int, int]:
        """Up to which offset each partition of the facts has been read, as far as that is known."""
        found = await self._installation.find_one({"_id": "mark"}) or {}
        return {int(partition): offset for partition, offset in found.get("reach", {}).items()}

    @reporting
    async def tell_read_until(self, process: str, read: Mapping[int, datetime], now: datetime) -> None:
        """Publish up to which append time this process has decided each partition it owns: never later than `now`."""
        # A host whose clock is fast and that dies would leave its partitions read for as long as it was ahead.
        report = {"decided": {str(p): min(at, now) for p, at in read.items()}, "at": now}
        await self._progress.replace_one({"_id": process}, report, upsert=True)

    @reporting
    async def read_until(self) -> dict[int, datetime]:
        """The furthest append time that any process has told, by partition."""
        furthest: dict[int, datetime] = {}
        async for report in self._progress.find():
            for partition, at in report["decided"].items():
                furthest[int(partition)] = max(at, furthest.get(int(partition), at))
        return furthest
