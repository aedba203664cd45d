"""Shared by the commands about one complaint: their options, and the ways in which they fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar

import typer
from kafka.errors import KafkaError

from closedloop.casebook.casefile import CaseFile, NoPack
from closedloop.casebook.finding import Ambiguous, NotFound
from closedloop.casebook.reader import read
from closedloop.explain import NothingYet
from closedloop.language.paper import say
from closedloop.stack.running import clock_file
from services.shared.timing.clock import Clock

CANNOT_TELL = 2


def moment(text: str | datetime) -> datetime:
    """A moment; one without a time zone is UTC, as everything on the topics."""
    found = datetime.fromisoformat(text) if isinstance(text, str) else text
    return found if found.tzinfo else found.replace(tzinfo=UTC)


Id = Annotated[
    str, typer.Argument(metavar="ID", help="A complaint's id, how it begins, or its reference such as CL-4F7-K2M-Q9X.")
]
ClockFile = Annotated[
    Path | None,
    typer.Option(
        "--clock",
        dir_okay=False,
        help='JSON {"v0", "r0", "rate"}: what append times are mapped by. A local stack\'s is found without.',
    ),
]
At = Annotated[
    datetime | None, typer.Option(parser=moment, metavar="ISO", help="As of this virtual moment instead of now.")
]
AsTable = Annotated[bool, typer.Option("--table", help="As tables, every stretch of time a row of its own.")]


class Answer(Protocol):
    """What was found of a complaint."""

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""


Found = TypeVar("Found", bound=Answer)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one complaint, as of when, and in which form the answer is wanted."""

    id: str
    at: datetime | None
    kafka: str
    clock: Path | None
    as_json: bool
    as_table: bool


def answer(asked: Question, find: Callable[[CaseFile, datetime], Found], show: Callable[[Found], None]) -> None:
    """Find the answer in the complaint's records and say it, on paper or as JSON."""
    one_form(asked.as_json, asked.as_table)
    now = asked.at or now_by(clock_in(asked.clock, asked.kafka))
    with refusing(asked.kafka, NothingYet):
        found = find(opened(asked.kafka, asked.id), now)
    if asked.as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        show(found)


def clock_in(path: Path | None, kafka: str) -> Clock:
    """The clock in a file; without one, that of the local stack at this broker; else that of production."""
    path = path or clock_file(kafka)
    try:
        return Clock() if path is None else Clock.of(json.loads(path.read_text()))
    except (OSError, ValueError, KeyError, TypeError) as reason:
        raise typer.BadParameter(f"{path} holds no clock: {reason}") from reason


def now_by(clock: Clock) -> datetime:
    """The virtual time at this moment."""
    return clock.virtual(datetime.now(UTC))


def one_form(as_json: bool, as_table: bool) -> None:
    """Refuse two forms at once."""
    if as_json and as_table:
        raise typer.BadParameter("--json and --table are two forms of one answer: say one")


@contextmanager
def refusing(kafka: str, *others: type[Exception]) -> Iterator[None]:
    """An error in the block is told in one line and ends the command with CANNOT_TELL."""
    known: tuple[type[Exception], ...] = (NotFound, Ambiguous, NoPack, *others)
    try:
        yield
    except KafkaError as reason:
        say(f"no answer: the broker at {kafka} cannot be read: {reason}", err=True)
        raise typer.Exit(CANNOT_TELL) from reason
    except known as reason:
        say(f"no answer: {reason}", err=True)
        raise typer.Exit(CANNOT_TELL) from reason


def opened(kafka: str, asked: str) -> CaseFile:
    """The complaint that is meant, read from its topic; says on stderr what in it could not be read."""
    file = read(kafka, asked)
    for line in file.unreadable:
        say(f"passed over: {line}", err=True)
    return file
