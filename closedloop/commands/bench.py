"""`closedloop bench`: how fast it is on this machine, over the real stack."""

from __future__ import annotations

from typing import Annotated

import typer

from closedloop.bench import BENCHES, FULL, REDUCED, run
from closedloop.commands.options import AsJson
from closedloop.stack import StackError

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help=f"Which: {', '.join(BENCHES)}.")]
Soak = Annotated[bool, typer.Option("--soak", help="Full sizes: half an hour instead of six minutes.")]


def register(app: typer.Typer) -> None:
    """Join `closedloop bench` to the command line."""
    app.command()(bench)


def bench(names: Names = None, as_json: AsJson = False, soak: Soak = False) -> None:
    """Measure throughput, latency, cost and memory, each on a stack of its own with empty data.

    The figures of a whole run are kept in docs/figures.
    """
    unknown = [name for name in names or () if name not in BENCHES]
    if unknown:
        raise typer.BadParameter(f"there is no {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    try:
        figures = run(names or BENCHES, FULL if soak else REDUCED, lambda line: typer.echo(line, err=True))
    except StackError as reason:
        typer.echo(f"nothing was measured: {reason}", err=True)
        raise typer.Exit(1) from reason
    typer.echo(figures.as_json() if as_json else figures.as_markdown())
    if not names:
        typer.echo(f"kept in {figures.write()}", err=True)
