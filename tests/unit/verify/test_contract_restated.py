"""The checker states the contract again in its own tables; where contract and tables part, somebody must decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from closedloop.policies import load
from closedloop.verify import contract
from closedloop.verify.edges import CONTENT
from closedloop.verify.policy import Length, span_ms
from closedloop.verify.policy import pack as pack_in
from closedloop.verify.records import Record
from schemas import envelope, topics
from schemas.edges import Receipt, Reply, Submission, VisitReport, WorkOrder
from schemas.facts import PLOT
from schemas.policy import PolicyPack, Working, span_of

MODELS = {model.__name__: model for model in (*PLOT, WorkOrder, Receipt)}


def test_every_fact_has_the_service_that_says_it() -> None:
    assert dict(contract.SAID_BY) == {model.__name__: model.said_by for model in PLOT}


def test_every_message_has_its_type() -> None:
    assert dict(contract.KIND_OF) == {envelope.type_of(model): name for name, model in MODELS.items()}


@pytest.mark.parametrize("kind", contract.FIELDS)
def test_what_is_read_of_a_message_is_what_it_carries(kind: str) -> None:
    fields = MODELS[kind].model_fields

    for name, _, may_be_absent in contract.FIELDS[kind]:
        assert name in fields
        assert may_be_absent or fields[name].is_required() or name in ("cycle", "level")


def test_a_complaint_is_called_the_same() -> None:
    assert contract.complaint_id("hotline", "7") == envelope.complaint_id("hotline", "7")


def test_topics_are_called_the_same() -> None:
    assert topics.COMPLAINTS.name == contract.FACTS
    assert topics.POLICIES.name == contract.POLICIES
    families = [topics.SUBMISSIONS, topics.REPLIES, topics.VISITS, topics.QUEUE, topics.RECEIPTS, topics.DEAD_LETTERS]
    ours = [*contract.EDGES, *contract.MESSAGES, contract.DEAD_LETTERS]
    assert ours == [family.prefix for family in families]


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


@pytest.mark.parametrize("name", ["demo", "nyc311"])
def test_a_published_pack_is_read_as_its_author_meant_it(name: str) -> None:
    pack = load(name)

    read = pack_in(Record(contract.POLICIES, 0, 0, 0, pack.hash, {}, pack.model_dump_json().encode()))

    assert read is not None
    assert read.centre_ladder == pack.centre_ladder
    assert {n: [s for s, _ in ladder.steps] for n, ladder in read.ladders.items()} == {
        n: [step.at_percent for step in ladder.steps] for n, ladder in pack.ladders.items()
    }
    assert {n: plan.targets for n, plan in read.plans.items()} == _targets(pack)


def _targets(pack: PolicyPack) -> dict[str, dict[str, Length | None]]:
    return {name: {t: _length(length) for t, length in plan.targets.items()} for name, plan in pack.plans.items()}


def _length(length: Any) -> Length | None:
    if length == "stated":
        return None
    return Length(span_of(length) // timedelta(milliseconds=1), isinstance(length, Working))


@pytest.mark.parametrize("days", [0, 1, 7, 30, 365, 400, 1000.25])
def test_a_length_of_time_is_read_as_it_was_written(days: float) -> None:
    span = timedelta(days=days, seconds=1.5)

    written = TypeAdapter(timedelta).dump_python(span, mode="json")

    assert span_ms(written) == span // timedelta(milliseconds=1)
