"""What services count of what they say: every row of their tables, played with the golden examples."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.registry import CollectorRegistry

import schemas
from schemas import topics
from schemas.envelope import Message, type_of
from schemas.facts import (
    PLOT,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    CallbackPromised,
    ComplaintEscalated,
    CustomerContacted,
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineMoved,
    Fact,
    HoldingReplySent,
    IncidentDeclared,
    ProgressReported,
    ReceiptAcknowledged,
    VisitScheduled,
    WorkAccepted,
    WorkResumed,
)
from services.shared.machine.table import Count
from services.shared.watching.fact_counters import counted, counts, declared
from services.shared.watching.measures import DEAD_LETTER_REASONS
from tests import forgotten
from tests.contract.pages import table

ROOT = Path(schemas.__file__).parents[1]
EXAMPLES = Path(schemas.__file__).parent / "examples"
TABLES = {name: [*counts(table(name).facts)] for name in topics.SERVICES}
ROWS = [row for table in TABLES.values() for row in table]


UNCOUNTED = {
    WorkAccepted,
    ReceiptAcknowledged,
    CustomerContacted,
    CallbackPromised,
    ProgressReported,
    HoldingReplySent,
    WorkResumed,
    VisitScheduled,
}
"""Facts that `closedloop_said_total` counts and nothing else: what they do to a target is counted by its verdict."""


def test_every_fact_is_counted_but_for_those_that_need_not_be() -> None:
    lines = {fact for fact, _ in ROWS}

    forgotten.nothing(
        forgotten.beyond(PLOT, lines | UNCOUNTED, "{} has no `Count` in the line of the service that says it"),
        forgotten.beyond(UNCOUNTED, set(PLOT) - lines, "{} is counted, and listed here as one that need not be"),
    )


def value_of(fact: type[Fact]) -> dict[str, Any]:
    """What the golden example says: one from before the fields that joined later."""
    value: dict[str, Any] = json.loads((EXAMPLES / f"{type_of(fact)}.json").read_text("utf-8"))["value"]
    return value


def raised(fact: type[Fact], **changes: Any) -> list[tuple[str, ...]]:
    """The counters that a fact raises in the service that says it, and their labels."""
    body = json.dumps(value_of(fact) | changes).encode()
    rows = declared(TABLES[fact.said_by], CollectorRegistry())
    found = counted(rows, type_of(fact).encode(), Message(topics.COMPLAINTS.name, "", body, ()))
    return [(counter.describe()[0].name, *labels) for counter, labels in found]


@pytest.mark.parametrize(("fact", "count"), ROWS)
def test_a_counter_is_labelled_by_fields_that_the_fact_has(fact: type[Fact], count: Count) -> None:
    asked_for = {*count.labels, *([count.only] if count.only else [])}

    assert not asked_for - set(fact.model_fields), f"{fact.__name__} has no such field: correct `{count.name}`"


@pytest.mark.parametrize(("fact", "count"), ROWS)
def test_a_counter_rises_under_the_labels_that_all_its_lines_give_it(fact: type[Fact], count: Count) -> None:
    body = json.dumps(value_of(fact) | ({count.only: True} if count.only else {})).encode()
    rows = declared(TABLES[fact.said_by], CollectorRegistry())

    found = [*counted(rows, type_of(fact).encode(), Message("t", "", body, ()))]

    assert f"closedloop_{count.name}" in {counter.describe()[0].name for counter, _ in found}
    for counter, labels in found:
        (counter.labels(*labels) if labels else counter).inc()


def test_no_two_services_export_a_counter_of_the_same_name() -> None:
    names = [name for rows in TABLES.values() for name in {count.name for _, count in rows}]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("service", topics.SPEAKING)
def test_a_service_counts_what_it_says_itself(service: str) -> None:
    assert {fact.said_by for fact, _ in TABLES[service]} == {service}


def test_every_reason_of_a_dead_letter_is_counted_from_nothing() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "services").rglob("*.py")]
    given = {code for text in sources for code in re.findall(r'Refused\(because\(\s*"(\w+)', text)}

    assert {"conflict", "not_your_topic"} <= given
    assert given | {"not_countable", "too_large"} <= set(DEAD_LETTER_REASONS)


def test_no_complaint_is_a_label() -> None:
    labels = {name for _, count in ROWS for name in count.labels}

    assert labels <= {
        *("source", "channel", "department", "desk", "by", "what", "reason", "outcome", "ending"),
        *("target", "level", "top", "why"),
    }


def test_consent_is_counted_by_what_it_is_about_and_how_it_ended() -> None:
    assert raised(ApprovalRequested) == [("closedloop_approvals", "extension", "requested")]
    assert raised(ApprovalGranted) == [("closedloop_approvals", "extension", "granted")]
    assert raised(ApprovalRefused) == [("closedloop_approvals", "pause", "refused")]


def test_a_date_that_moved_is_counted_by_the_fact_that_moved_it() -> None:
    assert raised(DeadlineMoved) == [("closedloop_moved", "answer", "WorkPaused")]


def test_an_incident_is_counted_by_who_declared_it() -> None:
    assert raised(IncidentDeclared) == [("closedloop_incidents_declared", "centre")]


def test_a_rung_at_the_top_of_the_chain_is_counted_as_one() -> None:
    assert raised(ComplaintEscalated, top=True) == [("closedloop_escalated", "centre", "2", "true")]


def test_a_rung_that_was_saved_before_there_was_a_chain_is_none_at_the_top() -> None:
    assert "top" not in value_of(ComplaintEscalated)

    assert raised(ComplaintEscalated) == [("closedloop_escalated", "centre", "2", "false")]


@pytest.mark.parametrize(
    ("fact", "rung"),
    [(DeadlineApproaching, "warning"), (DeadlineBreached, "breach"), (ComplaintEscalated, "escalation")],
)
def test_a_rung_is_counted_as_caught_up_only_when_it_is(fact: type[Fact], rung: str) -> None:
    caught_up = ("closedloop_rungs_caught_up", rung)

    assert caught_up in raised(fact, caught_up=True)
    assert caught_up not in raised(fact, caught_up=False)
    assert caught_up not in raised(fact)
