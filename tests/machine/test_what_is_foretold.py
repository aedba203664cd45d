"""Whatever people do: a clock ended as escalation says, what was foretold happens, and the verdicts follow again."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from random import Random

import pytest

from closedloop.explain import ahead
from closedloop.replay.one_case import compare
from schemas.facts import Rung
from schemas.policy import PolicyPack
from services.shared.timing.clock import Clock
from tests.builders import TOWN, Complaint, hours
from tests.cases import explained, explained_of_old, file_of
from tests.offices import absent, staffed
from tests.sampling import so_many
from tests.story.unsteady import DEPARTMENTS, OUTCOMES, REPLY_KINDS, SCRIPTS, UnsteadyTown

SEEDS = range(so_many(10, 40))
CASTS: tuple[PolicyPack, ...] = (
    TOWN,
    staffed(people={"wang": absent(0, 50, deputy="sun")}),
    staffed(people={"wang": absent(30, 120, deputy="sun")}, offices={"director": "wang"}),
)
STATES = {
    "DeadlineMet": {"met"},
    "DeadlineMissed": {"missed"},
    "DeadlineMoved": {"moved", "ended"},
    "DeadlineCancelled": {"cancelled", "ended"},
    None: {"running", "breached", "ended"},
}
HORIZON = 400


@cache
def a_life(seed: int) -> Complaint:
    """Replies, assignments, visits and hours in any order; nobody stops, and everything is told when it is due."""
    chance = Random(seed)
    town = UnsteadyTown(policy=CASTS[seed % len(CASTS)], seed=seed)
    town.complains(chance.choice(["patient/pump", "patient/pump", "water/leak", "housing/crack", "other/strange"]))
    for _ in range(chance.randrange(3, 25)):
        something(town, chance)
    town.recover()
    return town.complaints[0]


def something(town: UnsteadyTown, chance: Random) -> None:
    what = chance.random()
    if what < 0.35:
        town.replies(0, "owner", chance.choice(REPLY_KINDS), ago=chance.choice([0, 0, 0.5]))
    elif what < 0.55:
        for reply in chance.choice(SCRIPTS):
            town.replies(0, "owner", reply)
            town.passes(chance.choice([0.25, 1, 4, 10, 25]))
    elif what < 0.62:
        town.replies(0, "centre", "assigned", to=chance.choice(DEPARTMENTS))
    elif what < 0.7:
        town.until("DeadlineBreached")
        town.replies(0, "owner", chance.choice(["answered", "waiting", "returned"]), ago=0.5)
    elif what < 0.8:
        town.until("VisitRequested")
        town.visits(0, chance.choice(OUTCOMES))
    else:
        town.passes(chance.choice([0.25, 1, 4, 10, 25, 49]))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_clock_ended_as_escalation_says(seed: int) -> None:
    for dated in explained(a_life(seed)).targets:
        assert dated.verdict.state in STATES[dated.verdict.said], dated


@pytest.mark.parametrize("seed", SEEDS)
def test_a_date_that_was_moved_is_the_one_before_of_the_date_that_took_its_place(seed: int) -> None:
    found = {(d.target, d.cycle, d.revision): d for d in explained(a_life(seed)).targets}

    for (target, cycle, _), dated in found.items():
        if dated.verdict.state == "moved" and target != "resume":
            assert dated.verdict.to_revision is not None
            after = found[target, cycle, dated.verdict.to_revision]
            assert (after.due_at, after.origin.before) == (dated.verdict.moved_to, dated.due_at)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_date_of_an_older_version_is_explained_as_if_its_origin_had_been_written(seed: int) -> None:
    assert explained_of_old(a_life(seed)) == explained(a_life(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_verdicts_follow_again(seed: int) -> None:
    complaint = a_life(seed)

    compared = compare(file_of(complaint), Clock(), complaint.town.world.now, timedelta(0))

    assert compared.equal, compared.differences


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_foretold_is_what_happens_if_nobody_acts(seed: int) -> None:
    complaint = a_life.__wrapped__(seed)
    town, now = complaint.town, complaint.town.world.now
    file = file_of(complaint)
    end = now + timedelta(hours=HORIZON)

    found = ahead(file.facts, file.pack, now, end)

    town.at(hours(end))
    before = [
        (
            c.due_at,
            c.target,
            c.revision,
            c.level,
            c.queue.name,
            c.action,
            c.whom.role,
            c.whom.person and c.whom.person.name,
        )
        for c in found.coming
        if c.whom
    ]
    told = [fact for fact in complaint.facts() if isinstance(fact, Rung) and fact.at > now]
    assert sorted(before, key=str) == sorted(
        ((f.due_at, f.target, f.revision, f.level, f.queue, f.action, f.role, f.person) for f in told), key=str
    )
