"""The table of followup: one line per fact says what it decides on it and how it changes a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from schemas.edges import Notice, VisitReport
from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReopened,
    IncidentDeclared,
    IncidentReported,
    VisitAttempted,
    VisitRefused,
    VisitRequested,
    VisitScheduled,
)
from schemas.topics import QUEUE, VISITS
from services.followup import model, rules
from services.shared.machine.documents import Edge, Tell
from services.shared.machine.table import Count, On, Service


def turned_away(member: str, id: str, body: Any, reasons: tuple[str, ...], at: datetime) -> Iterable[Tell]:
    """A desk whose report fits no case hears why on its queue; what is not legal in a case router tells it."""
    yield Tell(QUEUE.of(member), Notice.of_refusal(member, body, reasons, at))


REQUESTED = Count("visits_requested", "Visits whose time had come", ("desk",))
ATTEMPTED = Count("visits", "Visits reported, by outcome", ("outcome",))
REFUSED = Count("visits_refused", "Reports that were not legal", ("reason",))
REOPENED = Count("reopened", "Complaints whose customer says they are not solved")
CLOSED = Count("closed", "Complaints closed, by ending", ("ending",))

SERVICE = Service(
    name="followup",
    case=model.Case,
    facts=(
        On(IncidentDeclared, evolve=model.declared),
        On(IncidentReported, decide=rules.close_on_report, evolve=model.reported),
        On(ComplaintAnswered, decide=rules.schedule_on_answered, evolve=model.answered),
        On(VisitScheduled, evolve=model.scheduled),
        On(VisitRequested, evolve=model.requested, counts=(REQUESTED,)),
        On(VisitRefused, counts=(REFUSED,)),
        On(VisitAttempted, evolve=model.attempted, counts=(ATTEMPTED,)),
        On(ComplaintReopened, evolve=model.reopened, counts=(REOPENED,)),
        On(ComplaintClosed, evolve=model.closed, counts=(CLOSED,)),
    ),
    edges=(
        Edge(
            VISITS,
            VisitReport,
            lambda report, member, id: report.complaint_id,
            decide=rules.conclude_on_visit,
            turned_away=turned_away,
        ),
    ),
    on_due=rules.request_on_due,
    next_due=rules.next_due,
    language=lambda case: case.language,
)
