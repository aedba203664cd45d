"""`closedloop policy when`: the date that a pack would give, and why each day until then counts or does not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from closedloop.commands.options import AsJson, Screen
from closedloop.commands.policy import File, policy
from closedloop.explain.paper.words import WEEKDAYS
from closedloop.explain.plain import plain
from closedloop.language import Language, Words, in_both
from closedloop.language.paper import Paper, say
from closedloop.policies import BadPack, load
from closedloop.policies.dating import HOW, Date, Day, NoSuchTarget, when
from services.shared.timing.worktime import YearOutOfRange

CANNOT_TELL = 2
SAID: Mapping[str, Words] = {
    "promise": in_both("{target} of plan {plan}: {length}", "方案{plan} {target}：{length}"),
    "by": in_both("by calendar {calendar} ({zone})", "按日历 {calendar}（{zone}）"),
    "by_no": in_both("by the wall clock of {zone}", "按 {zone} 当地时间"),
    "from": in_both("from {at}", "起算 {at}"),
    "due": in_both("due  {at}", "到期 {at}"),
    "counted_to": in_both("counted to {at}; what counts further counts from there", "原计至 {at}，续计由此起"),
    "day": in_both("day", "日期"),
    "counts": in_both("counts", "计否"),
    "why": in_both("why", "原因"),
    "worked": in_both("{h:g} h", "{h:g}小时"),
}


def register(app: typer.Typer) -> None:
    """Join `closedloop policy when` to the commands about packs."""
    policy.command("when")(show)


def moment(text: str | datetime) -> datetime:
    """A moment; one without a time zone is wall time where it is counted."""
    return datetime.fromisoformat(text) if isinstance(text, str) else text


def show(
    pack: File,
    start: Annotated[datetime, typer.Option("--from", parser=moment, metavar="ISO", help="When it begins.")],
    target: Annotated[str, typer.Option(help="Which target: accept, answer, …")] = "answer",
    plan: Annotated[str | None, typer.Option(help="Of which plan; default: the first that has it.")] = None,
    department: Annotated[str | None, typer.Option(help="By whose calendar; default: the pack's own.")] = None,
    as_json: AsJson = False,
    language: Screen = "en",
) -> None:
    """Try a promise without a complaint: its date, and each day until then, with whether it counts and why.

    Exit code 0: dated. 1: the file is no valid pack, or has no such target or department. 2: no calendar gets that far.
    """
    found = _dated(pack, start, target, plan, department)
    if as_json:
        typer.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2))
    else:
        _print(found, language)


def _dated(pack: str, start: datetime, target: str, plan: str | None, department: str | None) -> Date:
    try:
        known = load(pack)
        if department is not None and department not in known.departments:
            raise NoSuchTarget(f"no department {department}")
        return when(known, target, start, plan, department)
    except (BadPack, NoSuchTarget) as error:
        says = "; ".join(error.reasons) if isinstance(error, BadPack) else f"{error} gives {target} a length of time"
        say(f"{pack}: {says}", err=True)
        raise typer.Exit(1) from error
    except (YearOutOfRange, OverflowError) as error:
        say(f"{pack}: {error}", err=True)
        raise typer.Exit(CANNOT_TELL) from error


def as_data(found: Date) -> object:
    """For programs: moments in UTC, days as dates, words in both languages."""
    days = [{**plain(day), "day": day.day.isoformat()} for day in found.days]
    return {**plain(found), "days": days}


def _print(found: Date, language: Language) -> None:
    def said(name: str, **values: object) -> str:
        return SAID[name][language].format(**values)

    def at(moment: datetime) -> str:
        there = moment.astimezone(ZoneInfo(found.zone))
        return f"{WEEKDAYS[language][there.weekday()]} {there:%Y-%m-%d %H:%M:%S}"

    paper = Paper()
    paper.print(said("promise", target=found.target, plan=found.plan, length=found.length[language]))
    paper.print(said("by" if found.calendar else "by_no", calendar=found.calendar, zone=found.zone))
    paper.print(said("from", at=at(found.starts_at)))
    if found.days:
        table = Table(said("day"), said("counts"), said("why"))
        for day in found.days:
            date = f"{WEEKDAYS[language][day.day.weekday()]} {day.day}"
            table.add_row(date, _how(day, language), day.why[language])
        paper.print(table)
    paper.print(said("due", at=at(found.due_at)))
    if found.counted_to != found.due_at:
        paper.print(said("counted_to", at=at(found.counted_to)))


def _how(day: Day, language: Language) -> str:
    if day.worked:
        return SAID["worked"][language].format(h=day.worked / timedelta(hours=1))
    return HOW[day.how][language].format(n=day.number)
