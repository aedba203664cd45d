"""`closedloop replay`: send real history through the system, or judge one complaint again, and compare the verdicts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from httpx import HTTPError
from kafka.errors import KafkaError

from closedloop.commands import asking
from closedloop.commands.asking import ClockFile
from closedloop.commands.options import LOCAL, Brokers, Screen
from closedloop.language import Language
from closedloop.language.paper import Paper, say
from closedloop.policies import BadPack, load
from closedloop.replay import case_screen, maps
from closedloop.replay.in_memory import in_memory
from closedloop.replay.live import Settings, live
from closedloop.replay.one_case import compare
from closedloop.replay.promises import pack_of
from closedloop.replay.records import History, history_of
from closedloop.replay.screen import show
from closedloop.replay.table import BadHistory, table_of
from closedloop.replay.words import SAID
from closedloop.run import Progress, ending_cleanly
from closedloop.stack import DEFAULT_DATA, StackError
from closedloop.verify import Unreachable
from schemas.policy import PolicyPack
from services.shared.timing.clock import Clock

WRONG, CANNOT_TELL, INTERRUPTED = 1, 2, 130


File = Annotated[Path | None, typer.Argument(metavar="FILE", help="Old requests, as CSV or JSON.")]
Map = Annotated[
    str,
    typer.Option(
        "--map", help=f"How FILE is read: a map that comes along ({', '.join(maps.names())}), or a YAML file."
    ),
]
Case = Annotated[
    str | None, typer.Option(metavar="ID", help="Instead of a file: judge this complaint of a running stack again.")
]
Bound = Annotated[float, typer.Option(min=0, help="With --case: real seconds by which a reader may be late.")]
Policy = Annotated[
    str | None,
    typer.Option(
        help="A policy pack by name or as a YAML file; else the map's; "
        "without any, each department answers by the dates in FILE."
    ),
]
Rate = Annotated[float, typer.Option(min=1, help="How many times faster than history.")]
Kill = Annotated[bool, typer.Option("--kill", help="Kill every service once with SIGKILL on the way.")]
InMemory = Annotated[bool, typer.Option("--in-memory", help="Without broker and database, in this process.")]
Until = Annotated[
    datetime | None,
    typer.Option(parser=asking.moment, metavar="ISO", help="The end: when FILE was drawn; of a complaint, now."),
]
Data = Annotated[Path, typer.Option(help="Where it runs; what an earlier run left there is removed.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object and nothing else.")]


def register(app: typer.Typer) -> None:
    """Join `closedloop replay` to the command line."""
    app.command()(replay)


def replay(
    file: File = None,
    case: Case = None,
    map: Map = "nyc311",
    policy: Policy = None,
    rate: Rate = 1e6,
    kill: Kill = False,
    memory: InMemory = False,
    until: Until = None,
    data: Data = DEFAULT_DATA / "replay",
    kafka: Brokers = LOCAL,
    clock: ClockFile = None,
    bound: Bound = 5,
    language: Screen = "en",
    as_json: AsJson = False,
) -> None:
    """Send real history through the system: exit code 0 only if the facts say what the file says.

    With --case, one complaint's facts are judged again: exit code 0 only if its verdicts follow from them.
    Exit code 1: not so, or an invariant is broken. 2: no result was reached. 130: interrupted.
    """
    if (file is None) == (case is None):
        raise typer.BadParameter("name either a FILE of history, or one complaint with --case ID")
    if kill and memory:
        raise typer.BadParameter("in memory there is no process to kill")
    if case is not None:
        _judge_again(case, until, kafka, asking.clock_in(clock, kafka), bound, language, as_json)
    elif file is not None:
        history, pack = _read(file, map, policy, until, language)
        _send(history, Settings(data, pack, rate, kill), memory, language, as_json)


def _judge_again(
    case: str, until: datetime | None, kafka: str, clock: Clock, bound: float, language: Language, as_json: bool
) -> None:
    with asking.refusing(kafka):
        found = asking.opened(kafka, case)
        now = until or asking.now_by(clock)
        compared = compare(found, clock, now, timedelta(seconds=bound) * clock.rate)
    if as_json:
        typer.echo(json.dumps(compared.as_json(), ensure_ascii=False, indent=2))
    else:
        case_screen.show(compared, Paper(), language)
    raise typer.Exit(0 if compared.equal else WRONG)


def _read(
    file: Path, map: str, policy: str | None, until: datetime | None, language: Language
) -> tuple[History, PolicyPack]:
    """What is to be sent, and what it is judged by; ends the command where one of the files is not as it must be."""
    try:
        known = maps.load(map, language)
        table = table_of(file, known)
        maps.fitting(map, known, table.columns, language)
        history = history_of(table, known, until)
        name = policy or known.policy
        return history, load(name) if name else pack_of(history)
    except (maps.BadMap, BadPack) as faults:
        for reason in faults.reasons:
            say(reason, err=True)
    except BadHistory as reason:
        say(SAID["no_history"][language].format(file=file, reason=reason.says[language]), err=True)
    except OSError as reason:
        say(SAID["no_history"][language].format(file=file, reason=reason.strerror), err=True)
    raise typer.Exit(CANNOT_TELL)


def _send(history: History, settings: Settings, memory: bool, language: Language, as_json: bool) -> None:
    try:
        with ending_cleanly(), Progress(quiet=as_json) as progress:
            result = in_memory(history, settings.pack, progress) if memory else live(history, settings, progress)
    except KeyboardInterrupt:
        say(SAID["interrupted"][language], err=True)
        raise typer.Exit(INTERRUPTED) from None
    except (StackError, KafkaError, HTTPError, Unreachable) as reason:
        say(SAID["no_result"][language].format(reason=reason), err=True)
        raise typer.Exit(CANNOT_TELL) from reason
    if as_json:
        typer.echo(json.dumps(result.as_json(language), ensure_ascii=False, indent=2))
    else:
        show(result, Paper(), language)
    raise typer.Exit(0 if result.good else WRONG)
