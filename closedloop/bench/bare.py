"""The least that any such service does, with the same clients: consume, decode, store, encode, produce, commit.

`python -m closedloop.bench.bare KAFKA MONGODB COUNT` prints its CPU and real seconds as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from aiokafka import AIOKafkaConsumer
from pymongo import AsyncMongoClient, ReplaceOne, WriteConcern

from closedloop.bench.backlog import received, said_about
from closedloop.bench.stand import SOURCE, pack
from schemas.envelope import encode, read_fact
from schemas.topics import COMPLAINTS, RECEIPTS
from services.shared.broker.fetching import IN_MASSES
from services.shared.broker.publisher import new_producer
from services.shared.loop.work import BATCH

PREFETCH_S = 1.0
"""A service has fetched what its buffers hold before its clock is started; so has this."""


async def run(kafka: str, mongodb: str, count: int) -> dict[str, float]:
    """Work off the backlog; what is said has router's own bodies, composed once and encoded each time."""
    consumer: Any = AIOKafkaConsumer(
        COMPLAINTS.name,
        bootstrap_servers=kafka,
        group_id="bare",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=IN_MASSES.wait_ms,
        fetch_min_bytes=IN_MASSES.least_bytes,
    )
    producer = new_producer(kafka)
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongodb)
    documents = client.bare.get_collection("cases", write_concern=WriteConcern("majority", j=True))
    await consumer.start()
    await producer.start()
    await asyncio.sleep(PREFETCH_S)
    cpu, real = time.process_time(), time.monotonic()
    await _worked_off(consumer, producer, documents, count)
    spent = {"cpu_s": time.process_time() - cpu, "real_s": time.monotonic() - real}
    await consumer.stop()
    await producer.stop()
    await client.close()
    return spent


async def _worked_off(consumer: Any, producer: Any, documents: Any, count: int) -> None:
    said, topic, done = said_about(received(0, pack().hash)), RECEIPTS.of(SOURCE), 0
    while done < count:
        polled = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
        facts = [read_fact(r.headers, r.value)[0] for records in polled.values() for r in records]
        if not facts:
            continue
        writes = [ReplaceOne({"_id": fact.about}, {"case": fact.model_dump()}, upsert=True) for fact in facts]
        await documents.bulk_write(writes, ordered=False)
        messages = [
            encode(body, topic=topic, subject=fact.about, service="bare", sequence=n, at=fact.at, cause=fact.about)
            for fact in facts
            for n, body in enumerate(said, start=1)
        ]
        sent = [await producer.send(m.topic, m.value, m.key_bytes, headers=list(m.headers)) for m in messages]
        await asyncio.gather(*sent)
        await consumer.commit()
        done += len(facts)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3])))))
