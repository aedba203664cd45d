"""decide and evolve over one document: the pure step that the real loop and the in-memory loop share."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from schemas import envelope
from schemas.base import Said, ToAnother
from schemas.envelope import Message
from schemas.policy import PolicyPack
from schemas.refusals import because
from schemas.topics import COMPLAINTS as FACTS
from services.shared.machine import early, letters
from services.shared.machine.documents import Document, Garbled, Input, Policies, Tell, Timer, due_input
from services.shared.machine.failures import Damaged, NotYet, Refused, TooLarge
from services.shared.machine.heard import MOST_HEARD, is_full, is_repeat, remembered, was_turned_away
from services.shared.machine.letters import Origin
from services.shared.machine.parking import has_room, park, park_all, refuse_damaged, wait_behind, waits_already
from services.shared.machine.refusing import refuse, turn_away_for_good
from services.shared.machine.saying import MOST_TO_OTHERS, bytes_to_say, refuse_too_much, say
from services.shared.machine.table import Service
from services.shared.privacy import without_private

MAX_TIMERS_AT_ONCE = 100
"""How many due timers of one document a single write takes, and fewer once it has much to say; the rest follow."""

Reread = Callable[[str, Iterable[Origin]], Iterable[Input[Any]]]
"""(subject, records that were kept) -> the inputs in them."""


def _unread(subject: str, kept: Iterable[Origin]) -> Iterable[Input[Any]]:
    if any(kept):
        raise RuntimeError(f"nothing that waits for {subject} can be read here")
    return ()


@dataclass(frozen=True, slots=True)
class Around:
    """The values that a fold uses besides document and inputs: the packs, and real time (for dead letters only)."""

    policies: Policies
    now: datetime
    late_after: timedelta = timedelta(minutes=1)
    """By how much (virtual) a timer may be fired late before that is said."""
    reread: Reread = _unread


@dataclass(frozen=True, slots=True)
class Folded:
    """The result of a fold: the document, its next timer, and letters about inputs that belong to no document."""

    document: Document
    strays: tuple[Message, ...] = ()
    timer: Timer | None = None


def fold(service: Service, document: Document, inputs: Iterable[Input[Any]], around: Around) -> Folded:
    """The document after these inputs, in order; what the service says stands in its `unsaid`.

    An exception in a rule parks the document. Raises NotYet when a needed policy is missing.
    """
    before, inputs, strays = document, list(inputs), list[Message]()
    left = deque(inputs)
    while left:
        given = left.popleft()
        document, turned_away = _receive(service, document, given, around)
        strays += turned_away
        if document.early and document.case is not None:
            left.extendleft(reversed([*around.reread(document.id, document.early)]))
            document = document.but(early=())
    try:
        due = next_due(service, document, around.policies)
        return Folded(document, tuple(strays), _armed(service, document, due, around.policies))
    except NotYet:
        raise
    except Exception as bug:
        return Folded(park_all(service, before, inputs, bug, around.now))


def fire(service: Service, document: Document, now: datetime, around: Around) -> Folded:
    """The document after its timers that are due at `now` (virtual), in order, each at its own time."""
    for _ in range(MAX_TIMERS_AT_ONCE):
        try:
            due = next_due(service, document, around.policies)
            if due is None or due > now:
                return Folded(document, timer=_armed(service, document, due, around.policies))
        except NotYet:
            raise
        except Exception as bug:
            return Folded(park_all(service, document, [], bug, around.now))
        given = due_input(document, due, late=now - due > around.late_after)
        fired, _ = _take(service, document, given, around)
        stuck = fired.sequence == document.sequence
        document = park(service, fired, given, "a timer fell due and nothing followed", around.now) if stuck else fired
        if bytes_to_say(document) > MOST_TO_OTHERS:
            break
    return fold(service, document, (), around)


def next_due(service: Service, document: Document, policies: Policies) -> datetime | None:
    """The due date of the document's next timer; None if none is armed or the document is parked."""
    if service.next_due is None or document.case is None or document.parked is not None:
        return None
    return service.next_due(document.case, policies.pack(document.case.policy))


def _armed(service: Service, document: Document, due: datetime | None, policies: Policies) -> Timer | None:
    if document.parked is None:
        refuse_damaged(document)
    case = document.case
    return None if due is None else Timer(due, service.lane(case), service.stage(case, policies.pack(case.policy), due))


def release(service: Service, document: Document, inputs: Iterable[Input[Any]], around: Around) -> Folded:
    """A parked document after another try of all that waits; it is parked again where it fails again."""
    if document.parked is not None and document.parked.beyond:
        return Folded(document)
    if document.parked is not None and document.damage is not None:
        reason = letters.describe(Damaged(document.damage.reason))
        return Folded(document.but(parked=replace(document.parked, reason=reason)))
    return fold(service, document.but(parked=None), inputs, around)


def give_up(service: Service, document: Document, read_until: datetime, around: Around) -> Folded:
    """The document without what has waited in vain for its case, the facts being read up to that append time."""
    late, document = early.over(document, read_until)
    for given in around.reread(document.id, late):
        document = turn_away_for_good(service, document, given, early.UNKNOWN, around.now)
    return Folded(document)


def _receive(service: Service, document: Document, given: Input[Any], around: Around) -> tuple[Document, list[Message]]:
    if was_turned_away(document, given):
        return document, []
    refusal = early.refusal(document, given)
    if refusal is None and early.waits(document, given):
        document = early.kept(document, given)
        refusal = early.refusal(document, given)
        if refusal is None:
            return document, []
    if refusal is not None:
        return turn_away_for_good(service, document, given, refusal, around.now), []
    return _take(service, document, given, around)


def _take(service: Service, document: Document, given: Input[Any], around: Around) -> tuple[Document, list[Message]]:
    if is_repeat(service, document, given):
        return document, []
    too_many = _too_many(document, given)
    if too_many is not None:
        return turn_away_for_good(service, document, given, too_many, around.now), []
    if document.parked is not None:
        return wait_behind(service, document, given, document.parked, around.now), []
    try:
        refuse_damaged(document)
        if given.known_as in document.heard:
            raise Refused(because("conflict"))
        return _decide(service, document, given, around.policies), []
    except NotYet:
        raise
    except TooLarge as size:
        # Whoever is outside can send less; what follows from a fact or a date has nobody to be refused to.
        if given.edge is None:
            return park(service, document, given, size, around.now), []
        return refuse(service, document, given, Refused(size.why), around.now)
    except Refused as refusal:
        return refuse(service, document, given, refusal, around.now)
    except Exception as bug:
        return park(service, document, given, bug, around.now), []


def _too_many(document: Document, given: Input[Any]) -> Refused | None:
    """Why a message from outside is one too many for this document; facts are never refused."""
    if given.edge is None:
        return None
    parked = document.parked
    if parked is not None and not waits_already(parked, given) and not has_room(parked, given):
        return Refused(because("crowded.waiting"))
    return Refused(because("crowded", most=MOST_HEARD)) if is_full(document) else None


def _decide(service: Service, document: Document, given: Input[Any], policies: Policies) -> Document:
    if isinstance(given.body, Garbled):
        raise envelope.Unreadable(given.body.reason)
    case, told = document.case, list[Tell | Said | Message]()
    if isinstance(given.body, Said):
        before, case = case, _evolved(service, case, given.body)
        told += _tells(service, before, case, given.body, policies)
    rule = service.hears.get(type(given.body))
    for said in rule(case, _as_rules_see(service, document, given), _pack(case, given, policies)) if rule else ():
        if type(said) not in service.says:
            raise TypeError(f"{service.name} must not say {type(said).__name__}")
        if isinstance(said, ToAnother):
            told.append(Tell(FACTS.name, said, said.about))
            continue
        if said.about != document.id:
            raise TypeError(f"a decision about {document.id} must not say {type(said).__name__} of {said.about}")
        before, case = case, _evolved(service, case, said)
        told += [said, *(_remarked(given, tell) for tell in _tells(service, before, case, said, policies))]
    begun = early.begun(document, case, given.origin)
    kept = {"contact": document.contact or service.contact(given.body), "begun": begun}
    decided = say(service, document, given, told, case=case, **kept, **remembered(document, given))
    if any(isinstance(item, Tell) and isinstance(item.body, ToAnother) for item in told):
        refuse_too_much(document, decided)
    return decided


def _as_rules_see(service: Service, document: Document, given: Input[Any]) -> Input[Any]:
    """An input from outside with its free texts masked; its idempotency key stays that of the unmasked one."""
    if given.edge is None:
        return given
    spoken = None if document.case is None else service.language(document.case)
    return replace(given, body=given.masked or without_private(given.body, spoken), label=document.label)


def _evolved(service: Service, case: Any, fact: Said) -> Any:
    evolve = service.evolve.get(type(fact))
    return case if evolve is None else evolve(case, fact)


def _tells(service: Service, before: Any, case: Any, fact: Said, policies: Policies) -> Iterable[Tell]:
    teller = service.tells.get(type(fact))
    return () if teller is None else teller(before, case, fact, policies.pack(case.policy))


def _remarked(given: Input[Any], tell: Tell) -> Tell:
    return tell if given.edge is None else replace(tell, body=given.edge.remark(tell.body, given.origin))


def _pack(case: Any, given: Input[Any], policies: Policies) -> PolicyPack:
    return policies.bound_to(given.member) if case is None else policies.pack(case.policy)
