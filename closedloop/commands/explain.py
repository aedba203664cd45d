"""`closedloop explain`: where every date of a complaint comes from, down to the hour, and how it came out."""

from __future__ import annotations

from typing import Annotated

import typer

from closedloop.commands import asking
from closedloop.commands.asking import AsTable, At, ClockFile, Id, Question
from closedloop.commands.options import LOCAL, AsJson, Brokers, Screen
from closedloop.explain import explain as explained
from closedloop.explain.paper import tables, text
from closedloop.language.paper import Paper

Only = Annotated[str | None, typer.Option("--target", help="This target alone: accept, answer, …")]


def register(app: typer.Typer) -> None:
    """Join `closedloop explain` to the command line."""
    app.command()(explain)


def explain(
    id: Id,
    target: Only = None,
    at: At = None,
    kafka: Brokers = LOCAL,
    clock: ClockFile = None,
    as_json: AsJson = False,
    as_table: AsTable = False,
    language: Screen = "en",
) -> None:
    """Explain every date of a complaint: its rule, the time that counted, the ladder, and how it came out.

    Exit code 0: explained. 2: there is no such complaint, or it cannot be read.
    """
    asking.answer(
        Question(id, at, kafka, clock, as_json, as_table),
        lambda file, now: explained(file.facts, file.pack, now, target),
        lambda found: (tables if as_table else text).show(found, Paper(), language),
    )
