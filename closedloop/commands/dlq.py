"""`closedloop dlq`: list dead letters, show one with its whole story, try again; read on where reading stopped."""

from __future__ import annotations

import json
from typing import Annotated, Any

import httpx
import typer
from kafka.errors import KafkaError
from rich.box import SIMPLE
from rich.table import Column, Table

from closedloop.commands.options import LOCAL, AsJson, Brokers, Screen
from closedloop.dead_letters.letters import Letter, read
from closedloop.language import Language
from closedloop.language.operating import DLQ
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
    language: Screen = "en",
) -> None:
    """List the dead letters, the oldest first."""
    found = [letter for name in SERVICES if service in ("", name) for letter in _read(kafka, name, language)]
    found = [letter for letter in found if reason in ("", letter.story.get("reason"))]
    if as_json:
        typer.echo(json.dumps([letter.as_json() for letter in found], ensure_ascii=False, indent=2))
        return
    columns = DLQ["columns"][language].split("|")
    table = Table(*(Column(name, overflow="fold") for name in columns), box=SIMPLE)
    for letter in found:
        story = letter.story
        origin = f"{story['original-topic']} {story['original-partition']}-{story['original-offset']}"
        row = (story["failed-at"], story["reason"], origin, story["exception-message"])
        table.add_row(letter.service, str(letter.offset), *row)
    # A pipe has no width: there each letter has one line, however long.
    Paper(columns=WIDE).print(table if found else DLQ["none"][language])


@dlq.command()
def show(
    service: ServiceName, offset: int, kafka: Brokers = LOCAL, as_json: AsJson = False, language: Screen = "en"
) -> None:
    """Show one dead letter: its story, its headers, its content."""
    letter = next((letter for letter in _read(kafka, service, language) if letter.offset == offset), None)
    if letter is None:
        _say(language, "none_there", err=True, service=service, offset=offset)
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
    language: Screen = "en",
) -> None:
    """Hand dead letters to their service's loop again, with their original times; parked cases are released in order.

    What was taken before changes nothing; the exit code is 1 if anything fails again.
    """
    if bool(offsets) == every:
        _say(language, "say_which", err=True)
        raise typer.Exit(CANNOT_TELL)
    chosen = [letter for letter in _read(kafka, service, language) if every or letter.offset in (offsets or ())]
    gone = sorted({*(offsets or ())} - {letter.offset for letter in chosen})
    address = _address(service, url)
    results = [_again(address, letter, language) for letter in _once_per_case(chosen)]
    results += [_gone(service, offset, language) for offset in gone]
    if as_json:
        typer.echo(json.dumps(results, ensure_ascii=False, indent=2))
    for result in results if not as_json else ():
        _say(language, "result", what=result["what"], outcome=result["outcome"])
    if not all(result["taken"] for result in results):
        raise typer.Exit(1)


@dlq.command()
def stopped(
    service: Annotated[str, typer.Option(help="Only this service's.")] = "",
    url: ServiceUrl = "",
    as_json: AsJson = False,
    language: Screen = "en",
) -> None:
    """List the topics that are not read on, because too many of their records in a row were turned away."""
    names = [name for name in SERVICES if service in ("", name)] or [_known(service, language)]
    asked = [(name, _asked("GET", _address(name, url), "/stopped", language)) for name in names]
    found = [{"service": name, **stop} for name, stops in asked for stop in stops]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    for stop in found if not as_json else ():
        _say(language, "stopped", **stop)
    if not found and not as_json:
        _say(language, "none_stopped")


@dlq.command("go-on")
def go_on(
    service: ServiceName,
    topic: Annotated[str, typer.Argument(metavar="TOPIC")],
    url: ServiceUrl = "",
    language: Screen = "en",
) -> None:
    """Have a service read on in a topic: what stands there now is taken or becomes a dead letter."""
    address = _address(_known(service, language), url)
    answer = _asked("POST", address, f"/stopped/{topic}/go-on", language, {"told": []})
    for stop in answer["told"]:
        _say(language, "goes_on", service=service, topic=topic, partition=stop["partition"], offset=stop["offset"])
    if not answer["told"]:
        _say(language, "not_stopped", err=True, service=service, topic=topic)
        raise typer.Exit(1)


def _say(language: Language, told: str, err: bool = False, **values: object) -> None:
    say(DLQ[told][language].format_map(values), err=err)


def _asked(how: str, address: str, path: str, language: Language, missing: Any = None) -> Any:
    """What a service answers; `missing` where it knows nothing there."""
    try:
        answer = httpx.request(how, address + path, timeout=REPLAY_S)
    except httpx.HTTPError as error:
        _say(language, "silent", err=True, address=address, error=error)
        raise typer.Exit(CANNOT_TELL) from error
    if answer.status_code == MISSING and missing is not None:
        return missing
    if answer.status_code != OK:
        _say(language, "strange", err=True, address=address, status=answer.status_code)
        raise typer.Exit(CANNOT_TELL)
    return answer.json()


def _known(service: str, language: Language) -> str:
    if service not in SERVICES:
        _say(language, "unknown", err=True, service=service, names=", ".join(SERVICES))
        raise typer.Exit(CANNOT_TELL)
    return service


def _address(service: str, url: str) -> str:
    return url or f"http://127.0.0.1:{DEFAULT_PORTS[service]}"


def _once_per_case(letters: list[Letter]) -> list[Letter]:
    """Releasing a case takes all that waits in it: one letter of each parked case is enough."""
    first = {(letter.key if letter.is_parked else letter.offset): letter for letter in reversed(letters)}
    return sorted(first.values(), key=lambda letter: letter.offset)


def _gone(service: str, offset: int, language: Language) -> dict[str, Any]:
    what = DLQ["letter"][language].format(offset=offset)
    return {"what": what, "taken": False, "outcome": DLQ["gone"][language].format(service=service)}


def _again(address: str, letter: Letter, language: Language) -> dict[str, Any]:
    key = (letter.key or b"").decode(errors="replace")
    what = DLQ["case" if letter.is_parked else "letter"][language].format(id=key, offset=letter.offset)
    path = f"/parked/{key}/release" if letter.is_parked else "/replay"
    body = None if letter.is_parked else letter.as_origin()
    try:
        answer = httpx.post(address + path, json=body, timeout=REPLAY_S, headers={"accept-language": language})
    except httpx.HTTPError as error:
        return {"what": what, "taken": False, "outcome": DLQ["silent"][language].format(address=address, error=error)}
    return {"what": what, **_outcome(answer.status_code, _told(answer), language)}


def _told(answer: httpx.Response) -> dict[str, Any]:
    """What an answer says; nothing where another program than the service gave it."""
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _outcome(status: int, told: dict[str, Any], language: Language = "en") -> dict[str, Any]:
    """The outcome as the service tells it, in one line; a reply or report that is refused again was not taken."""
    refused = next((fact for fact in told.get("said", ()) if fact["type"] in REFUSALS), None)
    if refused is not None:
        return {"taken": False, "outcome": DLQ["refused"][language].format_map(refused)}
    if status == OK and told.get("taken"):
        return {"taken": True, "outcome": DLQ["taken_as" if told.get("reason") else "taken"][language].format_map(told)}
    answers = DLQ["answers"][language].format(status=status)
    return {"taken": False, "outcome": told.get("reason") or told.get("detail") or answers}


def _read(kafka: str, service: str, language: Language) -> list[Letter]:
    _known(service, language)
    try:
        return list(read(kafka, service))
    except KafkaError as error:
        _say(language, "unread", err=True, kafka=kafka, error=error)
        raise typer.Exit(CANNOT_TELL) from error
