"""A pack as tables for people: departments, people, routes, plans, allowances and ladders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from rich.table import Table

from schemas.calendars import CalendarSpec
from schemas.lengths import parts_of
from schemas.policy import Days, EarlierOf, Every, LaterOf, Length, Plan, PolicyPack, Step, Working

Rows = Sequence[tuple[str, ...]]

UNITS = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "min"),
    (timedelta(seconds=1), "s"),
)


def of(pack: PolicyPack) -> list[Table]:
    """All tables of a pack that have a row."""
    found: Mapping[str, tuple[tuple[str, ...], Rows]] = {
        "Departments": (("name", "zh", "en", "kind", "offices"), list(_departments(pack))),
        "People": (("name", "zh", "en", "deputy", "absent"), list(_people(pack))),
        "Routes, the first that fits": (("category", "area", "tier", "department", "plan"), list(_routes(pack))),
        "Calendars": (("name", "zone", "hours", "holidays", "overrides"), list(_calendars(pack))),
        "Plans": (("plan", "targets", "ladder", "visit"), list(_plans(pack))),
        "What may wait or move": (("plan", "what", "targets", "at most", "times", "consent"), list(_allowed(pack))),
        "Major incidents": (("rule", "fits", "update", "report", "ladder"), list(_incidents(pack))),
        "Ladders": (("ladder", "at", "level", "role", "queue", "action", "copies"), list(_steps(pack))),
    }
    return [_table(title, columns, rows) for title, (columns, rows) in found.items() if rows]


def plain(span: Length | Every | str) -> str:
    """A length of time as people write it."""
    if isinstance(span, Every):
        return f"every {plain(span.every)}"
    if isinstance(span, Working):
        return f"{plain(span.working)} of working time"
    if isinstance(span, Days):
        return days(span)
    if isinstance(span, EarlierOf | LaterOf):
        which = "earlier" if isinstance(span, EarlierOf) else "later"
        return f"the {which} of {' and '.join(map(plain, parts_of(span)))}"
    return span if isinstance(span, str) else _units(span)


FROM = {"moment": "", "opening": "", "next_day": ", counted from the next day"}
ENDS = {"same_time": "", "end_of_day": ", to the end of the day", "close": ", to the close of business"}


def days(length: Days) -> str:
    """A length in days as people write it; what it would be anyway is left out."""
    kind = "day" if length.working_days is None else "working day"
    said = f"{length.number} {kind}{'' if length.number == 1 else 's'}"
    is_usual = length.counts_from != "moment" if length.working_days is not None else length.counts_from != "opening"
    said += FROM[length.counts_from] if is_usual else f", counted from the {length.counts_from}"
    said += f", received by {length.cut_off}" if length.cut_off else ""
    said += ENDS.get(length.ends_at, f", until {length.ends_at}")
    return said + (", a closed last day runs to the next open one" if length.closed_last_day == "next_open" else "")


def _units(span: timedelta) -> str:
    """In days, hours, minutes and seconds, those that it has; a day is 24 hours."""
    left, found = span, list[str]()
    for unit, name in UNITS:
        count, left = divmod(left, unit)
        found += [f"{count} {name}{'s' if name == 'day' and count != 1 else ''}"] if count else []
    return " ".join(found) or "0 s"


def _departments(pack: PolicyPack) -> Iterator[tuple[str, ...]]:
    for name, d in pack.departments.items():
        yield name, d.zh, d.en, d.kind, _pairs(d.offices)
    if pack.offices:
        yield "above all", "", "", "", _pairs(pack.offices)


def _people(pack: PolicyPack) -> Iterator[tuple[str, ...]]:
    for name, person in pack.people.items():
        absent = "; ".join(f"{a.starts_at:%Y-%m-%d %H:%M} to {a.ends_at:%Y-%m-%d %H:%M} UTC" for a in person.absent)
        yield name, person.zh, person.en, person.deputy or "-", absent or "-"


def _routes(pack: PolicyPack) -> Iterator[tuple[str, ...]]:
    for route in pack.routes:
        yield (
            *(" ".join(patterns) for patterns in (route.category, route.area, route.tier)),
            route.department,
            route.plan,
        )


def _calendars(pack: PolicyPack) -> Iterator[tuple[str, ...]]:
    for name, calendar in pack.calendars.items():
        yield name, calendar.zone, _hours(calendar), calendar.holidays or "-", str(len(calendar.overrides))


def _plans(pack: PolicyPack) -> Iterator[tuple[str, ...]]:
    for name, plan in pack.plans.items():
        targets = ", ".join(f"{target} {plain(span)}" for target, span in plan.targets.items())
        yield name, targets, plan.ladder, _visit(plan)


def _allowed(pack: PolicyPack) -> Iterator[tuple[str, ...]]:
    for name, plan in pack.plans.items():
        for reason, pause in plan.pauses.items():
            consent = f"within {plain(pause.approved_within)}" if pause.approved_within else "not needed"
            yield name, f"pause: {reason}", " ".join(pause.targets), plain(pause.at_most), str(pause.times), consent
        if (later := plan.extension) is not None:
            asked = f"within {plain(later.approved_within)}, asked {plain(later.before)} before"
            yield name, "extension", " ".join(later.targets), plain(later.at_most), str(later.times), asked
        if (holding := plan.holding) is not None:
            final = f"final within {plain(holding.final_within)}"
            yield name, "holding reply", " ".join(holding.meets), final, "1", "not needed"


def _incidents(pack: PolicyPack) -> Iterator[tuple[str, ...]]:
    led = pack.incidents
    if led is None:
        return
    dates = plain(led.update), plain(led.report_within), led.ladder
    yield "by hand", "whoever owns it, or the centre", *dates
    for rule in led.rules:
        patterns = {"category": rule.category, "area": rule.area, "tier": rule.tier, "words": rule.words}
        fits = [f"{what} {' '.join(given)}" for what, given in patterns.items() if given not in ((), ("*",))]
        fits += ["safety"] if rule.safety else []
        fits += [f"at least {rule.affected} affected"] if rule.affected else []
        yield rule.name, ", ".join(fits) or "everything", *dates


def _steps(pack: PolicyPack) -> Iterator[tuple[str, ...]]:
    for name, ladder in pack.ladders.items():
        for s in ladder.steps:
            yield name, _stands(s), str(s.level), s.role, s.queue, s.action, " ".join(s.copies) or "-"
        if (again := ladder.reminder) is not None:
            yield name, f"then every {plain(again.every)}", "", again.role, again.queue, again.action, "-"


def _pairs(offices: Mapping[str, str]) -> str:
    return ", ".join(f"{role} {person}" for role, person in offices.items()) or "-"


def _hours(calendar: CalendarSpec) -> str:
    return "; ".join(f"{days} {' '.join(hours)}" for days, hours in calendar.hours.items())


def _visit(plan: Plan) -> str:
    visit = plan.visit
    if visit is None:
        return "none"
    times = f"after {plain(visit.opens_after)}, due after {plain(visit.due_after)}"
    return f"{visit.desk} {times}, at most {visit.attempts} times"


def _stands(step: Step) -> str:
    if step.before is not None:
        return f"{plain(step.before)} before"
    if step.after is not None:
        return f"{plain(step.after)} after"
    return "the next opening" if step.at is not None else f"{step.at_percent} %"


def _table(title: str, columns: Sequence[str], rows: Rows) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
