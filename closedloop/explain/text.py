"""An explanation on paper: each target as a paragraph of short lines."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from closedloop.demo.words import Language
from closedloop.explain import phrases
from closedloop.explain.ahead import Ahead
from closedloop.explain.explanation import Dated, Explanation
from closedloop.explain.merged import Row, merged
from closedloop.explain.speaking import Speaker

COLOURS = {"met": "green", "breached": "bold red", "passed": "red", "running": "yellow", "cancelled": "dim"}


def show(explanation: Explanation, console: Console, language: Language) -> None:
    """Print everything."""
    speaker = Speaker(language)
    head(explanation, console, speaker)
    if not explanation.targets:
        console.print(speaker.said("nothing"))
    for dated in explanation.targets:
        console.print()
        _paragraph(dated, console, speaker)


def head(found: Explanation | Ahead, console: Console, speaker: Speaker) -> None:
    """Which complaint, as of when, under which policy."""
    console.print(f"[bold]{escape(speaker.said('title', reference=found.reference, subject=found.subject))}[/]")
    console.print(
        escape(
            speaker.said(
                "as_of",
                id=found.complaint_id,
                at=speaker.moment(found.at, found.zone),
                zone=found.zone,
                policy=found.policy,
                version=found.version,
                hash=found.hash,
            )
        )
    )


def title(dated: Dated, speaker: Speaker) -> str:
    """Which target, its date, and how it stands, as markup."""
    state = dated.verdict.state
    return speaker.said(
        "target",
        target=f"[bold]{escape(speaker.term(dated.target))}[/]",
        cycle=dated.cycle,
        revision=dated.revision,
        due=speaker.moment(dated.due_at, dated.rule.zone),
        state=f"[{COLOURS[state]}]{speaker.said(f'state_{state}')}[/]",
    )


def _paragraph(dated: Dated, console: Console, speaker: Speaker) -> None:
    console.print(title(dated, speaker))
    began = speaker.said(dated.starts_with, at=speaker.moment(dated.starts_at, dated.rule.zone))
    grid = Table.grid(padding=(0, 2))
    for name, content in (
        ("rule", "\n".join(phrases.rule(speaker, dated))),
        ("from", began),
        ("time", _time(dated, speaker)),
        ("date", phrases.date(speaker, dated)),
        ("ladder", _ladder(dated, speaker)),
        ("verdict", phrases.verdict(speaker, dated)),
    ):
        grid.add_row(f"  {speaker.said(name)}", escape(content) if isinstance(content, str) else content)
    console.print(grid)


def _time(dated: Dated, speaker: Speaker) -> Table:
    return _grid(_row(row, dated, speaker) for row in merged(dated.stretches))


def _row(row: Row, dated: Dated, speaker: Speaker) -> tuple[str, ...]:
    zone, length = dated.rule.zone, row.end - row.start
    counted, closed = phrases.counts(speaker, dated, length), speaker.wall(length)
    return (
        speaker.moment(row.start, zone),
        f"– {speaker.moment(row.end, zone)}",
        speaker.said("counts", length=counted) if row.open else speaker.said("closed", length=closed),
        speaker.said("sum", length=phrases.counts(speaker, dated, row.sum)) if row.open else "",
        phrases.why(speaker, row),
    )


def _ladder(dated: Dated, speaker: Speaker) -> Table:
    return _grid(
        (
            phrases.share(speaker, step),
            speaker.moment(step.due_at, dated.rule.zone),
            speaker.term(step.action),
            speaker.said("level", level=step.level, role=speaker.term(step.role)),
            speaker.name(step.queue),
            phrases.state(speaker, dated, step),
        )
        for step in dated.steps
    )


def _grid(rows: Iterable[tuple[str, ...]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    for row in rows:
        grid.add_row(*map(escape, row))
    return grid
