"""The messages on a queue: an order as it stands now, a notice that asks for nothing, a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.edges import Notice, WorkOrder
from schemas.facts import Fact, ReplyRefused, Target, VisitRefused
from schemas.queues import Why
from schemas.sizes import fitting, sent_bytes
from schemas.topics import QUEUE
from services.router.details import language_of
from services.router.ledger import Order
from services.router.model import Case, Request
from services.shared.machine.documents import Tell

LONGEST = 20_000
"""The most characters that a detail may have; the whole note stands in the fact."""

ROOM = 200_000
"""How many bytes the texts of a message may have together, as JSON: the rest of it needs no more than is left."""


def order(case: Case, order: Order, fact: Fact, why: Why, detail: str, more: Mapping[str, Any]) -> Tell:
    """An order, whole as it stands now; its id is the record's key."""
    id = order.id(fact.complaint_id)
    body = {
        **_matter(case),
        **_told(order.queue, fact, why, detail),
        **more,
        "rung_level": more.get("level"),
        "order": order.kind,
        "state": order.state,
        "order_id": id,
        **standing(case, order),
    }
    return Tell(QUEUE.of(order.queue), WorkOrder.model_validate(_fitting(body)), id)


def standing(case: Case, order: Order) -> dict[str, Any]:
    """The fields of an order that may change besides its state: cycle, level, answer, dates, and those of its kind."""
    return {
        "cycle": order.cycle,
        "level": case.loop.level if case.plan.level is None else case.plan.level,
        "answer": "" if order.state == "withdrawn" else case.plan.answer,
        "targets": case.plan.targets,
        **_of_kind(case, order),
    }


def notice(case: Case, queue: str, fact: Fact, why: Why, detail: str, more: Mapping[str, Any]) -> Tell:
    """A notice: a message on a queue whose owner need not act on it."""
    body = {
        **_matter(case),
        **_told(queue, fact, why, detail),
        "cycle": case.plan.cycle,
        "level": case.loop.level,
        "targets": case.plan.targets,
        "answer": case.plan.answer,
        "owner": case.plan.department or None,
        "ended": case.loop.ended,
        **more,
    }
    return Tell(QUEUE.of(queue), Notice.model_validate(_fitting(body)))


def refusal(case: Case, fact: ReplyRefused | VisitRefused, sender: str, reply_id: str) -> Tell:
    """Why a reply or a report does not count; nothing of the complaint, which may not be the sender's."""
    body = Notice(
        why="refused",
        detail=f"{fact.reason}: {_explanation(case, fact)}"[:LONGEST],
        at=fact.at,
        department=sender,
        complaint_id=fact.complaint_id,
        reference=case.matter.reference,
        reply_id=reply_id,
        reason=fact.reason,
        cycle=fact.cycle,
    )
    return Tell(QUEUE.of(sender), body)


def _explanation(case: Case, fact: ReplyRefused | VisitRefused) -> str:
    """In the complaint's language; what an older version said, or a newer one that knows more, as it was said."""
    is_known = fact.words is not None and fact.words.can_be_said
    return fact.words.said(language_of(case)) if fact.words and is_known else fact.detail


def _matter(case: Case) -> dict[str, Any]:
    return case.matter.model_dump()


def _told(queue: str, fact: Fact, why: Why, detail: str) -> dict[str, Any]:
    return {
        "why": why,
        "detail": detail[:LONGEST],
        "at": fact.at,
        "department": queue,
        "complaint_id": fact.complaint_id,
    }


def _of_kind(case: Case, order: Order) -> dict[str, Any]:
    """The fields that only orders of this kind have."""
    if order.kind == "visit" and case.loop.visit is not None:
        visit = case.loop.visit
        return {"attempt": visit.attempt, "opens_at": visit.opens_at, "targets": (*case.plan.targets, *_window(case))}
    if order.kind == "approve":
        asked = next((r for r in (case.plan.asked, case.plan.lapsed) if r and str(r.number) == order.number), None)
        return {"request": asked and _request(asked)}
    if order.kind == "incident":
        return {"incident": case.plan.incident and case.plan.incident.model_dump()}
    return {}


def _window(case: Case) -> tuple[Target, ...]:
    """When the visit opens and by when it is due, as a target."""
    visit = case.loop.visit
    if visit is None or visit.opens_at is None or visit.due_at is None:
        return ()
    window = {"starts_at": visit.opens_at, "due_at": visit.due_at, "revision": visit.attempt}
    return (Target(name="visit", department=visit.desk, **window),)


def _request(asked: Request) -> dict[str, Any]:
    return asked.model_dump(include={"what", "subject", "until", "department", "note"})


def _fitting(body: dict[str, Any]) -> dict[str, Any]:
    """The message with its texts cut to the size of one record.

    A complaint or an answer is longer only if an earlier version accepted it.
    """
    body |= {name: fitting(body[name]) for name in ("text", "answer")}
    room = ROOM - sum(sent_bytes(body[name]) for name in ("text", "answer"))
    for place, name in (("request", "note"), ("incident", "symptom"), ("incident", "response"), (None, "detail")):
        texts = body if place is None else body.get(place)
        if texts:
            texts[name] = fitting(texts[name], max(room, 0))
            room -= sent_bytes(texts[name])
    return body
