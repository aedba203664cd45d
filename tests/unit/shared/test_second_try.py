"""What an operator hears of a dead letter that is handed back to its service."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from closedloop.commands.dlq import _outcome
from schemas.topics import REPLIES
from services.shared.machine.early import WAIT
from services.shared.machine.fold import Around, fold
from services.shared.machine.letters import Origin
from services.shared.machine.reading import read
from services.shared.machine.second_try import outcome, stays_refused
from services.shared.timing.clock import EPOCH, MILLISECOND, Clock
from tests.builders import MONDAY, ROUTER, Complaint, Town, book

STAYS = "it was refused and stays so: what is sent again, corrected, is taken"
AROUND = Around(book(), MONDAY)


def ms(at: datetime) -> int:
    return (at - EPOCH) // MILLISECOND


def tried(complaint: Complaint, at: datetime = MONDAY, **reply: Any) -> dict[str, Any]:
    """What the operator is told of one more reply."""
    body = json.dumps({"complaint_id": complaint.id, "id": "r1", **reply}).encode()
    given = read(ROUTER, Origin(REPLIES.of("water"), 0, 90, ms(at), None, body), Clock())
    assert given is not None
    before = complaint.town.world.documents["router", complaint.id]
    told = outcome(fold(ROUTER, replace(before, unsaid=()), [given], AROUND).document, given)
    return _outcome(200, told)


def test_a_letter_that_is_taken_now_is_called_taken() -> None:
    complaint = Town().complaint()

    assert tried(complaint, reply="accepted") == {"taken": True, "outcome": "taken"}


def test_a_letter_that_is_refused_now_says_why() -> None:
    complaint = Town().complaint()

    told = tried(complaint, reply="resumed")

    assert told == {"taken": False, "outcome": "refused: not_waiting: nothing waits"}


def test_a_letter_whose_id_was_used_for_something_else_is_a_conflict() -> None:
    complaint = Town().complaint()
    complaint.reply("water", "accepted", id="r1")

    told = tried(complaint, reply="contacted")

    assert (told["taken"], told["outcome"].split(":")[0]) == (False, "conflict")


def test_a_letter_that_was_taken_before_changes_nothing_and_says_so() -> None:
    complaint = Town().complaint()
    complaint.reply("water", "accepted", id="r1")

    assert tried(complaint, reply="accepted") == {"taken": True, "outcome": "taken: heard before: nothing changes"}


def test_a_letter_about_a_complaint_that_came_later_stays_refused() -> None:
    complaint = Town().complaint()

    told = tried(complaint, MONDAY - 2 * WAIT, reply="accepted")

    assert told == {"taken": False, "outcome": STAYS}


@pytest.mark.parametrize(
    ("reason", "stays"),
    [("unknown_subject", True), ("not_countable", True), ("too_large", True), ("unreadable", False), (None, False)],
)
def test_a_record_that_was_refused_for_good_is_not_tried_again(reason: str | None, stays: bool) -> None:
    assert stays_refused(reason) is stays


@pytest.mark.parametrize("status", [404, 422, 503])
def test_what_the_service_answers_is_told_where_it_cannot_try(status: int) -> None:
    assert _outcome(status, {"detail": "not ready"}) == {"taken": False, "outcome": "not ready"}
