"""A process knows which records were turned away, and forgets them at no cost as it reads on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.shared.machine.letters import Origin, dead_letter
from services.shared.machine.turned_away import Ended
from tests.builders import MONDAY

TOPIC = "closedloop.replies.water"


class Compared(int):
    """An offset that counts how often it is compared."""

    times = 0

    def __gt__(self, other: object) -> bool:
        Compared.times += 1
        return int(self) > other  # type: ignore[operator]


def ended(offsets: list[int]) -> Ended:
    known = Ended()
    for offset in offsets:
        origin = Origin(TOPIC, 0, offset, 0, None, b"?")
        known.note(dead_letter("router", origin, "unreadable", "no JSON", MONDAY).headers)
    return known


@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 60)))
def test_what_is_read_no_more_is_forgotten_and_nothing_else(offsets: list[int], bounds: list[int]) -> None:
    known = ended(offsets)

    for below in bounds:
        known.forget(TOPIC, 0, below)

    left = {offset for offset in range(51) if known.holds(TOPIC, 0, offset)}
    assert left == {offset for offset in offsets if offset >= max(bounds, default=0)}


def test_forgetting_looks_at_what_is_forgotten_and_not_at_all_that_is_known() -> None:
    known = ended([*range(10_000)])
    Compared.times = 0

    for _ in range(100):
        known.forget(TOPIC, 0, Compared(1))

    assert Compared.times < 1_000
