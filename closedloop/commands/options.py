"""Options that several commands share; by default the brokers are those of `closedloop up`."""

from __future__ import annotations

from typing import Annotated

import typer

from closedloop.language import Language
from closedloop.stack import DEFAULT_PORTS

LOCAL = f"127.0.0.1:{DEFAULT_PORTS['kafka']}"
Brokers = Annotated[
    str, typer.Option("--kafka", envvar="KAFKA_BOOTSTRAP_SERVERS", help="The brokers, as host:port[,host:port].")
]
Screen = Annotated[Language, typer.Option("--language", help="The language of the screen.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
