"""A reader who keeps the last message of each order on every queue, and what router's own documents say of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from kafka import TopicPartition
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from closedloop import wire
from schemas.policy import PolicyPack
from schemas.topics import QUEUE
from services.router.ledger import orders
from services.router.model import Case
from services.shared.database import stored
from tests.story.queue_client import client

SAMPLE = 100


class Stand(NamedTuple):
    """How router had the orders about a complaint when it had said so much about it and nothing waited to be said."""

    complaint: str
    said: int
    orders: Mapping[str, str]


class Documents:
    """Looks into router's database as it stands; sees nothing where it is away."""

    def __init__(self, uri: str, policy: PolicyPack) -> None:
        self._client: MongoClient[dict[str, Any]] = MongoClient(uri, tz_aware=True, serverSelectionTimeoutMS=2_000)
        self._policy = policy
        self.seen: dict[tuple[str, int], Stand] = {}

    def look(self) -> None:
        """Note how some complaints stand."""
        try:
            for raw in self._cases.aggregate([{"$match": {"unsaid": []}}, {"$sample": {"size": SAMPLE}}]):
                stand = self._stand(raw)
                self.seen[stand.complaint, stand.said] = stand
        except PyMongoError:
            return

    def all(self) -> Iterator[Stand]:
        """How every complaint stands. Raises pymongo's PyMongoError."""
        return (self._stand(raw) for raw in self._cases.find())

    def close(self) -> None:
        """Leave the database."""
        self._client.close()

    @property
    def _cases(self) -> Any:
        return self._client["closedloop_router"]["cases"]

    def _stand(self, raw: dict[str, Any]) -> Stand:
        document = stored.read(raw, Case)
        held = orders(document.case, self._policy)
        return Stand(document.id, document.sequence, {order.id(document.id): order.state for order in held.values()})


class Queues:
    """Everything that stands on the queues, by complaint, each queue from its offset 0 to its end."""

    def __init__(self, kafka: str, departments: Iterable[str]) -> None:
        self.records = defaultdict[str, list[tuple[int, Any]]](list)
        with closing(wire.consumer(kafka, auto_offset_reset="earliest", max_poll_records=5_000)) as consumer:
            partitions = [TopicPartition(QUEUE.of(name), 0) for name in departments]
            consumer.assign(partitions)
            ends = consumer.end_offsets(partitions)
            while any(consumer.position(p) < end for p, end in ends.items()):
                for found in consumer.poll(timeout_ms=1_000).values():
                    for record in found:
                        self._take(record)

    def _take(self, record: Any) -> None:
        number = int(dict(record.headers).get("ce_sequence", b"0"))
        self.records[record.key.decode().split("/")[0]].append((number, record))

    def last(self, complaint: str, up_to: int | None = None) -> dict[str, str]:
        """The state of each order about it, for whoever keeps nothing but its last message."""
        reader = client()
        for number, record in self.records[complaint]:
            if up_to is None or number <= up_to:
                reader.hear(record)
        return {id: order["state"] for id, (_, order) in reader.last.items()}


def disagreements(queues: Queues, stands: Iterable[Stand]) -> Iterator[str]:
    """Where the last messages and router's documents differ; what a document has forgotten must be over."""
    for stand in stands:
        known = queues.last(stand.complaint, stand.said)
        wrong = {id: (state, known.get(id)) for id, state in stand.orders.items() if known.get(id) != state}
        ghosts = [id for id, state in known.items() if state == "open" and id not in stand.orders]
        if wrong or ghosts:
            yield f"{stand.complaint} at {stand.said}: (document, queue) {wrong}, open on a queue alone {ghosts}"
