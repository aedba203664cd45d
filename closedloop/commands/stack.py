"""`closedloop up`, `status`, `restart` and `down`: the whole system on this machine."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from rich.table import Table

from closedloop.commands.options import AsJson, Screen
from closedloop.commands.port_choice import PROMETHEUS, chosen_ports, is_moved, port_of_prometheus
from closedloop.language import Language
from closedloop.language.operating import STATUS
from closedloop.language.paper import Paper, filled, styled
from closedloop.stack import (
    DEFAULT_DATA,
    Endpoints,
    Stack,
    StackError,
    StackSettings,
    clock_of,
    process,
    provision,
    running,
    state,
)
from closedloop.stack.http_ready import answers
from closedloop.stack.keeper import READY
from closedloop.stack.naming import command

NOT_RUNNING = 3
STOP_SECONDS = 90.0
FOLLOW_SECONDS = 0.1
AGAIN_SECONDS = 90.0
PIPE_COLUMNS = 200
Data = Annotated[
    Path, typer.Option(envvar="CLOSEDLOOP_DATA", help="Where data, logs and the state file live.", show_default=False)
]
Port = Annotated[
    list[str] | None, typer.Option(metavar="NAME=NUMBER", help="Moves a part to another port; 0 takes a free one.")
]
Detach = Annotated[bool, typer.Option("--detach", help="Return once everything is ready and leave it running.")]


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(status)
    app.command()(restart)
    app.command()(down)


def console(stderr: bool = False) -> Paper:
    # Addresses and paths are to be copied: no wrapping.
    return Paper(columns=PIPE_COLUMNS, soft_wrap=True, stderr=stderr)


def up(data: Data = DEFAULT_DATA, port: Port = None, detach: Detach = False) -> None:
    """Start broker, database and all services, and keep them running until Ctrl-C."""
    chosen = chosen_ports(port or [])
    # Detached, it is the process in the background that names the others.
    _beside_others(data, chosen, named=not detach)
    if detach:
        raise typer.Exit(_up_detached(data.resolve(), port or []))
    if not is_moved(PROMETHEUS, port or []):
        chosen[PROMETHEUS] = port_of_prometheus(console().print)
    env: dict[str, str] = {}
    settings = StackSettings(
        data=data,
        kafka_port=chosen.pop("kafka"),
        mongo_port=chosen.pop("mongodb"),
        http_ports=chosen,
        prometheus=True,
        env=env,
        prepare=partial(_prepare, data.resolve(), env),
    )
    raise typer.Exit(supervise(settings))


def _beside_others(data: Path, chosen: dict[str, int], named: bool) -> None:
    """Name the stacks that run already; end if one of them holds a port that this one needs."""
    for other in running.others(data):
        if named:
            console().print(_line(other))
        taken = [f"{name} {number}" for name, number in chosen.items() if number in other.ports and name != PROMETHEUS]
        if taken:
            console(stderr=True).print(
                f"not started: your stack in {other.data} listens on these ports: {', '.join(taken)}. "
                f"Stop it with `{command('down', other.data)}`, or choose free ports with --port NAME=0",
            )
            raise typer.Exit(1)


def _line(other: running.Running, language: Language = "en") -> str:
    found, down = other.state, command("down", other.data)
    where = {"data": other.data, "kafka": found.kafka, "pid": found.supervisor.pid}
    return STATUS["other"][language].format(**where, phase=_in_words(found.phase, language), down=down)


def _in_words(state: str, language: Language) -> str:
    return STATUS[state][language] if state in STATUS else state


def _prepare(data: Path, env: dict[str, str], endpoints: Endpoints) -> None:
    """Topics and policies; where time was bent in this directory, as in a demo's, it stands still from now on."""
    provision(endpoints)
    clock, file = clock_of(endpoints), data / running.CLOCK
    if clock is None:
        file.unlink(missing_ok=True)
        return
    env["CLOSEDLOOP_CLOCK"] = "record"
    file.write_text(json.dumps(clock.as_json()) + "\n")
    console().print(
        f"time stands still here at {clock.until:%Y-%m-%d %H:%M:%S} UTC, when the last fact was said. "
        "`verify`, `explain` and `whatif` find this clock by themselves. "
        "A new complaint is accepted here, but none of its dates ever comes",
    )


def supervise(settings: StackSettings) -> int:
    """Runs a stack in the foreground until Ctrl-C, SIGTERM or a closed terminal; returns the exit code."""
    out, begun = console(), time.monotonic()
    _on_ending_signals(_interrupt)
    stack = Stack(settings)
    try:
        stack.start(out.print)
        seconds = time.monotonic() - begun
        stops = f"Ctrl-C or `{command('down', settings.data)}` stops it"
        ready = styled("everything is ready", "bold green")
        out.print(filled("{ready} after {seconds:.1f} s; {stops}", ready=ready, seconds=seconds, stops=stops))
        threading.Event().wait()
    except KeyboardInterrupt:
        out.print("stopping")
    except StackError as reason:
        console(stderr=True).print(f"not started: {reason}")
        return 1
    finally:
        # A second Ctrl-C must not cut the stopping short: it is bounded anyway.
        _on_ending_signals(signal.SIG_IGN)
        stack.stop()
    out.print("stopped")
    return 0


def _on_ending_signals(react: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, react)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _up_detached(data: Path, moved: list[str]) -> int:
    """Runs `up` in a session of its own and shows what it says until everything is ready or it has given up."""
    log = data / "logs" / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "closedloop", "up", "--data", str(data), *(f"--port={text}" for text in moved)]
    with log.open("w") as output:
        child = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        _follow(log, lambda: child.poll() is not None or _is_ready(data, child.pid))
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
    return child.poll() or 0


def _follow(log: Path, done: Callable[[], bool]) -> None:
    """Prints what is written to the log until `done`."""
    with log.open() as lines:
        finished = False
        while not finished:
            finished = done()
            console().print(lines.read(), end="")
            time.sleep(0 if finished else FOLLOW_SECONDS)


def _is_ready(data: Path, supervisor: int) -> bool:
    found = state.running(data)
    return found is not None and found.supervisor.pid == supervisor and found.phase == "ready"


def status(data: Data = DEFAULT_DATA, as_json: AsJson = False, language: Screen = "en") -> None:
    """Show what runs. Exit code 0: all ready; 1: something is not; 3: nothing runs."""
    data = data.resolve()
    found = state.running(data)
    rows = [_row(part) for part in found.parts] if found else []
    others = running.others(data)
    if as_json:
        elsewhere = [{"data": str(other.data), "kafka": other.state.kafka} for other in others]
        typer.echo(json.dumps({**_document(found, rows), "others": elsewhere}, indent=2))
    else:
        _show(data, found, rows, language)
        _show_others(others, language)
    raise typer.Exit(NOT_RUNNING if found is None else int(not all(row["ready"] for row in rows)))


def _row(part: state.PartState) -> dict[str, Any]:
    """What the state file says about a part, beside what the part itself shows right now."""
    identity = process.Identity(part.pid, part.started)
    row: dict[str, Any] = asdict(part)
    row["ready"] = identity.is_alive() and part.state == READY and (not part.ready_url or answers(part.ready_url))
    row["rss_bytes"] = identity.rss_bytes()
    return row


def _document(found: state.StackState | None, rows: list[dict[str, Any]]) -> dict[str, Any]:
    if found is None:
        return {"running": False, "parts": []}
    return {**asdict(found), "running": True, "parts": rows}


def _show_others(others: Iterable[running.Running], language: Language = "en") -> None:
    for other in others:
        console().print(_line(other, language))


def _show(data: Path, found: state.StackState | None, rows: list[dict[str, Any]], language: Language) -> None:
    out, words = console(), {name: row[language] for name, row in STATUS.items()}
    if found is None:
        out.print(words["nothing"].format(data=data, up=command("up", data)))
        return
    table = Table(*words["columns"].split("|"), box=None)
    for row in rows:
        state_now = "ready" if row["ready"] else row["state"].replace("ready", "not answering")
        shown = styled(words.get(state_now, state_now), "green" if row["ready"] else "red")
        table.add_row(
            *(row["name"], shown, row["address"], str(row["pid"]), f"{row['rss_bytes'] / 2**20:.0f}"),
            *(str(row["restarts"]), row["last_exit"] or ""),
        )
    out.print(table)
    where = {"kafka": found.kafka, "mongodb": found.mongodb, "pid": found.supervisor.pid}
    out.print(words["where"].format(**where, phase=_in_words(found.phase, language)))
    out.print(words["logs"].format(logs=data / "logs"))


def restart(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A part as `closedloop status` shows it.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """End one part of the running stack in order and wait until it works again.

    Exit code 0: it works again. 1: it does not within 90 s. 2: there is no such part. 3: nothing runs.
    """
    data, out = data.resolve(), console()
    found = state.running(data)
    if found is None:
        out.print(f"nothing runs in {data}; `{command('up', data)}` starts it")
        raise typer.Exit(NOT_RUNNING)
    part = next((part for part in found.parts if part.name == name), None)
    if part is None:
        raise typer.BadParameter(f"there is no part {name!r}; there are {', '.join(p.name for p in found.parts)}")
    begun = time.monotonic()
    process.end([process.Identity(part.pid, part.started)], STOP_SECONDS)
    while time.monotonic() - begun < AGAIN_SECONDS:
        if _works_again(data, part):
            out.print(f"{name} works again after {time.monotonic() - begun:.1f} s")
            return
        time.sleep(FOLLOW_SECONDS)
    out.print(f"{name} does not work after {AGAIN_SECONDS:.0f} s; its log: {part.log}")
    raise typer.Exit(1)


def _works_again(data: Path, before: state.PartState) -> bool:
    found = state.running(data)
    now = next((part for part in found.parts if part.name == before.name), None) if found else None
    return now is not None and (now.pid, now.started) != (before.pid, before.started) and bool(_row(now)["ready"])


def down(data: Data = DEFAULT_DATA) -> None:
    """Stop everything that `up` started, and what a killed `up` left behind."""
    data, out = data.resolve(), console()
    found = state.running(data)
    if found:
        out.print(f"stopping the stack in {data}")
        process.end([found.supervisor], STOP_SECONDS)
    left = process.leftovers(data)
    process.end(left, grace_seconds=10.0)
    state.forget(data)
    out.print("stopped" if found or left else f"nothing runs in {data}")
    _show_others(running.others(data))
