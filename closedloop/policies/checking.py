"""Reads a pack's file and tells all that is wrong with it at once, whichever kind of fault comes first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from closedloop.policies import advice, outlook
from closedloop.policies.finding import Finding, dotted, faults_of, nearest
from closedloop.policies.mending import depends, mended
from closedloop.policies.slips import Slip
from closedloop.policies.source import Source, Where
from schemas import coherence
from schemas.policy import PARTS_ALONE, PolicyPack
from schemas.targets import names

ROUNDS = 4
"""How many rounds of mending and checking are made, to find the faults behind the first ones."""


@dataclass(frozen=True)
class Report:
    """What was found in one file; `pack` where it can be loaded."""

    source: Source
    pack: PolicyPack | None
    faults: tuple[Finding, ...]
    """What keeps it from being a pack."""
    unwise: tuple[Finding, ...] = ()
    """What keeps it from being published, though services would take it."""
    warnings: tuple[Finding, ...] = ()


def looked_at(source: Source) -> Report:
    """The faults that make a pack invalid: double keys, unknown words, wrong values, parts that do not fit together."""
    if source.slip is not None:
        return Report(source, None, (_slip(source.slip),))
    twice, parts, (pack, places) = _twice(source), *_read(source)
    whole = [_told(where, says, pack, source) for where, says in coherence.faults_of(pack)] if pack else []
    faults = (*twice, *parts, *(fault for fault in whole if not depends(fault, places)))
    return Report(source, None if faults else pack, faults)


def checked(source: Source, now: datetime) -> Report:
    """All findings in a file: its faults, probable mistakes, and warnings about the year ahead."""
    if source.slip is not None:
        return Report(source, None, (_slip(source.slip),))
    twice, parts, (pack, places) = _twice(source), *_read(source)
    if pack is None:
        return Report(source, None, (*twice, *parts))
    whole = [_told(where, says, pack, source) for where, says in coherence.faults_of(pack)]
    faults = (*twice, *parts, *(fault for fault in whole if not depends(fault, places)))
    unwise = [*advice.faults(pack)]
    orders = outlook.contradictions(pack, now) if not faults else []
    unwise += [finding for finding, always in orders if always]
    if not faults:
        unwise += [Finding(where, says) for where, says in outlook.impossible(pack, now)]
    if not faults and not unwise:
        unwise += [Finding(where, says) for where, says in outlook.uncounted(pack, now)]
    mostly = [finding for finding, always in orders if not always]
    warnings = () if faults else (*advice.warnings(pack, source), *mostly, *_ahead(pack, now))
    return Report(
        source, None if faults else pack, faults, tuple(one for one in unwise if not depends(one, places)), warnings
    )


def _ahead(pack: PolicyPack, now: datetime) -> Iterable[Finding]:
    return [
        Finding(where, says)
        for where, says in [*outlook.guesses(pack, now), *outlook.soon_uncounted(pack, now), *outlook.silences(pack)]
    ]


def _read(source: Source) -> tuple[list[Finding], tuple[PolicyPack | None, list[Where]]]:
    """Every fault of a part by itself, and what is left of the pack with these parts mended."""
    found: dict[Where, Finding] = {}
    content = source.content
    for _ in range(ROUNDS):
        try:
            return [*found.values()], (PolicyPack.model_validate(content, context=PARTS_ALONE), [*found])
        except ValidationError as error:
            new = faults_of(error.errors(include_url=False), Source(content, source.root, ()))
            found |= {fault.where: fault for fault in new if not any(_meet(fault.where, place) for place in found)}
            content = mended(content, new)
    return [*found.values()], (None, [*found])


def _meet(one: Where, other: Where) -> bool:
    """Whether one place lies within the other: what is found there now may come from the mending."""
    return one[: len(other)] == other or other[: len(one)] == one


def _slip(slip: Slip) -> Finding:
    return Finding((), slip.says, slip.expected, at=slip.at)


def _twice(source: Source) -> list[Finding]:
    return [
        Finding(
            where, f"{dotted(where)} stands there twice, first on line {first[0]}", "each key once", of_the_key=True
        )
        for where, _, first in source.twice
    ]


def _told(where: Where, says: str, pack: PolicyPack, source: Source) -> Finding:
    """What does not hold together, with the names that would."""
    known, word = _known(where, pack), source.written(where)
    if "targets" in where[-2:] and where[-1] != "targets" and not isinstance(where[-1], int):
        word = where[-1]
    if not known or word in known:
        return Finding(where, says)
    return Finding(where, says, f"one of {', '.join(known)}", nearest(word, known))


def _known(where: Where, pack: PolicyPack) -> list[str]:
    """Which names fit a place that refers to something."""
    match where:
        case (*_, "department" | "centre" | "manager"):
            return [*pack.departments]
        case (*_, "desk"):
            return [name for name, known in pack.departments.items() if known.kind == "desk"]
        case ("routes", _, "plan"):
            return [*pack.plans]
        case (*_, "ladder" | "centre_ladder"):
            return [*pack.ladders]
        case (*_, "calendar"):
            return [*pack.calendars]
        case (*_, "deputy") | (*_, "offices", _):
            return [*pack.people]
        case ("plans", _, "targets", _):
            return sorted(names(dated_by="plan"))
        case ("plans", name, *_, "targets" | "meets", _):
            return [*pack.plans[str(name)].targets]
    return []
