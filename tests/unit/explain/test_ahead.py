"""What happens if nobody acts is what then does happen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from closedloop.explain import Ahead, NothingYet, ahead
from closedloop.explain.ahead import Coming
from schemas.facts import ComplaintClosed, Rung
from schemas.policy import PolicyPack
from tests.builders import TOWN, Complaint, Town, hour, hours
from tests.cases import file_of
from tests.offices import absent, staffed
from tests.working_hours import a_town

HOUR = timedelta(hours=1)


def of(complaint: Complaint, at: float, until: float | None = None) -> Ahead:
    file = file_of(complaint)
    return ahead(file.facts, file.pack, hour(at), None if until is None else hour(until))


def foretold(found: Ahead) -> list[tuple[float, str, int, str | None, str, str]]:
    return [(hours(c.due_at), c.target, c.level, role(c), c.queue.name, c.action) for c in found.coming]


def role(coming: Coming) -> str | None:
    return coming.whom.role if coming.whom else None


def rungs(complaint: Complaint, after: float = -1) -> list[Rung]:
    told = complaint.facts("DeadlineApproaching", "DeadlineBreached", "ComplaintEscalated")
    return [fact for fact in told if hours(fact.due_at) > after]


@pytest.mark.parametrize("town", [Town, a_town], ids=["all of the time", "working time"])
def test_what_was_foretold_is_what_happens_if_nobody_acts(town: type[Town]) -> None:
    there = town()
    complaint = there.complaint("water/leak")

    before = foretold(of(complaint, at=0, until=300))

    there.at(300)
    assert before == [(hours(f.due_at), f.target, f.level, f.role, f.queue, f.action) for f in rungs(complaint)]


def names(found: Ahead) -> list[tuple[float, str, list[str | None], list[str], bool]]:
    """Each rung ahead: hour, target, office with holder and deputy, copies, and whether it is the top."""
    told = [(c, c.whom) for c in found.coming if c.whom]
    people = [[w.role, w.person and w.person.name, w.deputy_for and w.deputy_for.name] for _, w in told]
    return [
        (hours(c.due_at), c.target, who, [copy.name for copy in w.copies], w.top)
        for (c, w), who in zip(told, people, strict=True)
    ]


def with_copies() -> PolicyPack:
    steps = [step.model_dump() for step in TOWN.ladders["standard"].steps]
    steps[1]["copies"] = ["head", "director"]
    standard = TOWN.ladders["standard"].model_dump() | {"steps": steps}
    return staffed(
        ladders={name: ladder.model_dump() for name, ladder in TOWN.ladders.items()} | {"standard": standard}
    )


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param(staffed(), id="to who holds the office"),
        pytest.param(staffed(people={"wang": absent(9, 110, deputy="sun")}), id="to the deputy of who is absent"),
        pytest.param(staffed(offices={"director": "wang"}), id="to the next above whom has been told"),
        pytest.param(staffed(offices={"director": "wang", "mayor": "li"}), id="to the top again"),
        pytest.param(with_copies(), id="and to whom gets a copy"),
    ],
)
@pytest.mark.parametrize("at", [0, 76, 101])
def test_whom_it_was_foretold_to_is_whom_it_is_told(policy: PolicyPack, at: float) -> None:
    town = Town(policy=policy)
    complaint = town.complaint("water/leak")
    town.at(at)

    before = names(of(complaint, at=at, until=200))

    town.at(200)
    told = [([f.role, f.person, f.deputy_for], list(f.copies), f.top, f) for f in rungs(complaint, after=at)]
    assert before == [(hours(f.due_at), f.target, who, copies, top) for who, copies, top, f in told]


def a_wait(town: Town, at: float = 80, reason: str = "customer") -> Complaint:
    complaint = town.complaint("patient/leak")
    town.at(at)
    complaint.reply("water", "waiting", reason=reason, note="-")
    return complaint


def test_while_the_work_waits_what_is_foretold_stands_behind_the_pause() -> None:
    town = Town()
    complaint = a_wait(town)

    found = of(complaint, at=80, until=300)

    town.at(300)
    assert foretold(found) == [
        (hours(f.due_at), f.target, f.level, f.role, f.queue, f.action) for f in rungs(complaint, after=80)
    ]
    assert [(w.target, w.reason, hours(w.since), hours(w.until)) for w in found.waiting] == [
        ("answer", "customer", 80, 130)
    ]


def test_a_warning_that_was_told_for_the_date_before_is_not_ahead() -> None:
    answer = [(hours(c.due_at), c.what) for c in of(a_wait(Town()), at=80).coming if c.target == "answer"]

    assert answer[:2] == [(150, "breach"), (175, "escalation")]


def test_what_was_told_of_a_date_whose_warning_was_told_before_is_not_ahead() -> None:
    town = Town()
    complaint = a_wait(town)
    town.at(160)

    answer = [(hours(c.due_at), c.what) for c in of(complaint, at=160).coming if c.target == "answer"]

    assert answer[:2] == [(175, "escalation"), (200, "escalation")]


def test_at_the_cap_of_a_pause_the_work_goes_on_by_itself() -> None:
    pause = [(hours(c.due_at), c.what) for c in of(a_wait(Town()), at=80).coming if c.target == "resume"]

    assert pause == [(117.5, "warning"), (130, "resumes")]


def test_what_is_left_by_then_does_not_count_what_is_waited() -> None:
    file = file_of(a_wait(Town()))
    untold = [fact for fact in file.facts if not isinstance(fact, Rung)]

    (warned,) = [c for c in ahead(untold, file.pack, hour(81)).coming if c.target == "answer" and c.what == "warning"]

    assert (hours(warned.due_at), warned.late) == (75, True)
    assert (warned.left / HOUR, warned.left_wall / HOUR) == (25, 75)


def test_nothing_waits_once_the_pause_is_over() -> None:
    town = Town()
    complaint = a_wait(town)

    assert len(of(complaint, at=129).waiting) == 1
    assert of(complaint, at=130).waiting == ()


def test_the_visit_climbs_the_ladder_of_the_answers_plan() -> None:
    town = Town()
    complaint = town.complaint("stated/promise", due_at=hour(40).isoformat())
    complaint.reply("water", "answered")

    before = foretold(of(complaint, at=1, until=300))

    town.at(300)
    assert before[1:] == [(hours(f.due_at), f.target, f.level, f.role, f.queue, f.action) for f in rungs(complaint)]
    assert len(before) == 3


def test_it_shows_three_reminders_of_each_target() -> None:
    found = of(Town().complaint("water/leak"), at=0)

    reminders = [(hours(c.due_at), c.target) for c in found.coming if c.what == "reminder"]
    assert reminders == [
        (t, name) for name, top in (("accept", 15), ("answer", 150)) for t in (top + 24, top + 48, top + 72)
    ]


def test_reminders_that_were_told_are_followed_by_three_more() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    town.at(300)

    found = of(complaint, at=300)

    assert [hours(c.due_at) for c in found.coming if c.target == "answer"] == [318, 342, 366]
    assert (found.reminders, of(complaint, at=300, until=400).reminders) == (3, None)


def test_it_looks_no_further_than_a_month_unless_it_is_asked_to() -> None:
    complaint = Town().complaint("stated/promise", due_at=hour(2000).isoformat())

    assert (of(complaint, at=0).coming, of(complaint, at=0).next_at) == ((), hour(1500))
    assert [hours(c.due_at) for c in of(complaint, at=0, until=3000).coming] == [1500, 2000]


def test_what_was_told_is_not_ahead_and_what_should_have_been_is_told_at_once() -> None:
    town = Town()
    complaint = town.complaint("power/outage")
    town.at(80)

    assert [(hours(c.due_at), c.late) for c in of(complaint, at=90).coming] == [(100, False)]
    assert [(hours(c.due_at), c.late) for c in of(complaint, at=101).coming] == [(100, True)]


def test_what_is_left_by_then_is_counted_as_the_target_counts_and_by_the_wall() -> None:
    town = a_town()
    town.at(4 * 24 + 16)

    found = of(town.complaint("water/leak"), at=4 * 24 + 16)

    answer = [(hours(c.due_at), c.left / HOUR, c.left_wall / HOUR) for c in found.coming if c.target == "answer"]
    tuesday, wednesday = 8 * 24, 9 * 24
    assert answer[:3] == [(tuesday + 11, 4, 5), (tuesday + 16, 0, 0), (wednesday + 11, -4, -19)]


def test_after_the_answer_the_visit_and_its_ladder_are_ahead() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "answered")

    before = foretold(of(complaint, at=1, until=90))
    town.at(90)

    assert before[0] == (24, "visit", 0, None, "visit-desk", "visit")
    assert [(at, action, queue, level) for at, _, level, _, queue, action in before[1:]] == complaint.rungs("visit")


def test_a_visit_that_was_scheduled_is_not_ahead_of_what_ended_before() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "answered")
    file = file_of(complaint)
    closed = ComplaintClosed(complaint_id=file.id, at=hour(1), ending="answered")

    assert ahead([*file.facts, closed], file.pack, hour(2)).coming == ()


def test_nothing_is_ahead_of_what_has_ended_and_nothing_is_known_before_the_beginning() -> None:
    town = Town()
    town.at(1)
    complaint = town.complaint("power/outage")
    complaint.reply("power", "answered")

    found = of(complaint, at=2)
    assert (found.open, found.coming, found.next_at) == ((), (), None)
    assert (found.closed_at, found.ending) == (hour(1), "answered")
    with pytest.raises(NothingYet):
        of(complaint, at=0)
