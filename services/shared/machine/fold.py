"""decide and evolve over one document: the pure step that the real loop and the in-memory loop share."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from schemas import envelope
from schemas.envelope import Message
from schemas.facts import Fact
from schemas.languages import OTHERWISE, Language, known
from schemas.policy import PolicyPack
from schemas.refusals import because, coded
from schemas.sizes import MAX_VALUE_BYTES
from schemas.topics import COMPLAINTS as FACTS
from services.shared.machine import early, letters
from services.shared.machine.documents import Document, Due, Garbled, Input, Outgoing, Parked, Policies, Tell, Timer
from services.shared.machine.failures import Damaged, NotYet, Refused, TooLarge
from services.shared.machine.letters import Origin
from services.shared.machine.table import Service
from services.shared.privacy import without_private
from services.shared.timing.clock import floor_ms

MAX_TIMERS_AT_ONCE = 100
"""How many due timers of one document a single write takes; the rest follow in the next."""

MOST_SAID = 2_000
"""How many characters a sender is told about why a message was turned away."""

MAX_WAITING = 1_000
"""How many inputs may wait in a parked document; its size has a limit, so beyond that the process stops."""

MOST_REFUSED = 1_000
"""How many records that were turned away a document remembers; their dead letters tell of all."""


Reread = Callable[[str, Iterable[Origin]], Iterable[Input[Any]]]
"""(subject, records that were kept) -> the inputs in them."""


def _unread(subject: str, kept: Iterable[Origin]) -> Iterable[Input[Any]]:
    if any(kept):
        raise RuntimeError(f"nothing that waits for {subject} can be read here")
    return ()


@dataclass(frozen=True, slots=True)
class Around:
    """What a fold knows besides document and inputs: the packs, and real time (for dead letters only)."""

    policies: Policies
    now: datetime
    late_after: timedelta = timedelta(minutes=1)
    """By how much (virtual) a timer may be fired late before that is said."""
    reread: Reread = _unread


@dataclass(frozen=True, slots=True)
class Folded:
    """What came of a fold: the document, letters that no document can hold (nobody's case), and its next timer."""

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
            document = replace(document, early=())
    try:
        due = next_due(service, document, around.policies)
        return Folded(document, tuple(strays), _armed(service, document, due, around.policies))
    except NotYet:
        raise
    except Exception as bug:
        return Folded(_park_all(service, before, inputs, bug, around.now))


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
            return Folded(_park_all(service, document, [], bug, around.now))
        given = _timer(document, due, late=now - due > around.late_after)
        fired, _ = _take(service, document, given, around)
        stuck = fired.sequence == document.sequence
        document = _park(service, fired, given, "a timer fell due and nothing followed", around.now) if stuck else fired
    return fold(service, document, (), around)


def next_due(service: Service, document: Document, policies: Policies) -> datetime | None:
    """When the document's next timer falls due; None where none is armed or the document is parked."""
    if service.next_due is None or document.case is None or document.parked is not None:
        return None
    return service.next_due(document.case, policies.pack(document.case.policy))


def _armed(service: Service, document: Document, due: datetime | None, policies: Policies) -> Timer | None:
    if document.parked is None:
        _refuse_damaged(document)
    case = document.case
    return None if due is None else Timer(due, service.lane(case), service.stage(case, policies.pack(case.policy), due))


def release(service: Service, document: Document, inputs: Iterable[Input[Any]], around: Around) -> Folded:
    """A parked document after another try of all that waits; it is parked again where it fails again."""
    if document.parked is not None and document.damage is not None:
        reason = letters.describe(Damaged(document.damage.reason))
        return Folded(replace(document, parked=replace(document.parked, reason=reason)))
    return fold(service, replace(document, parked=None), inputs, around)


def give_up(service: Service, document: Document, read_until: datetime, around: Around) -> Folded:
    """The document without what has waited in vain for its case, the facts being read up to that append time."""
    late, document = early.over(document, read_until)
    for given in around.reread(document.id, late):
        document = _turn_away_for_good(service, document, given, early.UNKNOWN, around.now)
    return Folded(document)


def turn_away(service: Service, given: Input[Any], refusal: Refused, now: datetime) -> list[Message]:
    """The letters about an input that no document takes: one for the operators, the others for its sender."""
    letter = letters.dead_letter(service.name, given.origin, refusal.why.code, refusal, now)
    # Named for the record, not for a case: there is none whose count would tell two refusals apart.
    named = replace(given, subject=given.origin.position)
    return [letter, *(_encoded(service, named, 1 + n, tell) for n, tell in enumerate(_apology(given, refusal)))]


def _apology(given: Input[Any], refusal: Refused, spoken: str | None = None) -> Iterable[Tell]:
    if given.edge is None:
        return ()
    reasons = tuple(reason[:MOST_SAID] for reason in coded([refusal.why], _language(given, spoken)))
    return given.edge.turned_away(given.member, given.id, given.body, reasons, given.at)


def _language(given: Input[Any], spoken: str | None) -> Language:
    """What the message says it is in, else what people write about its case, else what its sender asks for."""
    own = getattr(given.body, "language", None) if "language" in given.body.model_fields_set else None
    return known(own) or known(spoken) or envelope.language_asked(given.origin.headers) or OTHERWISE


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
        return _turn_away_for_good(service, document, given, refusal, around.now), []
    return _take(service, document, given, around)


def _turn_away_for_good(
    service: Service, document: Document, given: Input[Any], refusal: Refused, now: datetime
) -> Document:
    """Said by the document although no case takes it: what waited is read no more, so only a document can still say."""
    said = turn_away(service, given, refusal, now)
    return _say(service, document, given, said, heard=turned_away_once(document, given))


def _take(service: Service, document: Document, given: Input[Any], around: Around) -> tuple[Document, list[Message]]:
    if _is_repeat(service, document, given):
        return document, []
    if document.parked is not None:
        return _wait_behind(service, document, given, document.parked, around.now), []
    try:
        _refuse_damaged(document)
        if given.known_as in document.heard:
            raise Refused(because("conflict"))
        return _decide(service, document, given, around.policies), []
    except NotYet:
        raise
    except TooLarge as size:
        # Whoever is outside can send less; what follows from a fact or a date has nobody to be refused to.
        if given.edge is None:
            return _park(service, document, given, size, around.now), []
        return _refuse(service, document, given, Refused(size.why), around.now)
    except Refused as refusal:
        return _refuse(service, document, given, refusal, around.now)
    except Exception as bug:
        return _park(service, document, given, bug, around.now), []


def _refuse_damaged(document: Document) -> None:
    if document.damage is not None:
        raise Damaged(document.damage.reason)


def _is_repeat(service: Service, document: Document, given: Input[Any]) -> bool:
    if given.sequence is not None and isinstance(given.body, Fact):
        return given.sequence <= document.marks.get(given.body.said_by, 0)
    known = document.heard.get(given.known_as)
    return known is not None and (known in (given.digest, early.ANY) or _again(given) in document.heard)


def was_turned_away(document: Document, given: Input[Any]) -> bool:
    """Whether this very record was turned away by no case: it stays so, whatever the rules are now."""
    is_record = given.edge is not None and given.origin.offset != letters.NOWHERE
    return is_record and given.origin.position in document.heard


def turned_away_once(document: Document, given: Input[Any]) -> dict[str, str]:
    """What the document has heard, with this record among those that were refused: the newest of them are kept."""
    records = [name for name in document.heard if early.is_record(name)]
    forgotten = {*records[: len(records) + 1 - MOST_REFUSED]}
    kept = {name: digest for name, digest in document.heard.items() if name not in forgotten}
    return {**kept, given.origin.position: given.digest}


def _again(given: Input[Any]) -> str:
    return f"{given.known_as}#{given.digest}"


def _decide(service: Service, document: Document, given: Input[Any], policies: Policies) -> Document:
    if isinstance(given.body, Garbled):
        raise envelope.Unreadable(given.body.reason)
    case, told = document.case, list[Tell | Fact | Message]()
    if isinstance(given.body, Fact):
        before, case = case, _evolved(service, case, given.body)
        told += _tells(service, before, case, given.body, policies)
    rule = service.hears.get(type(given.body))
    for said in rule(case, _as_rules_see(service, document, given), _pack(case, given, policies)) if rule else ():
        if type(said) not in service.says:
            raise TypeError(f"{service.name} must not say {type(said).__name__}")
        before, case = case, _evolved(service, case, said)
        told += [said, *(_remarked(given, tell) for tell in _tells(service, before, case, said, policies))]
    begun = early.begun(document, case, given.origin)
    kept = {"contact": document.contact or service.contact(given.body), "begun": begun}
    return _say(service, document, given, told, case=case, **kept, **remembered(document, given))


def _as_rules_see(service: Service, document: Document, given: Input[Any]) -> Input[Any]:
    """An input from outside without what is private in its free texts; what it is known by stays that of the whole."""
    if given.edge is None:
        return given
    spoken = None if document.case is None else service.language(document.case)
    return replace(given, body=without_private(given.body, spoken), label=document.label)


def _evolved(service: Service, case: Any, fact: Fact) -> Any:
    evolve = service.evolve.get(type(fact))
    return case if evolve is None else evolve(case, fact)


def _tells(service: Service, before: Any, case: Any, fact: Fact, policies: Policies) -> Iterable[Tell]:
    teller = service.tells.get(type(fact))
    return () if teller is None else teller(before, case, fact, policies.pack(case.policy))


def _remarked(given: Input[Any], tell: Tell) -> Tell:
    return tell if given.edge is None else replace(tell, body=given.edge.remark(tell.body, given.origin))


def _pack(case: Any, given: Input[Any], policies: Policies) -> PolicyPack:
    return policies.bound_to(given.member) if case is None else policies.pack(case.policy)


def _say(
    service: Service, document: Document, given: Input[Any], told: Iterable[Tell | Fact | Message], **changes: Any
) -> Document:
    """The changed document with all of this numbered and encoded: measured now, so that no send fails for its size."""
    unsaid = list(document.unsaid)
    sequence = document.sequence
    for sequence, item in enumerate(told, start=document.sequence + 1):
        ready = item if isinstance(item, Message) else _encoded(service, given, sequence, item)
        unsaid.append(Outgoing(sequence, ready))
    return replace(document, sequence=sequence, unsaid=tuple(unsaid), **changes)


def _encoded(service: Service, given: Input[Any], sequence: int, item: Tell | Fact) -> Message:
    topic, body, key = (item.topic, item.body, item.key) if isinstance(item, Tell) else (FACTS.name, item, None)
    message = envelope.encode(
        body,
        topic=topic,
        subject=given.subject,
        service=service.name,
        sequence=sequence,
        at=given.at,
        cause=given.id,
        key=key,
    )
    if len(message.value) > MAX_VALUE_BYTES:
        size = {"bytes": len(message.value), "most": MAX_VALUE_BYTES}
        raise TooLarge(because("too_large", what=type(body).__name__, **size))
    return message


def remembered(document: Document, given: Input[Any]) -> dict[str, Any]:
    """The input marked as taken: a fact by its writer's count, the rest by its id (a timer moves on by itself)."""
    if given.sequence is not None and isinstance(given.body, Fact):
        return {"marks": {**document.marks, given.body.said_by: given.sequence}}
    if isinstance(given.body, Due):
        return {}
    name = _again(given) if given.known_as in document.heard else given.known_as
    return {"heard": {**document.heard, name: given.digest}}


def _refuse(
    service: Service, document: Document, given: Input[Any], refusal: Refused, now: datetime
) -> tuple[Document, list[Message]]:
    if document.case is None:
        said = turn_away(service, given, refusal, now)
        if given.edge is None or given.origin.offset == letters.NOWHERE:
            return document, said
        # The record, not its sender's id: what is sent again under that id, corrected, is another record.
        return _say(service, document, given, said, heard=turned_away_once(document, given)), []
    letter = letters.dead_letter(service.name, given.origin, refusal.why.code, refusal, now)
    told = _apology(given, refusal, service.language(document.case))
    return _say(service, document, given, [letter, *told], **remembered(document, given)), []


def _park(service: Service, document: Document, given: Input[Any], bug: Exception | str, now: datetime) -> Document:
    letter = letters.dead_letter(service.name, given.origin, "poison", bug, now)
    waiting = () if isinstance(given.body, Due) else (given.origin,)
    parked = Parked(letters.describe(bug), floor_ms(now), waiting)
    return _say(service, document, given, [letter], parked=parked)


def _park_all(
    service: Service, document: Document, inputs: list[Input[Any]], bug: Exception, now: datetime
) -> Document:
    """The document as it was, parked with all of these: after them nobody can say when its next timer is due."""
    first, *others = inputs or [_timer(document, now)]
    document = _park(service, document, first, bug, now)
    for given in others:
        document = _wait_behind(service, document, given, document.parked, now) if document.parked else document
    return document


def _timer(document: Document, due: datetime, late: bool = False) -> Input[Due]:
    return Input(
        Due(due_at=due, late=late), document.id, due, f"timer/{due.isoformat()}", letters.of_timer(document.id, due)
    )


def _wait_behind(service: Service, document: Document, given: Input[Any], parked: Parked, now: datetime) -> Document:
    if any(given.origin.is_same_record(waiting) for waiting in parked.waiting):
        return document
    if len(parked.waiting) >= MAX_WAITING:
        raise OverflowError(f"{MAX_WAITING} inputs wait behind a parked case")
    letter = letters.dead_letter(service.name, given.origin, "parked", parked.reason, now)
    parked = replace(parked, waiting=(*parked.waiting, given.origin))
    return _say(service, document, given, [letter], parked=parked)
