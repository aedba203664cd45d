"""Departments, desks and people: their names in the policy pack, and the names that people use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas.facts import Rung
from schemas.policy import PolicyPack
from services.escalation.rules.chain import addressee
from services.escalation.rules.clocks import TargetClock
from services.escalation.rules.ladder import RungDue


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with a queue or an office, by the name in the pack and as people call them."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Whom:
    """The people of one rung: the office and its holder, the absent person if a deputy acts, and the copies."""

    role: str
    person: Party | None = None
    deputy_for: Party | None = None
    copies: tuple[Party, ...] = ()
    top: bool = False


def party(policy: PolicyPack, name: str) -> Party:
    """Who this is; a department that the pack does not know keeps its name."""
    known = policy.departments.get(name)
    return Party(name, known.zh if known else name, known.en if known else name)


def person(policy: PolicyPack, name: str | None) -> Party | None:
    """Who this is; somebody whom the pack does not know any more keeps their name."""
    known = policy.people.get(name or "")
    return None if name is None else Party(name, known.zh if known else name, known.en if known else name)


def zone_of(policy: PolicyPack, calendar: str | None) -> str:
    """The zone of a calendar, else of the pack's own, else UTC."""
    named = calendar or policy.calendar
    return policy.calendars[named].zone if named else policy.zone or "UTC"


def was_told(policy: PolicyPack, rung: Rung) -> Whom:
    """Whom a rung was told."""
    copies = tuple(one for name in rung.copies if (one := person(policy, name)))
    return Whom(rung.role, person(policy, rung.person), person(policy, rung.deputy_for), copies, rung.top)


def heard(rungs: Iterable[Rung]) -> tuple[str, ...]:
    """Everybody who was told one of these, once, in order."""
    people = (name for rung in rungs for name in (rung.person, *rung.copies) if name is not None)
    return tuple(dict.fromkeys(people))


def will_be_told(
    policy: PolicyPack, clock: TargetClock, rungs: Iterable[RungDue], told: tuple[str, ...]
) -> Iterator[tuple[RungDue, Whom]]:
    """Whom each of a clock's next rungs will be told, by escalation's own rule, if those before it are told as well."""
    for rung in rungs:
        found = addressee(clock, rung, told, policy)
        told = (*told, *([found.person] if found.person else []), *found.copies)
        copies = tuple(one for name in found.copies if (one := person(policy, name)))
        whom = person(policy, found.person), person(policy, found.deputy_for)
        yield rung, Whom(found.role, *whom, copies, found.top)
