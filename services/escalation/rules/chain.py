"""The chain of command: the holder of a rung's office, the deputy, and the copies."""

from __future__ import annotations

from dataclasses import dataclass, replace

from schemas.policy import PolicyPack
from services.escalation.rules.clocks import TargetClock
from services.escalation.rules.ladder import RungDue


@dataclass(frozen=True, slots=True)
class Addressee:
    """The addressee of a rung: the office, and its holder if the policy names people."""

    role: str
    person: str | None = None
    deputy_for: str | None = None
    copies: tuple[str, ...] = ()
    top: bool = False


def addressee(clock: TargetClock, rung: RungDue, told: tuple[str, ...], policy: PolicyPack) -> Addressee:
    """The addressee of this rung. The deputy replaces an absent person, the next office above one who was told before.

    Where everybody above was told before, the top of the chain is told again.
    """
    roles = [rung.step.role, *(() if rung.is_reminder else _above(rung.step.role, policy))]
    found = (_holding(role, clock, rung, policy) for role in roles)
    new = next((one for one in found if one.person is None or one.person not in told), None)
    chosen = new or replace(_holding(roles[-1], clock, rung, policy), top=True)
    copies = (_holding(role, clock, rung, policy).person for role in rung.step.copies)
    others = tuple(dict.fromkeys(person for person in copies if person not in (None, chosen.person)))
    return Addressee(chosen.role, chosen.person, chosen.deputy_for, others, rung.top or chosen.top)


def _above(role: str, policy: PolicyPack) -> tuple[str, ...]:
    chain = policy.chain
    return chain[chain.index(role) + 1 :] if role in chain else ()


def _holding(role: str, clock: TargetClock, rung: RungDue, policy: PolicyPack) -> Addressee:
    holder = policy.holder(role, clock.department)
    if holder is None:
        return Addressee(role)
    person = policy.standing_in(holder, rung.due_at)
    return Addressee(role, person, holder if person != holder else None)
