"""The running system seen from outside: it sends records, and reads topics and metrics."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer
from kafka import KafkaProducer, TopicPartition
from prometheus_client.parser import text_string_to_metric_families

from closedloop import wire
from closedloop.dead_letters import letters
from closedloop.dead_letters.letters import Letter
from closedloop.stack import Stack
from schemas.edges import Notice, Receipt, WorkOrder
from schemas.envelope import Unreadable, complaint_id, read_fact, text_header, type_of
from schemas.topics import COMPLAINTS, QUEUE, RECEIPTS, REPLIES, SUBMISSIONS
from tests.eventually import eventually


@dataclass
class Outside:
    """Everybody who is not one of the services."""

    stack: Stack
    _producer: KafkaProducer = field(init=False)

    def __post_init__(self) -> None:
        # Compressed, a record may be far larger than what its topic takes.
        self._producer = KafkaProducer(
            bootstrap_servers=self.stack.endpoints.kafka, acks="all", compression_type="gzip", max_request_size=2**24
        )

    def close(self) -> None:
        self._producer.close(timeout=60)

    def sends(
        self, topic: str, value: bytes | dict[str, Any] | None, headers: Iterable[tuple[str, Any]] = (), key: Any = None
    ) -> int:
        """A record is on a topic; returns its offset."""
        raw = json.dumps(value).encode() if isinstance(value, dict) else value
        if any(content is None for _, content in headers):
            return asyncio.run(self._sends_bare(topic, raw, list(headers), key))
        sent = self._producer.send(topic, raw, key=key, headers=list(headers))
        return int(sent.get(timeout=150).offset)

    def sends_soon(self, topic: str, value: dict[str, Any]) -> None:
        """One of many: the broker has it when the next `sends` returns."""
        self._producer.send(topic, json.dumps(value).encode())

    async def _sends_bare(self, topic: str, value: bytes | None, headers: list[tuple[str, Any]], key: Any) -> int:
        """kafka-python refuses to send a header without a value; Kafka and other clients do not."""
        async with AIOKafkaProducer(bootstrap_servers=self.stack.endpoints.kafka) as producer:
            return int((await producer.send_and_wait(topic, value, key, headers=headers)).offset)

    def complaint(self, number: str, category: str = "water/leak") -> str:
        """A complaint over the app has reached its department; returns its id."""
        self.sends(SUBMISSIONS.of("app"), {"id": number, "subject": "it leaks", "category": category})
        id = complaint_id("app", number)
        eventually(lambda: self.facts(id, "ComplaintRouted"), within=30)
        return id

    def reply(self, department: str, complaint: str, reply: str, **fields: Any) -> None:
        answer = {"note": "it is mended"} if reply == "answered" else {}
        self.sends(REPLIES.of(department), {"complaint_id": complaint, "reply": reply, **answer, **fields})

    def records(self, topic: str) -> list[Any]:
        """Everything that stands on a topic."""
        consumer = wire.consumer(self.stack.endpoints.kafka)
        try:
            partitions = [TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic) or ()]
            ends = consumer.end_offsets(partitions)
            consumer.assign(partitions)
            consumer.seek_to_beginning(*partitions)
            found: list[Any] = []
            while any(consumer.position(partition) < ends[partition] for partition in partitions):
                found += [r for records in consumer.poll(timeout_ms=500).values() for r in records]
            return found
        finally:
            consumer.close()

    def facts(self, complaint: str, *names: str) -> list[Any]:
        """What was said about a complaint."""
        found: list[Any] = []
        for record in self.records(COMPLAINTS.name):
            with suppress(Unreadable):
                found += [read_fact(record.headers, record.value)[0]] if record.key == complaint.encode() else []
        return [fact for fact in found if not names or type(fact).__name__ in names]

    def receipts(self, source: str = "app") -> list[Receipt]:
        return [Receipt.model_validate_json(r.value) for r in self.records(RECEIPTS.of(source))]

    def orders(self, department: str) -> list[WorkOrder]:
        return [WorkOrder.model_validate_json(r.value) for r in self._told(department, WorkOrder)]

    def notices(self, department: str) -> list[Notice]:
        return [Notice.model_validate_json(r.value) for r in self._told(department, Notice)]

    def _told(self, department: str, model: type[Notice | WorkOrder]) -> list[Any]:
        return [r for r in self.records(QUEUE.of(department)) if text_header(r.headers, "ce_type") == type_of(model)]

    def letters(self, service: str) -> list[Letter]:
        return list(letters.read(self.stack.endpoints.kafka, service))

    def counted(self, process: str, metric: str, **labels: str) -> float:
        """A metric of one process, summed over the labels that are not named."""
        text = httpx.get(f"{self.stack.endpoints.http[process]}/metrics", timeout=60).text
        samples = (s for family in text_string_to_metric_families(text) for s in family.samples)
        return sum(s.value for s in samples if s.name == metric and labels.items() <= s.labels.items())
