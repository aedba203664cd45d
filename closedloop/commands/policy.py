"""`closedloop policy`: check a pack's file, see what is published and in force, publish a pack to the services."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from kafka.errors import KafkaError
from rich.table import Column, Table

from closedloop import provision
from closedloop.commands.options import LOCAL, AsJson, Brokers
from closedloop.language.paper import Paper, say
from closedloop.policies import BadPack, changes, checking, load, names, path_of, published, source_of, tables
from closedloop.policies.checking import Report
from closedloop.policies.published import Shelf, when
from schemas.policy import PolicyPack
from schemas.topics import POLICIES
from services.shared.process.settings import bound_sources

policy = typer.Typer(help="Policy packs: who gets which complaint, by when, and who is told.", no_args_is_help=True)
CANNOT_TELL = 2

File = Annotated[str, typer.Argument(help=f"A YAML file, or a pack that comes along: {', '.join(names())}.")]
Bound = Annotated[
    str,
    typer.Option(
        "--bound", envvar="CLOSEDLOOP_POLICIES", help="Sources that are bound to a pack, as intake is told: JSON."
    ),
]


def register(app: typer.Typer) -> None:
    """Join `closedloop policy` to the command line."""
    app.add_typer(policy, name="policy")


@policy.command()
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="YAML files, or names of packs that come along.")
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as faults.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell every reason why a file is no valid pack; the exit code is 1 if there is one."""
    verdicts = [_verdict(file) for file in files]
    if as_json:
        typer.echo(json.dumps(verdicts, ensure_ascii=False, indent=2))
    else:
        for verdict in verdicts:
            _print_verdict(verdict)
    if not all(verdict["valid"] and not (strict and verdict["warnings"]) for verdict in verdicts):
        raise typer.Exit(1)


@policy.command("list")
def list_packs(kafka: Brokers = LOCAL, bound: Bound = "{}", as_json: AsJson = False) -> None:
    """List what is published, the oldest first: since when, and whose new complaints get it."""
    shelf = _shelf(kafka, bound)
    if as_json:
        rows = [{**one.as_json(), "rules": shelf.rules(one)} for one in shelf.packs]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    columns = ("name", "version", "hash", "published", "rules new complaints from")
    table = Table(*(Column(name, overflow="fold") for name in columns))
    for one in shelf.packs:
        table.add_row(one.name, one.version, one.key, when(one), ", ".join(shelf.rules(one)) or "-")
    Paper(columns=160).print(table if shelf.packs else "nothing is published")
    for source, key in shelf.missing().items():
        say(f"! {source} is bound to {key}, which nobody has published: its complaints wait")


@policy.command()
def show(
    name: Annotated[str, typer.Argument(help="A published pack's name or hash, or a YAML file.")],
    packaged: Annotated[bool, typer.Option("--packaged", help="The file that came along, not what is published.")] = (
        False
    ),
    kafka: Brokers = LOCAL,
    bound: Bound = "{}",
    as_json: AsJson = False,
) -> None:
    """Show a pack as it is in force on the stack: its departments, routes, plans and ladders."""
    from_file = packaged or (name not in names() and Path(name).is_file())
    found = None if from_file else _found(name, _shelf(kafka, bound), kafka)
    pack, standing = (_loaded(name), {}) if found is None else found
    if as_json:
        content = {"hash": pack.hash, **standing, **pack.model_dump(mode="json")}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    console = Paper()
    console.print(f"{pack.name} version {pack.version}, hash {standing.get('hash', pack.hash)}")
    console.print(_standing(standing))
    console.print(
        f"centre {pack.centre} assigns within {tables.plain(pack.assign_within)}; trust {tables.plain(pack.trust)}"
    )
    for table in tables.of(pack):
        console.print(table)


@policy.command()
def publish(
    file: File,
    back: Annotated[bool, typer.Option("--back", help="Go back to an older version.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    kafka: Brokers = LOCAL,
    bound: Bound = "{}",
    as_json: AsJson = False,
) -> None:
    """Publish a pack: complaints received from now on are handled by it, all others keep the pack they have."""
    pack, shelf = _publishable(file), _shelf(kafka, bound)
    if reason := published.refusal(pack, shelf, back):
        say(f"not published: {reason}", err=True)
        raise typer.Exit(1)
    told = _changes(pack, shelf)
    if not as_json:
        _tell(pack, shelf, told)
        if not yes and _is_a_terminal():
            typer.confirm("Publish it?", abort=True)
    try:
        partition, offset = provision.publish(pack, kafka)
    except KafkaError as error:
        say(f"{pack.name} is not published: {error}", err=True)
        raise typer.Exit(1) from error
    if as_json:
        done = {"name": pack.name, "version": pack.version, "hash": pack.hash, "partition": partition, "offset": offset}
        typer.echo(json.dumps({**done, "changes": told, "rules": list(shelf.unbound)}, ensure_ascii=False))
    else:
        say(f"{pack.name} version {pack.version} is published as {pack.hash} ({POLICIES.name} {offset})")


def _is_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _changes(pack: PolicyPack, shelf: Shelf) -> list[str]:
    now = shelf.in_force
    if now is None or now.pack is None:
        return ["everything: no pack is in force that can be read"]
    return ["nothing: it is in force already"] if now.is_same_as(pack) else changes.between(now.pack, pack)


def _tell(pack: PolicyPack, shelf: Shelf, told: list[str]) -> None:
    now = shelf.in_force
    before = f" instead of {now.name} version {now.version}, in force since {when(now)}" if now else ""
    say(f"{pack.name} version {pack.version}{before}; it changes:")
    for line in told:
        say(f"  - {line}")
    sources = ", ".join(shelf.unbound) or "every source"
    say(f"It rules new complaints from: {sources}.")
    for source, key in sorted((shelf.bound or {}).items()):
        say(f"Not from {source}, which CLOSEDLOOP_POLICIES binds to {key}.")


def _found(name: str, shelf: Shelf, kafka: str) -> tuple[PolicyPack, dict[str, Any]]:
    one = shelf.newest(name)
    if one is None:
        there = ", ".join(dict.fromkeys(known.name for known in shelf.packs))
        others = f"published there: {there}" if there else "nothing is published there"
        hint = "; --packaged shows the file that came along" if name in names() else ""
        say(f"no pack {name} is published at {kafka}; {others}{hint}", err=True)
        raise typer.Exit(1)
    if one.pack is None:
        say(f"{name} version {one.version} is published as {one.key}, and cannot be read", err=True)
        raise typer.Exit(CANNOT_TELL)
    return one.pack, {**one.as_json(), "in_force": bool(shelf.rules(one)), "rules": shelf.rules(one)}


def _standing(standing: dict[str, Any]) -> str:
    if not standing:
        return "this is a file: what is in force stands on the stack (closedloop policy list)"
    rules = f"in force for new complaints from {', '.join(standing['rules'])}" if standing["rules"] else "not in force"
    since = datetime.fromisoformat(standing["since"])
    return f"published {since:%Y-%m-%d %H:%M:%S} UTC, {rules}"


def _shelf(kafka: str, bound: str) -> Shelf:
    try:
        return published.read(kafka, bound_sources(bound))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    except KafkaError as error:
        hint = "`closedloop up` starts a stack, --kafka names another one's brokers, --packaged shows the file"
        say(f"no stack answers at {kafka} ({error}): {hint}", err=True)
        raise typer.Exit(CANNOT_TELL) from error


def _loaded(file: str) -> PolicyPack:
    try:
        return load(file)
    except BadPack as error:
        say(f"{file} is not a valid pack:\n" + "\n".join(f"  - {reason}" for reason in error.reasons), err=True)
        raise typer.Exit(1) from error


def _publishable(file: str) -> PolicyPack:
    pack, verdict = _report(file)
    if pack is None or not verdict["valid"]:
        for line in _lines(verdict):
            say(line, err=True)
        raise typer.Exit(1)
    return pack


def _verdict(file: str) -> dict[str, Any]:
    return _report(file)[1]


def _report(file: str) -> tuple[PolicyPack | None, dict[str, Any]]:
    path = path_of(file)
    try:
        report = checking.checked(source_of(path), datetime.now(UTC))
    except BadPack as error:
        return None, {"file": file, "valid": False, "reasons": list(error.reasons), "findings": []}
    return report.pack, _as_json(file, path, report)


def _as_json(file: str, path: Path, report: Report) -> dict[str, Any]:
    faults, pack = [*report.faults, *report.unwise], report.pack
    named = {"name": pack.name, "version": pack.version, "hash": pack.hash} if pack else {}
    grades = [("fault", one) for one in faults] + [("warning", one) for one in report.warnings]
    return {
        "file": file,
        "valid": not faults,
        **named,
        "reasons": [fault.says for fault in faults],
        "warnings": [warning.says for warning in report.warnings],
        "findings": [{"grade": grade, **one.as_json(report.source, str(path))} for grade, one in grades],
    }


def _print_verdict(verdict: dict[str, Any]) -> None:
    for line in _lines(verdict):
        say(line)


def _lines(verdict: dict[str, Any]) -> list[str]:
    """For people: each finding, and below it where it stands and what would be right."""
    named = f"valid, {verdict['name']} version {verdict['version']}, hash {verdict['hash']}" if verdict["valid"] else ""
    lines = [f"{verdict['file']}: {named or 'not valid'}"]
    if not verdict["findings"]:
        lines += [f"  - {reason}" for reason in verdict["reasons"]]
    for one in verdict["findings"]:
        lines.append(f"  {'!' if one['grade'] == 'warning' else '-'} {one['says']}")
        hints = [f"expected {one['expected']}"] if one["expected"] else []
        hints += [f"did you mean {one['nearest']}?"] if one["nearest"] else []
        lines.append("      " + "; ".join([f"{verdict['file']}:{one['line']}:{one['column']}", *hints]))
    return lines
