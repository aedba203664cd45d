"""The table of intake: what it hears, how that changes a case, what it says and tells."""

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
from services.shared.machine import Edge, Service


def table(pseudonym_key: str) -> Service:
    """The table with the site's key for pseudonyms."""
    return Service(
        name="intake",
        case=model.Case,
        hears={Submission: partial(rules.receive_on_submission, key=pseudonym_key)},
        evolve={
            ComplaintReceived: model.received,
            ComplaintRouted: model.routed,
            ComplaintUnroutable: model.routed,
            ComplaintReturned: model.returned,
            ComplaintAnswered: model.answered,
            DeadlineMoved: model.moved,
            ComplaintReopened: model.reopened,
            ComplaintClosed: model.closed,
        },
        says=(ComplaintReceived,),
        tells={
            ComplaintReceived: receipts.tell_accepted,
            ComplaintRouted: receipts.tell_status,
            ComplaintAnswered: receipts.tell_status,
            DeadlineMoved: receipts.tell_moved,
            IncidentReported: receipts.tell_report,
            ComplaintReopened: receipts.tell_status,
            ComplaintClosed: receipts.tell_closed,
        },
        edges=(
            Edge(
                SUBMISSIONS,
                Submission,
                lambda submission, member, id: complaint_id(member, id),
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
