"""When the services count as at rest although time goes on: up to one moment all is read, fired and said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from closedloop.outsiders.rest import CALM_S, LOOK_S, Owed, come_to_rest

BEGIN = datetime(2026, 11, 27, tzinfo=UTC)


class Services:
    """They need so many seconds for what has happened by each moment at which somebody asks; waiting moves time."""

    def __init__(self, *seconds: float) -> None:
        self._seconds: Iterator[float] = iter(seconds)
        self.time = self._done_at = 0.0

    def cut(self) -> datetime:
        self._done_at = self.time + next(self._seconds)
        return BEGIN + timedelta(seconds=self.time)

    def owed(self) -> Owed:
        return Owed(unread=max(0, round(self._done_at - self.time + 0.49)))

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def come_to_rest(self, patience_s: float = 300) -> tuple[float, bool, list[int]]:
        shown: list[int] = []
        found = come_to_rest(self, lambda o: shown.append(o.unread), patience_s, lambda: self.time, self.sleep)
        return (found.at - BEGIN).total_seconds(), found.reached, shown


def test_who_has_nothing_left_is_at_rest_at_once() -> None:
    assert Services(0).come_to_rest() == (0, True, [])


def test_services_that_are_behind_are_waited_for_and_what_is_left_is_shown() -> None:
    at, reached, shown = Services(2).come_to_rest()

    assert (at, reached) == (0, True)
    assert (shown[0], shown[-1]) == (2, 1)


def test_what_happened_while_much_was_left_is_waited_for_too() -> None:
    at, reached, _ = Services(40, 10, CALM_S).come_to_rest()

    assert reached
    assert 50 <= at <= 50 + 4 * LOOK_S


def test_services_that_never_get_calm_are_judged_by_the_last_moment_up_to_which_all_was_done() -> None:
    at, reached, _ = Services(30, 30, 30, 30).come_to_rest(patience_s=70)

    assert reached
    assert 30 <= at < 35


def test_who_never_gets_done_ends_patience_and_that_is_said() -> None:
    at, reached, shown = Services(1_000).come_to_rest(patience_s=70)

    assert (at, reached) == (0, False)
    assert shown[-1] == 1_000 - 70
