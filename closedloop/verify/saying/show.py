"""The verdict as a table for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from closedloop.language import Language
from closedloop.language.paper import Paper, filled, styled
from closedloop.verify.saying.verdict import Row, Verdict
from closedloop.verify.saying.words import HEADINGS, NOTES
from closedloop.verify.tables.invariants import INVARIANTS

SHOWN = 10
"""How many failures of one invariant are written out."""


def show(verdict: Verdict, console: Paper, language: Language = "en", shown: int = SHOWN) -> None:
    """Print one line per invariant, and below it what its numbers mean and why it does not hold."""
    table = Table(box=None)
    for name in ("invariant", "title", "checked", "failing", "state"):
        table.add_column(HEADINGS[name][language], justify="right" if name == "failing" else "left")
    for row in verdict.rows:
        invariant, failing = INVARIANTS[row.invariant], len({f.id for f in row.failures})
        checked = f"{row.checked:,} {invariant.counted[language]}"
        table.add_row(_name(row, language), invariant.title[language], checked, f"{failing:,}", _state(row, language))
    console.print(table)
    for row in verdict.rows:
        if notes := HEADINGS["and"][language].join(_notes(row, language)):
            line = HEADINGS["notes"][language].format(name=_name(row, language), notes=notes)
            console.print(line, soft_wrap=True)
    for row in verdict.rows:
        _failures(row, console, language, shown)


def _name(row: Row, language: Language) -> str:
    """The word in the reader's language, and the one by which `--only` knows it."""
    word = INVARIANTS[row.invariant].word[language]
    return word if word == row.invariant else f"{word} {row.invariant}"


def _state(row: Row, language: Language) -> Text:
    word = "red" if row.failures else "green" if row.checked else "empty"
    style = "bold red" if not row.green else "green" if row.checked else "dim"
    return styled(HEADINGS[word][language], style)


def _notes(row: Row, language: Language) -> Iterator[str]:
    for name, n in {**row.sums, "unsettled": row.unsettled}.items():
        if n or name != "unsettled":
            yield NOTES[name][language].format(n=n)


def _failures(row: Row, console: Paper, language: Language, shown: int) -> None:
    named = styled(row.invariant, "red")
    for failure in row.failures[:shown]:
        line = f"{failure.id}  {failure.why(language)}"
        console.print(filled("{named} {line}", named=named, line=line), soft_wrap=True)
    if len(row.failures) > shown:
        more = HEADINGS["more"][language].format(n=len(row.failures) - shown)
        console.print(filled("{named} {more}", named=named, more=more))
