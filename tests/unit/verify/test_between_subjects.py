"""The checker follows what subjects say to each other, by sender and number, whatever it is about."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from closedloop.verify import Log, Record, Verdict
from closedloop.verify.tables import contract
from closedloop.verify.tables.contract import Field
from schemas.published import _of_fact
from tests import matters
from tests.unit.verify.tales import healthy

KIND = matters.ComplaintTold.__name__


@pytest.fixture(autouse=True)
def known_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The contract has one message between subjects."""
    published = _of_fact(matters.ComplaintTold)
    assert published["to_another"] is True
    fields = published["fields"].items()
    form = tuple(Field(name, f["form"], "default" in f, f.get("default")) for name, f in fields)
    monkeypatch.setattr(contract, "TO_ANOTHER", {KIND})
    monkeypatch.setitem(contract.KIND_OF, published["type"], KIND)  # type: ignore[arg-type]
    monkeypatch.setitem(contract.SAID_BY, KIND, matters.NAME)  # type: ignore[arg-type]
    monkeypatch.setitem(contract.FIELDS, KIND, form)  # type: ignore[arg-type]


def said(number: int, receiver: str, sequence: int = 0, offset: int = 0) -> Record:
    """A matter tells one of its complaints something."""
    body = {"complaint_id": receiver, "matter_id": "matter/north", "at": "2026-03-02T08:00:00Z", "number": number}
    head = {"ce_type": "closedloop.complaint.told.v1", "ce_source": f"/closedloop/{matters.NAME}"}
    head |= {"ce_id": f"matter/{sequence or number}", "ce_subject": "matter/north", "ce_causationid": "timer/x"}
    head |= {"ce_sequence": str(sequence or number)}
    value = json.dumps(body).encode()
    return Record(contract.FACTS, 0, 90_000 + (offset or number), 0, receiver, head, value)


def judged(records: list[Record]) -> Verdict:
    """The verdict on a healthy history beside which these stand."""
    topics = healthy()
    topics.records += records
    return topics.judge()


HEALTHY = [said(1, "a"), said(2, "b"), said(3, "a"), said(4, "c")]


def test_messages_that_are_numbered_through_hold_also_where_some_are_said_again() -> None:
    again = [said(2, "b", offset=20), said(1, "a", sequence=1_001, offset=21), said(5, "b", offset=22)]

    verdict = judged([*HEALTHY, *again])

    assert verdict.green
    assert len(Log.of(HEALTHY).to_others) == 4


@pytest.mark.parametrize(
    ("invariant", "code", "records"),
    [
        ("once", "number_twice", [*HEALTHY, said(2, "d", sequence=9, offset=20)]),
        ("told", "number_lost", [HEALTHY[0], *HEALTHY[2:]]),
        ("legal", "out_of_turn", [*HEALTHY[:2], replace(HEALTHY[2], offset=90_000), HEALTHY[3]]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_turns_exactly_its_invariant_red(invariant: str, code: str, records: list[Record]) -> None:
    verdict = judged(records)

    assert verdict.red == {invariant}
    assert {failure.code for failure in verdict[invariant].failures} == {code}
    for failure in verdict[invariant].failures:
        assert failure.why("en") and failure.why("zh") != failure.why("en")
