"""`closedloop replay`: send real history through the system and see whether it comes to the known verdicts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from httpx import HTTPError
from kafka.errors import KafkaError

from closedloop.policies import BadPack, load
from closedloop.replay.in_memory import in_memory
from closedloop.replay.live import Settings, live
from closedloop.replay.records import SNAPSHOT, BadHistory, Request, read
from closedloop.replay.result import Result
from closedloop.replay.screen import show
from closedloop.stack import DEFAULT_DATA, StackError
from closedloop.stage import Progress, ending_cleanly, paper
from closedloop.verify import Unreachable
from schemas.policy import PolicyPack

WRONG, CANNOT_TELL, INTERRUPTED = 1, 2, 130


def _moment(text: str | datetime) -> datetime:
    found = datetime.fromisoformat(text) if isinstance(text, str) else text
    return found if found.tzinfo else found.replace(tzinfo=UTC)


File = Annotated[Path, typer.Argument(metavar="FILE", help="Service requests as csv, columns as New York names them.")]
Policy = Annotated[str, typer.Option(help="A policy pack: a name that comes along, or a YAML file.")]
Rate = Annotated[float, typer.Option(min=1, help="How many times faster than history.")]
Kill = Annotated[bool, typer.Option("--kill", help="Kill every service once with SIGKILL on the way.")]
InMemory = Annotated[bool, typer.Option("--in-memory", help="Without broker and database, in this process.")]
Until = Annotated[datetime, typer.Option(parser=_moment, metavar="ISO", help="When the file was drawn: the end.")]
Data = Annotated[Path, typer.Option(help="Where it runs; what an earlier run left there is removed.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object and nothing else.")]


def register(app: typer.Typer) -> None:
    """Join `closedloop replay` to the command line."""
    app.command()(replay)


def replay(
    file: File,
    policy: Policy = "nyc311",
    rate: Rate = 1e6,
    kill: Kill = False,
    memory: InMemory = False,
    until: Until = SNAPSHOT,
    data: Data = DEFAULT_DATA / "replay",
    as_json: AsJson = False,
) -> None:
    """Send real history through the system: exit code 0 only if the facts say what the file says.

    1: they do not, or an invariant is broken. 2: no result was reached. 130: interrupted.
    """
    if kill and memory:
        raise typer.BadParameter("in memory there is no process to kill")
    requests, pack = _given(file, policy, until)
    try:
        with ending_cleanly(), Progress(quiet=as_json) as progress:
            if memory:
                result = in_memory(requests, pack, until, progress)
            else:
                result = live(requests, Settings(data, pack, policy, until, rate, kill), progress)
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except (StackError, KafkaError, HTTPError, Unreachable) as reason:
        typer.echo(f"no result: {reason}", err=True)
        raise typer.Exit(CANNOT_TELL) from reason
    _tell(result, as_json)
    raise typer.Exit(0 if result.good else WRONG)


def _given(file: Path, policy: str, until: datetime) -> tuple[list[Request], PolicyPack]:
    try:
        requests, pack = read(file), load(policy)
    except (OSError, BadHistory, BadPack) as reason:
        raise typer.BadParameter(f"{file}: {reason}") from reason
    if requests[0].created_at >= until:
        raise typer.BadParameter(f"{file} begins at {requests[0].created_at}, after the end at {until}")
    return requests, pack


def _tell(result: Result, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
    else:
        show(result, paper())
