"""`closedloop dlq`: list dead letters, show one with its whole story, try again; read on where reading stopped."""

from __future__ import annotations

import json
from typing import Annotated, Any

import httpx
import typer
from kafka.errors import KafkaError
from rich.box import SIMPLE
from rich.table import Column, Table

from closedloop.commands.options import LOCAL, AsJson, Brokers
from closedloop.dead_letters.letters import Letter, read
from closedloop.language.paper import Paper, say
from closedloop.stack import DEFAULT_PORTS
from schemas.envelope import type_of
from schemas.facts import ReplyRefused, VisitRefused
from schemas.topics import SERVICES

dlq = typer.Typer(help="Dead letters: what no service could take, why, and another try.", no_args_is_help=True)
CANNOT_TELL = 2
OK, MISSING = 200, 404
WIDE = 1_000
REFUSALS = tuple(type_of(fact) for fact in (ReplyRefused, VisitRefused))
REPLAY_S = 30

ServiceUrl = Annotated[str, typer.Option(help="Where the service answers; default: the local stack's port.")]
ServiceName = Annotated[str, typer.Argument(metavar="SERVICE", help=f"One of {', '.join(SERVICES)}.")]


def register(app: typer.Typer) -> None:
    """Join `closedloop dlq` to the command line."""
    app.add_typer(dlq, name="dlq")


@dlq.command("list")
def list_letters(
    service: Annotated[str, typer.Option(help="Only this service's.")] = "",
    reason: Annotated[str, typer.Option(help="Only those with this reason: unreadable, conflict, poison, …")] = "",
    kafka: Brokers = LOCAL,
    as_json: AsJson = False,
) -> None:
    """List the dead letters, the oldest first."""
    found = [letter for name in SERVICES if service in ("", name) for letter in _read(kafka, name)]
    found = [letter for letter in found if reason in ("", letter.story.get("reason"))]
    if as_json:
        typer.echo(json.dumps([letter.as_json() for letter in found], ensure_ascii=False, indent=2))
        return
    columns = ("service", "offset", "when", "reason", "came by", "why")
    table = Table(*(Column(name, overflow="fold") for name in columns), box=SIMPLE)
    for letter in found:
        story = letter.story
        origin = f"{story['original-topic']} {story['original-partition']}-{story['original-offset']}"
        row = (story["failed-at"], story["reason"], origin, story["exception-message"])
        table.add_row(letter.service, str(letter.offset), *row)
    # A pipe has no width: there each letter has one line, however long.
    Paper(columns=WIDE).print(table if found else "no dead letters")


@dlq.command()
def show(service: ServiceName, offset: int, kafka: Brokers = LOCAL, as_json: AsJson = False) -> None:
    """Show one dead letter: its story, its headers, its content."""
    letter = next((letter for letter in _read(kafka, service) if letter.offset == offset), None)
    if letter is None:
        say(f"{service} has no dead letter at offset {offset}", err=True)
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps(letter.as_json(), ensure_ascii=False, indent=2))
        return
    for name, value in letter.as_json().items():
        say(f"{name:22} {value}")


@dlq.command()
def replay(
    service: ServiceName,
    offsets: Annotated[list[int] | None, typer.Argument(metavar="OFFSET...")] = None,
    every: Annotated[bool, typer.Option("--all", help="All dead letters of the service.")] = False,
    url: ServiceUrl = "",
    kafka: Brokers = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Hand dead letters to their service's loop again, with their original times; parked cases are released in order.

    What was taken before changes nothing; the exit code is 1 if anything fails again.
    """
    if bool(offsets) == every:
        say("name offsets, or say --all", err=True)
        raise typer.Exit(CANNOT_TELL)
    chosen = [letter for letter in _read(kafka, service) if every or letter.offset in (offsets or ())]
    gone = sorted({*(offsets or ())} - {letter.offset for letter in chosen})
    address = _address(service, url)
    results = [_again(address, letter) for letter in _once_per_case(chosen)]
    results += [{"what": f"letter {n}", "taken": False, "outcome": f"{service} has none at this offset"} for n in gone]
    if as_json:
        typer.echo(json.dumps(results, ensure_ascii=False, indent=2))
    for result in results if not as_json else ():
        say(f"{result['what']}: {result['outcome']}")
    if not all(result["taken"] for result in results):
        raise typer.Exit(1)


@dlq.command()
def stopped(
    service: Annotated[str, typer.Option(help="Only this service's.")] = "",
    url: ServiceUrl = "",
    as_json: AsJson = False,
) -> None:
    """List the topics that are not read on, because too many of their records in a row were turned away."""
    names = [name for name in SERVICES if service in ("", name)] or [_known(service)]
    found = [{"service": name, **stop} for name in names for stop in _asked("GET", _address(name, url), "/stopped")]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    for stop in found if not as_json else ():
        say("{service}: {topic} {partition} is not read on from {offset}, since {since}: {why}".format(**stop))
    if not found and not as_json:
        say("every topic is read")


@dlq.command("go-on")
def go_on(service: ServiceName, topic: Annotated[str, typer.Argument(metavar="TOPIC")], url: ServiceUrl = "") -> None:
    """Have a service read on in a topic: what stands there now is taken or becomes a dead letter."""
    answer = _asked("POST", _address(_known(service), url), f"/stopped/{topic}/go-on", {"told": []})
    for stop in answer["told"]:
        say(f"{service} reads on in {topic} {stop['partition']}, from {stop['offset']}")
    if not answer["told"]:
        say(f"{service} has not stopped reading {topic}", err=True)
        raise typer.Exit(1)


def _asked(how: str, address: str, path: str, missing: Any = None) -> Any:
    """What a service answers; `missing` where it knows nothing there."""
    try:
        answer = httpx.request(how, address + path, timeout=REPLAY_S)
    except httpx.HTTPError as error:
        say(f"{address} does not answer: {error}", err=True)
        raise typer.Exit(CANNOT_TELL) from error
    if answer.status_code == MISSING and missing is not None:
        return missing
    if answer.status_code != OK:
        say(f"{address} answers {answer.status_code}", err=True)
        raise typer.Exit(CANNOT_TELL)
    return answer.json()


def _known(service: str) -> str:
    if service not in SERVICES:
        say(f"{service!r} is none of {', '.join(SERVICES)}", err=True)
        raise typer.Exit(CANNOT_TELL)
    return service


def _address(service: str, url: str) -> str:
    return url or f"http://127.0.0.1:{DEFAULT_PORTS[service]}"


def _once_per_case(letters: list[Letter]) -> list[Letter]:
    """Releasing a case takes all that waits in it: one letter of each parked case is enough."""
    first = {(letter.key if letter.is_parked else letter.offset): letter for letter in reversed(letters)}
    return sorted(first.values(), key=lambda letter: letter.offset)


def _again(address: str, letter: Letter) -> dict[str, Any]:
    key = (letter.key or b"").decode(errors="replace")
    what = f"case {key}" if letter.is_parked else f"letter {letter.offset}"
    path = f"/parked/{key}/release" if letter.is_parked else "/replay"
    body = None if letter.is_parked else letter.as_origin()
    try:
        answer = httpx.post(address + path, json=body, timeout=REPLAY_S)
    except httpx.HTTPError as error:
        return {"what": what, "taken": False, "outcome": f"{address} does not answer: {error}"}
    return {"what": what, **_outcome(answer.status_code, _told(answer))}


def _told(answer: httpx.Response) -> dict[str, Any]:
    """What an answer says; nothing where another program than the service gave it."""
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _outcome(status: int, told: dict[str, Any]) -> dict[str, Any]:
    """The outcome as the service tells it, in one line; a reply or report that is refused again was not taken."""
    refused = next((fact for fact in told.get("said", ()) if fact["type"] in REFUSALS), None)
    if refused is not None:
        return {"taken": False, "outcome": f"refused: {refused['reason']}: {refused['detail']}"}
    if status == OK and told.get("taken"):
        return {"taken": True, "outcome": f"taken: {told['reason']}" if told.get("reason") else "taken"}
    return {"taken": False, "outcome": told.get("reason") or told.get("detail") or f"the service answers {status}"}


def _read(kafka: str, service: str) -> list[Letter]:
    _known(service)
    try:
        return list(read(kafka, service))
    except KafkaError as error:
        say(f"the broker at {kafka} cannot be read: {error}", err=True)
        raise typer.Exit(CANNOT_TELL) from error
