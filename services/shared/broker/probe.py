"""The lag of this process, asked of the broker every few seconds over a connection of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from aiokafka import TopicPartition

from services.shared.broker.coverage import Coverage
from services.shared.broker.lag import LagMeter, Position
from services.shared.broker.transport import Inlet
from services.shared.watching.health import Health
from services.shared.watching.measures import Measures

EVERY_S = 5.0
UNCOVERED_EVERY_S = 0.5
"""How often the broker is asked while a partition has no owner."""
STUCK_S = 60.0
BLIND_S = 20.0


class Probe:
    """Asks the broker for owners and committed offsets, because a stuck consumer does not know that it is stuck."""

    def __init__(self, bootstrap: str, inlet: Inlet, coverage: Coverage, health: Health, measures: Measures) -> None:
        self._bootstrap, self._inlet, self._coverage = bootstrap, inlet, coverage
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
            await asyncio.sleep(UNCOVERED_EVERY_S)

    async def _with_clients(self) -> None:
        async with LagMeter(self._bootstrap) as meter:
            while True:
                await asyncio.wait_for(self._probe(meter), 15)
                await asyncio.sleep(EVERY_S if self._coverage.is_whole else UNCOVERED_EVERY_S)

    async def _probe(self, meter: LagMeter) -> None:
        await self._coverage.look(meter.admin)
        mine = {TopicPartition(tp.topic, tp.partition) for tp in self._inlet.owned()}
        # Nobody else tells how much lies where nobody reads.
        positions = await meter.of_partitions(self._inlet.group, mine | self._coverage.unowned)
        self._seen = time.monotonic()
        self._health.have("broker")
        self._tell(positions)
        # What is not read on stands still because it was stopped.
        self._judge({tp: positions[tp] for tp in mine - self._inlet.held.partitions})

    def _tell(self, positions: Mapping[TopicPartition, Position]) -> None:
        # A partition that another process owns now must not keep the last lag it had here.
        self._measures.lag.clear()
        for tp, at in positions.items():
            self._measures.lag.labels(self._measures.service, tp.topic, str(tp.partition)).set(at.left)

    def _judge(self, positions: Mapping[TopicPartition, Position]) -> None:
        stuck, self._still = [], {tp: known for tp, known in self._still.items() if tp in positions}
        for tp, at in positions.items():
            offset, since = self._still.get(tp, (at.settled, self._seen))
            self._still[tp] = (at.settled, self._seen if not at.left or offset != at.settled else since)
            if self._seen - self._still[tp][1] > STUCK_S:
                stuck.append(f"{tp.topic}-{tp.partition} at {at.settled} of {at.end}")
        if stuck:
            self._health.wrong["consumer"] = f"stands still for more than {STUCK_S:.0f} s: {', '.join(stuck)}"
        else:
            self._health.wrong.pop("consumer", None)
