"""`closedloop bench`: how fast it is on this machine, over the real stack."""

from __future__ import annotations

import json
import signal
from functools import partial
from typing import Annotated

import typer

from closedloop.bench import BENCHES, FULL, REDUCED, against, peers, run
from closedloop.commands.options import AsJson
from closedloop.stack import StackError

PEERS = "peers"
WHICH = f"Which: {', '.join(BENCHES)}; or {PEERS}, alone or with some of {', '.join(peers.PEERS)}."
Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help=WHICH)]
Soak = Annotated[bool, typer.Option("--soak", help="Full sizes: an hour and a half instead of twelve minutes.")]
Against = Annotated[
    str | None, typer.Option("--against", metavar="REF", help="Measure this commit too, in turn, and tell the ratios.")
]
Pairs = Annotated[int, typer.Option("--pairs", min=1, help="With --against: how many times each is measured.")]


def register(app: typer.Typer) -> None:
    """Join `closedloop bench` to the command line."""
    app.command()(bench)


def bench(
    names: Names = None, as_json: AsJson = False, soak: Soak = False, ref: Against = None, pairs: Pairs = 3
) -> None:
    """Measure throughput, latency, cost and memory, each on a stack of its own with empty data.

    The figures of a whole run are kept in docs/figures.
    """
    say = partial(typer.echo, err=True)
    if names and names[0] == PEERS:
        _peers(names[1:], soak, as_json)
        return
    unknown = [name for name in names or () if name not in BENCHES]
    if unknown:
        raise typer.BadParameter(f"there is no {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    if ref is not None:
        _compare(ref, names or [*BENCHES], pairs, soak, as_json)
        return
    try:
        figures = run(names or BENCHES, FULL if soak else REDUCED, say)
    except StackError as reason:
        say(f"nothing was measured: {reason}")
        raise typer.Exit(1) from reason
    typer.echo(figures.as_json() if as_json else figures.as_markdown())
    if not names:
        say(f"kept in {figures.write()}")


def _compare(ref: str, names: list[str], pairs: int, soak: bool, as_json: bool) -> None:
    try:
        rows = against.measure(ref, names, pairs, soak, partial(typer.echo, err=True))
    except against.NotComparable as reason:
        typer.echo(f"nothing was compared: {reason}", err=True)
        raise typer.Exit(1) from reason
    typer.echo(json.dumps([row.as_json() for row in rows], indent=2) if as_json else against.as_text(rows))


def _peers(names: list[str], soak: bool, as_json: bool) -> None:
    unknown = [name for name in names if name not in peers.PEERS]
    if unknown:
        raise typer.BadParameter(f"there is no {', '.join(unknown)}; there are {', '.join(peers.PEERS)}")
    # Whoever ends this ends what it has started, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    report = peers.run(names or peers.PEERS, peers.FULL if soak else peers.REDUCED, partial(typer.echo, err=True))
    typer.echo(report.as_json() if as_json else report.as_markdown())
