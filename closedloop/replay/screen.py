"""The result of a replay for people: the file's figures beside those of the facts, then the verdict."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from closedloop.language.paper import Paper, styled
from closedloop.replay.result import Result
from closedloop.verify.saying.show import show as show_verdict

FIGURES = {
    "accepted": "requests accepted",
    "answered": "answered",
    "with_deadline": "with a deadline",
    "met": "answered in time",
    "breached": "breached",
    "answered_late": "  answered late",
    "still_open": "  still open",
}


def show(result: Result, console: Paper) -> None:
    """Print everything."""
    table = Table(box=None)
    for name in ("", "the facts say", "the file says", ""):
        table.add_column(name, justify="left" if not name else "right")
    for row in _rows(result):
        table.add_row(*row)
    console.print(table)
    show_verdict(result.verdict, console)
    for line in _notes(result):
        console.print(line)


def _rows(result: Result) -> list[tuple[str, str, str, str | Text]]:
    found, expected = result.found.as_json(), result.expected.as_json()
    rows = [(title, found[name], expected[name]) for name, title in FIGURES.items()]
    for name, title in (("breached_by_agency", "breached: {}"), ("refused", "answers refused: {}")):
        named = expected[name] | found[name]
        rows += [(title.format(key), found[name].get(key, 0), expected[name].get(key, 0)) for key in named]
    return [(title, f"{a:,}", f"{b:,}", "" if a == b else styled("differs", "bold red")) for title, a, b in rows]


def _notes(result: Result) -> list[str | Text]:
    notes = list[str | Text]()
    if result.retracted:
        notes.append(f"{result.retracted:,} breaches were told too early and taken back")
    if killed := result.how.get("killed"):
        notes.append(f"killed on the way: {', '.join(killed)}")
    if peak := result.how.get("peak_rss_bytes"):
        notes.append(f"highest memory of the whole stack: {peak / 2**20:,.0f} MiB")
    if not result.settled:
        notes.append(styled("it had not settled when patience ended", "bold red"))
    return [*notes, f"{result.seconds:.1f} s"]
