"""What upstream systems are told about their complaints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from schemas.edges import Receipt
from schemas.facts import ComplaintClosed, ComplaintReceived, Fact
from schemas.policy import PolicyPack
from schemas.topics import RECEIPTS
from services.intake.model import Case
from services.shared.machine import Tell


def tell_accepted(case: Case, fact: ComplaintReceived, policy: PolicyPack) -> Iterator[Tell]:
    """Their id, ours and the reference: it cannot be lost from here on."""
    yield _receipt(case, fact, "accepted")


def tell_status(case: Case, fact: Fact, policy: PolicyPack) -> Iterator[Tell]:
    """Where it stands and by when it will be answered."""
    yield _receipt(case, fact, "status")


def tell_closed(case: Case, fact: ComplaintClosed, policy: PolicyPack) -> Iterator[Tell]:
    """The loop is closed."""
    yield _receipt(case, fact, "closed", fact.ending)


def turned_away(member: str, id: str, body: Any, reasons: tuple[str, ...], at: datetime) -> Iterable[Tell]:
    """A submission that becomes no complaint: every reason."""
    source_id = getattr(body, "id", None)
    yield Tell(RECEIPTS.of(member), Receipt(source=member, source_id=source_id, kind="refused", at=at, reasons=reasons))


def _receipt(case: Case, fact: Fact, kind: str, *reasons: str) -> Tell:
    received = case.received
    body = {
        "source": received.source,
        "source_id": received.source_id,
        "kind": kind,
        "at": fact.at,
        "complaint_id": fact.complaint_id,
        "reference": received.reference,
        "state": case.state,
        "due_at": case.routing.due_at,
        "reasons": reasons,
    }
    return Tell(RECEIPTS.of(received.source), Receipt.model_validate(body))
