"""A service of the tests with two tables: complaints, and the matter that many of them are about.

A complaint tells its matter that it has come and that it was answered. Once one of them is answered, the matter tells
every complaint of it, in steps: its case keeps how many it has told.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from closedloop.stack import ServiceSpec
from schemas import envelope
from schemas.base import Instant, Said, ToAnother
from schemas.facts import ComplaintAnswered, ComplaintReceived
from services.shared.machine.documents import Case, Due, Input
from services.shared.machine.table import On, Service
from services.shared.process.process import Process, Role, run

NAME = "matters"
KIND = "matter/"
STEP = 3
"""How many complaints one step tells: few, so that there are many steps."""
ROOT = Path(__file__).parents[1]
SPEC = ServiceSpec(NAME, (sys.executable, "-m", "tests.matters"), {"PYTHONPATH": str(ROOT)}, awaited=False)
Word = Literal["came", "answered"]


# --- what is said -----------------------------------------------------------------------------------------------------


class ComplaintNoticed(Said):
    """A complaint has something to tell its matter."""

    said_by = NAME
    complaint_id: str
    at: Instant
    matter_id: str
    word: Word
    policy: str

    @property
    def about(self) -> str:
        return self.complaint_id


class ComplaintPassed(Said):
    """A complaint has told its matter so many things."""

    said_by = NAME
    complaint_id: str
    at: Instant
    told: int

    @property
    def about(self) -> str:
        return self.complaint_id


class MatterAsked(ToAnother):
    """A complaint tells its matter."""

    said_by = NAME
    matter_id: str
    complaint_id: str
    word: Word
    policy: str

    @property
    def about(self) -> str:
        return self.matter_id


class MatterAnswered(Said):
    """One of the matter's complaints is answered: all others are to hear so."""

    said_by = NAME
    matter_id: str
    at: Instant

    @property
    def about(self) -> str:
        return self.matter_id


class MatterPassed(Said):
    """A matter has told so many of its complaints."""

    said_by = NAME
    matter_id: str
    at: Instant
    told: int

    @property
    def about(self) -> str:
        return self.matter_id


class ComplaintTold(ToAnother):
    """A matter tells one of its complaints that it is answered."""

    said_by = NAME
    complaint_id: str
    matter_id: str

    @property
    def about(self) -> str:
        return self.complaint_id


TYPES = (ComplaintNoticed, ComplaintPassed, MatterAsked, MatterAnswered, MatterPassed, ComplaintTold)


@contextmanager
def known() -> Iterator[None]:
    """These types are read."""
    types: dict[bytes, Any] = envelope.FACT_TYPES  # type: ignore[assignment]
    ours = {envelope.type_of(model).encode(): model for model in TYPES}
    types.update(ours)
    try:
        yield
    finally:
        for name in ours:
            del types[name]


# --- complaints -------------------------------------------------------------------------------------------------------


class Member(Case):
    """What is known of one complaint: what it has to tell its matter, and what it has heard from there."""

    matter: str
    owes: tuple[tuple[Word, datetime], ...] = ()
    told: int = 0
    heard: tuple[int, ...] = ()


def notice_on_received(case: Member | None, given: Input[ComplaintReceived], policy: Any) -> Iterator[Said]:
    """Complaints of one area are about one matter."""
    fact = given.body
    if fact.area:
        known = {"matter_id": KIND + fact.area, "word": "came", "policy": fact.policy}
        yield ComplaintNoticed(complaint_id=fact.complaint_id, at=given.at, **known)


def notice_on_answered(case: Member | None, given: Input[ComplaintAnswered], policy: Any) -> Iterator[Said]:
    """The first answer counts."""
    if case is not None and len(case.owes) == 1:
        known = {"matter_id": case.matter, "word": "answered", "policy": case.policy}
        yield ComplaintNoticed(complaint_id=given.subject, at=given.at, **known)


def noticed(case: Member | None, fact: ComplaintNoticed) -> Member:
    """One more thing to tell."""
    before = case or Member(policy=fact.policy, matter=fact.matter_id)
    return before.model_copy(update={"owes": (*before.owes, (fact.word, fact.at))})


def passed(case: Any, fact: ComplaintPassed | MatterPassed) -> Any:
    """The cursor of a complaint or of a matter moves on."""
    return case.model_copy(update={"told": fact.told})


def told(case: Member, fact: ComplaintTold) -> Member:
    """The matter has told it: at most once, or a test sees it."""
    return case.model_copy(update={"heard": (*case.heard, fact.number)})


def tell_on_due(case: Member, given: Input[Due], policy: Any) -> Iterator[Said]:
    """What it owes, one message each, then that all of it is told."""
    for n, (word, _) in enumerate(case.owes[case.told :], start=case.told + 1):
        says = {"complaint_id": given.subject, "word": word, "policy": case.policy}
        yield MatterAsked(matter_id=case.matter, at=given.at, number=n, **says)
    yield ComplaintPassed(complaint_id=given.subject, at=given.at, told=len(case.owes))


# --- matters ----------------------------------------------------------------------------------------------------------


class Matter(Case):
    """What is known of one matter: its complaints in the order in which they came, and how many it has told."""

    members: tuple[str, ...] = ()
    answered_at: datetime | None = None
    since: datetime | None = None
    """When the newest of those who are to be told became one: from then on, not from long ago, the next step is due."""
    told: int = 0


def answer_on_asked(case: Matter, given: Input[MatterAsked], policy: Any) -> Iterator[Said]:
    """The first answer is one for all."""
    if given.body.word == "answered" and case.answered_at is None:
        yield MatterAnswered(matter_id=given.subject, at=given.at)


def asked(case: Matter | None, fact: MatterAsked) -> Matter:
    """A complaint that comes is one more; of one that comes twice a test sees both."""
    before = case or Matter(policy=fact.policy)
    members = (*before.members, fact.complaint_id) if fact.word == "came" else before.members
    return before.model_copy(update={"members": members, "since": latest(before.since, fact.at)})


def latest(before: datetime | None, at: datetime) -> datetime:
    """The later of both."""
    return at if before is None else max(before, at)


def answered(case: Matter, fact: MatterAnswered) -> Matter:
    """From now on all are to be told."""
    return case.model_copy(update={"answered_at": fact.at, "since": latest(case.since, fact.at)})


def next_step(case: Matter, policy: Any) -> datetime | None:
    """At once, as long as anybody is left to be told."""
    return case.since if case.answered_at and case.told < len(case.members) else None


def tell_next_on_due(case: Matter, given: Input[Due], policy: Any) -> Iterator[Said]:
    """The next few, then how far it has come: what follows is told in the next step."""
    some = case.members[case.told : case.told + STEP]
    for n, member in enumerate(some, start=case.told + 1):
        yield ComplaintTold(complaint_id=member, matter_id=given.subject, at=given.at, number=n)
    yield MatterPassed(matter_id=given.subject, at=given.at, told=case.told + len(some))


MATTERS = Service(
    name=NAME,
    kind=KIND,
    case=Matter,
    facts=(
        On(MatterAsked, decide=answer_on_asked, evolve=asked),
        On(MatterAnswered, evolve=answered),
        On(MatterPassed, evolve=passed),
        On(ComplaintTold),
    ),
    on_due=tell_next_on_due,
    next_due=next_step,
)
SERVICE = Service(
    name=NAME,
    case=Member,
    facts=(
        On(ComplaintReceived, decide=notice_on_received),
        On(ComplaintAnswered, decide=notice_on_answered),
        On(ComplaintNoticed, evolve=noticed),
        On(ComplaintPassed, evolve=passed),
        On(MatterAsked),
        On(ComplaintTold, evolve=told),
    ),
    on_due=tell_on_due,
    next_due=lambda case, policy: case.owes[case.told][1] if case.told < len(case.owes) else None,
    besides=(MATTERS,),
)


def routes(process: Process) -> None:
    """Nothing is asked of it."""


if __name__ == "__main__":
    # Not under the name `__main__`, under which nobody else knows the types.
    from tests import matters

    with matters.known():
        run(lambda settings: matters.SERVICE, Role(), matters.routes)
