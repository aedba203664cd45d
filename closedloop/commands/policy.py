"""`closedloop policy`: check a pack's file, look at a pack, publish one to the services."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from kafka.errors import KafkaError
from rich.console import Console

from closedloop import provision
from closedloop.options import LOCAL, AsJson, Brokers
from closedloop.policies import BadPack, load, names, outlook, tables
from schemas.policy import PolicyPack
from schemas.topics import POLICIES

policy = typer.Typer(help="Policy packs: who gets which complaint, by when, and who is told.", no_args_is_help=True)

File = Annotated[str, typer.Argument(help=f"A YAML file, or a pack that comes along: {', '.join(names())}.")]


def register(app: typer.Typer) -> None:
    """Join `closedloop policy` to the command line."""
    app.add_typer(policy, name="policy")


@policy.command()
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="YAML files, or names of packs that come along.")
    ],
    as_json: AsJson = False,
) -> None:
    """Tell every reason why a file is no valid pack; the exit code is 1 if there is one."""
    verdicts = [_verdict(file) for file in files]
    if as_json:
        typer.echo(json.dumps(verdicts, ensure_ascii=False, indent=2))
    else:
        for verdict in verdicts:
            _print_verdict(verdict)
    if not all(verdict["valid"] for verdict in verdicts):
        raise typer.Exit(1)


@policy.command()
def show(name: File, as_json: AsJson = False) -> None:
    """Show a pack: its departments, routes, plans and ladders."""
    pack = _loaded(name)
    if as_json:
        typer.echo(json.dumps({"hash": pack.hash, **pack.model_dump(mode="json")}, ensure_ascii=False, indent=2))
        return
    console = Console()
    console.print(f"{pack.name} version {pack.version}, hash {pack.hash}", highlight=False)
    console.print(
        f"centre {pack.centre} assigns within {tables.plain(pack.assign_within)}; trust {tables.plain(pack.trust)}"
    )
    for table in tables.of(pack):
        console.print(table)


@policy.command()
def publish(
    file: File,
    kafka: Brokers = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Publish a pack: complaints received from now on are handled by it, all others keep the pack they have."""
    pack = _loaded(file)
    try:
        partition, offset = provision.publish(pack, kafka)
    except KafkaError as error:
        typer.echo(f"{pack.name} is not published: {error}", err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps({"name": pack.name, "hash": pack.hash, "partition": partition, "offset": offset}))
    else:
        typer.echo(f"{pack.name} version {pack.version} is published as {pack.hash} ({POLICIES.name} {offset})")


def _loaded(file: str) -> PolicyPack:
    try:
        return _possible(file)
    except BadPack as error:
        typer.echo(f"{file} is not a valid pack:\n" + "\n".join(f"  - {reason}" for reason in error.reasons), err=True)
        raise typer.Exit(1) from error


def _possible(file: str) -> PolicyPack:
    pack = load(file)
    if faults := outlook.impossible(pack, datetime.now(UTC)):
        raise BadPack(Path(file), faults)
    return pack


def _verdict(file: str) -> dict[str, Any]:
    try:
        pack = _possible(file)
    except BadPack as error:
        return {"file": file, "valid": False, "reasons": list(error.reasons)}
    named = {"name": pack.name, "version": pack.version, "hash": pack.hash}
    return {
        "file": file,
        "valid": True,
        **named,
        "reasons": [],
        "warnings": [*outlook.guesses(pack, datetime.now(UTC)), *outlook.silences(pack)],
    }


def _print_verdict(verdict: dict[str, Any]) -> None:
    if verdict["valid"]:
        typer.echo(f"{verdict['file']}: valid, {verdict['name']} version {verdict['version']}, hash {verdict['hash']}")
        for warning in verdict["warnings"]:
            typer.echo(f"  ! {warning}")
        return
    typer.echo(f"{verdict['file']}: not valid")
    for reason in verdict["reasons"]:
        typer.echo(f"  - {reason}")
