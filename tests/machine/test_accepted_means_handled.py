"""Accepted means it can be handled: whatever date a message brings along, no case is ever parked for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import bson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas.policy import PolicyPack
from services.shared.database import stored
from tests.builders import MONDAY, TOWN, Complaint, Town, hour, pack
from tests.machine.policies import POLICIES, working
from tests.story.unsteady import CATEGORIES, REPLY_KINDS

EDGES = [
    *("0001-01-01T00:00:00Z", "0001-01-01T12:00:00-12:00", "1583-01-01T00:00:00Z", "1969-12-31T23:59:59Z"),
    *("1970-01-01T00:00:00Z", "2009-12-31T23:59:59Z", "2010-01-01T00:00:00+09:00", "2010-01-01T08:00:00Z"),
    *("2011-06-01T00:00:00Z", "2026-09-13T23:59:00Z", "2026-09-14T00:00:00Z", "2026-09-14T00:04:00Z"),
    *("2026-09-20T12:00:00Z", "2036-09-14T00:00:00Z", "2039-12-31T23:00:00Z", "2040-12-31T23:59:59.999Z"),
    *("2041-01-01T00:00:00Z", "2126-01-01T00:00:00Z", "2127-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"),
    *("9999-12-31T23:59:59+14:00", "9999-12-31T23:59:59-14:00"),
]
ANY = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)
NEAR = st.floats(-100, 2000).map(lambda hours: hour(hours).isoformat())
MOMENTS = st.sampled_from(EDGES) | NEAR | ANY


@cache
def packs() -> tuple[PolicyPack, ...]:
    """The test packs, and each with all stated times trusted."""
    lenient = [content | {"trust": "unlimited"} for content in (p.model_dump(exclude={"hash"}) for p in POLICIES)]
    return (*POLICIES, *(pack(**content) for content in lenient))


SUBMISSIONS = st.fixed_dictionaries(
    {},
    optional={
        "stated_at": MOMENTS,
        "due_at": MOMENTS,
        "affected": st.sampled_from([1, 60, 1_000_000]),
        "safety": st.booleans(),
        "tier": st.just("gold"),
    },
)
REPLIES = st.fixed_dictionaries(
    {"reply": st.sampled_from(REPLY_KINDS)},
    optional={
        "until": MOMENTS,
        "stated_at": MOMENTS,
        "note": st.just("because"),
        "reason": st.sampled_from(["customer", "parts"]),
        "assign_to": st.sampled_from(["water", "power"]),
        "incident": st.fixed_dictionaries({"occurred_at": MOMENTS}),
        "report": st.just(dict.fromkeys(("impact", "handling", "cause", "corrective", "preventive"), "-")),
        "target": st.sampled_from(["answer", "progress", "callback"]),
    },
)
SENDERS = st.sampled_from(["water", "power", "housing", "centre"])
STEPS = st.lists(st.tuples(SENDERS, REPLIES, st.sampled_from([0, 1, 30, 200])), max_size=6)


def is_kept(town: Town) -> None:
    """Nothing is parked, and all that is stored can be read and written."""
    for (service, id), document in town.world.documents.items():
        assert document.parked is None, (service, id, document.parked)
        assert bson.encode(stored.written(document, None, MONDAY))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(policy=st.sampled_from(packs()), category=st.sampled_from(CATEGORIES), submission=SUBMISSIONS, steps=STEPS)
@example(policy=packs()[3], category="water/leak", submission={"stated_at": "2009-12-31T00:00:00Z"}, steps=[])
@example(policy=packs()[0], category="stated/promise", submission={"due_at": "9999-12-31T00:00:00Z"}, steps=[])
@example(policy=packs()[1], category="stated/promise", submission={"due_at": "2040-12-31T00:00:00Z"}, steps=[])
def test_whatever_date_a_message_brings_along_no_case_is_parked(
    policy: PolicyPack, category: str | None, submission: dict[str, Any], steps: list[tuple[str, dict[str, Any], int]]
) -> None:
    town = Town(policy=policy)
    complaint = town.complaint(category, **submission)
    at = 0.0
    for sender, reply, pause in steps:
        complaint.reply(sender, reply["reply"], **{k: v for k, v in reply.items() if k != "reply"})
        at += pause
        town.at(at)
    complaint.visit("not_solved")
    town.at(at + 300)

    is_kept(town)


def received(policy: PolicyPack, **submission: Any) -> tuple[Town, Complaint]:
    town = Town(policy=policy)
    return town, town.complaint("water/leak", **submission)


def test_what_a_working_time_pack_cannot_count_counts_from_the_arrival_where_the_pack_does_not_trust_that_far() -> None:
    town, complaint = received(working(), stated_at="2009-05-01T00:00:00Z")

    (fact,) = complaint.facts("ComplaintReceived")
    assert fact.received_at == MONDAY
    is_kept(town)


def test_what_a_working_time_pack_that_trusts_every_time_cannot_count_is_refused_at_the_door() -> None:
    town, complaint = received(packs()[3], stated_at="2009-05-01T00:00:00Z")

    (receipt,) = town.receipts()
    assert (receipt.kind, receipt.source_id, receipt.reasons[0].split(":")[0]) == ("refused", "1", "not_countable")
    assert "2010 to 2040" in receipt.reasons[0]
    assert complaint.facts() == []


@pytest.mark.parametrize("due", ["2126-12-31T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_date_more_than_a_century_ahead_is_refused_at_the_door(due: str) -> None:
    town, _ = received(TOWN, due_at=due)

    assert [receipt.reasons[0].split(":")[0] for receipt in town.receipts()] == ["not_countable"]


def test_a_date_years_ahead_is_taken() -> None:
    town, _ = received(TOWN, due_at="2036-09-14T00:00:00Z")

    assert [receipt.kind for receipt in town.receipts()] == ["accepted", "status"]


def test_what_would_have_been_reminded_of_a_thousand_times_before_it_came_is_refused_at_the_door() -> None:
    trusting = pack(trust="unlimited")
    last, first = (MONDAY - timedelta(days=days) for days in (999, 1_001))

    kinds = [received(trusting, stated_at=at.isoformat())[0].receipts()[0].kind for at in (last, first)]

    assert kinds == ["accepted", "refused"]
