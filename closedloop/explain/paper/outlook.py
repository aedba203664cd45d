"""The steps ahead of a complaint on paper: one line for each rung, in the order of time."""

from __future__ import annotations

from rich.table import Table

from closedloop.explain.ahead import Ahead, Coming, Waiting
from closedloop.explain.paper import phrases
from closedloop.explain.paper.speaking import Speaker
from closedloop.explain.paper.text import head
from closedloop.explain.paper.words import AHEAD, HEADINGS
from closedloop.language import Language
from closedloop.language.paper import Paper

COLUMNS = ("when", "target", "what", "role", "queue", "action", "left")


def show(found: Ahead, console: Paper, language: Language, boxed: bool = False) -> None:
    """Print everything; `boxed` draws the lines of a table."""
    speaker = Speaker(language)
    head(found, console, speaker)
    for wait in found.waiting:
        console.print(_waits(wait, found, speaker))
    if not found.coming:
        console.print(_why_nothing(found, speaker), soft_wrap=True)
        return
    until, title = speaker.moment(found.until, found.zone), "until" if found.reminders is None else "title"
    console.print(speaker.says(AHEAD[title], until=until, reminders=found.reminders), soft_wrap=True)
    table = Table() if boxed else Table(box=None)
    for name in COLUMNS:
        table.add_column(speaker.says(HEADINGS[name]), no_wrap=name in ("when", "left"), overflow="fold")
    for coming in found.coming:
        table.add_row(*_row(coming, found, speaker))
    console.print(table)


def _why_nothing(found: Ahead, speaker: Speaker) -> str:
    """Why nothing will be told, or when the next thing is."""
    if found.closed_at is not None:
        at, ending = speaker.moment(found.closed_at, found.zone), speaker.term(found.ending)
        return speaker.says(AHEAD["closed"], at=at, ending=ending)
    if found.next_at is not None:
        moments = {"until": speaker.moment(found.until, found.zone), "next": speaker.moment(found.next_at, found.zone)}
        return speaker.says(AHEAD["quiet"], **moments)
    targets = dict.fromkeys(key.split("/")[1] for key in found.open)
    named = (speaker.says(AHEAD["is_open"], target=speaker.term(target)) for target in targets)
    return speaker.says(AHEAD["exhausted" if targets else "nothing"], targets=speaker.said("list").join(named))


def _waits(wait: Waiting, found: Ahead, speaker: Speaker) -> str:
    moments = {"since": speaker.moment(wait.since, found.zone), "until": speaker.moment(wait.until, found.zone)}
    target, reason = speaker.term(wait.target), speaker.term(wait.reason)
    return speaker.says(AHEAD["waiting"], target=target, reason=reason, **moments)


def _row(coming: Coming, found: Ahead, speaker: Speaker) -> tuple[str, ...]:
    when, target = speaker.moment(coming.due_at, found.zone), speaker.term(coming.target)
    whom = phrases.whom(speaker, coming.level, coming.whom) if coming.whom else ""
    return (
        speaker.says(AHEAD["at_once"], when=when) if coming.late else when,
        speaker.says(AHEAD["in_cycle"], target=target, cycle=coming.cycle) if coming.cycle > 1 else target,
        speaker.says(AHEAD[coming.what]),
        whom,
        speaker.name(coming.queue),
        speaker.action(coming.action),
        _left(coming, speaker),
    )


def _left(coming: Coming, speaker: Speaker) -> str:
    """What is left; negative by as much as it is late."""
    length = speaker.worked if coming.working else speaker.wall
    sign = "-" if coming.due_at > coming.target_due_at else ""
    return sign + length(coming.left)
