"""A worker for the transport's contract: it notes what it handles in a file, and can be slow, forgetful or stuck.

`python -m tests.integration.reader <bootstrap> <group> <topic> <notes> [--pause-ms N] [--hold VALUE] [--hang VALUE]
[--name INSTANCE] [--host-ahead-s N] [--says VALUE] [--in-vain]`; each line of the
notes is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from services.shared.broker.appended import OwnRecords
from services.shared.broker.publisher import new_producer
from services.shared.broker.transport import Consumer, Inlet
from services.shared.machine.letters import Origin

STOP_S = 2.0
shared_time = time.time
"""The time that all processes share, whatever this host's own clock shows."""


class Reader:
    """Handles records one by one and settles each batch after its last, unless told otherwise."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self._asked = asked
        self._notes = os.open(asked.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._own = OwnRecords()
        self.inlet = Inlet(asked.group, asked.bootstrap, [asked.topic], self._feed, asked.name, self._own)

    def note(self, **what: Any) -> None:
        os.write(self._notes, json.dumps({"by": os.getpid(), **what}).encode() + b"\n")

    async def run(self) -> None:
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
        self.note(what="joining")
        await self._start()
        if self._asked.says:
            await self._say(self._asked.says.encode())
        while not stopping.is_set():
            owned = sorted(tp.partition for tp in self.inlet.owned())
            self.note(what="state", owned=owned, decided=await self._decided())
            await asyncio.wait({asyncio.create_task(stopping.wait())}, timeout=0.1)
        self.note(what="stopped", clean=await self.inlet.stop(STOP_S))

    async def _start(self) -> None:
        while True:
            try:
                return await self.inlet.start()
            except Exception as absent:
                self.note(what="waiting", problem=repr(absent))
                await asyncio.sleep(0.2)

    def fetch_in_vain(self) -> None:
        """What the first fetch brings is dropped, as when the group is dealt out between fetching and handing on."""
        fetch = Consumer._wait_next_records

        async def dropped(consumer: Consumer, timeout: float) -> Any:  # noqa: ASYNC109 - Faust's signature
            found, active = await fetch(consumer, timeout)
            if found and any(found.values()):
                Consumer._wait_next_records = fetch
                self.note(what="in vain")
                await consumer.perform_seek()
                return {}, active
            return found, active

        Consumer._wait_next_records = dropped

    async def _say(self, value: bytes) -> None:
        """Appends it to partition 0 itself."""
        producer = new_producer(self._asked.bootstrap)
        await producer.start()
        self._own.add(await producer.send_and_wait(self._asked.topic, value, partition=0))
        await producer.stop()

    async def _decided(self) -> dict[int, float]:
        decided = await self.inlet.read_until(self._asked.topic, datetime.fromtimestamp(shared_time(), UTC))
        return {partition: at.timestamp() for partition, at in decided.items()}

    async def _feed(self, records: list[Origin], settled: Callable[[], None]) -> list[Origin]:
        values = [(record.value or b"").decode() for record in records]
        self.note(what="batch", partition=records[0].partition, first=records[0].offset, last=records[-1].offset)
        for record, value in zip(records, values, strict=True):
            if self._asked.pause_ms:
                await asyncio.sleep(self._asked.pause_ms / 1000)
            if value == self._asked.hang:
                await asyncio.Event().wait()
            self.note(what="handled", partition=record.partition, offset=record.offset, value=value)
        if self._asked.hold not in values:
            settled()
        return []


async def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("bootstrap", "group", "topic", "notes"):
        parser.add_argument(name)
    parser.add_argument("--pause-ms", type=float, default=0)
    parser.add_argument("--host-ahead-s", type=float, default=0)
    parser.add_argument("--in-vain", action="store_true")
    for name in ("--hold", "--hang", "--name", "--says"):
        parser.add_argument(name)
    asked = parser.parse_args()
    time.time = lambda: shared_time() + asked.host_ahead_s
    reader = Reader(asked)
    if asked.in_vain:
        reader.fetch_in_vain()
    await reader.run()
    # What hangs would keep asyncio.run from returning.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
