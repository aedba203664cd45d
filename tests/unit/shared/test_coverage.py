"""A group whose partitions are without an owner is dealt out anew: soon, and then less and less often."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from hypothesis import given
from hypothesis import strategies as st

from services.shared.coverage import MEND_AT_MOST_EVERY_S, MEND_S, Mending, named, partitions_in
from services.shared.succession import is_in_the_way


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
