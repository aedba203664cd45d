"""The checker states the contract again in its own tables; where contract and tables part, somebody must decide."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from closedloop.policies import load
from closedloop.verify.checks.details import DETAILS
from closedloop.verify.checks.limits import LIMITS
from closedloop.verify.derive.planning import STEPS
from closedloop.verify.evidence.edges import CONTENT
from closedloop.verify.pack.lengths import Length, span_ms
from closedloop.verify.pack.policy import pack as pack_in
from closedloop.verify.tables import contract
from closedloop.verify.tables.facts import FACTS, RUNG
from schemas import envelope
from schemas.edges import Notice, Receipt, Reply, Submission, VisitReport, WorkOrder
from schemas.facts import PLOT, Rung, Work
from schemas.policy import Every, PolicyPack, Working, once, span_of
from tests import forgotten
from tests.builders import TOWN

MODELS = {model.__name__: model for model in (*PLOT, WorkOrder, Notice, Receipt)}


def test_a_complaint_is_called_the_same() -> None:
    assert contract.complaint_id("hotline", "7") == envelope.complaint_id("hotline", "7")


@pytest.mark.parametrize(
    ("family", "model", "names"),
    [
        ("submissions", Submission, {"id"}),
        ("replies", Reply, {"id", "complaint_id"}),
        ("visits", VisitReport, {"id", "complaint_id"}),
    ],
)
def test_two_messages_of_one_id_are_compared_in_all_they_say(family: str, model: type, names: set[str]) -> None:
    assert {*CONTENT[family], *names} == set(model.model_fields)


def test_every_fact_has_a_row_in_the_order_of_the_plot() -> None:
    plot, place = [model.__name__ for model in PLOT], "closedloop/verify/tables/facts.py"

    forgotten.nothing(
        forgotten.beyond(plot, FACTS, f"the checker knows nothing of {{}}: it needs a row in {place}"),
        forgotten.beyond(FACTS, plot, f"{place} has a row for {{}}, which is no fact"),
        forgotten.out_of_order(FACTS, plot, f"the row of {{}} in {place} stands elsewhere than its row in PLOT"),
    )


def test_the_same_facts_are_work_and_speak_of_clocks() -> None:
    of_people = {kind for kind, row in FACTS.items() if row.who}
    work = {model.__name__ for model in PLOT if issubclass(model, Work)}
    forgotten.nothing(
        forgotten.beyond(work & {*FACTS}, of_people, "{} is a Work: the checker's row should say whose (`who`)"),
        forgotten.beyond(of_people, work, "the checker's row of {} says whose work it is, but it is no Work"),
    )
    assert {k for k, row in FACTS.items() if row.clock == RUNG} == {m.__name__ for m in PLOT if issubclass(m, Rung)}
    about_a_target = {model.__name__ for model in PLOT if "target" in model.model_fields}
    assert {kind for kind, row in FACTS.items() if row.clock} == about_a_target


@pytest.mark.parametrize(
    ("column", "known"), [("plan", STEPS), ("limits", LIMITS), ("says", DETAILS)], ids=["plan", "limits", "says"]
)
def test_each_name_in_a_row_is_a_rule_and_each_rule_is_named_by_a_row(column: str, known: Mapping[str, object]) -> None:
    assert {name for row in FACTS.values() for name in getattr(row, column).split()} == set(known)


def test_no_check_knows_a_fact_by_its_name() -> None:
    rooms = Path(contract.__file__).parents[1]
    modules = [path for path in rooms.rglob("*.py") if path.name != "facts.py"]
    named = {
        (path.name, node.value)
        for path in modules
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in FACTS
    }
    assert len(modules) > 30 and not named


@pytest.mark.parametrize("pack", [load("demo"), load("nyc311"), TOWN], ids=["demo", "nyc311", "town"])
def test_a_published_pack_is_read_as_its_author_meant_it(pack: PolicyPack) -> None:
    read = pack_in(pack.model_dump_json().encode())

    assert read is not None
    assert (read.centre, read.at("/arbitrated_after")) == (pack.centre, pack.arbitrated_after)
    assert {n: [(s.percent, s.level, s.after) for s in ladder.steps] for n, ladder in read.ladders.items()} == {
        n: [(s.at_percent, s.level, _length(s.after)) for s in ladder.steps] for n, ladder in pack.ladders.items()
    }
    written = {place: _length(value) for place, value in _lengths("", pack) if not place.startswith(READ_APART)}
    assert {place: length for place, length in read.lengths.items() if "/every" not in place} == written


READ_APART = ("/ladders", "/trust")


def _lengths(place: str, value: object) -> Iterator[tuple[str, Any]]:
    """Each length that stands in a pack, by its place."""
    if isinstance(value, timedelta | Working | Every):
        yield place, value
    elif isinstance(value, BaseModel | Mapping):
        for name, part in value.items() if isinstance(value, Mapping) else value:
            yield from _lengths(f"{place}/{name}", part)


def _length(length: Any) -> Length | None:
    if length is None or length == "stated":
        return None
    span = once(length)
    return Length(span_of(span) // timedelta(milliseconds=1), isinstance(span, Working))


@pytest.mark.parametrize("days", [0, 1, 7, 30, 365, 400, 1000.25])
def test_a_length_of_time_is_read_as_it_was_written(days: float) -> None:
    span = timedelta(days=days, seconds=1.5)

    written = TypeAdapter(timedelta).dump_python(span, mode="json")

    assert span_ms(written) == span // timedelta(milliseconds=1)
