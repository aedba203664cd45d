"""`closedloop rebuild SERVICE`: its documents again from the log, silently, when its database is lost or old."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from kafka.errors import KafkaError

from closedloop.commands.options import AsJson, Brokers
from closedloop.language.paper import say
from closedloop.rebuild import TABLES, Refusal, Result, rebuild
from closedloop.stack import DEFAULT_DATA, Stack, StackError, StackSettings, state
from services.shared.machine.failures import Temporary

DATA = "Where a local stack lies: of one that is down, broker and database are started meanwhile."
SHOWN = 10
CANNOT = 2
ServiceName = Annotated[str, typer.Argument(metavar="SERVICE", help=f"One of {', '.join(TABLES)}.")]
Database = Annotated[str, typer.Option("--mongodb", envvar="MONGODB_URI", help="The database of the services.")]


def register(app: typer.Typer) -> None:
    """Join `closedloop rebuild` to the command line."""
    app.command("rebuild")(rebuild_service)


def rebuild_service(
    service: ServiceName,
    kafka: Brokers = "",
    mongodb: Database = "",
    data: Annotated[Path, typer.Option(envvar="CLOSEDLOOP_DATA", show_default=False, help=DATA)] = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Make the documents of a stopped service again from the log; nothing is said twice.

    What the log does not hold is named: contact data, and ids by which repeats are recognised.
    """
    if service not in TABLES:
        raise typer.BadParameter(f"there is no service {service!r}; there are {', '.join(TABLES)}")
    try:
        with _foundations(data, kafka, mongodb) as (brokers, database):
            result = rebuild(service, brokers, database, lambda line: say(line, err=True))
    except (Refusal, StackError, KafkaError, Temporary, TimeoutError) as reason:
        say(f"not made again: {reason}", err=True)
        raise typer.Exit(CANNOT) from reason
    if as_json:
        typer.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
    else:
        _show(service, result)


def _show(service: str, result: Result) -> None:
    say(f"{result.documents:,} documents of {service}, {result.timers:,} timers armed")
    say(f"{result.to_say:,} messages had not been said: {service} says them when it starts")
    if result.untouched:
        say(f"{result.untouched:,} documents stand as they stood: the log holds no fact of theirs")
    say("gone: " + ("nothing that the log ever held" if not result.gone else f"{len(result.gone):,} things"))
    for line in result.gone[:SHOWN]:
        say(f"  {line}")
    if len(result.gone) > SHOWN:
        say(f"  … and {len(result.gone) - SHOWN:,} more, all of them with --json")


@contextmanager
def _foundations(data: Path, kafka: str, mongodb: str) -> Iterator[tuple[str, str]]:
    """The given addresses, or those of the local stack; a stopped stack is started for the duration."""
    if kafka and mongodb:
        yield kafka, mongodb
    elif (found := state.running(data.resolve())) is not None:
        yield kafka or found.kafka, mongodb or found.mongodb
    else:
        own = {"KAFKA_BOOTSTRAP_SERVERS": kafka, "MONGODB_URI": mongodb}
        with Stack(StackSettings(data=data, services=(), env=own)) as stack:
            endpoints = stack.start()
            yield endpoints.kafka, endpoints.mongodb
