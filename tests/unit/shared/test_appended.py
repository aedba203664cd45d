"""What a process has appended itself it knows without reading, and never more than that."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace

from hypothesis import example, given
from hypothesis import strategies as st

from services.shared.broker.appended import OwnRecords
from services.shared.timing.clock import from_ms

TOPIC, PARTITION = "facts", 3


def told(own: OwnRecords, *offsets: int, partition: int = PARTITION) -> None:
    for offset in offsets:
        own.add(SimpleNamespace(topic=TOPIC, partition=partition, offset=offset, timestamp=1_000 * offset))


def test_what_follows_the_last_settled_record_and_is_our_own_is_known_to_its_end() -> None:
    own = OwnRecords()

    told(own, 7, 8, 9)

    assert own.beyond(TOPIC, PARTITION, 7) == own.beyond(TOPIC, PARTITION, 9) == (10, from_ms(9_000))
    assert own.beyond(TOPIC, PARTITION, 10) is own.beyond(TOPIC, PARTITION, 6) is None


def test_what_was_appended_to_one_partition_says_nothing_of_another() -> None:
    own = OwnRecords()

    told(own, 0, 1, partition=PARTITION + 1)

    assert own.beyond(TOPIC, PARTITION, 0) is None


@given(log=st.lists(st.booleans(), max_size=12), order=st.randoms(use_true_random=False))
@example(log=[True, False, True], order=Random(0))
def test_no_record_of_anybody_else_is_passed_over_whenever_the_broker_answers(log: list[bool], order: Random) -> None:
    own, ours = OwnRecords(), [offset for offset, is_ours in enumerate(log) if is_ours]
    order.shuffle(ours)

    for answered in range(len(ours)):
        told(own, ours[answered])
        for settled in range(len(log) + 1):
            end, _ = own.beyond(TOPIC, PARTITION, settled) or (settled, None)
            assert set(range(settled, end)) <= set(ours[: answered + 1])
