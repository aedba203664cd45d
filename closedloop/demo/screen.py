"""The end of a demo for people: one complaint's life, the departments, the verdict, and where to look next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from closedloop.demo.result import ENOUGH, Result
from closedloop.demo.timeline import language_of, local, sentence, zone
from closedloop.demo.words import NEXT, SCREEN
from closedloop.language import Language
from closedloop.language.paper import Paper, filled, styled
from closedloop.verify.saying.show import show as show_verdict
from schemas.facts import ComplaintReceived
from schemas.policy import PolicyPack

FIGURES = ("received", "met", "breached", "escalated", "reopened", "closed")
NOBODY = "-"


def show(result: Result, pack: PolicyPack, console: Paper, language: Language) -> None:
    """Print everything."""
    _life(result, pack, console, language)
    _heading(console, SCREEN["departments"][language])
    console.print(_departments(result, pack, language))
    _heading(console, SCREEN["verdict"][language])
    show_verdict(result.verdict, console, language)
    _figures(result, console, language)
    _heading(console, SCREEN["next"][language])
    for command, words in NEXT:
        line = command.format(seed=result.seed + 1, logs=result.logs, data=Path(result.logs).parent)
        console.print(filled("  {line}  {words}", line=styled(line, "bold"), words=words[language]), soft_wrap=True)


def _life(result: Result, pack: PolicyPack, console: Paper, language: Language) -> None:
    received = next((fact for fact in result.life if isinstance(fact, ComplaintReceived)), None)
    if received is None:
        return
    named = {"reference": received.reference, "source": received.source, "zone": zone(received.at)}
    _heading(console, SCREEN["one"][language].format_map(named))
    if language_of(result.life) != language:
        console.print(SCREEN["as_written"][language], soft_wrap=True)
    for fact in result.life:
        console.print(f"  {local(fact.at)}  {sentence(fact, pack, language)}", soft_wrap=True)


def _departments(result: Result, pack: PolicyPack, language: Language) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(SCREEN["department"][language])
    for name in FIGURES:
        table.add_column(SCREEN[name][language], justify="right", no_wrap=True)
    figures_of = {name: counts.as_json() for name, counts in result.departments.items()}
    rows = {name: row for name, row in figures_of.items() if any(row[figure] for figure in FIGURES)}
    for name, figures in rows.items():
        table.add_row(_name(name, pack, language), *(f"{figures[figure]:,}" for figure in FIGURES))
    sums = {figure: sum(row[figure] for row in rows.values()) for figure in FIGURES}
    table.add_row(SCREEN["total"][language], *(f"{sums[figure]:,}" for figure in FIGURES), style="bold")
    return table


def _name(name: str, pack: PolicyPack, language: Language) -> str:
    if name == NOBODY:
        return SCREEN["nobody"][language]
    known = pack.departments[name]
    return known.zh if language == "zh" else known.en


def _figures(result: Result, console: Paper, language: Language) -> None:
    ended = {"ended": result.ended, "accepted": result.accepted, "share": result.share}
    console.print()
    console.print(SCREEN["ended"][language].format_map(ended), style="bold green" if result.good else "bold red")
    console.print(SCREEN["dead"][language].format(dead=result.dead), soft_wrap=True)
    for line in _why_red(result, language):
        console.print(line, style="red", soft_wrap=True)
    cost = {"seconds": result.seconds, "playing": result.playing, "days": result.days}
    console.print(SCREEN["cost"][language].format_map({**cost, "mib": result.peak_rss_bytes / 2**20}))


def _why_red(result: Result, language: Language) -> Iterator[str]:
    """Why it does not end well, and what to do."""
    if not result.rest.reached:
        yield SCREEN["restless"][language].format(seconds=result.rest.seconds)
    if result.share < ENOUGH:
        yield SCREEN["too_few"][language].format(enough=ENOUGH, slower=2 * result.day_s)
    if result.verdict.red:
        rows = ", ".join(row.invariant for row in result.verdict if not row.green)
        yield SCREEN["broken"][language].format(rows=rows, data=Path(result.logs).parent)


def _heading(console: Paper, text: str) -> None:
    console.print()
    console.print(styled(text, "bold"))
