"""The centre: what it has to assign, by when, and what happens to the department's dates meanwhile."""

from __future__ import annotations

import pytest

from tests.builders import Complaint, Town, hours, pack
from tests.policy import PLANS


def targets(complaint: Complaint) -> list[tuple[str, float, float, int]]:
    plan = complaint.facts("ComplaintRouted", "ComplaintUnroutable", "ComplaintReturned")[-1]
    return [(t.name, hours(t.starts_at), hours(t.due_at), t.revision) for t in plan.targets]


@pytest.mark.parametrize("category", ["other/strange", "water", None], ids=str)
def test_what_no_route_fits_goes_to_the_centre_with_a_target_of_its_own(category: str | None) -> None:
    town = Town()

    complaint = town.complaint(category)

    assert [name for _, name in complaint.plot] == ["ComplaintReceived", "ComplaintUnroutable"]
    assert targets(complaint) == [("assign", 0, 4, 1)]
    assert complaint.orders("centre") == [(0, "unroutable", "open")]


def test_a_centre_that_does_not_assign_is_urged_like_any_department() -> None:
    town = Town()
    complaint = town.complaint("other/strange")

    town.at(30)

    assert complaint.rungs("assign") == [
        (3, "warn", "centre", 0),
        (4, "urge", "centre", 1),
        (5, "supervise", "centre", 2),
        (6, "report", "centre", 3),
        (30, "remind", "centre", 3),
    ]


def test_what_the_centre_assigns_counts_from_its_receipt() -> None:
    town = Town()
    complaint = town.complaint("other/strange")

    town.at(3.5)
    complaint.reply("centre", "assigned", assign_to="water")

    assert targets(complaint) == [("accept", 3.5, 13.5, 1), ("answer", 0, 100, 1)]
    assert [(f.target, hours(f.met_at)) for f in complaint.facts("DeadlineMet")] == [("assign", 3.5)]
    assert complaint.orders("water") == [(3.5, "assigned", "open")]
    assert complaint.orders("centre")[-1] == (3.5, "assigned", "decided")


def test_what_is_returned_is_assigned_anew_and_the_time_already_used_is_not_given_back() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(20)
    complaint.reply("water", "returned", note="it is a power line")
    returned = targets(complaint)
    town.at(22)
    complaint.reply("centre", "assigned", assign_to="power")
    town.at(100)

    assert returned == [("answer", 0, 100, 1), ("assign", 20, 24, 1)]
    assert targets(complaint) == [("accept", 22, 32, 2), ("answer", 0, 100, 1)]
    assert complaint.orders("water")[-1] == (20, "returned", "withdrawn")
    assert complaint.rungs("answer") == [(75, "warn", "power", 0), (100, "urge", "power", 1)]


def test_the_next_department_is_not_asked_again_for_what_was_met() -> None:
    town = Town()
    complaint = town.complaint("housing/crack")

    town.at(2)
    complaint.reply("housing", "contacted")
    town.at(30)
    complaint.reply("housing", "returned", note="it is a water pipe")
    complaint.reply("centre", "assigned", assign_to="water", plan="thorough")
    town.at(48)

    assert ("contact", 0, 20, 1) in targets(complaint)
    assert [fact.target for fact in complaint.facts("DeadlineMet")] == ["accept", "contact", "assign"]
    assert complaint.rungs("contact", revision=1) == complaint.rungs("contact", revision=2) == []


def test_what_had_waited_until_the_return_stays_waited_for_the_next_department() -> None:
    pauses = {"customer": {"targets": ["contact", "answer"], "at_most": "50h"}}
    town = Town(policy=pack(plans=PLANS | {"thorough": PLANS["thorough"] | {"pauses": pauses}}))
    complaint = town.complaint("housing/crack")

    town.at(2)
    complaint.reply("housing", "waiting", reason="customer")
    town.at(18)
    complaint.reply("housing", "returned", note="it is a water pipe")
    town.at(20)
    complaint.reply("centre", "assigned", assign_to="water", plan="thorough")
    town.at(34)

    assert [row[:3] for row in targets(complaint) if row[0] in ("contact", "answer")] == [
        ("contact", 0, 36),
        ("answer", 0, 116),
    ]
    assert "contact" not in {fact.target for fact in complaint.facts("DeadlineBreached")}


def test_what_is_wanted_again_and_again_goes_on_from_the_last_report() -> None:
    town = Town()
    complaint = town.complaint("patient/pump")

    town.at(30)
    complaint.reply("water", "progress", note="half done")
    complaint.reply("water", "returned", note="it is a power line")
    complaint.reply("centre", "assigned", assign_to="power")

    assert [row[1:3] for row in targets(complaint) if row[0] == "progress"] == [(30, 70)]


def test_nobody_is_late_with_accepting_what_was_returned() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(5)
    complaint.reply("water", "returned", note="it is a power line")
    complaint.reply("centre", "assigned", assign_to="power")
    complaint.reply("power", "accepted")
    town.at(70)

    assert complaint.rungs("accept", revision=1) == complaint.rungs("accept", revision=2) == []


def test_the_centre_may_move_a_complaint_that_a_department_has() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(5)
    complaint.reply("centre", "assigned", assign_to="power", note="it is a power line")

    assert complaint.orders("power") == [(5, "assigned", "open")]
    assert complaint.orders("water")[-1] == (5, "assigned", "withdrawn")
    assert targets(complaint) == [("accept", 5, 15, 2), ("answer", 0, 100, 1)]


def test_each_return_gives_the_centre_a_date_of_its_own() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    for at, department, other in ((1, "water", "power"), (6, "power", "water")):
        town.at(at)
        complaint.reply(department, "returned", note="not ours")
        town.at(at + 4.5)
        complaint.reply("centre", "assigned", assign_to=other)

    assert complaint.rungs("assign", revision=1) == [(4, "warn", "centre", 0), (5, "urge", "centre", 1)]
    assert complaint.rungs("assign", revision=2) == [(9, "warn", "centre", 0), (10, "urge", "centre", 1)]
