"""Topics as the table says: created where they are missing, compared where they exist, by kafka-python's client."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import TopicAlreadyExistsError

from schemas.topics import Topic

REPLICAS = -1
"""How many replicas a topic gets: the cluster's `default.replication.factor`, as its operators have set it."""
CHECKED = ("retention.ms", "cleanup.policy", "message.timestamp.type", "max.message.bytes")


class Mismatch(Exception):
    """A topic differs from the table, or is missing; the text is one clear line."""


def wanted_config(row: Topic) -> dict[str, str]:
    """The configuration of a topic by the table; every record has the broker's append time."""
    values = (str(row.retention_ms), row.cleanup, "LogAppendTime", str(row.max_bytes))
    return dict(zip(CHECKED, values, strict=True))


def apply(bootstrap: str, wanted: Mapping[str, Topic]) -> list[str]:
    """Create what is missing; returns the names created. Raises Mismatch for what exists and differs."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        there = set(admin.list_topics())
        missing = {name: row for name, row in wanted.items() if name not in there}
        _create(admin, missing)
        _compare(admin, {name: row for name, row in wanted.items() if name in there})
        return sorted(missing)
    finally:
        admin.close()


def check(bootstrap: str, fixed: Mapping[str, Topic], families: tuple[Topic, ...]) -> list[str]:
    """The members of these families that exist and are as the table says. Raises Mismatch for the fixed topics alone.

    What somebody has made beside us is no reason to end a service that others need.
    """
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        there = set(admin.list_topics())
        absent = sorted(set(fixed) - there)
        if absent:
            raise Mismatch(f"missing topics: {', '.join(absent)} (closedloop up creates them)")
        members = {name: row for row in families for name in there if row.member(name) is not None}
        _compare(admin, fixed)
        return sorted(set(members) - set(_differing(admin, members)))
    finally:
        admin.close()


def differing(bootstrap: str, topics: Mapping[str, Topic]) -> dict[str, str]:
    """The topics that differ from the table, each with its differences in words; missing topics are left out."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        there = set(admin.list_topics())
        return _differing(admin, {name: row for name, row in topics.items() if name in there})
    finally:
        admin.close()


def _create(admin: Any, missing: Mapping[str, Topic]) -> None:
    new = {
        name: {"num_partitions": row.partitions, "replication_factor": REPLICAS, "configs": wanted_config(row)}
        for name, row in missing.items()
    }
    if new:
        # Somebody else may provision at the same time: the comparison at the services' start decides.
        with suppress(TopicAlreadyExistsError):
            admin.create_topics(new, wait_for_metadata=True)


def _compare(admin: Any, topics: Mapping[str, Topic]) -> None:
    if found := _differing(admin, topics):
        raise Mismatch("; ".join(f"{name} {what}" for name, what in found.items()))


def _differing(admin: Any, topics: Mapping[str, Topic]) -> dict[str, str]:
    if not topics:
        return {}
    partitions = {t["name"]: len(t["partitions"]) for t in admin.describe_topics(list(topics))}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
    # All of them: by itself the client leaves out what the broker gives a topic that was made without it.
    configs = admin.describe_configs(asked, config_filter="all")["topic"]
    differ = {}
    for name, row in topics.items():
        found = {key: entry["value"] for key, entry in configs[name].items()}
        wanted = {"partitions": str(row.partitions), **wanted_config(row)}
        found["partitions"] = str(partitions[name])
        faults = [f"{key}={found.get(key)}, not {v}" for key, v in wanted.items() if found.get(key) != v]
        if faults:
            differ[name] = f"has {'; '.join(faults)}"
    return differ
