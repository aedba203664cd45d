"""The answer reaches who asked: in the receipt and in the status by id; a reference gives state and dates, no text."""

from __future__ import annotations

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from services.intake.api import ByReference, Status
from services.shared.process.http import new_app
from services.shared.process.limits import MOST_CALLERS, Limit, caller
from services.shared.watching.health import Health
from tests.builders import Complaint, Town

WORDS = "The valve is replaced; the water is clear."


def answered() -> Complaint:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "answered", note=WORDS)
    return complaint


def told(complaint: Complaint) -> list[tuple[str, str | None, str | None]]:
    return [(receipt.kind, receipt.state, receipt.answer) for receipt in complaint.town.receipts()]


def test_the_receipts_of_an_answer_and_of_the_end_carry_its_text() -> None:
    complaint = answered()
    complaint.town.at(25)
    complaint.visit("solved")

    assert told(complaint) == [
        ("accepted", "received", None),
        ("status", "in_progress", None),
        ("status", "answered", WORDS),
        ("closed", "closed", WORDS),
    ]


def test_an_answer_that_did_not_solve_it_is_no_answer_any_more_and_the_next_one_is() -> None:
    complaint = answered()
    complaint.town.at(25)
    complaint.visit("not_solved")
    complaint.reply("water", "answered", note="The pipe is replaced, too.")

    assert told(complaint)[3:] == [
        ("status", "reopened", None),
        ("status", "in_progress", None),
        ("status", "answered", "The pipe is replaced, too."),
    ]
    assert complaint.document("intake").case.answer == "The pipe is replaced, too."


def test_what_is_private_in_an_answer_does_not_reach_the_sender_either() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "answered", note="call 13800138000")

    assert [receipt.answer for receipt in complaint.town.receipts()][-1] == "call [phone]"


@pytest.mark.parametrize("note", ["", " ", "\n\t", "\u3000"])
def test_an_empty_answer_is_refused_and_nobody_visits_for_it(note: str) -> None:
    complaint = Town().complaint("water/leak")

    complaint.reply("water", "answered", note=note)
    complaint.town.at(50)

    assert complaint.refusals() == ["answer_missing"]
    assert complaint.facts("VisitScheduled", "VisitRequested") == []


def test_a_reference_tells_no_text_and_an_id_does() -> None:
    assert "answer" in Status.model_fields
    assert set(ByReference.model_fields) == {"reference", "state", "received_at", "due_at", "ending"}


# --- how often one caller may ask -------------------------------------------------------------------------------------


def test_a_caller_may_ask_so_often_and_then_at_a_steady_pace() -> None:
    at = 0.0
    limit = Limit(20, 60, lambda: at)

    first = [limit.wait("a") for _ in range(21)]
    at = 3.0
    later = [limit.wait("a") for _ in range(2)]
    at = 1_000.0
    rested = [limit.wait("a") for _ in range(21)]

    assert first == [0] * 20 + [3]
    assert later == [0, 3]
    assert rested == [0] * 20 + [3]


def test_each_caller_has_a_share_of_its_own_and_not_more_are_remembered_than_there_is_room_for() -> None:
    limit = Limit(1, 60, lambda: 0.0)

    waits = [limit.wait(str(n)) for n in range(MOST_CALLERS + 5)]

    assert set(waits) == {0}
    assert limit.wait(str(MOST_CALLERS)) == 60
    assert limit.wait("0") == 0


@given(st.lists(st.floats(0, 30), max_size=60))
def test_in_any_minute_nobody_asks_more_than_twice_the_share(pauses: list[float]) -> None:
    at, asked = 0.0, list[float]()
    limit = Limit(5, 60, lambda: at)
    for pause in pauses:
        at += pause
        if limit.wait("a") == 0:
            asked.append(at)

    assert all(sum(begin <= moment < begin + 60 for moment in asked) <= 10 for begin in asked)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        (" 192.0.2.1 ", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_a_network_of_version_6_is_one_caller(one: str, other: str, same: bool) -> None:
    assert (caller(one) == caller(other)) is same


def test_who_asks_too_often_hears_when_to_come_again() -> None:
    app = new_app("any", Health())

    @app.get("/often")
    async def often() -> None:
        raise HTTPException(429, "too many look-ups", headers={"Retry-After": "7"})

    answer = TestClient(app).get("/often")

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
