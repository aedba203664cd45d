"""The gauges about a watched complaint: its next target, and whether a target is at risk."""

from __future__ import annotations

from datetime import datetime

from schemas.policy import PolicyPack
from services.escalation.model import Case
from services.escalation.rules.clocks import TargetClock, clocks, told_of
from services.escalation.rules.ladder import RungDue, next_rung


def stage(case: Case, policy: PolicyPack, due: datetime) -> tuple[str, ...]:
    """The target of the next rung; if a target is at risk, also its department and its plan.

    At risk: a warning was told, and the target is neither met nor has its date passed.
    """
    running = sorted((c for c in clocks(case) if c.done_at is None), key=lambda clock: clock.target.due_at)
    at_risk = next((clock for clock in running if _is_at_risk(case, clock, policy)), None)
    whose = () if at_risk is None else (at_risk.department, at_risk.plan or "")
    return (_next(case, running, policy, due), *whose)


def _next(case: Case, running: list[TargetClock], policy: PolicyPack, due: datetime) -> str:
    """Mostly the one whose date comes first: so few ladders are looked at."""
    *others, last = running
    rungs = ((clock, _rung(case, clock, policy)) for clock in others)
    return next((clock.target.name for clock, rung in rungs if rung and rung.due_at == due), last.target.name)


def _is_at_risk(case: Case, clock: TargetClock, policy: PolicyPack) -> bool:
    told = told_of(case, clock)
    if told.breached or not clock.warned:
        return bool(told.rungs) and not told.breached
    # Warned of the date before this one: not at risk again before the warning of this date would be due.
    rung = _rung(case, clock, policy)
    return bool(told.rungs) or (rung is not None and not rung.step.is_warning)


def _rung(case: Case, clock: TargetClock, policy: PolicyPack) -> RungDue | None:
    return next_rung(clock, told_of(case, clock).highest, policy)
