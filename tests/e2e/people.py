"""How the people of the trial behave: a table of temperaments, and what follows from each for an order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from closedloop.outsiders.agenda import Step, Told
from closedloop.outsiders.post import Post, plain
from schemas.edges import Customer, Notice, Reply, Submission, VisitReport, WorkOrder
from schemas.facts import IncidentReport
from schemas.topics import SUBMISSIONS

HOUR = timedelta(hours=1)
PRIVATE = ("13800138000", "li.lei@example.com")
"""What the people of the trial write although it is nobody's business."""
REPORT = dict.fromkeys(IncidentReport.model_fields, "as far as is known")


@dataclass(frozen=True)
class Temperament:
    """What happens to one kind of complaint, in hours after the order arrives."""

    accepted: float | None = 2
    answered: float | None = 8
    stated: float | None = None
    """When the department says it answered."""
    visits: tuple[str, ...] = ("solved",)
    category: str = "water/leak"
    returns: bool = False
    meddler: bool = False
    """Whether another department answers too, which is not its business."""
    after: str | None = None
    """What the department says once more when all is over."""
    also: tuple[tuple[float, str, dict[str, object]], ...] = ()
    """What the department says besides: after how many hours, which reply, and with what; `until` in hours as well."""
    consent: str | None = None
    """What the centre says when it is asked; None: nothing."""


TEMPERAMENTS = {
    "prompt": Temperament(),
    "late": Temperament(answered=40),
    "claimed": Temperament(answered=26, stated=20),
    "claimed-late": Temperament(answered=31, stated=27),
    "unsolved": Temperament(visits=("not_solved", "solved")),
    "unreachable": Temperament(visits=("unreachable",) * 3),
    "found": Temperament(visits=("unreachable", "solved")),
    "returned": Temperament(returns=True),
    "lost": Temperament(category="weather"),
    "silent": Temperament(accepted=None, answered=None),
    "meddled": Temperament(meddler=True),
    "stubborn": Temperament(after="answered"),
    "waits": Temperament(answered=30, also=((6, "waiting", {"reason": "customer"}), (15, "resumed", {}))),
    "waits-long": Temperament(answered=36, also=((6, "waiting", {"reason": "customer"}),)),
    "orders-parts": Temperament(answered=40, also=((6, "waiting", {"reason": "parts"}),), consent="approved"),
    "asks": Temperament(answered=36, also=((8, "extension", {"until": 40}),), consent="approved"),
    "asks-in-vain": Temperament(answered=30, also=((8, "extension", {"until": 40}),), consent="refused"),
    "asks-nobody": Temperament(answered=30, also=((8, "extension", {"until": 40}),)),
    "promises": Temperament(also=((3, "promised", {"until": 5}), (4.9, "contacted", {}))),
    "danger": Temperament(also=((5, "progress", {}), (30, "report", {"report": REPORT}))),
}


RACERS = {f"racing-{hours}": Temperament(answered=hours) for hours in (23.8, 23.95, 23.99, 24.0, 24.1)}
"""Answers that arrive just before and just after their deadline."""

KNOWN = {**TEMPERAMENTS, **RACERS}


def submissions(
    begin: datetime, count: int, over: timedelta, source: str = "hotline", names: Sequence[str] = tuple(TEMPERAMENTS)
) -> Iterator[Post]:
    """Complaints of these temperaments in turn, spread over some time; now and then one that nobody can read."""
    for n in range(count):
        at, name = begin + over * n / count, names[n % len(names)]
        body = Submission(
            id=f"s{n}",
            category=KNOWN[name].category,
            subject=f"{name} number {n}",
            text=f"Nothing comes out of the tap. Call {PRIVATE[0]}.",
            customer=Customer(id=f"u{n}"),
        )
        post = plain(at, SUBMISSIONS.of(source), body)
        yield post if source != "http" else Post(at, post.topic, post.value, (("ce_id", f"k{n}".encode()),))
        if n % 10 == 9:
            yield Post(at, SUBMISSIONS.of("hotline"), b"\xff\xfe not a complaint")


def decide(order: Told) -> Iterator[Step]:
    """What the owner of a queue does about a message on it."""
    temperament = KNOWN[(order.subject or "prompt").split()[0]]
    if isinstance(order, Notice):
        if order.department == "centre" and order.why == "escalated":
            yield _say(order, 2, "assigned", assign_to="power", note="please")
        return
    if order.order == "visit" and order.why == "visit":
        yield _visit(order, temperament)
    if order.order == "assign" and order.why in ("returned", "unroutable"):
        yield _say(order, 2, "assigned", assign_to="power", note="please")
    if order.order == "approve" and order.why == "approval" and temperament.consent is not None:
        yield _say(order, 2, temperament.consent, note="so be it")
    if order.order == "work" and order.why in ("routed", "assigned", "reopened"):
        yield from _work(order, temperament)
    if order.order == "work" and order.why == "closed" and temperament.after is not None:
        yield _say(order, 1, temperament.after, after="all", note="as we said")


def _work(order: WorkOrder, temperament: Temperament) -> Iterator[Step]:
    if temperament.returns and order.why == "routed":
        yield _say(order, 3, "returned", note="not our pipe")
        return
    if temperament.meddler:
        yield Step(order.at + 3 * HOUR, "power", _reply(order, "answered", {"id": f"{order.complaint_id}/meddled"}))
    moved = order.department == "power"
    answered = 4 if moved else temperament.answered
    if temperament.accepted is not None:
        yield _say(order, temperament.accepted, "accepted", handler="li")
    for hours, reply, more in temperament.also if order.cycle == 1 else ():
        if moved and reply != "report":
            continue
        until = {"until": order.at + float(str(more["until"])) * HOUR} if "until" in more else {}
        yield _say(order, hours, reply, note="because", **(more | until))
    if answered is not None:
        # Whoever gets it later answers sooner, and states nothing: that time would still lie ahead.
        stated = None if moved or temperament.stated is None else order.at + temperament.stated * HOUR
        yield _say(order, answered, "answered", handler="li", stated_at=stated, note=f"mended, told {PRIVATE[1]}")


def _visit(order: WorkOrder, temperament: Temperament) -> Step:
    attempt = order.attempt or 1
    past = (order.cycle - 1) + (attempt - 1)
    body = VisitReport(
        id=f"{order.complaint_id}/{order.cycle}/visit/{attempt}",
        complaint_id=order.complaint_id or "",
        cycle=order.cycle,
        attempt=attempt,
        visitor="wang",
        outcome=temperament.visits[min(past, len(temperament.visits) - 1)],
    )
    return Step(order.at + 2 * HOUR, order.department, body)


def _say(order: Told, hours: float, reply: str, after: str = "", **more: object) -> Step:
    id = f"{order.complaint_id}/{order.cycle}/{order.department}/{reply}/{after}"
    return Step(order.at + hours * HOUR, order.department, _reply(order, reply, {"id": id, **more}))


def _reply(order: Told, reply: str, more: dict[str, object]) -> Reply:
    fields = {"complaint_id": order.complaint_id, "cycle": order.cycle, "reply": reply, "note": "", **more}
    return Reply.model_validate(fields)
