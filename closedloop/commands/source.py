"""`closedloop source`: the upstream systems that bring complaints over Kafka."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from kafka.errors import KafkaError

from closedloop import provision
from closedloop.commands.options import LOCAL, AsJson, Brokers
from closedloop.language.paper import say
from schemas.topics import RECEIPTS, SUBMISSIONS
from services.shared.broker.provisioning import Mismatch

source = typer.Typer(help="Upstream systems that bring complaints over Kafka.", no_args_is_help=True)

EXAMPLE = '{"id": "A-1", "subject": "Tap water runs yellow", "category": "water/quality", "customer": {"phone": "…"}}'
"""The least that makes a useful complaint."""


def register(app: typer.Typer) -> None:
    """Join `closedloop source` to the command line."""
    app.add_typer(source, name="source")


@source.command()
def add(
    name: Annotated[str, typer.Argument(help="Its name: small letters, digits and -.")],
    kafka: Brokers = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Make the topics of an upstream system; intake reads its complaints within half a minute. Safe to repeat."""
    try:
        made = provision.add_source(name, kafka)
    except (ValueError, Mismatch, KafkaError) as error:
        say(f"{name} is not added: {error}", err=True)
        raise typer.Exit(1) from error
    topics = {"submissions": SUBMISSIONS.of(name), "receipts": RECEIPTS.of(name)}
    if as_json:
        typer.echo(json.dumps({"name": name, **topics, "made": made}))
        return
    say(f"{name} {'is added' if made else 'was there already'}")
    say(f"  it sends complaints to {topics['submissions']}; intake reads them within half a minute")
    say(f"    for example {EXAMPLE}; every field: `closedloop.submission.v1` in schemas/contract.json")
    say(f"  it hears what becomes of them on {topics['receipts']}")
