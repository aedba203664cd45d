"""`closedloop whatif`: what happens to a complaint if nobody acts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from closedloop.commands import asking
from closedloop.commands.asking import AsTable, At, ClockFile, Id, Question
from closedloop.commands.options import LOCAL, AsJson, Brokers, Screen
from closedloop.explain import ahead
from closedloop.explain.paper import outlook
from closedloop.language.paper import Paper

Until = Annotated[
    datetime | None,
    typer.Option(
        parser=asking.moment,
        metavar="ISO",
        help="Look ahead until then; default: three reminders of each target, 30 days at most.",
    ),
]


def register(app: typer.Typer) -> None:
    """Join `closedloop whatif` to the command line."""
    app.command()(whatif)


def whatif(
    id: Id,
    until: Until = None,
    at: At = None,
    kafka: Brokers = LOCAL,
    clock: ClockFile = None,
    as_json: AsJson = False,
    as_table: AsTable = False,
    language: Screen = "en",
) -> None:
    """Show the messages ahead if nobody acts: their moments, addressees, and the time left by then.

    Exit code 0: shown. 2: there is no such complaint, or it cannot be read.
    """
    asking.answer(
        Question(id, at, kafka, clock, as_json, as_table),
        lambda file, now: ahead(file.facts, file.pack, now, until),
        lambda found: outlook.show(found, Paper(), language, boxed=as_table),
    )
