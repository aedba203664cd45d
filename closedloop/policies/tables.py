"""A pack as tables for people: departments, people, routes, plans, allowances and ladders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from schemas.calendars import CalendarSpec
from schemas.languages import LANGUAGES
from schemas.lengths import simple
from schemas.pack_lengths import every_length
from schemas.policy import Days, Every, Length, Plan, PolicyPack, Step
from schemas.spoken import Counts, in_words

Rows = Sequence[tuple[str, ...]]


def of(pack: PolicyPack) -> list[Table]:
    """All tables of a pack that have a row."""
    found: Mapping[str, tuple[tuple[str, ...], Rows]] = {
        "Departments": (("name", "zh", "en", "kind", "offices"), list(_departments(pack))),
        "People": (("name", "zh", "en", "deputy", "absent"), list(_people(pack))),
        "Routes, the first that fits": (("category", "area", "tier", "department", "plan"), list(_routes(pack))),
        "Calendars": (("name", "zone", "hours", "holidays", "overrides"), list(_calendars(pack))),
        "Plans": (("plan", "targets", "ladder", "visit"), list(_plans(pack))),
        "What may wait or move": (("plan", "what", "targets", "at most", "times", "consent"), list(_allowed(pack))),
        "Lengths in days": (("where", "en", "zh"), list(_in_days(pack))),
        "Major incidents": (("rule", "fits", "update", "report", "ladder"), list(_incidents(pack))),
        "Ladders": (("ladder", "at", "level", "role", "queue", "action", "copies"), list(_steps(pack))),
    }
    return [_table(title, columns, rows) for title, (columns, rows) in found.items() if rows]


def plain(span: Length | Every | str, counts: Counts = "moment") -> str:
    """A length of time as people write it."""
    if isinstance(span, Every):
        return f"every {plain(span.every)}"
    if isinstance(span, Days) and span == Days(days=span.days):
        counts = "before"  # Three days; a table of its own says until when.
    return span if isinstance(span, str) else in_words(span, "en", counts)


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
            asked = f"within {plain(later.approved_within)}, asked {plain(later.before, 'before')} before"
            yield name, "extension", " ".join(later.targets), plain(later.at_most), str(later.times), asked
        if (holding := plan.holding) is not None:
            final = f"final within {plain(holding.final_within)}"
            yield name, "holding reply", " ".join(holding.meets), final, "1", "not needed"


def _in_days(pack: PolicyPack) -> Iterator[tuple[str, ...]]:
    """What `3d` means is said aloud: days by the wall clock are no hours."""
    for one in every_length(pack):
        if any(isinstance(part, Days) for part in simple(one.length)):
            yield one.what, *(in_words(one.length, language, one.counts) for language in LANGUAGES)


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
            yield name, f"then every {plain(again.every, 'date')}", "", again.role, again.queue, again.action, "-"


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
        return f"{plain(step.before, 'before')} before"
    if step.after is not None:
        return f"{plain(step.after, 'date')} after"
    return "the next opening" if step.at is not None else f"{step.at_percent} %"


def _table(title: str, columns: Sequence[str], rows: Rows) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
