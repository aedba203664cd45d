"""One complaint as intake hears of it: the facts of its life, and the case after some of them."""

from __future__ import annotations

from functools import reduce
from typing import Any

from schemas.facts import (
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    Fact,
    Target,
)
from services.intake.model import Case
from services.intake.service import SERVICE
from tests.builders import TOWN, hour

ID = "a4bbfbc2-2a86-5240-922e-5abef0842dce"


def fact(kind: type[Fact], cycle: int = 1, due: float = 100, **fields: Any) -> Fact:
    answer = Target(name="answer", starts_at=hour(0), due_at=hour(due), revision=cycle)
    usual = {"complaint_id": ID, "at": hour(0), "cycle": cycle, "department": "water", "policy": TOWN.hash}
    usual |= {"plan": "ordinary", "by": "policy", "reason": "-", "targets": (answer,), "judged_at": hour(0)}
    usual |= {"reference": "CL-AAAAAAAA", "source": "app", "source_id": "7", "channel": "app", "language": "zh"}
    usual |= {"subject": "it leaks", "text": "", "customer_ref": "c-1", "received_at": hour(0), "level": 1}
    return kind.model_validate(usual | fields)


RECEIVED, ROUTED = fact(ComplaintReceived), fact(ComplaintRouted)

UNROUTABLE = fact(ComplaintUnroutable, department="centre", targets=())

RETURNED = fact(ComplaintReturned, owner="centre", targets=())

ANSWERED, REOPENED = fact(ComplaintAnswered), fact(ComplaintReopened, 2)

ROUTED_AGAIN = fact(ComplaintRouted, 2, due=200)

CLOSED = fact(ComplaintClosed, ending="solved")


def after(*facts: Fact) -> Case:
    case: Case = reduce(lambda known, fact: SERVICE.evolve[type(fact)](known, fact), facts, None)  # type: ignore[arg-type,return-value]
    return case
