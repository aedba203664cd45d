"""Lives that the services themselves have led are spoiled message by message, and the checker notices each time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from closedloop.verify import Record
from schemas.envelope import type_of
from schemas.facts import PLOT
from tests import forgotten
from tests.unit.verify.temperaments import Life, lives

OF_EACH = 3
"""So many messages of each kind are spoiled in each way."""
Records = tuple[Record, ...]
Spoil = Callable[[Records, int], Records]


def left_out(records: Records, n: int) -> Records:
    return (*records[:n], *records[n + 1 :])


def decided_again(records: Records, n: int) -> Records:
    """The same effect once more, as another decision at the end of the log."""
    heads = records[n].headers
    another = {"ce_id": f"{heads['ce_id'][:-4]}ffff", "ce_sequence": str(int(heads["ce_sequence"]) + 500)}
    end = records[-1].timestamp_ms
    return (*records, replace(records[n], headers={**heads, **another}, offset=10**6, timestamp_ms=end))


NOT_NOTICED: dict[Spoil, dict[str, str]] = {
    left_out: {
        "receipt status": "the checker asks for the first receipt and the last, not for those between them",
        "work.order dates": "the next message about an order says it whole again, with its dates",
        "work.order approval": "the next message about an order says it whole again",
    },
    decided_again: {"notice refused": "the checker counts orders, and a notice is none"},
}
"""What can be spoiled unseen in at least one life, and why."""
PEOPLE = "somebody in tests/e2e/people.py"
NOT_LIVED = {"HoldingReplySent", "PlanLapsed", "ReceiptAcknowledged", "VisitRefused"}
"""What none of these people does; the lives that are written by hand hold it."""


def body(record: Record) -> dict[str, object]:
    found = json.loads(record.value or b"{}")
    assert isinstance(found, dict)
    return found


def kind(record: Record) -> str:
    """What a message is: the name of its type, and why it was sent where one type has several occasions."""
    name = record.headers["ce_type"].removeprefix("closedloop.").rpartition(".")[0]
    said = body(record)
    return " ".join(filter(None, [name, str(said.get("why") or said.get("kind") or "")]))


@cache
def said() -> tuple[tuple[Life, int, str], ...]:
    """The messages that the services wrote, the first few of each kind."""

    def found() -> Iterator[tuple[Life, int, str]]:
        had = Counter[str]()
        for life in lives():
            for n, record in enumerate(life.records):
                if "ce_sequence" in record.headers and had[name := kind(record)] < OF_EACH:
                    had[name] += 1
                    yield life, n, name

    return tuple(found())


@pytest.mark.parametrize("life", lives(), ids=lambda life: life.temperament)
def test_what_the_services_leave_of_a_life_holds_in_every_point(life: Life) -> None:
    verdict = life.judged()

    assert [(row.invariant, failure.why()) for row in verdict.rows for failure in row.failures] == []


@pytest.mark.parametrize("spoil", NOT_NOTICED, ids=lambda spoil: spoil.__name__)
def test_a_message_that_is_spoiled_is_noticed(spoil: Spoil) -> None:
    missed = {name for life, n, name in said() if life.judged(spoil(life.records, n)).green}

    assert missed == set(NOT_NOTICED[spoil])


def test_the_lives_hold_nearly_every_fact() -> None:
    lived = {life.records[n].headers["ce_type"] for life, n, _ in said()}

    missing = [fact.__name__ for fact in PLOT if type_of(fact) not in lived]
    forgotten.nothing(
        forgotten.beyond(missing, NOT_LIVED, f"{{}} happens in no life: let {PEOPLE} do it, or name it in NOT_LIVED"),
        forgotten.beyond(NOT_LIVED, missing, "{} happens in a life: take it out of NOT_LIVED"),
    )
