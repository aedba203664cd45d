"""The orders about a complaint, with their queues and states: they follow from the case alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from schemas.policy import PolicyPack
from schemas.queues import Kind, State
from services.router.model import Case, Request, Visit

Place = tuple[Kind, str, str]
"""The identity of an order: its kind, its queue, and its number if there are several of the kind."""

OWNED: tuple[Kind, ...] = ("work", "assign")
"""The orders of whoever owns the complaint."""

OVER: frozenset[State] = frozenset({"withdrawn", "decided", "reported"})
"""The states in which an order is done with, whatever becomes of its complaint."""


@dataclass(frozen=True, slots=True)
class Order:
    """Something that the owner of a queue has to do, as it stands now."""

    kind: Kind
    queue: str
    state: State
    cycle: int
    number: str = ""

    @property
    def place(self) -> Place:
        """Its identity among the orders of its complaint."""
        return self.kind, self.queue, self.number

    @property
    def is_over(self) -> bool:
        """Whether nothing that happens to the complaint concerns it any more: it stays as it was told at its end."""
        return self.state in OVER

    def id(self, complaint: str) -> str:
        """Its name for all of its life; the key of each of its records."""
        return "/".join(filter(None, (complaint, *self.place)))


Orders = Mapping[Place, Order]


def orders(case: Case | None, policy: PolicyPack) -> Orders:
    """Every order there has been about a complaint, as it stands now; of requests and visits the last ones."""
    if case is None:
        return {}
    found = (*_owned(case, policy), *_requested(case, policy), *_followed(case), *_visited(case))
    return {order.place: order for order in found}


def about(held: Orders, queue: str, kinds: Iterable[Kind], number: str | None = None) -> Order | None:
    """The order of one of these kinds on a queue; None where its owner has none there."""
    found = (o for kind in kinds for o in held.values() if (o.kind, o.queue) == (kind, queue))
    return next((order for order in found if number is None or order.number in ("", number)), None)


def number_of_visit(cycle: int, attempt: int) -> str:
    """Which of a complaint's visits."""
    return f"{cycle}-{attempt}"


def _owned(case: Case, policy: PolicyPack) -> Iterator[Order]:
    """The work of each department that has had it, and the centre's to assign it."""
    plan = case.plan
    for queue in dict.fromkeys((*plan.earlier, plan.department)):
        kind: Kind = "assign" if queue == policy.centre else "work"
        if queue == plan.department:
            yield Order(kind, queue, _of_the_owner(case), plan.cycle)
        elif queue:
            yield Order(kind, queue, "decided" if kind == "assign" else "withdrawn", plan.cycle)


def _of_the_owner(case: Case) -> State:
    if case.loop.ended:
        return "closed"
    return "answered" if case.plan.answered else "open"


def _requested(case: Case, policy: PolicyPack) -> Iterator[Order]:
    """The present request for consent, and the one before it."""
    for request in (case.plan.lapsed, case.plan.asked):
        if request is not None:
            queue = request.approver or policy.centre
            yield Order("approve", queue, _of_request(case, request), case.plan.cycle, str(request.number))


def _of_request(case: Case, request: Request) -> State:
    return request.ended or ("closed" if case.loop.ended else "open")


def _followed(case: Case) -> Iterator[Order]:
    """The major incident, for who follows it."""
    if case.plan.manager is not None:
        state: State = "reported" if case.plan.reported else "closed" if case.loop.ended else "open"
        yield Order("incident", case.plan.manager, state, case.plan.cycle)


def _visited(case: Case) -> Iterator[Order]:
    visit = case.loop.visit
    if visit is not None:
        number = number_of_visit(visit.cycle, visit.attempt)
        yield Order("visit", visit.desk, _of_visit(case, visit), visit.cycle, number)


def _of_visit(case: Case, visit: Visit) -> State:
    if visit.reported:
        return "reported"
    if case.loop.ended:
        return "closed"
    return "open" if visit.cycle == case.loop.cycle else "withdrawn"
