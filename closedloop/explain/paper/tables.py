"""An explanation as tables: the targets, then of each every stretch of time and every rung."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from closedloop.explain.explanation import Dated, Explanation
from closedloop.explain.paper import phrases
from closedloop.explain.paper.grounds import ZERO, grounds
from closedloop.explain.paper.speaking import Speaker
from closedloop.explain.paper.text import head, title
from closedloop.explain.paper.words import HEADINGS
from closedloop.language import Language
from closedloop.language.paper import Paper

TARGETS = ("target", "cycle", "revision", "owner", "starts", "due", "state", "used", "left")
TIME = ("from", "to", "counts", "sum", "why", "state")
LADDER = ("at", "when", "action", "role", "queue", "state")


def show(explanation: Explanation, console: Paper, language: Language) -> None:
    """Print everything."""
    speaker = Speaker(language)
    head(explanation, console, speaker)
    console.print(_table(speaker, "targets", TARGETS, [_target(dated, speaker) for dated in explanation.targets]))
    for dated in explanation.targets:
        console.print()
        console.print(title(dated, speaker))
        for line in (*grounds(speaker, dated), phrases.date(speaker, dated)):
            console.print(line)
        console.print(_table(speaker, "time", TIME, _time(dated, speaker)))
        console.print(_table(speaker, "ladder", LADDER, _ladder(dated, speaker)))
        console.print(phrases.verdict(speaker, dated))


def _target(dated: Dated, speaker: Speaker) -> tuple[str, ...]:
    zone, found = dated.rule.zone, dated.verdict
    return (
        speaker.term(dated.target),
        str(dated.cycle),
        str(dated.revision),
        speaker.name(dated.rule.owner),
        speaker.moment(dated.starts_at, zone),
        speaker.moment(dated.due_at, zone),
        speaker.said(f"state_{found.state}"),
        phrases.counts(speaker, dated, found.used),
        ("-" if found.left < ZERO else "") + phrases.counts(speaker, dated, found.left),
    )


def _time(dated: Dated, speaker: Speaker) -> list[tuple[str, ...]]:
    zone = dated.rule.zone
    return [
        (
            speaker.moment(row.start, zone),
            speaker.moment(row.end, zone),
            phrases.counts(speaker, dated, row.counts) if row.open else "",
            phrases.counts(speaker, dated, row.sum),
            phrases.reason(speaker, dated, row),
            "" if row.when == "past" else speaker.said(row.when),
        )
        for row in dated.stretches
    ]


def _ladder(dated: Dated, speaker: Speaker) -> list[tuple[str, ...]]:
    return [
        (
            phrases.share(speaker, step),
            speaker.moment(step.due_at, dated.rule.zone),
            speaker.action(step.action),
            phrases.whom(speaker, step.level, step.whom),
            speaker.name(step.queue),
            phrases.state(speaker, dated, step),
        )
        for step in dated.steps
    ]


def _table(speaker: Speaker, name: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Table:
    table = Table(title=speaker.says(HEADINGS[name]), title_justify="left")
    for column in columns:
        table.add_column(speaker.says(HEADINGS[column]), overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
