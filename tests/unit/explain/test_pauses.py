"""A pause is a stretch of its own kind: for what, from when until when, how it ended, how far it moves the date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from closedloop.explain.paper.merged import merged
from closedloop.explain.stretches import Stretch
from tests.builders import TOWN, Complaint, Town, hour, hours, pack
from tests.cases import explained, the
from tests.working_hours import OFFICE

HOUR = timedelta(hours=1)


def waiting(at: float = 20, **reply: Any) -> Complaint:
    complaint = Town().complaint("patient/leak")
    complaint.town.at(at)
    complaint.reply("water", "waiting", **({"reason": "customer"} | reply))
    return complaint


def rows(found: tuple[Stretch, ...]) -> list[tuple[float, float, str, float]]:
    """The stretches: first and last hour, kind, and the counted time by then."""
    return [(hours(row.start), hours(row.end), row.kind, row.sum / HOUR) for row in found]


def waits(found: tuple[Stretch, ...]) -> list[tuple[str, float, float, str, float]]:
    """Each pause: for what, from when until when, how it ended, and how far it moves the date."""
    waits = dict.fromkeys(row.wait for row in found if row.wait)
    return [(w.reason, hours(w.start), hours(w.end), w.ended, w.moved / HOUR) for w in waits]


def test_what_lies_in_a_pause_does_not_count() -> None:
    complaint = waiting()
    complaint.town.at(50)
    complaint.reply("water", "resumed")

    found = the(complaint, "answer", at=200)

    assert rows(found.stretches) == [(0, 20, "time", 20), (20, 50, "pause", 20), (50, 130, "time", 100)]
    assert found.stretches[-1].sum == found.rule.length


@pytest.mark.parametrize(
    ("resumed", "at", "ended", "end", "moved"),
    [
        pytest.param(None, 30, "open", 70, 50, id="as long as it lasts"),
        pytest.param(None, 70, "cap", 70, 50, id="at its cap"),
        pytest.param("resumed", 50, "WorkResumed", 40, 20, id="resumed"),
        pytest.param("returned", 50, "ComplaintReturned", 40, 20, id="returned"),
    ],
)
def test_a_pause_says_how_it_ended_and_how_far_it_moves_the_date(
    resumed: str | None, at: float, ended: str, end: float, moved: float
) -> None:
    complaint = waiting()
    complaint.town.at(40)
    if resumed:
        complaint.reply("water", resumed, note="-")

    assert waits(the(complaint, "answer", at).stretches) == [("customer", 20, end, ended, moved)]


def test_who_comes_at_the_very_cap_of_a_pause_has_not_ended_it() -> None:
    complaint = waiting()
    complaint.town.at(70)
    complaint.reply("water", "returned", note="-")

    assert waits(the(complaint, "answer", at=80).stretches) == [("customer", 20, 70, "cap", 50)]


def test_a_date_that_was_moved_knows_of_its_pause_what_was_known_then() -> None:
    complaint = waiting()
    complaint.town.at(50)
    complaint.reply("water", "resumed")

    _, latest, _ = explained(complaint, at=200, target="answer").targets

    assert waits(latest.stretches) == [("customer", 20, 70, "open", 50)]
    assert [(hours(row.end), row.when) for row in latest.stretches if row.wait] == [(50, "past"), (70, "unneeded")]


def test_two_pauses_are_two_stretches() -> None:
    complaint = waiting()
    complaint.town.at(30)
    complaint.reply("water", "resumed")
    complaint.town.at(60)
    complaint.reply("water", "waiting", reason="parts", note="-")
    complaint.reply("centre", "approved")
    complaint.town.at(65)
    complaint.reply("water", "resumed")

    assert waits(the(complaint, "answer").stretches) == [
        ("customer", 20, 30, "WorkResumed", 10),
        ("parts", 60, 65, "WorkResumed", 5),
    ]


def test_what_begins_anew_while_the_work_waits_waits_from_then_on() -> None:
    complaint = waiting(reason="parts", note="-")
    complaint.reply("centre", "approved")
    complaint.town.at(30)
    complaint.reply("water", "progress", note="ordered")
    complaint.town.at(40)
    complaint.reply("water", "resumed")

    assert waits(the(complaint, "progress").stretches) == [("parts", 30, 40, "WorkResumed", 10)]


def an_office() -> Town:
    content = TOWN.model_dump(mode="json", exclude={"calendar", "calendars"})
    content["calendar"], content["calendars"] = "office", {"office": OFFICE}
    content["plans"]["patient"]["targets"] = {"answer": {"working": "8h"}}
    content["plans"]["patient"]["pauses"] = {"customer": {"targets": ["answer"], "at_most": "50h"}}
    return Town(policy=pack(**content))


def a_wait_over_the_night(until: float = 33) -> Complaint:
    town = an_office()
    town.at(8)
    complaint = town.complaint("patient/leak")
    town.at(15)
    complaint.reply("water", "waiting", reason="customer")
    town.at(until)
    complaint.reply("water", "resumed")
    return complaint


def test_a_pause_moves_the_date_by_the_working_time_in_it() -> None:
    found = the(a_wait_over_the_night(), "answer")

    assert waits(found.stretches) == [("customer", 15, 33, "WorkResumed", 3)]
    assert (hours(found.due_at), found.stretches[-1].sum / HOUR) == (35, 8)
    assert (found.origin.moved, found.origin.moved_wall) == (-15 * HOUR, -47 * HOUR)


def test_used_and_left_do_not_count_what_was_waited() -> None:
    verdict = the(a_wait_over_the_night(), "answer", at=33.5).verdict

    assert (verdict.used / HOUR, verdict.used_wall / HOUR, verdict.left / HOUR) == (6.5, 25.5, 1.5)


def test_on_paper_a_pause_stands_by_itself_between_nights_that_become_one() -> None:
    found = merged(the(a_wait_over_the_night(until=30), "answer", at=200).stretches)

    assert [(hours(row.start), hours(row.end), row.why[0].kind) for row in found] == [
        (8, 12, "hours"),
        (12, 13, "outside"),
        (13, 15, "hours"),
        (15, 30, "pause"),
        (30, 32, "outside"),
        (32, 34, "hours"),
    ]


def test_on_paper_what_was_not_needed_any_more_is_one_row() -> None:
    town = an_office()
    complaint = town.complaint("patient/leak")
    town.at(10)
    complaint.reply("water", "answered")

    *_, last = merged(the(complaint, "answer", at=200).stretches)

    assert (hours(last.start), hours(last.end), last.counts / HOUR, last.when) == (10, 17, 6, "unneeded")


def test_a_pause_that_was_asked_to_end_before_its_cap_ends_there_by_itself() -> None:
    complaint = waiting(until=hour(30).isoformat())

    assert waits(the(complaint, "answer", at=35).stretches) == [("customer", 20, 30, "cap", 10)]
