"""An explanation on paper: each target as a paragraph of short lines."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from closedloop.explain.ahead import Ahead
from closedloop.explain.explanation import Dated, Explanation
from closedloop.explain.paper import phrases
from closedloop.explain.paper.grounds import grounds
from closedloop.explain.paper.merged import Row, merged
from closedloop.explain.paper.speaking import Speaker
from closedloop.explain.paper.words import SAID
from closedloop.language import Language
from closedloop.language.facts import WHY
from closedloop.language.paper import Paper, filled, styled

COLOURS = {
    "met": "green",
    "missed": "bold red",
    "breached": "bold red",
    "passed": "red",
    "running": "yellow",
    "moved": "dim",
    "cancelled": "dim",
    "ended": "dim",
}


def show(explanation: Explanation, console: Paper, language: Language) -> None:
    """Print everything."""
    speaker = Speaker(language)
    head(explanation, console, speaker)
    if not explanation.targets:
        console.print(speaker.said("nothing"))
    for dated in explanation.targets:
        console.print()
        _paragraph(dated, console, speaker)


def head(found: Explanation | Ahead, console: Paper, speaker: Speaker) -> None:
    """Which complaint, as of when, under which policy."""
    console.print(styled(speaker.said("title", reference=found.reference, subject=found.subject), "bold"))
    console.print(
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


def title(dated: Dated, speaker: Speaker) -> Text:
    """Which target, its date, and how it stands."""
    state = dated.verdict.state
    return filled(
        SAID["target"][speaker.language],
        target=styled(speaker.term(dated.target), "bold"),
        cycle=dated.cycle,
        revision=dated.revision,
        due=speaker.moment(dated.due_at, dated.rule.zone),
        state=styled(speaker.said(f"state_{state}"), COLOURS[state]),
    )


def _paragraph(dated: Dated, console: Paper, speaker: Speaker) -> None:
    console.print(title(dated, speaker))
    grid = folding(2)
    for name, content in (
        ("rule", "\n".join(grounds(speaker, dated))),
        ("from", _began(dated, speaker)),
        ("time", _time(dated, speaker)),
        ("date", phrases.date(speaker, dated)),
        ("ladder", _ladder(dated, speaker)),
        ("verdict", phrases.verdict(speaker, dated)),
    ):
        grid.add_row(f"  {speaker.said(name)}", content)
    console.print(grid)


def _began(dated: Dated, speaker: Speaker) -> str:
    why = speaker.says(WHY[dated.started_by]) if dated.started_by in WHY else ""
    return speaker.said(f"from_{dated.starts_with}", at=speaker.moment(dated.starts_at, dated.rule.zone), why=why)


def _time(dated: Dated, speaker: Speaker) -> Table:
    return _grid(_row(row, dated, speaker) for row in merged(dated.stretches))


def _row(row: Row, dated: Dated, speaker: Speaker) -> tuple[str, ...]:
    zone, length, counted = dated.rule.zone, row.end - row.start, phrases.counts(speaker, dated, row.counts)
    moments = speaker.moment(row.start, zone), f"– {speaker.moment(row.end, zone)}"
    if row.when == "unneeded":
        return (*moments, speaker.said("leaves", length=counted), "", speaker.said("unneeded"))
    if row.open:
        sum = speaker.said("sum", length=phrases.counts(speaker, dated, row.sum))
        return (*moments, speaker.said("counts", length=counted), sum, phrases.why(speaker, dated, row))
    words = "waits" if row.why[0].wait is not None else "closed"
    return (*moments, speaker.said(words, length=speaker.wall(length)), "", phrases.why(speaker, dated, row))


def _ladder(dated: Dated, speaker: Speaker) -> Table:
    return _grid(
        (
            phrases.share(speaker, step),
            speaker.moment(step.due_at, dated.rule.zone),
            speaker.action(step.action),
            phrases.whom(speaker, step.level, step.whom, "level"),
            speaker.name(step.queue),
            phrases.state(speaker, dated, step),
        )
        for step in dated.steps
    )


def folding(columns: int) -> Table:
    """A table without lines; long lines fold, because what is cut off would be missing."""
    grid = Table.grid(padding=(0, 2))
    for _ in range(columns):
        grid.add_column(overflow="fold")
    return grid


def _grid(rows: Iterable[tuple[str, ...]]) -> Table:
    content = list(rows)
    grid = folding(len(content[0]) if content else 0)
    for row in content:
        grid.add_row(*row)
    return grid
