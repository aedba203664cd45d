"""The table of intake: one line per fact says how it changes a case and what its sender is told."""

from __future__ import annotations

from functools import partial

from schemas.edges import Submission
from schemas.envelope import complaint_id
from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    DeadlineMoved,
    IncidentReported,
)
from schemas.references import candidates
from schemas.topics import SUBMISSIONS
from services.intake import model, receipts, rules
from services.shared.machine.documents import Edge
from services.shared.machine.table import Count, On, Service

RECEIVED = Count("received", "Complaints received", ("source", "channel"))

FACTS = (
    On(ComplaintReceived, evolve=model.received, tell=receipts.tell_accepted, counts=(RECEIVED,)),
    On(ComplaintUnroutable, evolve=model.routed),
    On(ComplaintRouted, evolve=model.routed, tell=receipts.tell_status),
    On(IncidentReported, tell=receipts.tell_report),
    On(ComplaintReturned, evolve=model.returned),
    On(DeadlineMoved, evolve=model.moved, tell=receipts.tell_moved),
    On(ComplaintAnswered, evolve=model.answered, tell=receipts.tell_status),
    On(ComplaintReopened, evolve=model.reopened, tell=receipts.tell_status),
    On(ComplaintClosed, evolve=model.closed, tell=receipts.tell_closed),
)


def table(pseudonym_key: str) -> Service:
    """The table with the site's key for pseudonyms."""
    return Service(
        name="intake",
        case=model.Case,
        facts=FACTS,
        edges=(
            Edge(
                SUBMISSIONS,
                Submission,
                lambda submission, member, id: complaint_id(member, id),
                decide=partial(rules.receive_on_submission, key=pseudonym_key),
                creates=True,
                turned_away=receipts.turned_away,
                remark=receipts.name_ignored,
            ),
        ),
        language=lambda case: case.received.language,
        labels=candidates,
        contact=rules.contact,
        begun_with=rules.begun_with,
    )


SERVICE = table("not-secret")
