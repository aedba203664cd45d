"""One row per fact: when it may be said, how often, by whom, whom it is told and what it changes.

The checks know no fact by its name. They read these rows, and call a fact by its mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

NEW = "new"
AT_WORK = "routed,paused,asked,paused_asked"
ANY, RACE, BY_THE_END, OLD_CAUSE = "any", "race", "by the end", "old cause"
RUNG, END, RETRACTION = "rung", "end", "retraction"


class Tell(NamedTuple):
    """Who must be told of a fact, as what, and under which condition."""

    to: str
    """`owner`, `manager`, `centre`, `sender`, `heard` (whoever was told before), or the field that names the queue."""
    why: str
    when: str = ""


class Row(NamedTuple):
    """What the checks know of one fact."""

    mark: str = ""
    """What the checks call it."""
    steps: str = ""
    """How its service's machine goes on: `a,b>c d` leads from a and b to c, and leaves d as it is."""
    incident: str = ""
    """The same for the machine of a major incident, over the whole life of a complaint."""
    clock: str = ""
    """What it says of the clock of a target: a rung, its end, or that something is taken back."""
    clock_steps: str = ""
    """The same as `steps` for the clock that it speaks of."""
    idle: bool = False
    """Changes nothing, and may speak of any cycle."""
    begins_a_cycle: bool = False
    late: str = ""
    """Why it may stand after the end: in any case, in a race, caused by the end, or by something from before it."""
    once: str | None = None
    """The fields that must differ between two of its kind in one complaint; None: it may be said again."""
    once_when: str = ""
    outside: bool = False
    """A record from outside has this effect at most once."""
    beside: str = ""
    """The mark of a fact that may have the same record as its cause."""
    arrives: str = ""
    """The field with the time that counts, where a record from outside states one."""
    who: str = ""
    """Whose work it is: only they may have done it."""
    owner: str = ""
    """The field that names who has the complaint from now on."""
    lays_aside: bool = False
    """Takes targets off the plan that the next owner takes up."""
    sets: str = ""
    """What holds from now on for the checks of dates."""
    clears: str = ""
    counts: str = ""
    """What is counted in a cycle, with the fact's fields."""
    plan: str = ""
    """The steps of `derive.planning` by which the plan goes on; empty: it stays."""
    limits: str = ""
    """The checks of `checks.limits` that it must pass."""
    says: str = ""
    """The checks of `checks.details` on what it says of a clock."""
    tells: tuple[Tell, ...] = ()


def _work(mark: str = "", **more: Any) -> Row:
    """A reply of whoever works on a complaint."""
    row = Row(mark, AT_WORK, outside=True, arrives="judged_at", who="owner", plan="renew")
    return row._replace(**more)


def _rung(mark: str, steps: str, *tells: Tell) -> Row:
    fields = "cycle target revision rung"
    return Row(mark, clock=RUNG, clock_steps=steps, late=ANY, once=fields, tells=tells)


def _verdict(mark: str, clock: str, steps: str, says: str = "", *tells: Tell) -> Row:
    fields = "cycle target revision"
    return Row(mark, clock=clock, clock_steps=steps, late=OLD_CAUSE, once=fields, says=says, tells=tells)


def _to_owner(why: str) -> tuple[Tell, ...]:
    return (Tell("owner", why),)


FACTS: dict[str, Row] = {
    "ComplaintReceived": Row(
        "received", "new>received", once="", arrives="received_at", tells=(Tell("sender", "accepted"),)
    ),
    "ComplaintUnroutable": Row(
        steps="new>with_centre", once="cycle", owner="department", plan="afresh assign", tells=_to_owner("unroutable")
    ),
    "ComplaintRouted": Row(
        "routed",
        f"new,{AT_WORK},with_centre>routed",
        once="cycle",
        once_when="by=policy",
        outside=True,
        owner="department",
        clears="waits answered",
        plan="routed",
        limits="known_department known_plan",
        tells=(
            Tell("owner", "assigned", "by=centre"),
            Tell("owner", "routed", "by!=centre cycle=1"),
            Tell("owner", "reopened", "by!=centre cycle!=1"),
        ),
    ),
    "ReplyRefused": Row(idle=True, late=ANY, outside=True, tells=(Tell("department", "refused"),)),
    "WorkAccepted": _work(),
    "ReceiptAcknowledged": _work(),
    "CustomerContacted": _work(),
    "CallbackPromised": _work(plan="renew call", limits="call_is_ahead"),
    "ProgressReported": _work(steps=f"{AT_WORK},with_centre", who="owner manager"),
    "HoldingReplySent": _work(once="cycle", plan="renew final", limits="may_hold meets_what_it_may"),
    "WorkPaused": _work(
        "paused",
        steps="routed,paused>paused",
        beside="granted",
        sets="waits",
        counts="paused for {reason}",
        plan="wait",
        limits="is_allowed right_targets_wait no_wait_twice not_while_waiting times_left pause_lasts pause_consented",
        tells=_to_owner("paused"),
    ),
    "WorkResumed": _work(
        steps="paused>routed paused_asked>asked",
        clears="waits",
        plan="go_on",
        limits="something_waits",
        tells=_to_owner("resumed"),
    ),
    "ApprovalRequested": _work(
        "asked",
        steps="routed>asked paused>paused_asked",
        sets="asked",
        plan="ask",
        limits="centre_decides not_while_waiting is_allowed times_left pause_lasts "
        "target_is_open asked_in_time date_within_limit date_as_asked",
        tells=(Tell("approver", "approval"),),
    ),
    "ApprovalGranted": _work(
        "granted",
        steps="asked>routed paused_asked>paused",
        who="centre",
        sets="consented",
        clears="asked",
        counts="granted {what}",
        plan="decided move",
        limits="was_asked before_its_date",
        tells=_to_owner("granted"),
    ),
    "ApprovalRefused": _work(
        "refused",
        steps="asked>routed paused_asked>paused",
        who="centre",
        clears="asked",
        plan="decided",
        limits="was_asked",
        tells=_to_owner("not_granted"),
    ),
    "IncidentDeclared": _work(
        "declared",
        steps=f"{AT_WORK},with_centre,answered",
        incident="new>declared declared reported",
        late=RACE,
        once="by",
        once_when="by=policy",
        who="owner centre",
        sets="incident",
        plan="watch",
        limits="may_be_incident led_by_policy",
        tells=(Tell("owner", "incident"), Tell("manager", "incident"), Tell("centre", "incident")),
    ),
    "IncidentReported": _work(
        "reported",
        steps=f"{AT_WORK},answered",
        incident="declared>reported",
        late=RACE,
        once="",
        sets="reported",
        plan="",
        tells=(Tell("sender", "report"), Tell("manager", "reported")),
    ),
    "ComplaintReturned": _work(
        steps=f"{AT_WORK}>with_centre",
        owner="owner",
        lays_aside=True,
        counts="returned",
        plan="go_on hand_back assign",
        limits="not_ruled_on",
        tells=_to_owner("returned"),
    ),
    "DeadlineApproaching": _rung("warned", "new", Tell("queue", "warned")),
    "DeadlineBreached": _rung(
        "breached",
        "new>breached",
        Tell("queue", "breached", "target!=resume"),
        Tell("queue", "resumed", "target=resume"),
    ),
    "ComplaintEscalated": _rung("escalated", "breached", Tell("queue", "escalated")),
    "DeadlineMet": _verdict("met", END, "new,retracted>met"),
    "DeadlineMissed": _verdict("missed", END, "breached,told_of_less>missed", "late late_wall"),
    "DeadlineMoved": _verdict(
        "moved",
        END,
        "new,breached,retracted,told_of_less>moved",
        "why after to_revision",
        Tell("sender", "status", "target=answer why!=ComplaintRouted"),
    ),
    "DeadlineCancelled": _verdict("cancelled", END, "new,breached,retracted,told_of_less>cancelled", "why"),
    "BreachRetracted": _verdict(
        "breach retracted", RETRACTION, "breached>retracted", "how rungs queues taken_back", Tell("heard", "retracted")
    ),
    "RungsRetracted": _verdict(
        "", RETRACTION, "new>retracted breached>told_of_less", "how taken_back", Tell("heard", "retracted")
    ),
    "ComplaintAnswered": _work(
        "answered",
        steps=f"{AT_WORK}>answered",
        once="cycle",
        sets="answered",
        clears="waits",
        plan="go_on answer",
        tells=_to_owner("answered"),
    ),
    "VisitScheduled": Row("scheduled", "new,attempted>scheduled", once="cycle attempt"),
    "VisitRequested": Row(
        "visit requested", "scheduled>requested", once="cycle attempt", tells=(Tell("desk", "visit"),)
    ),
    "VisitRefused": Row(idle=True, late=ANY, outside=True, tells=(Tell("desk", "refused"),)),
    "VisitAttempted": Row(
        "attempted", "requested>attempted", once="cycle attempt", outside=True, tells=(Tell("desk", "visited"),)
    ),
    "ComplaintReopened": Row("reopened", "attempted>new", begins_a_cycle=True, once="cycle"),
    "ComplaintClosed": Row(
        "closed", "new,attempted>closed", once="", tells=(Tell("sender", "closed"), Tell("owner", "closed"))
    ),
    "PlanLapsed": Row(
        steps="answered>lapsed",
        late=BY_THE_END,
        once="",
        plan="lapse",
        limits="has_ended lapses_what_was_open",
        tells=(Tell("owner", "lapsed"), Tell("manager", "lapsed"), Tell("centre", "lapsed")),
    ),
}
"""Every fact, in the order of a complaint's life."""

ENDS_A_CYCLE: Mapping[str, str] = {"router": "answered"}
"""In which state a service that does not begin the cycles itself must have left the one before."""

_NONE = Row()


def row_of(kind: str) -> Row:
    """The row of a fact; what is none has an empty one."""
    return FACTS.get(kind, _NONE)


def called(mark: str) -> str:
    """The name of the fact with this mark."""
    return next((kind for kind, row in FACTS.items() if row.mark == mark), "")


@cache
def steps(text: str) -> Mapping[str, str]:
    """From which state to which a fact leads."""
    found: dict[str, str] = {}
    for step in text.split():
        before, _, after = step.partition(">")
        found |= {state: after or state for state in before.split(",")}
    return found


def holds(when: str, body: Mapping[str, Any], cycle: int) -> bool:
    """Whether a fact's fields are as `field=value` and `field!=value` say."""
    said = {**body, "cycle": cycle}
    for condition in when.split():
        name, _, value = condition.partition("=")
        if (str(said[name.rstrip("!")]) == value) == name.endswith("!"):
            return False
    return True
