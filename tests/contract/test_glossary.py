"""The glossary has every word of the messages and every module of the shared code."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

import pytest
from pydantic import BaseModel

from schemas.edges import Receipt, VisitReport
from schemas.facts import PLOT, ComplaintClosed
from schemas.queues import KINDS, STATES, WHYS
from tests import forgotten
from tests.contract.pages import ROOT, quoted, rows, section, text_of

PAGE = text_of("docs/glossary.md")
NAMES = {row[0]: set(quoted(row[3])) for row in rows(PAGE)}
MODULES = {path.stem for path in (ROOT / "services/shared").rglob("*.py")} - {"__init__"}


def values(model: type[BaseModel], field: str) -> Collection[str]:
    return get_args(model.model_fields[field].annotation)


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("kind of order", KINDS),
        ("state of an order", STATES),
        ("reason of a message", WHYS),
        ("kind of receipt", values(Receipt, "kind")),
        ("outcome of a visit", values(VisitReport, "outcome")),
        ("ending", values(ComplaintClosed, "ending")),
    ],
)
def test_a_list_of_words_is_complete(term: str, words: Collection[str]) -> None:
    assert NAMES[term] == set(words)


@pytest.mark.parametrize(("term", "table"), [("kind of target", "targets"), ("kind of reply", "replies")])
def test_what_has_a_table_of_its_own_is_listed_there_alone(term: str, table: str) -> None:
    """The tables are held against the code by the tests of their page."""
    (row,) = [row for row in rows(PAGE) if row[0] == term]

    assert f"[table of {table}](deadlines.md#" in row[2]


def test_every_fact_belongs_to_a_term() -> None:
    names = [fact.__name__ for fact in PLOT]

    forgotten.nothing(forgotten.beyond(names, quoted(PAGE), "{} stands in the row of no term of docs/glossary.md"))


def test_every_module_of_the_shared_code_belongs_to_a_term() -> None:
    named = {name for row in rows(section(PAGE, "The code that services share")) for name in quoted(row[3])}

    forgotten.nothing(
        forgotten.beyond(MODULES, named, "the module {} of services/shared stands in no row of docs/glossary.md"),
        forgotten.beyond(named, MODULES, "docs/glossary.md names {}, which is no module of services/shared"),
    )
