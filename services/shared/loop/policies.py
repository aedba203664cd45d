"""The policy packs a process knows: read from their topic, kept in the database, handed to rules as values."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from aiokafka import AIOKafkaConsumer

from schemas.policy import PolicyPack
from schemas.topics import POLICIES
from services.shared.broker.wire import Damaged
from services.shared.database.store import Store
from services.shared.machine.failures import NotYet, Temporary
from services.shared.timing.worktime import Calendar

AHEAD = timedelta(days=366)
"""Which dates are made now: in so much time the year after this one has begun in any case."""
log = structlog.get_logger()


class PolicyBook:
    """Packs by content hash, and which pack a new case gets: the one its source is bound to, else the newest."""

    def __init__(self, store: Store | None = None, bindings: Mapping[str, str] | None = None) -> None:
        self._store, self._bindings = store, bindings or {}
        self._packs: dict[str, PolicyPack] = {}
        self._heard: dict[str, int] = {}
        self._newest: tuple[int, str] = (-1, "")
        self._staff: dict[str, tuple[int, PolicyPack]] = {}

    @property
    def known(self) -> bool:
        """Whether there is any pack: without one no service is ready."""
        return bool(self._packs)

    def pack(self, hash: str) -> PolicyPack:
        """The pack with this content hash; raises NotYet."""
        if hash not in self._packs:
            raise NotYet(f"policy {hash} has not arrived")
        return self._packs[hash]

    def bound_to(self, source: str) -> PolicyPack:
        """The pack for a new case from this source; raises NotYet."""
        return self.pack(self._bindings.get(source, self._newest[1]))

    def hash_for(self, source: str) -> str:
        """The hash of `bound_to`."""
        return self._bindings.get(source, self._newest[1])

    def learn(self, hash: str, pack: PolicyPack, order: int) -> None:
        """Know a pack; the one of the highest order is the newest.

        Rules stay as they were when a case began, people do not: every pack of a name has the newest one's.
        """
        if hash in self._packs and not self._is_news(hash, order):
            return
        self._heard[hash] = order
        self._newest = max(self._newest, (order, hash))
        staffed_by = self._staff.get(pack.name)
        if staffed_by is not None and order <= staffed_by[0]:
            self._packs[hash] = pack.staffed_as(staffed_by[1])
            return
        self._staff[pack.name] = order, pack
        self._packs[hash] = pack
        for known, old in self._packs.items():
            if old.name == pack.name:
                self._packs[known] = old.staffed_as(pack)

    def _is_news(self, hash: str, order: int) -> bool:
        """Whether a pack has not been heard of, or has been published again since (an unreadable one is heard once)."""
        return order > self._heard.get(hash, -1)

    def unofficial_years(self, now: datetime) -> set[tuple[str, int]]:
        """Of which calendars the authority has not published the holidays of which years, from now (virtual) on."""
        named = (row for pack in self._packs.values() for row in pack.calendars.items())
        return {(name, year) for name, spec in named for year in Calendar(spec).unofficial_years(now, now + AHEAD)}

    async def reload(self) -> None:
        """Learn what this service's database keeps."""
        assert self._store is not None
        for hash, pack, order in await self._store.packs():
            if self._is_news(hash, order) and (readable := self._read(hash, pack, order)) is not None:
                self.learn(hash, readable, order)

    async def keep_reloading(self, every_s: float = 1.0) -> None:
        """For a process without Kafka: follow what the service's other process keeps."""
        while True:
            with suppress(Temporary):
                await self.reload()
            await asyncio.sleep(every_s)

    async def follow(self, bootstrap: str) -> None:
        """Read the topic for ever, from its beginning; what is learnt is kept."""
        consumer = AIOKafkaConsumer(
            POLICIES.name,
            bootstrap_servers=bootstrap,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
        )
        await consumer.start()
        try:
            async for record in consumer:
                if isinstance(record, Damaged):
                    log.error("an unreadable policy record was passed over", offset=record.offset, problem=record.why)
                elif record.value is not None:
                    await self._keep((record.key or b"").decode(errors="replace"), record.value, record.offset)
        finally:
            await consumer.stop()

    def _read(self, hash: str, value: str | bytes, order: int) -> PolicyPack | None:
        try:
            return PolicyPack.model_validate_json(value)
        except ValueError as problem:
            log.error("an unreadable policy pack was passed over", policy=hash, problem=str(problem)[:500])
            self._heard[hash] = order
            return None

    async def _keep(self, hash: str, value: bytes, order: int) -> None:
        pack = self._read(hash, value, order)
        if pack is None:
            return
        self.learn(hash, pack, order)
        if self._store is not None:
            await self._store.keep_pack(hash, value.decode(), order)
        log.info("policy learnt", policy=hash, name=pack.name, version=pack.version)
