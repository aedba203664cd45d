"""The receipts for upstream systems: accepted, refused, status, report, closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from schemas.edges import Receipt, Submission
from schemas.envelope import opened
from schemas.facts import ComplaintClosed, ComplaintReceived, ComplaintRouted, DeadlineMoved, Fact, IncidentReported
from schemas.ignored import ignored, said
from schemas.policy import PolicyPack
from schemas.sizes import fitting
from schemas.topics import RECEIPTS
from services.intake.model import Case
from services.shared.machine.documents import Tell
from services.shared.machine.letters import Origin
from services.shared.privacy import masked

ANSWERING = ("status", "closed")
"""The kinds of receipts with the answer, while it stands."""


def tell_accepted(before: Case | None, case: Case, fact: ComplaintReceived, policy: PolicyPack) -> Iterator[Tell]:
    """Their id, ours and the reference: it cannot be lost from here on."""
    yield _receipt(case, fact, "accepted")


def tell_status(before: Case | None, case: Case, fact: Fact, policy: PolicyPack) -> Iterator[Tell]:
    """Where it stands and by when it will be answered."""
    yield _receipt(case, fact, "status")


def tell_moved(before: Case | None, case: Case, fact: DeadlineMoved, policy: PolicyPack) -> Iterator[Tell]:
    """The answer has another date; who gives it a new owner says so already."""
    if fact.target == "answer" and fact.why != ComplaintRouted.__name__:
        yield _receipt(case, fact, "status", fact.why)


def tell_report(before: Case | None, case: Case, fact: IncidentReported, policy: PolicyPack) -> Iterator[Tell]:
    """The report of a major incident, for the customer."""
    yield _receipt(case, fact, "report", report=fact.report)


def tell_closed(before: Case | None, case: Case, fact: ComplaintClosed, policy: PolicyPack) -> Iterator[Tell]:
    """The loop is closed."""
    yield _receipt(case, fact, "closed", fact.ending)


def turned_away(member: str, id: str, body: Any, reasons: tuple[str, ...], at: datetime) -> Iterable[Tell]:
    """A submission that becomes no complaint: every reason."""
    source_id = getattr(body, "id", None)
    yield Tell(RECEIPTS.of(member), Receipt(source=member, source_id=source_id, kind="refused", at=at, reasons=reasons))


def name_ignored(told: BaseModel, origin: Origin) -> BaseModel:
    """The receipt that accepts a submission also names the fields that nobody reads."""
    if not isinstance(told, Receipt) or told.kind != "accepted" or origin.value is None:
        return told
    unread = ignored(Submission, opened(origin.headers, origin.value)[1], masked)
    return told.model_copy(update=said(unread)) if unread else told


def _receipt(case: Case, fact: Fact, kind: str, *reasons: str, **more: object) -> Tell:
    received = case.received
    body = {
        "source": received.source,
        "source_id": received.source_id,
        "kind": kind,
        "at": fact.at,
        "complaint_id": fact.complaint_id,
        "reference": received.reference,
        "state": case.state,
        "due_at": case.due_at,
        "answer": None if case.answer is None or kind not in ANSWERING else fitting(case.answer),
        "reasons": reasons,
    }
    return Tell(RECEIPTS.of(received.source), Receipt.model_validate(body | more))
