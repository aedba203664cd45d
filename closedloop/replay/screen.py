"""The result of a replay for people: the file's figures beside those of the facts, its dirt, then the verdict."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from closedloop.language import Language
from closedloop.language.paper import Paper, styled
from closedloop.replay.dirt import KINDS, by_kind
from closedloop.replay.records import History
from closedloop.replay.result import Result
from closedloop.replay.words import FAULTS, FIGURES, SAID
from closedloop.verify.saying.show import show as show_verdict

LINES = 5
"""How many lines of a kind of dirt are named; `--json` names all."""


def show(result: Result, console: Paper, language: Language = "en") -> None:
    """Print everything."""
    for line in _read(result.history, language):
        console.print(line, soft_wrap=True)
    table = Table(box=None)
    for name in ("", SAID["facts"][language], SAID["file"][language], ""):
        table.add_column(name, justify="left" if not name else "right")
    for row in _rows(result, language):
        table.add_row(*row)
    console.print(table)
    show_verdict(result.verdict, console, language)
    for note in _notes(result, language):
        console.print(note)
    console.print(SAID["sum"][language].format(**result.found.as_json()), soft_wrap=True)


def _read(history: History, language: Language) -> Iterator[str]:
    until = history.until.isoformat(timespec="seconds")
    yield SAID["read"][language].format(rows=history.rows, source=history.source, until=until)
    for kind, found in by_kind(history.dirt):
        lines = FAULTS["list"][language].join(str(dirt.line) for dirt in found[:LINES])
        lines = SAID["lines"][language].format(lines)
        lines = SAID["more"][language].format(lines=lines) if len(found) > LINES else lines
        yield "  " + SAID["dirt"][language].format(n=len(found), says=KINDS[kind][language], lines=lines)


def _rows(result: Result, language: Language) -> list[tuple[str, str, str, str | Text]]:
    found, expected = result.found.as_json(), result.expected.as_json()
    rows = [(title[language], found[name], expected[name]) for name, title in FIGURES.items()]
    for name in ("breached_by_agency", "refused"):
        named, title = expected[name] | found[name], SAID[name][language]
        rows += [(title.format(key), found[name].get(key, 0), expected[name].get(key, 0)) for key in named]
    differs = styled(SAID["differs"][language], "bold red")
    return [(title, f"{a:,}", f"{b:,}", "" if a == b else differs) for title, a, b in rows]


def _notes(result: Result, language: Language) -> Iterator[str | Text]:
    if result.retracted:
        yield SAID["retracted"][language].format(n=result.retracted)
    if killed := result.how.get("killed"):
        yield SAID["killed"][language].format(FAULTS["list"][language].join(killed))
    if peak := result.how.get("peak_rss_bytes"):
        yield SAID["memory"][language].format(peak / 2**20)
    if not result.settled:
        yield styled(SAID["unsettled"][language], "bold red")
    yield SAID["seconds"][language].format(result.seconds)
