"""What departments are told: the whole order as it stands now, to whom it concerns, and nothing to others."""

from __future__ import annotations

import pytest

from schemas.sizes import TEXT_BYTES
from tests.builders import Complaint, Town, hour

LONG = 20_000
"""The longest text that a message may carry."""


def orders(town: Town, *departments: str) -> list[tuple[str, str, str]]:
    return [(d, order.why, order.state) for d in departments for order in town.queue(d)]


def test_the_order_is_whole_each_time() -> None:
    town = Town()
    town.complaint("water/leak", area="north", text="since Monday", language="zh")

    town.at(8)

    routed, warned = town.queue("water")
    moved = {"at", "why", "detail", "rung_level", "role", "target"}
    assert routed.model_dump(exclude=moved) == warned.model_dump(exclude=moved)
    assert (routed.subject, routed.area, routed.text, routed.language) == ("it leaks", "north", "since Monday", "zh")
    assert [t.name for t in routed.targets] == ["accept", "answer"]


def test_who_hears_of_a_complaint_that_wanders() -> None:
    town = Town()
    complaint = town.complaint("other/strange")

    complaint.reply("centre", "assigned", assign_to="water")
    complaint.reply("water", "returned", note="not ours")
    complaint.reply("centre", "assigned", assign_to="power")

    assert orders(town, "centre", "water", "power") == [
        *(("centre", "unroutable", "open"), ("centre", "assigned", "decided")),
        *(("centre", "returned", "open"), ("centre", "assigned", "decided")),
        *(("water", "assigned", "open"), ("water", "returned", "withdrawn")),
        ("power", "assigned", "open"),
    ]


def test_what_a_department_is_told_when_it_is_given_what_it_has_already() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    complaint.reply("centre", "assigned", assign_to="water")

    assert orders(town, "water") == [("water", "routed", "open"), ("water", "assigned", "open")]


@pytest.mark.parametrize(("department", "kind"), [("centre", "assign"), ("water", "work"), ("visit-desk", "visit")])
def test_the_kind_of_an_order_is_that_of_the_queue_it_stands_on(department: str, kind: str) -> None:
    town = Town()
    complaint = town.complaint("other/strange")
    complaint.reply("centre", "assigned", assign_to="water")
    town.at(15)
    complaint.reply("water", "answered")
    town.at(200)

    assert {order.order for order in town.queue(department)} == {kind}


@pytest.mark.parametrize(
    "said", ["x" * LONG, "水" * LONG, "\x01" * (TEXT_BYTES // 6), '"' * LONG], ids=["x", "水", "control", "quote"]
)
@pytest.mark.parametrize("tale", ["answered", "returned"])
def test_the_longest_texts_still_fit_into_every_order(said: str, tale: str) -> None:
    town = Town()
    complaint = town.complaint("water/leak", text=said)

    complaint.reply("water", tale, note=said)
    town.at(30)
    if tale == "answered":
        complaint.visit("not_solved", note=said)
    else:
        complaint.reply("centre", "assigned", assign_to="power", note=said)
    complaint.reply("water", "answered", note=said)

    assert town.dead_letters("router") == town.dead_letters("followup") == []


def test_a_refusal_tells_a_stranger_nothing_of_the_complaint() -> None:
    town = Town()
    complaint = town.complaint("water/leak", text="my neighbour's pipe")

    complaint.reply("power", "answered", note="done")

    (refusal,) = town.notices("power")
    assert "pipe" not in refusal.model_dump_json()
    assert refusal.model_dump(exclude_defaults=True).keys() == KNOWN


KNOWN = {"why", "detail", "at", "department", "complaint_id", "reference", "reply_id", "reason"}


def test_a_refusal_names_the_reply_and_leaves_the_order_as_it_was() -> None:
    town = Town()
    complaint = town.complaint("water/leak", text="since Monday")
    before = town.queue("water")

    complaint.reply("water", "extension", id="w-7", until=hour(120).isoformat())

    assert town.queue("water") == before
    (refusal,) = town.notices("water")
    assert (refusal.complaint_id, refusal.reply_id, refusal.reason) == (complaint.id, "w-7", "reason_missing")


def test_a_retraction_stands_on_each_queue_once_with_the_state_of_now() -> None:
    town = Town()
    complaint: Complaint = town.complaint("power/outage")
    town.at(100.5)

    complaint.reply("power", "answered", stated_at=hour(99.9).isoformat())

    assert complaint.orders("power")[-3:] == [
        (100.5, "answered", "answered"),
        (100.5, "closed", "closed"),
        (100.5, "retracted", "closed"),
    ]
