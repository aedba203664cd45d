"""A group whose partitions are without an owner is dealt out anew: soon, and then less and less often."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from schemas.topics import SUBMISSIONS, Topic
from services.shared.broker.coverage import (
    COMPARED_EVERY_S,
    MEND_AT_MOST_EVERY_S,
    MEND_S,
    Mending,
    Unread,
    named,
    partitions_in,
)
from services.shared.broker.succession import is_in_the_way


def mended(*looks: bool, every_s: float = 0.5) -> list[float]:
    """At which seconds the group was dealt out anew, when each look found partitions without an owner, or did not."""
    mending = Mending()
    return [n * every_s for n, uncovered in enumerate(looks) if mending.is_due(uncovered, n * every_s)]


def test_a_group_that_owns_everything_is_left_alone() -> None:
    assert mended(*[False] * 1000) == []


def test_who_has_just_joined_has_seconds_to_take_up_what_was_dealt_out() -> None:
    assert mended(*[True] * 5, False, *[True] * 5) == []


def test_partitions_without_an_owner_are_dealt_out_within_seconds() -> None:
    assert mended(*[True] * 7)[0] == MEND_S


def test_what_did_not_help_is_done_less_and_less_often() -> None:
    assert mended(*[True] * 100) == [3.0, 9.0, 21.0, 45.0]


@given(st.lists(st.booleans(), max_size=400))
def test_between_two_mendings_lies_never_less_than_the_first_wait(looks: list[bool]) -> None:
    times = mended(*looks)

    assert all(later - earlier >= MEND_S for earlier, later in pairwise(times))


def test_however_long_nothing_helps_it_is_tried_again() -> None:
    times = mended(*[True] * 4_000)

    assert max(later - earlier for earlier, later in pairwise(times)) <= MEND_AT_MOST_EVERY_S


def test_a_member_owns_what_its_assignment_says_and_nothing_before_it_has_one() -> None:
    dealt = ConsumerProtocolMemberAssignment(0, [("facts", [0, 2]), ("replies", [0])], b"").encode()

    assert partitions_in(dealt) == {
        TopicPartition("facts", 0),
        TopicPartition("facts", 2),
        TopicPartition("replies", 0),
    }
    assert partitions_in(b"") == set()


def test_partitions_are_named_in_order_and_no_more_than_can_be_read() -> None:
    many = {TopicPartition("t", p) for p in range(12)}

    assert named([TopicPartition("b", 1), TopicPartition("a", 0)]) == "a-0, b-1"
    assert named(many).endswith("and 2 more")


def member(name: str | None, *topics: str) -> dict[str, Any]:
    """As kafka-python describes one; without topics it has joined and was assigned nothing yet."""
    dealt = {"assigned_partitions": [{"topic": topic, "partitions": [0]} for topic in topics]} if topics else b""
    return {"group_instance_id": name, "member_assignment": dealt}


@pytest.mark.parametrize(
    ("members", "in_the_way"),
    [
        ([], False),
        ([member("router", "facts")], True),
        ([member("router", "facts", "replies.new")], False),
        ([member("router", "facts"), member("router-2", "replies.new")], False),
        ([member("router-2", "facts"), member(None, "replies.old")], False),
        ([member("router"), member("router-2", "facts")], True),
    ],
)
def test_a_predecessor_of_the_same_name_makes_room_where_the_group_does_not_read_everything(
    members: list[dict[str, Any]], in_the_way: bool
) -> None:
    assert is_in_the_way(members, "router", ["facts", "replies.new"]) is in_the_way


class ByHand:
    """Topics as somebody has made them, and how often they were compared with the table."""

    def __init__(self, **differ: str) -> None:
        self.differ, self.compared = differ, 0

    async def compare(self, topics: Mapping[str, Topic]) -> Mapping[str, str]:
        self.compared += 1
        return {name: what for name, what in self.differ.items() if name in topics}


def beside(*names: str) -> dict[str, Topic]:
    return dict.fromkeys(names, SUBMISSIONS)


async def test_a_topic_that_was_made_otherwise_is_not_subscribed_and_told_once() -> None:
    made = ByHand(typo="has partitions=3, not 1")
    unread = Unread(made.compare)

    with capture_logs() as told:
        looks = [await unread.sort_out(beside("typo"), now) for now in (0.0, 5.0, 20.0, 40.0)]

    assert looks == [[], [], [], []] and list(unread.why) == ["typo"]
    assert [(line["topic"], line["problem"]) for line in told] == [("typo", "has partitions=3, not 1")]


async def test_one_that_was_made_otherwise_keeps_no_other_new_topic_from_being_read() -> None:
    unread = Unread(ByHand(typo="has partitions=3, not 1").compare)

    assert await unread.sort_out(beside("typo"), 0.0) == []
    assert await unread.sort_out(beside("typo", "crm"), 1.0) == ["crm"]


async def test_a_topic_that_is_mended_is_read_after_seconds_and_until_then_it_is_seldom_compared() -> None:
    made = ByHand(typo="has retention.ms=1, not 2")
    unread = Unread(made.compare)
    await unread.sort_out(beside("typo"), 0.0)

    made.differ.clear()

    assert await unread.sort_out(beside("typo"), COMPARED_EVERY_S / 2) == [] and made.compared == 1
    assert await unread.sort_out(beside("typo"), COMPARED_EVERY_S) == ["typo"] and not unread.why


async def test_where_no_topic_stands_beside_those_that_are_read_nothing_is_compared() -> None:
    made = ByHand()

    assert await Unread(made.compare).sort_out({}, 0.0) == [] and made.compared == 0
