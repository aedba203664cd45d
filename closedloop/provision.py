"""Prepares a cluster: topics as the table says, policy packs published, and the one clock record where time is bent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from pymongo import MongoClient

from closedloop.policies import load
from schemas.policy import PolicyPack
from schemas.refusals import because
from schemas.topics import COMPLAINTS, HTTP_SOURCE, POLICIES, RECEIPTS, SERVICES, SUBMISSIONS, names
from services.shared.broker.provisioning import apply
from services.shared.process.belonging import Mark, judged, look
from services.shared.timing.clock import Clock, from_ms

SOURCES = ("http", "app", "hotline", "web", "mail")
"""The upstream systems that have their topics from the start."""

LONGEST_SOURCE = 64

ACK_SECONDS = 30
"""How long the broker may take to say that it has a pack."""


def prepare(kafka: str, packs: Iterable[str | PolicyPack] = ("demo",), sources: Iterable[str] = SOURCES) -> None:
    """Create what topics are missing, and publish these packs where none has ever been published.

    Safe to repeat. Raises services.shared.broker.provisioning.Mismatch for topics that differ from the table.
    """
    loaded = [pack if isinstance(pack, PolicyPack) else load(pack) for pack in packs]
    apply(kafka, names(loaded, sources))
    if not _any_published(kafka):
        for pack in loaded:
            publish(pack, kafka)


def publish(pack: PolicyPack, kafka: str) -> tuple[int, int]:
    """Create the topics of the pack's departments, then publish it; returns partition and offset.

    Raises kafka.errors.KafkaError when the broker does not take it within ACK_SECONDS.
    """
    apply(kafka, names([pack], ()))
    producer = KafkaProducer(bootstrap_servers=kafka, acks="all")
    try:
        sent = producer.send(POLICIES.name, key=pack.hash.encode(), value=pack.model_dump_json().encode())
        acknowledged = sent.get(timeout=ACK_SECONDS)
        return acknowledged.partition, acknowledged.offset
    finally:
        producer.close(timeout=ACK_SECONDS)


def add_source(source: str, kafka: str) -> list[str]:
    """Create the topics of an upstream system; returns the names that were missing.

    Raises ValueError where no topic can be named so or the name is HTTP's own,
    services.shared.broker.provisioning.Mismatch for one that differs.
    """
    if source == HTTP_SOURCE:
        raise ValueError(because("not_your_topic.http").said("en"))
    if SUBMISSIONS.member(SUBMISSIONS.of(source)) is None or len(source) > LONGEST_SOURCE:
        raise ValueError(f"{source!r} is no name of a source: small letters, digits and -, at most {LONGEST_SOURCE}")
    return apply(kafka, {row.of(source): row for row in (SUBMISSIONS, RECEIPTS)})


def check_marks(kafka: str, mongodb: str) -> None:
    """Raises services.shared.process.belonging.Stranger where broker and databases do not belong together.

    Raises kafka.errors.KafkaError where the broker does not answer, or knows no groups for a minute.
    """
    client: MongoClient[dict[str, Any]] = MongoClient(mongodb)
    with client:
        for service in SERVICES:
            found = client.get_database(f"closedloop_{service}").installation.find_one({"_id": "mark"})
            mine = Mark(found["cluster"], found["database"]) if found else None
            judged(service, kafka, mine, look(kafka, service))


def start_clock(mongodb: str, v0: datetime, rate: float) -> Clock:
    """Write the one clock record: virtual time is `v0` now and runs at `rate`. A record that is there is kept."""
    client: MongoClient[dict[str, Any]] = MongoClient(mongodb, tz_aware=True, tzinfo=UTC)
    with client:
        database = client.get_database("closedloop")
        r0 = database.command("hello", codec_options=client.codec_options)["localTime"]
        database.clock.update_one({"_id": "clock"}, {"$setOnInsert": Clock(v0, r0, rate).as_json()}, upsert=True)
        return Clock.of(database.clock.find_one({"_id": "clock"}) or {})


def stop_clock(kafka: str, mongodb: str) -> Clock | None:
    """The clock of a data directory in which time was bent, standing still where its last fact was said.

    None where time is real. What has been stopped once stays so: nothing in it happens any more by itself.
    """
    client: MongoClient[dict[str, Any]] = MongoClient(mongodb, tz_aware=True, tzinfo=UTC)
    with client:
        records = client.get_database("closedloop").clock
        record = records.find_one({"_id": "clock"})
        if record is None:
            return None
        clock = Clock.of(record)
        if clock.until is None:
            clock = replace(clock, until=max(clock.v0, clock.virtual(_last_said(kafka) or clock.r0)))
            records.replace_one({"_id": "clock"}, clock.as_json())
        return clock


def _last_said(kafka: str) -> datetime | None:
    """When the broker appended the last fact of all."""
    consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    try:
        partitions = [TopicPartition(COMPLAINTS.name, n) for n in range(COMPLAINTS.partitions)]
        ends = {partition: end for partition, end in consumer.end_offsets(partitions).items() if end}
        consumer.assign([*ends])
        for partition, end in ends.items():
            consumer.seek(partition, end - 1)
        last: dict[TopicPartition, int] = {}
        while last.keys() != ends.keys():
            for partition, records in consumer.poll(timeout_ms=500).items():
                last[partition] = records[-1].timestamp
        return from_ms(max(last.values())) if last else None
    finally:
        consumer.close()


def _any_published(kafka: str) -> bool:
    consumer = KafkaConsumer(bootstrap_servers=kafka)
    try:
        partition = TopicPartition(POLICIES.name, 0)
        return bool(consumer.end_offsets([partition])[partition])
    finally:
        consumer.close()
