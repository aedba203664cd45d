"""The messages at the edge: submissions, replies and reports come in; receipts, orders and notices go out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le
from pydantic import BaseModel, Field

from schemas.base import (
    ComplaintId,
    Digits,
    Flag,
    FreeLine,
    FreeText,
    Instant,
    Line,
    Name,
    Private,
    Record,
    Text,
    Visible,
)
from schemas.facts import Channel, IncidentRecord, IncidentReport, Target
from schemas.queues import KINDS, STATES, WHYS, Kind, State, Why, meaning

MOST = 1_000_000
"""Beyond any count that is meant: a larger number would not fit into the database."""

Count = Annotated[int, Ge(1), Le(MOST), Digits]


class Customer(Record):
    """Who complains, as the upstream system knows them; stays in intake, facts carry only a pseudonym."""

    id: Line | None = Field(default=None, description="the upstream system's id of the customer")
    name: Annotated[Line, Private("name")] | None = Field(default=None, description="the customer's name")
    phone: Annotated[Line, Private("phone")] | None = Field(default=None, description="how to ring the customer up")
    email: Annotated[Line, Private("mail")] | None = Field(default=None, description="how to write to the customer")


class Submission(Record):
    """A complaint as an upstream system or the HTTP door brings it."""

    id: Annotated[Line, Visible] | None = Field(
        default=None, description="the sender's own id of it; else the record's ce_id, or its key"
    )
    source: Name | None = Field(default=None, description="must agree with the topic where it is given")
    channel: Channel = Field(default="other", description="how the customer complained")
    language: Literal["zh", "en"] = Field(
        default="en",
        description="the language of the complaint, in which a refusal is explained, too; "
        "where none is named, zh if the subject or the text is in Chinese",
    )
    category: FreeLine | None = Field(default=None, description="what it is about, such as water/leak: routes go by it")
    area: FreeLine | None = Field(default=None, description="where it is, such as a district: routes may go by it")
    subject: Annotated[FreeLine, Visible] = Field(description="the complaint in one line")
    text: FreeText = Field(default="", description="the complaint in full; what identifies a person is masked")
    customer: Customer = Field(default=Customer(), description="who complains: stays in intake, no fact has it")
    stated_at: Instant | None = Field(
        default=None, description="when the sender took it: counts as far as the pack trusts senders"
    )
    due_at: Instant | None = Field(default=None, description="by when the sender has promised an answer")
    tier: FreeLine | None = Field(default=None, description="the customer's tier, such as gold")
    safety: Flag = Field(default=False, description="whether people are in danger")
    affected: Count | None = Field(default=None, description="how many customers are affected")


class Receipt(Record):
    """What an upstream system hears about its complaint: accepted or refused, how it stands, closed."""

    source: Name
    source_id: Line | None = None
    kind: Literal["accepted", "refused", "status", "report", "closed"]
    at: Instant
    complaint_id: ComplaintId | None = None
    reference: Line | None = None
    state: Line | None = None
    due_at: Instant | None = None
    answer: Text | None = Field(default=None, description="once it is answered, while the answer stands: its text")
    report: IncidentReport | None = None
    reasons: tuple[str, ...] = Field(
        default=(), description="with `refused`: each a stable code, a colon, and why in the complaint's language"
    )
    ignored: tuple[str, ...] | None = Field(
        default=None, description="with `accepted`: the submission's fields that nobody reads"
    )
    did_you_mean: dict[str, str] | None = Field(default=None, description="of those, which field may have been meant")


class Reply(Record):
    """What a department says about a work order; `assigned`, `approved` and `refused` are the centre's alone."""

    id: Line | None = Field(default=None, description="the sender's own id of this reply; else the record's ce_id")
    complaint_id: ComplaintId
    cycle: Count = 1
    reply: Literal[
        "accepted",
        "acknowledged",
        "contacted",
        "promised",
        "progress",
        "holding",
        "waiting",
        "resumed",
        "extension",
        "approved",
        "refused",
        "incident",
        "report",
        "answered",
        "returned",
        "assigned",
    ]
    department: Name | None = Field(default=None, description="must agree with the topic where it is given")
    handler: Line | None = None
    stated_at: Instant | None = None
    note: FreeText = ""
    assign_to: Name | None = Field(default=None, description="with `assigned`: the department that shall own it")
    plan: Name | None = Field(default=None, description="with `assigned`: another plan, such as a more urgent one")
    until: Instant | None = Field(
        default=None, description="with `promised` when; with `waiting` and `extension` until when"
    )
    reason: Name | None = Field(default=None, description="with `waiting`: which of the policy's reasons")
    target: Name = Field(default="answer", description="with `extension`: whose date shall move")
    incident: IncidentRecord | None = None
    report: IncidentReport | None = None


class VisitReport(Record):
    """What a visit desk says about a visit order."""

    id: Line | None = Field(default=None, description="the sender's own id of this report; else the record's ce_id")
    complaint_id: ComplaintId
    cycle: Count = 1
    attempt: Count
    visitor: Line
    outcome: Literal["solved", "not_solved", "unreachable"]
    satisfaction: Annotated[int, Ge(1), Le(5), Digits] | None = None
    note: FreeText = ""


class Request(Record):
    """What a department asks the centre to consent to."""

    what: Literal["extension", "pause"]
    subject: Name = Field(description="the target whose date shall move, or the reason of the pause")
    until: Instant
    department: Name | None = None
    note: Text = ""


class WorkOrder(Record):
    """A message on a department's queue: the whole order as it stands now, and why it was sent."""

    order: Kind = meaning(KINDS)
    state: State = meaning(STATES)
    order_id: Line | None = Field(
        default=None, description="what the order is called all its life, and the record's key; older versions had none"
    )
    why: Why = meaning(WHYS)
    target: Name | None = Field(default=None, description="which target a warning, a breach or a retraction is about")
    role: Line | None = Field(default=None, description="whom of the department it is told")
    person: Name | None = Field(default=None, description="who holds that office today")
    copies: tuple[Name, ...] = ()
    detail: Text = ""
    at: Instant
    department: Name
    complaint_id: ComplaintId | None = None
    reference: Line | None = None
    cycle: int = 1
    level: int = Field(default=0, description="how many levels up the order's ladders begin")
    rung_level: int | None = Field(default=None, description="with a warning, breach or step: the level that is told")
    attempt: int | None = None
    category: Line | None = None
    area: Line | None = None
    language: Literal["zh", "en"] | None = None
    subject: Line | None = None
    text: Text = ""
    answer: Text = ""
    customer_ref: Line | None = None
    received_at: Instant | None = None
    opens_at: Instant | None = None
    targets: tuple[Target, ...] = ()
    request: Request | None = Field(default=None, description="of an order `approve`: what is asked")
    incident: IncidentRecord | None = Field(default=None, description="of an order `incident`: what is known")


class Notice(Record):
    """A message on a department's queue that asks for nothing: no order, and no order's state is changed by it."""

    why: Why = meaning(WHYS)
    detail: Text = ""
    at: Instant
    department: Name
    complaint_id: ComplaintId | None = None
    reference: Line | None = None
    reply_id: Line | None = Field(default=None, description="with `refused`: the sender's own id of what was refused")
    reason: Line | None = Field(default=None, description="with `refused`: the code of the reason")
    target: Name | None = Field(default=None, description="which target a warning, a breach or a retraction is about")
    owner: Name | None = Field(default=None, description="who has the complaint")
    ended: bool = Field(default=False, description="whether the complaint was closed when this was told")
    role: Line | None = Field(default=None, description="whom of the department it is told")
    person: Name | None = Field(default=None, description="who holds that office today")
    copies: tuple[Name, ...] = ()
    cycle: int = 1
    level: int = 0
    category: Line | None = None
    area: Line | None = None
    language: Literal["zh", "en"] | None = None
    subject: Line | None = None
    text: Text = ""
    answer: Text = ""
    customer_ref: Line | None = None
    received_at: Instant | None = None
    targets: tuple[Target, ...] = ()

    @classmethod
    def of_refusal(cls, department: str, body: Any, reasons: tuple[str, ...], at: datetime) -> Notice:
        """The notice about a refused message, for its department or desk; it carries every id that could be read."""
        return cls(
            why="refused",
            detail="; ".join(reasons),
            at=at,
            department=department,
            complaint_id=getattr(body, "complaint_id", None),
            reference=getattr(body, "reference", None),
            reply_id=getattr(body, "id", None),
            reason=reasons[0].partition(":")[0][:200] if reasons else None,
        )


EDGES: tuple[type[BaseModel], ...] = (Submission, Receipt, WorkOrder, Notice, Reply, VisitReport)
"""The messages at the edge, in the order in which a complaint meets them."""
