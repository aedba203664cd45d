"""Once: every effect happens once, however often it is delivered."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from closedloop.verify.checks import between
from closedloop.verify.derive.history import Case
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.derive.watching import Key, key_in
from closedloop.verify.evidence.log import Log
from closedloop.verify.evidence.records import Said
from closedloop.verify.saying.verdict import Finding
from closedloop.verify.tables.contract import HTTP_SUBMISSIONS, PARKS
from closedloop.verify.tables.facts import RUNG, holds


def check(evidence: Evidence, terms: Terms) -> Finding:
    """One fact per effect, one effect per reply or report, one message per reason, one content per id."""
    found = Finding()
    for case in evidence.cases.values():
        _effects(case, evidence, found)
        _dates(case, found)
    _messages(evidence.log.messages, found)
    _contents((*evidence.log.facts, *evidence.log.messages), found)
    _outcomes(evidence.log, found)
    between.once(evidence.log.to_others, found)
    return found


def _effects(case: Case, evidence: Evidence, found: Finding) -> None:
    seen: dict[Hashable, Said] = {}
    for fact in case.facts:
        effect = _effect(fact)
        if effect is not None:
            found.checked += 1
            _claim(seen, effect, fact, found, "twice", effect=_words(effect))
        if fact.row.outside and "/" in fact.cause:
            # Consent to a pause has two effects: it is granted, and the work waits.
            begins = fact.cause in {other.cause for other in case.of(fact.row.beside)} if fact.row.beside else False
            # A topic is one sender, and has ids of its own.
            is_shared = len({edge.record.topic for edge in evidence.behind(fact)}) > 1
            sender = fact.body.get("department") if is_shared else None
            _claim(seen, ("input", sender, fact.cause, begins), fact, found, "heard_twice", cause=fact.cause)


def _effect(fact: Said) -> tuple[Any, ...] | None:
    """What may happen once only; None for what may happen again."""
    row = fact.row
    if row.once is None or not holds(row.once_when, fact.body, fact.cycle):
        return None
    said = {**fact.body, "cycle": fact.cycle}
    return (RUNG if row.clock == RUNG else fact.kind, *(said[name] for name in row.once.split()))


def _dates(case: Case, found: Finding) -> None:
    """A date that moves gets a revision of its own: else its rungs could not be told from the old date's."""
    dates: dict[Key, int] = {}
    for fact in case.facts:
        for target in fact.body.get("targets", ()):
            due = dates.setdefault(key_in(fact.cycle, target), target.due)
            if due != target.due:
                found.fail(case.id, "moved", target=target.name, revision=target.revision, due_at=target.due)


def _messages(messages: Iterable[Said], found: Finding) -> None:
    seen: dict[Hashable, Said] = {}
    for message in {message.id: message for message in messages}.values():
        if _is_refusal(message):
            continue
        found.checked += 1
        body = message.body
        what = tuple(body.get(name) for name in ("order_id", "order", "kind", "why", "attempt"))
        effect = (message.topic, what, message.subject, message.cause)
        _claim(seen, effect, message, found, "told_twice", topic=message.topic, why=body.get("why", body.get("kind")))


def _contents(told: Iterable[Said], found: Finding) -> None:
    """What one service says of one complaint is numbered: one number, one message, word for word, wherever it lies."""
    seen: dict[Hashable, Said] = {}
    for message in told:
        if _is_refusal(message):
            continue
        first = seen.setdefault((message.subject, message.service, message.sequence), message)
        if (first.id, first.topic, first.digest) != (message.id, message.topic, message.digest):
            found.fail(message.subject, "number_twice", service=message.service, sequence=message.sequence)


def _outcomes(log: Log, found: Finding) -> None:
    """A record that was turned away has no effect, unless another one of the same name had it."""
    effects = {(fact.subject, fact.cause) for fact in log.facts}
    away = {letter.origin for letter in log.letters if letter.reason not in (*PARKS, "conflict")}
    taken = {(edge.complaint, edge.names[0]) for edge in log.edges if edge.origin not in away}
    for edge in log.edges:
        name = edge.complaint, edge.names[0]
        if edge.record.topic in log.cut or edge.record.topic == HTTP_SUBMISSIONS:
            continue
        if edge.origin in away and name not in taken and name in effects:
            found.fail(edge.record.place, "two_outcomes", complaint=edge.complaint, cause=edge.names[0])


def _is_refusal(message: Said) -> bool:
    # Nobody's case counts these: what is refused without a document begins its count anew each time.
    return "refused" in (message.body.get("kind"), message.body.get("state"), message.body.get("why"))


def _claim(seen: dict[Hashable, Said], claimed: Hashable, by: Said, found: Finding, code: str, **details: Any) -> None:
    first = seen.setdefault(claimed, by)
    if first.id != by.id:
        found.fail(by.subject, code, first=first.sequence, second=by.sequence, **details)


def _words(effect: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in effect)
