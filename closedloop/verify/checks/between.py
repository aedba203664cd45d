"""What subjects say to each other: under one number one thing, no number left out, and in order to each receiver."""

from __future__ import annotations

from collections.abc import Iterable

from closedloop.verify.derive.terms import Terms
from closedloop.verify.evidence.records import Said
from closedloop.verify.saying.verdict import Finding

Sender = tuple[str, str]
"""A service, and the subject of which it speaks."""


def once(said: Iterable[Said], found: Finding) -> None:
    """A message that is said again, also by documents that were made again, is the same word for word."""
    seen: dict[tuple[Sender, int], Said] = {}
    for message in said:
        first = seen.setdefault((_sender(message), message.body["number"]), message)
        found.checked += first is message
        if (first.key, first.digest) != (message.key, message.digest):
            found.fail(message.subject, "number_twice", service=message.service, sequence=message.body["number"])


def none_lost(said: Iterable[Said], terms: Terms, found: Finding) -> None:
    """Each sender counts from 1: below a number that was said all others were said before."""
    numbers: dict[Sender, dict[int, Said]] = {}
    for message in said:
        numbers.setdefault(_sender(message), {}).setdefault(message.body["number"], message)
    for (service, subject), known in numbers.items():
        last = known[max(known)]
        found.checked += len(known)
        for number in range(1, max(known)):
            if number in known:
                continue
            if terms.is_settled(last.appended):
                found.fail(subject, "number_lost", service=service, number=number, last=max(known))
            else:
                found.unsettled += 1


def in_order(said: Iterable[Said], found: Finding) -> None:
    """What one sender says to one receiver stands in the order of its numbers, apart from what is said again."""
    highest: dict[tuple[Sender, str | None], set[int]] = {}
    for message in said:
        number, known = message.body["number"], highest.setdefault((_sender(message), message.key), set())
        if number not in known and known and number < max(known):
            found.fail(message.subject, "out_of_turn", receiver=message.key, number=number, before=max(known))
        known.add(number)


def _sender(message: Said) -> Sender:
    return message.service, message.subject
