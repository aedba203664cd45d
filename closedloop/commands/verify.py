"""`closedloop verify`: check from the topics alone that nothing was lost, doubled, late, early or out of order."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from kafka.errors import KafkaError

from closedloop.commands.options import LOCAL, AsJson, Brokers, Screen
from closedloop.language import Language
from closedloop.language.paper import Paper, say
from closedloop.stack.running import clock_file
from closedloop.verify import CHECKS, Clock, Mark, Unreachable, Verdict, check, mark, terms
from closedloop.verify.pack.clock import to_ms
from closedloop.verify.saying.show import SHOWN, show

SETTLE_S = 5.0
CANNOT_TELL = 2
"""The exit code where no verdict was reached; 1 is for a verdict that is not green."""


def _moment(text: str) -> datetime:
    """A moment; one without a time zone is UTC, as everything on the topics."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


ClockFile = Annotated[
    Path | None,
    typer.Option(
        "--clock",
        dir_okay=False,
        help='JSON {"v0", "r0", "rate"}: what append times are mapped by. A local stack\'s is found without.',
    ),
]
Accepted = Annotated[
    Path | None,
    typer.Option(dir_okay=False, help="What senders hold a 2xx for: ids, one per line, or JSON lines."),
]
Now = Annotated[
    datetime | None, typer.Option(parser=_moment, metavar="ISO", help="Judge as of this real moment instead of now.")
]
Until = Annotated[
    datetime | None,
    typer.Option(parser=_moment, metavar="ISO", help="Judge as of this virtual moment, for a stack that is stopped."),
]
Bound = Annotated[float, typer.Option(min=0, help="Real seconds that anything due may wait.")]
Settle = Annotated[float, typer.Option(min=0, help="Real seconds that a record may be without its consequences.")]
Tolerance = Annotated[float, typer.Option("--tolerance-ms", min=0, help="By how much host clocks may differ.")]
Only = Annotated[str, typer.Option(metavar="once,told,…", help="Check these invariants only.")]
Strict = Annotated[bool, typer.Option(help="Each invariant has to have had something to check.")]
MayBeEmpty = Annotated[str, typer.Option(metavar="once,told,…", help="With --strict: for these that is not asked.")]
Silent = Annotated[
    float | None,
    typer.Option(min=0, help="Check `silent` too: wait this many seconds, in which somebody replays a topic."),
]
Shown = Annotated[int, typer.Option(min=0, help="How many failures of each invariant are written out.")]


def register(app: typer.Typer) -> None:
    """Join `closedloop verify` to the command line."""
    app.command()(verify)


def verify(
    kafka: Brokers = LOCAL,
    clock: ClockFile = None,
    accepted: Accepted = None,
    now: Now = None,
    until: Until = None,
    bound: Bound = 60,
    settle: Settle = SETTLE_S,
    tolerance: Tolerance = 5,
    only: Only = "",
    strict: Strict = False,
    may_be_empty: MayBeEmpty = "",
    silent: Silent = None,
    as_json: AsJson = False,
    language: Screen = "en",
    shown: Shown = SHOWN,
) -> None:
    """Check from the topics alone that no complaint was lost, doubled, stuck, early or out of order.

    Exit code 0: no invariant is broken; with --strict, each had something to check too. 1: not so. 2: no verdict.
    """
    mapped = _clock(clock or _found_clock(kafka))
    given: dict[str, Any] = {"clock": mapped, "bound_s": bound, "settle_s": settle, "tolerance_ms": tolerance}
    given["accepted"] = None if accepted is None else frozenset(_ids(accepted))
    given["now"] = until or (None if now is None else mapped.moment(to_ms(now)))
    asked = {"only": _named(only) or None, "may_be_empty": _named(may_be_empty) if strict else CHECKS.keys()}
    raise typer.Exit(_told(_verdict(kafka, silent, given, asked), as_json, language, shown))


def _told(verdict: Verdict, as_json: bool, language: Language, shown: int) -> int:
    """Prints the verdict; returns the exit code."""
    if as_json:
        typer.echo(json.dumps(verdict.as_json(language), ensure_ascii=False, indent=2))
    else:
        show(verdict, Paper(), language, shown)
    return 0 if verdict.green else 1


def _verdict(kafka: str, silent: float | None, given: dict[str, Any], asked: dict[str, Any]) -> Verdict:
    try:
        since = None if silent is None else _marked(kafka, silent)
        return check(kafka, terms(**given, since=since), **asked)
    except (KafkaError, Unreachable) as reason:
        say(f"no verdict: {kafka} cannot be read: {reason}", err=True)
        raise typer.Exit(CANNOT_TELL) from reason


def _marked(kafka: str, seconds: float) -> Mark:
    since = mark(kafka)
    say(f"marked where the topics end; what is new in {seconds:g} s counts against `silent`", err=True)
    time.sleep(seconds)
    return since


def _found_clock(kafka: str) -> Path | None:
    """The clock of the local stack at this broker; that it is used is said."""
    found = clock_file(kafka)
    if found is not None:
        say(f"time is bent at {kafka}: judged by the clock in {found}", err=True)
    return found


def _clock(path: Path | None) -> Clock:
    try:
        return Clock() if path is None else Clock.read(path)
    except (OSError, ValueError, KeyError, TypeError) as reason:
        raise typer.BadParameter(f"{path} holds no clock: {reason}") from reason


def _named(text: str) -> set[str]:
    names = {name.strip() for name in text.split(",") if name.strip()}
    unknown = names - CHECKS.keys()
    if unknown:
        raise typer.BadParameter(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")
    return names


def _ids(path: Path) -> Iterator[str]:
    """The ids in a file: bare, or as `complaint_id` of JSON lines."""
    try:
        for line in filter(None, map(str.strip, path.read_text().splitlines())):
            yield json.loads(line)["complaint_id"] if line.startswith("{") else line
    except (OSError, ValueError, KeyError, TypeError) as reason:
        raise typer.BadParameter(f"{path} holds no ids: {reason}") from reason
