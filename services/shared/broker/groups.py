"""Reads and changes consumer groups; a broker that has only just started is asked again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from typing import Any, TypeVar

from kafka import KafkaAdminClient
from kafka import TopicPartition as TopicPartition
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaError,
    NoError,
    NotCoordinatorError,
    for_code,
)
from kafka.structs import OffsetAndMetadata as OffsetAndMetadata

YOUNG = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)
"""Errors of a broker that does not know its groups yet, or no longer."""
UNKNOWN = 69
"""The code for a group of which the broker knows nothing; such a group has no members."""
YOUNG_S, PAUSE_S = 60.0, 0.5
R = TypeVar("R")


def silent(line: str) -> None:
    """For whoever asks without anybody who reads."""


def asked(
    kafka: str, question: Callable[[Any], R], say: Callable[[str], None] = silent, within_s: float = YOUNG_S
) -> R:
    """The answer of an administrator's client. A broker that is still starting is asked again for a minute.

    Raises kafka.errors.KafkaError.
    """

    def attempt() -> R:
        # Each time a new one: a client remembers who was the coordinator.
        with closing(KafkaAdminClient(bootstrap_servers=kafka.split(","))) as admin:
            return question(admin)

    return once_ready(attempt, say, within_s)


def once_ready(attempt: Callable[[], R], say: Callable[[str], None] = silent, within_s: float = YOUNG_S) -> R:
    """Repeat a question to a broker that is still starting. Raises its last error after so many seconds."""
    deadline, told = time.monotonic() + within_s, False
    while True:
        try:
            return attempt()
        except YOUNG as error:
            if time.monotonic() >= deadline:
                raise type(error)(f"the broker knew no group for {within_s:g} s: {error}") from error
        if not told:
            say(f"the broker has only just begun and knows no groups yet: asked again, for at most {within_s:g} s")
            told = True
        time.sleep(PAUSE_S)


def members(admin: Any, group: str) -> list[Mapping[str, Any]]:
    """The members of a group. Raises KafkaError for an answer that is an error: it looks like an empty group."""
    found = admin.describe_groups([group])[group]
    if found["error"]:
        code = int(match[1]) if (match := re.match(r"\[Error (\d+)\]", found["error"])) else -1
        if code != UNKNOWN:
            raise for_code(code)(f"group {group}")
    return list(found["members"])


def left(admin: Any, group: str, within_s: float) -> list[Mapping[str, Any]]:
    """The members that are still in a group after so many seconds; returns at once when the group is empty."""
    deadline = time.monotonic() + within_s
    while (found := members(admin, group)) and time.monotonic() < deadline:
        time.sleep(PAUSE_S)
    return found


def offsets(
    admin: Any, group: str, partitions: Iterable[TopicPartition] | None = None
) -> Mapping[TopicPartition, OffsetAndMetadata]:
    """Up to where a group has acknowledged these partitions, or all of them."""
    wanted = None if partitions is None else list(partitions)
    found: Mapping[TopicPartition, OffsetAndMetadata] = admin.list_group_offsets({group: wanted})[group]
    return found


def set_offsets(admin: Any, group: str, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
    """Set the committed offsets of a group. Raises the first KafkaError among the answers for its partitions."""
    refused = {
        partition: error
        for partition, error in admin.alter_group_offsets(group, dict(offsets)).items()
        if error is not NoError
    }
    for partition, error in refused.items():
        kind = error if issubclass(error, KafkaError) else KafkaError
        raise kind(f"the offsets of group {group} are not set: {partition.topic}-{partition.partition}")
