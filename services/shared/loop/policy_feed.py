"""The feed of policy packs: read from their topic, kept in the service's database."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from schemas.policy import PolicyPack
from schemas.topics import POLICIES
from services.shared.broker.following import follow
from services.shared.broker.wire import Damaged
from services.shared.database.store import Store
from services.shared.machine.failures import Temporary
from services.shared.machine.policies import PolicyBook

log = structlog.get_logger()


class PolicyFeed:
    """Tells a book which packs there are. A process without Kafka learns what its service's other process keeps."""

    def __init__(self, book: PolicyBook, store: Store) -> None:
        self._book, self._store = book, store

    async def reload(self) -> None:
        """Learn what this service's database keeps."""
        for hash, pack, order in await self._store.packs():
            if self._book.is_news(hash, order) and (readable := self._read(hash, pack, order)) is not None:
                self._book.learn(hash, readable, order)

    async def keep_reloading(self, every_s: float = 1.0) -> None:
        """For a process without Kafka: follow what the service's other process keeps."""
        while True:
            with suppress(Temporary):
                await self.reload()
            await asyncio.sleep(every_s)

    async def follow(self, bootstrap: str) -> None:
        """Read the topic for ever, from its beginning; what is learnt is kept."""
        async for record in follow(bootstrap, POLICIES.name):
            if isinstance(record, Damaged):
                log.error("an unreadable policy record was passed over", offset=record.offset, problem=record.why)
            elif record.value is not None:
                await self._keep((record.key or b"").decode(errors="replace"), record.value, record.offset)

    def _read(self, hash: str, value: str | bytes, order: int) -> PolicyPack | None:
        try:
            return PolicyPack.model_validate_json(value)
        except ValueError as problem:
            log.error("an unreadable policy pack was passed over", policy=hash, problem=str(problem)[:500])
            self._book.pass_over(hash, order)
            return None

    async def _keep(self, hash: str, value: bytes, order: int) -> None:
        pack = self._read(hash, value, order)
        if pack is None:
            return
        self._book.learn(hash, pack, order)
        await self._store.keep_pack(hash, value.decode(), order)
        log.info("policy learnt", policy=hash, name=pack.name, version=pack.version)
