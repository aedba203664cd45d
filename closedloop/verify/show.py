"""The verdict as a table for people."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from closedloop.verify.verdict import Row, Verdict
from closedloop.verify.words import HEADINGS, TITLES, Language

SHOWN = 10
"""How many failures of one invariant are written out."""


def show(verdict: Verdict, console: Console, language: Language = "en", shown: int = SHOWN) -> None:
    """Print one line per invariant, and below it why it does not hold."""
    columns = ("invariant", "title", "checked", "failing", "state")
    table = Table(box=None)
    for name in columns:
        table.add_column(HEADINGS[name][language], justify="right" if name in ("checked", "failing") else "left")
    for row in verdict.rows:
        title, failing = TITLES[row.invariant][language], len({f.id for f in row.failures})
        table.add_row(row.invariant, title, f"{row.checked:,}", f"{failing:,}", _state(row, language))
    console.print(table)
    for row in verdict.rows:
        if notes := _notes(row, language):
            console.print(f"{row.invariant}: {', '.join(notes)}", highlight=False)
    for row in verdict.rows:
        _failures(row, console, language, shown)


def _state(row: Row, language: Language) -> str:
    word = "red" if row.failures else "green" if row.checked else "empty"
    style = "bold red" if not row.green else "green" if row.checked else "dim"
    return f"[{style}]{HEADINGS[word][language]}[/]"


def _notes(row: Row, language: Language) -> list[str]:
    notes = [f"{HEADINGS[name][language]} {n:,}" for name, n in row.sums.items()]
    if row.unsettled:
        notes.append(HEADINGS["unsettled"][language].format(n=row.unsettled))
    return notes


def _failures(row: Row, console: Console, language: Language, shown: int) -> None:
    for failure in row.failures[:shown]:
        line = escape(f"{failure.id}  {failure.why(language)}")
        console.print(f"[red]{row.invariant}[/] {line}", highlight=False, soft_wrap=True)
    if len(row.failures) > shown:
        more = HEADINGS["more"][language].format(n=len(row.failures) - shown)
        console.print(f"[red]{row.invariant}[/] {more}", highlight=False)
