"""Every length of time in a policy pack, with its place and what it counts from; and the faults of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from schemas.lengths import Days, EarlierOf, LaterOf, Length, Working, by_calendar, once, parts_of, simple, span_of

if TYPE_CHECKING:
    from schemas.chain import Ladder
    from schemas.policy import Plan, PolicyPack

ZERO = timedelta(0)

Where = tuple[str | int, ...]
"""The way to a part of a pack: names of keys, and numbers of entries from 0."""

Fault = tuple[Where, str]
"""A fault, and its place in the pack."""


class Located(NamedTuple):
    """A length, its place, and what it is for."""

    where: Where
    what: str
    length: Length
    counts: Literal["moment", "date", "before"] = "moment"
    """Whether it counts from something that happens, on from a date, or back from one."""
    may_be_none: bool = False


def lengths(pack: PolicyPack) -> Iterator[tuple[str, Length]]:
    """Every length of time that begins somewhere and ends later, and what it is for."""
    return ((what, length) for _, what, length in located_lengths(pack))


def located_lengths(pack: PolicyPack) -> Iterator[tuple[Where, str, Length]]:
    """The same, with the way to each."""
    return (one[:3] for one in every_length(pack) if one.counts != "before" and not one.may_be_none)


def every_length(pack: PolicyPack) -> Iterator[Located]:
    """Every length of a pack."""
    yield Located(("assign_within",), "assign_within", pack.assign_within)
    for name, plan in pack.plans.items():
        for one in _of_plan(plan):
            yield one._replace(where=("plans", name, *one.where), what=f"plan {name}: {one.what}")
    for name, ladder in pack.ladders.items():
        for one in _of_ladder(ladder):
            yield one._replace(where=("ladders", name, *one.where), what=f"ladder {name}: {one.what}")
    if pack.incidents:
        yield Located(("incidents", "update"), "incidents: update", pack.incidents.update)
        yield Located(("incidents", "report_within"), "incidents: report_within", pack.incidents.report_within)


def _of_plan(plan: Plan) -> Iterator[Located]:
    for target, length in plan.targets.items():
        if length != "stated":
            yield Located(("targets", target), f"target {target}", once(length))
    for reason, pause in plan.pauses.items():
        yield Located(("pauses", reason, "at_most"), f"the cap of pause {reason}", pause.at_most)
        if pause.approved_within is not None:
            yield Located(("pauses", reason, "approved_within"), f"approval of pause {reason}", pause.approved_within)
    if (extension := plan.extension) is not None:
        counts: Literal["moment", "date"] = "date" if extension.counted_from == "policy_date" else "moment"
        yield Located(("extension", "at_most"), "an extension", extension.at_most, counts)
        yield Located(("extension", "approved_within"), "approval of an extension", extension.approved_within)
        yield Located(("extension", "before"), "asking before", extension.before, "before", may_be_none=True)
    if plan.holding:
        yield Located(("holding", "final_within"), "the final answer after a holding reply", plan.holding.final_within)
    if plan.visit:
        yield Located(("visit", "opens_after"), "a visit's wait", plan.visit.opens_after, may_be_none=True)
        yield Located(("visit", "due_after"), "a visit", plan.visit.due_after, may_be_none=True)


def _of_ladder(ladder: Ladder) -> Iterator[Located]:
    for n, step in enumerate(ladder.steps):
        if step.before is not None:
            yield Located(("steps", n, "before"), "a step before the date", step.before, "before")
        if step.after is not None:
            yield Located(("steps", n, "after"), "a step after the date", step.after, "date")
    if ladder.reminder:
        yield Located(("reminder", "every"), "the reminder", ladder.reminder.every, "date")


def bad_lengths(pack: PolicyPack) -> Iterator[Fault]:
    """Lengths that are too short, or that contradict themselves."""
    for one in simple_lengths(pack):
        if isinstance(one.length, Days):
            yield from ((one.where, f"{one.what}: {says}") for says in _of_days(one, one.length))
        elif span_of(one.length) <= ZERO and not one.may_be_none:
            yield one.where, f"{one.what} must be more than zero"


def simple_lengths(pack: PolicyPack) -> Iterator[Located]:
    """Every length of a pack; of several lengths of which one holds, each with its own place."""
    return (part for one in every_length(pack) for part in _simple(one))


def _simple(one: Located) -> Iterator[Located]:
    if not isinstance(one.length, EarlierOf | LaterOf):
        yield one
        return
    field = "earlier_of" if isinstance(one.length, EarlierOf) else "later_of"
    for n, part in enumerate(parts_of(one.length)):
        yield from _simple(one._replace(where=(*one.where, field, n), length=part))


def _of_days(one: Located, days: Days) -> Iterator[str]:
    if (days.days is None) is (days.working_days is None):
        yield "a length in days has either days or working_days"
        return
    if one.counts == "before" and days.model_fields_set - {"days", "working_days"}:
        yield "what stands before a date has a number of days, and the same clock time"
    is_of_a_date = one.counts == "date" and (days.cut_off or days.counted_from in ("moment", "opening"))
    if is_of_a_date:
        yield "it counts on from a date, so it has no cut_off, and counted_from may be next_day alone"
    if days.counts_from == "next_day" and days.ends == "same_time":
        yield "counted from the next day, whole days count: it cannot end at the same time"
    if not days.number and (days.ends_at == "same_time" or "reminder" in one.where):
        yield "no days at all: one or more, or where on the same day it ends, such as end_of_day"
    may_be_closed = days.working_days is None or (not days.number and days.counts_from != "opening")
    if days.ends_at == "close" and may_be_closed and days.closed_last_day == "stays":
        yield "it ends at the close of a day that may be closed: say closed_last_day: next_open"


def without_calendar(pack: PolicyPack) -> Iterator[Fault]:
    """Lengths that follow a calendar, in a pack that names none for whoever has to act."""
    found = [one for one in every_length(pack) if by_calendar(one.length)]
    if pack.calendar is None and any(_works(one) for one in found if "visit" not in one.where):
        yield (), "working time counts by a calendar: the pack names none as its own"
    for one in found:
        visit = pack.plans[str(one.where[1])].visit if "visit" in one.where else None
        if visit is not None and pack.calendar_for(visit.desk) is None:
            yield one.where, f"{one.what}: desk {visit.desk} has no calendar, and the pack none of its own"
        elif visit is None and pack.calendar is None and not _works(one):
            yield one.where, f"{one.what}: working days, openings and closings need a calendar of the pack's own"
    for name, ladder in pack.ladders.items():
        for n, step in enumerate(ladder.steps):
            if step.at is not None and pack.calendar is None:
                says = f"ladder {name}: an opening needs a calendar of the pack's own"
                yield ("ladders", name, "steps", n, "at"), says


def _works(one: Located) -> bool:
    return any(isinstance(part, Working) for part in simple(one.length))
