"""How departments, the centre, the desk and customers behave: tables as data, and one pure decision over an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from closedloop.demo.people import (
    AGREED,
    LET_IN_LATER,
    PART_ORDERED,
    answer_in,
    handler_of,
    language_of,
    reason_to_return,
    report_in,
    visitor_of,
)
from closedloop.outsiders.agenda import Decide, Step, Told
from schemas.edges import Notice, Reply, VisitReport, WorkOrder

Said = Literal["accepted", "contacted", "progress", "waiting", "resumed", "extension", "answered", "returned"]
Outcome = Literal["solved", "not_solved", "unreachable"]


@dataclass(frozen=True, slots=True)
class Move:
    """One reply, somewhere between two shares of a target's time (1 = at its deadline), counted from the order."""

    reply: Said
    target: str
    earliest: float
    latest: float


@dataclass(frozen=True, slots=True)
class Manner:
    """How a department goes about an order, and how many of a hundred orders it meets like that."""

    share: int
    moves: tuple[Move, ...]


MANNERS: Mapping[str, Manner] = {
    "on time": Manner(46, (Move("accepted", "accept", 0.2, 0.7), Move("answered", "answer", 0.3, 0.8))),
    "keeps in touch": Manner(
        12,
        (
            Move("contacted", "accept", 0.2, 0.6),
            Move("progress", "answer", 0.3, 0.5),
            Move("answered", "answer", 0.6, 0.9),
        ),
    ),
    "waits for the customer": Manner(
        4,
        (
            Move("accepted", "accept", 0.1, 0.3),
            Move("waiting", "answer", 0.35, 0.45),
            Move("resumed", "answer", 0.6, 0.7),
            Move("answered", "answer", 0.8, 0.9),
        ),
    ),
    "asks for time": Manner(
        4,
        (
            Move("accepted", "accept", 0.1, 0.3),
            Move("extension", "answer", 0.35, 0.45),
            Move("answered", "answer", 1.05, 1.15),
        ),
    ),
    "answers at once": Manner(8, (Move("answered", "accept", 0.3, 0.8),)),
    "late": Manner(12, (Move("accepted", "accept", 0.3, 0.8), Move("answered", "answer", 1.1, 1.6))),
    "returns": Manner(9, (Move("returned", "accept", 0.2, 0.6),)),
    "silent": Manner(5, ()),
}
"""`silent` does nothing at all: only when the ladder reaches the centre does somebody else get the complaint."""

CUSTOMERS: Mapping[str, tuple[int, tuple[tuple[Outcome, ...], ...]]] = {
    "satisfied": (68, (("solved",),)),
    "hard to reach": (12, (("unreachable", "solved"),)),
    "never reached": (6, (("unreachable", "unreachable", "unreachable"),)),
    "not satisfied at first": (14, (("not_solved",), ("solved",))),
}
"""Of a hundred customers how many, and what the desk hears at each visit of each cycle."""

REMINDED = "remind"
"""The beginning of the ladder's last message to the centre: the department has let all others pass."""

OF_NEWS = ("update", "report")
"""News of an incident that are late are no reason to give it to somebody else."""

LATER = 0.4
"""By which share of its time an answer is put off by who asks for time."""

VISIT_TAKES = timedelta(hours=8)
"""How long after its opening the desk may take to call."""


@dataclass(frozen=True, slots=True)
class Script:
    """What will become of one complaint; `luck` in 0..1 says when within each span something is done."""

    manner: str
    then: str
    customer: str
    belongs_to: str
    luck: float


def decide_by(scripts: Mapping[str, Script]) -> Decide:
    """What everybody does about their orders, each complaint by its script."""

    def decide(told: Told) -> Iterator[Step]:
        script = scripts.get(told.complaint_id or "")
        if script is None:
            return
        if isinstance(told, Notice):
            yield from _hear(told, script)
        elif told.state == "open":
            yield from _DECIDE[told.order](told, script)

    return decide


def _work(order: WorkOrder, script: Script) -> Iterator[Step]:
    """A department: a new order sets off its manner, a warning changes nothing."""
    manners = {"routed": script.manner, "assigned": script.then, "reopened": "on time"}
    moves = MANNERS[manners[order.why]].moves if order.why in manners else ()
    moments = [_moment(order, move, script.luck) for move in moves]
    for move, at in zip(moves, moments, strict=True):
        # Little time may be left for an answer: then it comes first, and nothing after it.
        if at <= moments[-1]:
            note = {"answered": answer_in, "returned": reason_to_return}.get(move.reply)
            text = note(order, script.belongs_to) if note else ""
            more = {"handler": handler_of(order, script.luck), "note": text, **_asks(order, move)}
            yield _step(order, at, move.reply, **more)
    if _leads(order, script):
        yield from _lead(order, script)


def _asks(order: WorkOrder, move: Move) -> dict[str, Any]:
    """What a reply says besides, where it asks for time."""
    language, answer = language_of(order), next((each for each in order.targets if each.name == "answer"), None)
    if move.reply == "waiting":
        return {"reason": "customer", "note": LET_IN_LATER[language]}
    if move.reply == "extension" and answer is not None:
        until = answer.due_at + LATER * (answer.due_at - answer.starts_at)
        return {"until": until, "note": PART_ORDERED[language]}
    return {}


def _leads(order: WorkOrder, script: Script) -> bool:
    """Whether a major incident is theirs to lead: it was declared to them and they keep it, or they got it later."""
    if order.why in ("assigned", "reopened"):
        return any(target.name == "update" for target in order.targets)
    return order.why == "incident" and any(move.reply == "answered" for move in MANNERS[script.manner].moves)


def _lead(order: WorkOrder, script: Script) -> Iterator[Step]:
    """A major incident: news of it soon, its report before it can end."""
    handler = handler_of(order, script.luck)
    yield _step(order, order.at + timedelta(minutes=15), "progress", "news", handler=handler)
    yield _step(order, order.at + timedelta(hours=20), "report", handler=handler, report=report_in(language_of(order)))


def _assign(order: WorkOrder, script: Script) -> Iterator[Step]:
    """The centre: what nobody owns goes to whom it belongs."""
    if order.why in ("unroutable", "returned"):
        at = _share_of(order, "assign", 0.2 + script.luck * 0.9)
        yield _step(order, at, "assigned", assign_to=script.belongs_to)


def _hear(notice: Notice, script: Script) -> Iterator[Step]:
    """The centre: what nobody touches is taken away from them."""
    is_urgent = notice.why == "escalated" and notice.detail.startswith(REMINDED) and not notice.ended
    if is_urgent and notice.target not in OF_NEWS:
        at = notice.at + timedelta(hours=1 + 3 * script.luck)
        yield _step(notice, at, "assigned", "reassigned", assign_to=script.belongs_to)


def _visit(order: WorkOrder, script: Script) -> Iterator[Step]:
    """The desk: it calls within a working day, never the person who gave the answer."""
    if order.why != "visit" or order.attempt is None or order.opens_at is None or order.complaint_id is None:
        return
    _, cycles = CUSTOMERS[script.customer]
    outcomes = cycles[min(order.cycle, len(cycles)) - 1]
    outcome = outcomes[min(order.attempt, len(outcomes)) - 1]
    report = VisitReport(
        id=f"{order.complaint_id}/{order.cycle}/visit-{order.attempt}",
        complaint_id=order.complaint_id,
        cycle=order.cycle,
        attempt=order.attempt,
        visitor=visitor_of(order, script.luck),
        outcome=outcome,
        satisfaction={"solved": 4 + round(script.luck), "not_solved": 1}.get(outcome),
    )
    yield Step(order.opens_at + script.luck * VISIT_TAKES, order.department, report)


def _approve(order: WorkOrder, script: Script) -> Iterator[Step]:
    """The centre: who asks in time gets time."""
    if order.why == "approval":
        yield _step(order, order.at + timedelta(hours=1 + 4 * script.luck), "approved", note=AGREED[language_of(order)])


def _follow(order: WorkOrder, script: Script) -> Iterator[Step]:
    """Who follows an incident reads what comes of it."""
    return iter(())


_DECIDE = {"work": _work, "assign": _assign, "visit": _visit, "approve": _approve, "incident": _follow}


def _moment(order: WorkOrder, move: Move, luck: float) -> datetime:
    return _share_of(order, move.target, move.earliest + luck * (move.latest - move.earliest))


def _share_of(order: WorkOrder, name: str, share: float) -> datetime:
    """When this share of a target's time is used up; what is over already is made up for within hours."""
    target = next((target for target in order.targets if target.name == name), None)
    if target is None:
        return order.at + share * timedelta(hours=12)
    if share > 1:
        return max(order.at, target.due_at + (share - 1) * (target.due_at - target.starts_at))
    left = target.due_at - order.at
    return order.at + share * (left if left > timedelta(0) else timedelta(hours=12))


def _step(order: Told, at: datetime, said: str, name: str = "", **more: Any) -> Step:
    """A reply under an id that follows from what it is about: sent again, it is the same reply."""
    body = {
        "id": f"{order.complaint_id}/{order.cycle}/{name or said}",
        "complaint_id": order.complaint_id,
        "cycle": order.cycle,
        "reply": said,
        "department": order.department,
    }
    return Step(at, order.department, Reply.model_validate({**body, **more}))
