"""Where the policy gives a target its length, and what moved its date: worked out again from the facts."""

from __future__ import annotations

from closedloop.verify.derive.desk import Desk
from closedloop.verify.derive.watching import does
from closedloop.verify.evidence.records import Said
from closedloop.verify.tables.contract import targets

NAMED_BY_A_REPLY = "callback"
PLACES = {
    "assign": "/assign_within",
    "arbitrate": "/assign_within",
    "update": "/incidents/update",
    "report": "/incidents/report_within",
    "final": "/plans/{plan}/holding/final_within",
    "resume": "/plans/{plan}/pauses/{reason}/at_most",
    "approve extension": "/plans/{plan}/extension/approved_within",
    "approve pause": "/plans/{plan}/pauses/{subject}/approved_within",
}
"""The places of a pack that date what no plan names as a target."""


def place(desk: Desk, fact: Said, name: str) -> str | None:
    """The place in the pack that gives a target of this name its length after this fact; None: none does."""
    if name == NAMED_BY_A_REPLY:
        return None
    known = f"{name} {fact.body.get('what')}" if name == "approve" else name
    named = {"plan": desk.plan_name, **fact.body, "target": name}
    return PLACES.get(known, "/plans/{plan}/targets/{target}").format_map(named)


def mover(desk: Desk, fact: Said, name: str) -> str | None:
    """The fact, where it moves a date that stood; what was met begins anew, and so does each pause."""
    is_open = desk.known(name, fact.cycle) and name not in desk.done and not does(fact, name, desk.owner)
    return fact.kind if is_open and name not in targets("ends_at_its_date", True) else None
