"""A broker that has only just begun knows no groups yet: it is asked again for a while, and what it refuses is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaError,
    NoError,
    NotCoordinatorError,
    UnknownMemberIdError,
)

from services.shared.broker import groups
from services.shared.broker.groups import members, once_ready, set_offsets

FACTS = TopicPartition("facts", 3)


class Broker:
    """Answers for groups with the same error each time, as kafka-python hands it on."""

    def __init__(self, error: type[KafkaError] | None) -> None:
        self.error = error

    def describe_groups(self, names: list[str]) -> dict[str, Any]:
        return {name: {"error": str(self.error()) if self.error else None, "members": []} for name in names}

    def alter_group_offsets(self, group: str, offsets: dict[TopicPartition, Any]) -> dict[TopicPartition, Any]:
        return dict.fromkeys(offsets, self.error or NoError)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "PAUSE_S", 0.0)


@pytest.mark.parametrize("young", [CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError])
def test_a_broker_that_has_only_just_begun_is_asked_again_and_that_is_said_once(young: type[KafkaError]) -> None:
    answers: Iterator[type[KafkaError] | None] = iter([young, young, None])
    said: list[str] = []

    found = once_ready(lambda: members(Broker(next(answers)), "closedloop-router"), said.append)

    assert found == [] and len(said) == 1 and "only just begun" in said[0]


def test_a_broker_that_never_knows_its_groups_is_told_as_such_after_a_while() -> None:
    with pytest.raises(NotCoordinatorError, match=r"knew no group for 0 s"):
        once_ready(lambda: members(Broker(NotCoordinatorError), "closedloop-router"), within_s=0)


def test_an_answer_that_is_an_error_is_not_taken_for_a_group_without_members() -> None:
    with pytest.raises(CoordinatorLoadInProgressError):
        members(Broker(CoordinatorLoadInProgressError), "closedloop-router")


def test_offsets_that_a_broker_does_not_set_are_not_taken_for_set() -> None:
    with pytest.raises(UnknownMemberIdError, match="facts-3"):
        set_offsets(Broker(UnknownMemberIdError), "closedloop-router", {FACTS: None})
    set_offsets(Broker(None), "closedloop-router", {FACTS: None})
