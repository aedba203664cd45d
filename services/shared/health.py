"""Whether a process is alive and ready: a stuck consumer is found by asking the broker, not the process itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from services.shared.measures import Measures

EVERY_S = 5.0
STUCK_S = 60.0
BLIND_S = 20.0


class Health:
    """What is missing for readiness, in words, and what is wrong with life."""

    def __init__(self) -> None:
        self.missing: dict[str, str] = {}
        self.wrong: dict[str, str] = {}

    def need(self, part: str, why: str) -> None:
        """The process is not ready because of this part."""
        self.missing[part] = why

    def have(self, part: str) -> None:
        """This part is there."""
        self.missing.pop(part, None)


class LagProbe:
    """Asks the broker every 5 s, on a connection of its own, how far this process's partitions are committed."""

    def __init__(self, group: str, bootstrap: str, owned: Callable[[], set[Any]], health: Health, measures: Measures):
        self._group, self._bootstrap, self._owned = group, bootstrap, owned
        self._health, self._measures = health, measures
        self._still: dict[TopicPartition, tuple[int, float]] = {}
        self._seen = time.monotonic()

    async def run(self) -> None:
        """Probe for ever; a broker that does not answer makes the process not ready, never dead."""
        while True:
            try:
                await self._with_clients()
            except Exception:  # whatever the clients raise while the broker is away
                if time.monotonic() - self._seen > BLIND_S:
                    self._health.need("broker", "has not answered for 20 s")
            await asyncio.sleep(EVERY_S)

    async def _with_clients(self) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap, request_timeout_ms=5000)
        ends = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, request_timeout_ms=5000)
        try:
            await admin.start()
            await ends.start()
            while True:
                await asyncio.wait_for(self._probe(admin, ends), 15)
                await asyncio.sleep(EVERY_S)
        finally:
            await ends.stop()
            await admin.close()

    async def _probe(self, admin: Any, ends: Any) -> None:
        mine = [TopicPartition(tp.topic, tp.partition) for tp in self._owned()]
        done = {tp: o.offset for tp, o in (await admin.list_consumer_group_offsets(self._group)).items()}
        last = await ends.end_offsets(mine) if mine else {}
        first = await ends.beginning_offsets(mine) if mine else {}
        self._seen = time.monotonic()
        self._health.have("broker")
        self._judge({tp: (max(done.get(tp, -1), first[tp]), last[tp]) for tp in mine})

    def _judge(self, positions: dict[TopicPartition, tuple[int, int]]) -> None:
        if positions:
            self._health.have("partitions")
        else:
            self._health.need("partitions", "none is assigned to this process")
        # A partition that another process owns now must not keep the last lag it had here.
        self._measures.lag.clear()
        stuck = []
        for tp, (committed, end) in positions.items():
            self._measures.lag.labels(self._measures.service, tp.topic, str(tp.partition)).set(end - committed)
            offset, since = self._still.get(tp, (committed, self._seen))
            self._still[tp] = (committed, self._seen if end <= committed or offset != committed else since)
            if self._seen - self._still[tp][1] > STUCK_S:
                stuck.append(f"{tp.topic}-{tp.partition} at {committed} of {end}")
        if stuck:
            self._health.wrong["consumer"] = f"stands still for more than {STUCK_S:.0f} s: {', '.join(stuck)}"
        else:
            self._health.wrong.pop("consumer", None)
