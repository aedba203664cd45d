"""Every fact of a complaint's life, in the order of the plot: read from top to bottom it is the story.

All of them go to one topic, keyed by the complaint's id; each has exactly one service that says it.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from schemas.base import ComplaintId, FreeLine, FreeText, Instant, Line, Name, Record, Said, Span, Text
from schemas.refusals import Reason

Service = Literal["intake", "router", "escalation", "followup"]
Channel = Literal["phone", "mail", "chat", "letter", "visit", "web", "app", "other"]


class Pause(Record):
    """A stretch of time that does not count for a target, because the work had to wait."""

    starts_at: Instant
    ends_at: Instant = Field(description="when it was resumed; until it is, the cap at which it resumes by itself")
    reason: Name


class Target(Record):
    """One deadline of the plan: what must happen, from when its time counts and until when."""

    name: Name = Field(description="accept, acknowledge, contact, callback, progress, answer, assign, visit, …")
    starts_at: Instant
    due_at: Instant
    revision: int = Field(ge=1, description="rises each time the case's plan gives this target a date of its own")
    calendar: Name | None = Field(default=None, description="whose working time counts; absent: all of the time does")
    department: Name | None = Field(default=None, description="who has to meet it; absent: who owns the complaint")
    pauses: tuple[Pause, ...] = ()
    before_pause: Instant | None = Field(default=None, description="the date that its last pause moved")
    rule: Line | None = Field(
        default=None, description="the place in the pack that gives its length: /plans/street/targets/answer"
    )
    moved_by: Line | None = Field(
        default=None, description="the fact that put this date in place of another, such as WorkPaused"
    )
    counted_to: Instant | None = Field(
        default=None, description="the date as it was counted, where a closed last day made it the next open one"
    )


class Fact(Said):
    """Something that happened to one complaint; `at` is the time of the input that caused it."""

    said_by: ClassVar[Service]
    complaint_id: ComplaintId
    at: Instant
    cycle: int = Field(default=1, ge=1, description="1 until the complaint is reopened for the first time")

    @property
    def about(self) -> str:
        """The subject of the fact: the key of its record."""
        return self.complaint_id


# --- registered ---------------------------------------------------------------------------------------------------


class ComplaintReceived(Fact):
    """A complaint was accepted from an upstream system or over HTTP."""

    said_by = "intake"
    reference: Line = Field(description="short number that people read to each other")
    source: Name
    source_id: Line
    channel: Channel
    language: Literal["zh", "en"]
    category: Line | None = None
    area: Line | None = None
    subject: Line
    text: Text
    customer_ref: Line
    received_at: Instant = Field(description="from when the complaint's time counts")
    stated_at: Instant | None = Field(default=None, description="when the upstream system says it was made")
    due_at: Instant | None = Field(default=None, description="a date that the upstream system brought along")
    tier: Line | None = Field(default=None, description="the customer's tier, as the upstream system grades them")
    safety: bool = Field(default=False, description="whether somebody's safety is at stake")
    affected: int | None = Field(default=None, description="how many customers are affected, as far as is known")
    policy: Line = Field(description="content hash of the policy pack that holds for the complaint's life")


# --- routed -------------------------------------------------------------------------------------------------------


class ComplaintUnroutable(Fact):
    """No rule of the policy fits: the centre has to assign it, with a deadline of its own."""

    said_by = "router"
    department: Name
    reason: Line
    targets: tuple[Target, ...]
    policy: Line


class ComplaintRouted(Fact):
    """A department owns the complaint, with its deadlines; `targets` is the whole plan, not a change to it."""

    said_by = "router"
    department: Name
    plan: Name
    level: int = Field(default=0, ge=0, description="levels by which this cycle's ladder starts higher")
    reason: Line
    by: Literal["policy", "centre"]
    targets: tuple[Target, ...]
    policy: Line


# --- handled ------------------------------------------------------------------------------------------------------


class ReplyRefused(Fact):
    """A department's reply was not legal; the reason also stands on that department's queue."""

    said_by = "router"
    department: Name
    reply: Line
    reply_id: Line
    reason: Line = Field(description="a stable code such as not_the_owner, past_cycle, ended, before_receipt")
    detail: Text
    words: Reason | None = Field(default=None, description="the same as a row of the table of sentences")


class Work(Fact):
    """What a department did, judged at its arrival or, within the policy's trust window, at the time it states."""

    department: Name
    handler: Line | None = None
    judged_at: Instant
    stated_at: Instant | None = None
    trusted: bool = Field(default=False, description="whether judged_at is the stated time")
    note: Text = ""
    targets: tuple[Target, ...] | None = Field(default=None, description="the whole plan from here on; else it stays")


class WorkAccepted(Work):
    """The department takes the work order on."""

    said_by = "router"


class ReceiptAcknowledged(Work):
    """The customer has it in writing that the complaint was received."""

    said_by = "router"


class CustomerContacted(Work):
    """The department spoke to the customer."""

    said_by = "router"


class CallbackPromised(Work):
    """The customer was told when the department calls back: that promise has a date of its own."""

    said_by = "router"


class ProgressReported(Work):
    """The department tells how far it is."""

    said_by = "router"


class HoldingReplySent(Work):
    """The customer was told why there is no final answer yet, and when there will be one."""

    said_by = "router"
    meets: tuple[Name, ...] = Field(description="the targets that the policy lets such a reply meet")


class WorkPaused(Work):
    """The work has to wait: until it is resumed or the pause reaches its cap, the targets it names do not count."""

    said_by = "router"
    reason: Name
    until: Instant = Field(description="the cap: then it resumes by itself")
    paused: tuple[Name, ...] = Field(description="the targets that wait")


class WorkResumed(Work):
    """What the work waited for has come."""

    said_by = "router"
    reason: Name


class ApprovalRequested(Work):
    """The department asks for a later date, or for a pause that needs consent."""

    said_by = "router"
    what: Literal["extension", "pause"]
    subject: Name = Field(description="the target whose date shall move, or the reason of the pause")
    until: Instant
    approver: Name


class ApprovalGranted(Work):
    """The approver consents."""

    said_by = "router"
    what: Literal["extension", "pause"]
    subject: Name
    until: Instant


class ApprovalRefused(Work):
    """The approver does not consent: every date stays."""

    said_by = "router"
    what: Literal["extension", "pause"]
    subject: Name


class IncidentRecord(Record):
    """What is known of a major incident while it lasts."""

    occurred_at: Instant | None = None
    place: FreeLine | None = None
    symptom: FreeText = ""
    response: FreeText = Field(default="", description="what is going to be done")


class IncidentReport(Record):
    """What is known of a major incident when it is over; the customer gets it."""

    impact: FreeText = Field(min_length=1)
    handling: FreeText = Field(min_length=1)
    cause: FreeText = Field(min_length=1)
    corrective: FreeText = Field(min_length=1)
    preventive: FreeText = Field(min_length=1)


class IncidentDeclared(Work):
    """It is a major incident: the top is told at once. Said again, it replaces what was known of it."""

    said_by = "router"
    by: Literal["policy", "department", "centre"]
    reason: Line
    level: int = Field(ge=0, description="by so many levels every ladder of the complaint is raised")
    manager: Name = Field(description="who follows it to the end")
    record: IncidentRecord
    policy: Line
    language: Literal["zh", "en"] | None = Field(default=None, description="of the complaint: what is refused is in it")


class IncidentReported(Work):
    """The incident's report is written; without it the complaint cannot be closed."""

    said_by = "router"
    report: IncidentReport


class ComplaintReturned(Work):
    """The department says it is not theirs: the centre has to assign it anew; `targets` is the whole plan now."""

    said_by = "router"
    owner: Name = Field(description="the centre, which owns it from here on")
    targets: tuple[Target, ...]


# --- watched ------------------------------------------------------------------------------------------------------


class Rung(Fact):
    """One step of a ladder taken for one target: at most once per complaint, cycle, target, revision and rung."""

    said_by = "escalation"
    target: Name
    revision: int
    rung: int = Field(ge=1, description="counts the steps of this target's ladder, reminders included")
    due_at: Instant = Field(description="when this rung was due; equals `at`")
    target_due_at: Instant
    level: int = Field(ge=0)
    department: Name = Field(description="who is late")
    queue: Name = Field(description="on whose queue it is told")
    role: Line = Field(description="whom it is told")
    action: Line
    person: Name | None = Field(default=None, description="who holds that office, or stands in for its holder")
    deputy_for: Name | None = Field(default=None, description="the holder, who is absent")
    copies: tuple[Name, ...] = Field(default=(), description="who else is told, nobody twice")
    top: bool = Field(default=False, description="whether nobody stands above: from here on it is told again and again")
    caught_up: bool = Field(default=False, description="whether nobody was there to tell it when it was due")


class DeadlineApproaching(Rung):
    """A target is close to its deadline."""


class DeadlineBreached(Rung):
    """A target's deadline passed without what it asks for."""


class ComplaintEscalated(Rung):
    """Nobody acted after a breach: the next level is told, or at the top the centre is reminded again."""


class DeadlineMet(Fact):
    """What the target asks for happened in time."""

    said_by = "escalation"
    target: Name
    revision: int
    target_due_at: Instant
    met_at: Instant


class DeadlineMissed(Fact):
    """What the target asks for happened, but late: the breach stands, and this is by how much."""

    said_by = "escalation"
    target: Name
    revision: int
    target_due_at: Instant
    met_at: Instant
    late: Span = Field(description="in the time that counts for the target")
    late_wall: Span = Field(description="in all of the time")


class DeadlineMoved(Fact):
    """A target got another date: the old one's clock has ended, the new revision's runs."""

    said_by = "escalation"
    target: Name
    revision: int = Field(description="of the old date")
    to_revision: int
    before: Instant
    after: Instant
    why: Line = Field(description="the fact that moved it, such as WorkPaused or ComplaintRouted")


class DeadlineCancelled(Fact):
    """A target does not have to be met any more."""

    said_by = "escalation"
    target: Name
    revision: int
    target_due_at: Instant
    why: Line = Field(description="the fact that cancelled it, such as ComplaintReturned")


class Telling(Record):
    """Rungs that were told on one queue, to the same people and with the same action."""

    queue: Name
    action: Line | None = None
    people: tuple[Name, ...] = Field(default=(), description="who was named, copies included")
    rungs: tuple[int, ...]


class BreachRetracted(Fact):
    """A breach was told although the target had been met, moved or cancelled in time: the verdict is taken back."""

    said_by = "escalation"
    target: Name
    revision: int
    target_due_at: Instant
    met_at: Instant = Field(description="when it was met, moved or cancelled")
    why: Line = Field(default="met", description="met, moved or cancelled")
    rungs: tuple[int, ...] = Field(description="the rungs that had been told")
    queues: tuple[Name, ...] = Field(description="the queues they had been told on")
    taken_back: tuple[Telling, ...] = Field(
        default=(), description="what is taken back: all that was due after that; empty in what older versions said"
    )


class RungsRetracted(Fact):
    """Rungs that fell due only after their clock had stopped are taken back, where no breach is among them."""

    said_by = "escalation"
    target: Name
    revision: int
    target_due_at: Instant
    ended_at: Instant = Field(description="when the target was met, moved or cancelled, by the time that counts")
    why: Line = Field(description="met, moved or cancelled")
    taken_back: tuple[Telling, ...] = Field(description="what is taken back, queue by queue")


# --- answered and visited -----------------------------------------------------------------------------------------


class ComplaintAnswered(Work):
    """The department gave the customer its answer."""

    said_by = "router"
    plan: Name
    policy: Line
    language: Literal["zh", "en"] | None = Field(default=None, description="of the complaint: what is refused is in it")


class VisitScheduled(Fact):
    """The answer will be checked with the customer by somebody else, not before `opens_at`."""

    said_by = "followup"
    desk: Name
    attempt: int = Field(ge=1)
    opens_at: Instant
    due_at: Instant


class VisitRequested(Fact):
    """The visit's time has come: the desk has to reach the customer by `due_at`."""

    said_by = "followup"
    plan: Name | None = Field(default=None, description="of the answer: its ladder watches the visit")
    desk: Name
    attempt: int = Field(ge=1)
    opens_at: Instant
    due_at: Instant
    calendar: Name | None = Field(default=None, description="whose working time counts; absent: all of the time does")


class VisitRefused(Fact):
    """A visit report was not legal; the reason also stands on the desk's queue."""

    said_by = "followup"
    desk: Name
    report_id: Line
    reason: Line
    detail: Text
    words: Reason | None = Field(default=None, description="the same as a row of the table of sentences")


class VisitAttempted(Fact):
    """The desk called: the customer says solved or not solved, or could not be reached."""

    said_by = "followup"
    desk: Name
    attempt: int = Field(ge=1)
    visitor: Line
    outcome: Literal["solved", "not_solved", "unreachable"]
    satisfaction: int | None = Field(default=None, ge=1, le=5)
    note: Text = ""


# --- ended or begun again -----------------------------------------------------------------------------------------


class ComplaintReopened(Fact):
    """The problem is not solved: the next cycle begins one level up; `cycle` is the new one."""

    said_by = "followup"
    level: int = Field(ge=1)
    reason: Line


class ComplaintClosed(Fact):
    """The loop is closed."""

    said_by = "followup"
    ending: Literal["solved", "not_confirmed", "answered"]


class PlanLapsed(Fact):
    """The complaint had ended when something was still asked for: nobody has to do that any more."""

    said_by = "router"
    reason: Line = Field(description="a stable code: ended")
    lapsed: tuple[Name, ...] = Field(description="the targets that nobody has to meet any more")
    targets: tuple[Target, ...] = Field(description="the whole plan from here on")


PLOT: tuple[type[Fact], ...] = (
    ComplaintReceived,
    ComplaintUnroutable,
    ComplaintRouted,
    ReplyRefused,
    WorkAccepted,
    ReceiptAcknowledged,
    CustomerContacted,
    CallbackPromised,
    ProgressReported,
    HoldingReplySent,
    WorkPaused,
    WorkResumed,
    ApprovalRequested,
    ApprovalGranted,
    ApprovalRefused,
    IncidentDeclared,
    IncidentReported,
    ComplaintReturned,
    DeadlineApproaching,
    DeadlineBreached,
    ComplaintEscalated,
    DeadlineMet,
    DeadlineMissed,
    DeadlineMoved,
    DeadlineCancelled,
    BreachRetracted,
    RungsRetracted,
    ComplaintAnswered,
    VisitScheduled,
    VisitRequested,
    VisitRefused,
    VisitAttempted,
    ComplaintReopened,
    ComplaintClosed,
    PlanLapsed,
)
"""The facts in the order of a complaint's life."""
