"""`closedloop demo`: watch a city's complaints go from received to closed, on a real stack, in about a minute."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from httpx import HTTPError
from kafka.errors import KafkaError

from closedloop.commands.options import Screen
from closedloop.demo.cast import cast
from closedloop.demo.play import Settings, play
from closedloop.demo.screen import show
from closedloop.demo.words import SCREEN
from closedloop.language.paper import Paper, say
from closedloop.policies import load
from closedloop.run import Progress, ending_cleanly
from closedloop.stack import DEFAULT_DATA, StackError
from closedloop.verify import Unreachable

NOT_ENOUGH, NOT_PLAYED, INTERRUPTED = 1, 2, 130


Complaints = Annotated[int, typer.Option(min=1, max=100_000, help="How many complaints.")]
Seed = Annotated[int, typer.Option(help="One seed, one city: who complains of what, and who behaves how.")]
DaySeconds = Annotated[float, typer.Option(min=0.5, help="How many seconds a day takes.")]
Data = Annotated[Path, typer.Option(help="Where it runs; what an earlier demo left there is removed.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object and nothing else.")]


def register(app: typer.Typer) -> None:
    """Join `closedloop demo` to the command line."""
    app.command()(demo)


def demo(
    complaints: Complaints = 300,
    seed: Seed = 1,
    day_seconds: DaySeconds = 4.0,
    data: Data = DEFAULT_DATA / "demo",
    as_json: AsJson = False,
    language: Screen = "en",
) -> None:
    """Watch complaints go from received to closed: ten days of a city in about a minute, on a stack of its own.

    Exit code 0: at least 95 % have ended and every invariant holds. 1: not so. 2: not played. 130: interrupted.
    """
    pack = load("demo")
    try:
        with ending_cleanly(), Progress(quiet=as_json) as progress:
            result = play(cast(complaints, seed, pack), Settings(data, pack, seed, day_seconds, language), progress)
    except KeyboardInterrupt:
        say(SCREEN["interrupted"][language], err=True)
        raise typer.Exit(INTERRUPTED) from None
    except (StackError, KafkaError, HTTPError, Unreachable) as reason:
        say(SCREEN["not_played"][language].format(reason=reason), err=True)
        raise typer.Exit(NOT_PLAYED) from reason
    if as_json:
        typer.echo(json.dumps(result.as_json(pack, language), ensure_ascii=False, indent=2))
    else:
        show(result, pack, Paper(), language)
    raise typer.Exit(0 if result.good else NOT_ENOUGH)
