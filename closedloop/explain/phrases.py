"""The sentences of an explanation: where a date comes from, and how it came out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from closedloop.explain.explanation import Dated, Step
from closedloop.explain.merged import Row
from closedloop.explain.speaking import Speaker
from closedloop.explain.stretches import Stretch
from closedloop.explain.words import WHY

ZERO = timedelta(0)


def rule(speaker: Speaker, dated: Dated) -> Iterator[str]:
    """The rule behind a target: what it promises, and who gave it to whom, and why."""
    found = dated.rule
    route = speaker.said("route", categories=" ".join(found.categories), areas=" ".join(found.areas))
    by = "route" if found.categories else found.by
    yield length(speaker, dated)
    yield speaker.said(f"by_{by}", owner=speaker.name(found.owner), reason=found.reason, route=route)
    if found.now_with:
        yield speaker.said("now_with", owner=speaker.name(found.now_with))


def length(speaker: Speaker, dated: Dated) -> str:
    """What the policy promises, and in which time."""
    found = dated.rule
    if found.given == "stated" or found.length is None:
        return speaker.said("stated")
    if found.given == "visit":
        return speaker.said("visit_plan", plan=found.plan, length=speaker.wall(found.length))
    owner = speaker.name(found.owner)
    counting = f"{found.calendar_of}_calendar" if found.calendar_of else "all_of_the_time"
    return speaker.said(
        "length" if found.plan and dated.target != "assign" else "centres",
        plan=found.plan,
        target=speaker.term(dated.target),
        length=counts(speaker, dated, found.length),
        counting=speaker.said(counting, calendar=found.calendar, owner=owner, zone=found.zone),
    )


def why(speaker: Speaker, row: Row) -> str:
    """Why a row is open or closed, and that it is still ahead or was never needed."""
    reasons = speaker.said("and").join(dict.fromkeys(reason(speaker, stretch) for stretch in row.why))
    return reasons if row.when == "past" else f"{reasons} [{speaker.said(row.when)}]"


def date(speaker: Speaker, dated: Dated) -> str:
    """The date and what counts until then, and where the holidays behind it are a guess."""
    counted = dated.stretches[-1].sum if dated.stretches else ZERO
    at, wall = speaker.moment(dated.due_at, dated.rule.zone), speaker.wall(dated.due_at - dated.starts_at)
    working = dated.rule.calendar is not None
    due = speaker.said("due" if working else "due_all", at=at, length=counts(speaker, dated, counted), wall=wall)
    years = ", ".join(str(year) for year in dated.unofficial_years)
    return f"{due}\n{speaker.said('guess', years=years)}" if years else due


def counts(speaker: Speaker, dated: Dated, length: timedelta) -> str:
    """A length of the time that counts for this target."""
    return speaker.worked(length) if dated.rule.calendar else speaker.wall(length)


def reason(speaker: Speaker, stretch: Stretch) -> str:
    """Why one stretch is open or closed, and who ordered it where somebody did."""
    named = stretch.zh if speaker.language == "zh" else stretch.en
    return speaker.said("ordered", why=named, by=stretch.by) if stretch.by else named


def share(speaker: Speaker, step: Step) -> str:
    """Where on the ladder a step stands."""
    return speaker.said("reminder", n=step.reminder) if step.reminder else f"{step.percent} %"


def state(speaker: Speaker, dated: Dated, step: Step) -> str:
    """Whether a step was told, and if it never will be, why."""
    return speaker.said(f"step_{step.state}", why=stopped(speaker, dated))


def stopped(speaker: Speaker, dated: Dated) -> str:
    """What made the clock stop; nothing while it runs."""
    by = dated.verdict.by or ""
    return speaker.says(WHY[by]) if by in WHY else by


def verdict(speaker: Speaker, dated: Dated) -> str:
    """How the target came out, or how it stands."""
    found = dated.verdict
    told = speaker.said(
        "breached_open" if found.state == "breached" and found.open else found.state,
        why=stopped(speaker, dated),
        at=speaker.moment(found.at, dated.rule.zone),
        used=_both(speaker, dated, found.used, found.used_wall),
        left=_both(speaker, dated, max(ZERO, found.left), max(ZERO, found.left_wall)),
        late=_both(speaker, dated, max(ZERO, -found.left), max(ZERO, -found.left_wall)),
    )
    return told + (speaker.said("taken_back") if found.taken_back else "")


def _both(speaker: Speaker, dated: Dated, counted: timedelta, wall: timedelta) -> str:
    """What counts, and beside it what the wall shows where that is something else."""
    if dated.rule.calendar is None:
        return speaker.wall(wall)
    return speaker.said("both", counts=speaker.worked(counted), wall=speaker.wall(wall))
