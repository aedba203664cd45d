"""Lives of single complaints as the services themselves leave them, and ways to spoil one fact of a life."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from closedloop.outsiders.rehearsal import log_of
from closedloop.verify import Clock, Log, Terms
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.clock import to_ms
from closedloop.verify.pack.policy import Pack
from schemas.facts import IncidentReport
from schemas.policy import PolicyPack
from schemas.topics import REPLIES
from tests.builders import SERVICES, TOWN, hour, hours, pack
from tests.story.unsteady import CATEGORIES, DEPARTMENTS, OUTCOMES, REPLY_KINDS, SCRIPTS, UnsteadyTown

LIVES, TURNS = 60, 18
HOUR = 3_600_000
BEFORE = {
    "routed": (),
    "waiting": ("waiting customer",),
    "after a pause": ("waiting customer", "21"),
    "asked": ("extension",),
    "asked after a pause": ("waiting customer", "21", "extension"),
    "going on after a pause": ("waiting customer", "19.9", "extension", "resumed 0.5"),
    "waiting for consent": ("waiting parts",),
    "waiting by consent": ("waiting parts", "approved"),
    "waiting again at once": ("waiting customer", "20.2", "waiting customer 0.5"),
    "with the centre": ("returned",),
    "assigned again": ("waiting customer", "returned", "assigned"),
    "assigned again after consent": ("waiting parts", "approved", "1", "returned", "assigned"),
    "returned in time after a breach": ("10.2", "returned 0.5"),
    "an incident": ("incident",),
    "an incident that waits": ("incident", "waiting customer"),
    "an incident that asks": ("incident", "extension"),
    "an incident that asks after a pause": ("incident", "waiting customer", "21", "extension"),
    "an incident with the centre": ("incident", "returned"),
    "answered": ("answered",),
    "begun again": ("answered", "not_solved"),
}
"""How a complaint comes to stand somewhere; there each reply is tried."""
Life = tuple[Log, Terms]


def changed(**sections: Any) -> PolicyPack:
    """The town under another policy."""
    content = TOWN.model_dump(mode="json", exclude={"hash"})
    content["incidents"]["manager"], content["arbitrated_after"] = "power", 2
    more = {"accept": {"every": "10h"}, "acknowledge": {"every": "20h"}, "contact": "30h"}
    content["plans"]["patient"]["targets"] |= more
    return pack(**(content | sections))


@cache
def lives() -> tuple[Life, ...]:
    """Always the same lives: each reply in each state, and others that chance has chosen."""
    policies = (TOWN, changed())
    by_chance = [_life(seed, policies[seed % 2]) for seed in range(LIVES)]
    states = [_state(before, reply) for before in BEFORE.values() for reply in (*REPLY_KINDS, "solved")]
    return (*states, *by_chance)


def _state(before: tuple[str, ...], reply: str) -> Life:
    policy = changed()
    town = UnsteadyTown(SERVICES, policy, 0)
    town.complaints.append(town.complaint("patient/pump"))
    for said in (*before, reply, "waiting customer", "contacted", "incident"):
        _happens(town, *said.split())
        town.passes(0.1)
    return _left_by(town, policy)


def _happens(town: UnsteadyTown, what: str, *more: str) -> None:
    """Hours pass, a visit finds something, or somebody replies: for which reason, how many hours ago."""
    if what in OUTCOMES:
        town.until("VisitRequested")
        town.visits(0, what)
    elif what[0].isdigit():
        town.passes(float(what))
    else:
        _reply(town, what, *more)


def _reply(town: UnsteadyTown, reply: str, *more: str) -> None:
    ago, reason = [m for m in more if m[0].isdigit()], [m for m in more if m.isalpha()]
    complaint, at = town.complaints[0], hours(town.world.now)
    owned = complaint.facts("ComplaintRouted", "ComplaintUnroutable", "ComplaintReturned")
    owner = getattr(owned[-1], "owner", owned[-1].department)
    leads = reply == "progress" and owner == "centre"
    whose = "centre" if reply in ("approved", "refused", "assigned") else "power" if leads else owner
    body: dict[str, Any] = {"complaint_id": complaint.id, "cycle": complaint.cycle, "reply": reply, "note": "-"}
    body |= {"assign_to": "water", "reason": (reason or ["customer"])[0]}
    body |= {"until": hour(at + (110 if reply == "extension" else 20)).isoformat()}
    body |= {"report": _report()} if reply == "report" else {}
    body |= {"stated_at": hour(at - float(ago[0])).isoformat()} if ago else {}
    town.sends(REPLIES.of(whose), body)


def _report() -> dict[str, str]:
    return dict.fromkeys(IncidentReport.model_fields, "-")


def _life(seed: int, policy: PolicyPack) -> Life:
    chance, town = Random(seed), UnsteadyTown(SERVICES, policy, seed)
    town.complaints.append(town.complaint(chance.choice(CATEGORIES), affected=chance.choice([1, 1, 60])))
    for _ in range(TURNS):
        _turn(town, chance)
    return _left_by(town, policy)


def _left_by(town: UnsteadyTown, policy: PolicyPack) -> Life:
    town.recover()
    now = hour(hours(town.world.now))
    return log_of(town.world, policy), Terms(Clock(), to_ms(now))


def _turn(town: UnsteadyTown, chance: Random) -> None:
    ago = chance.choice([0, 0, 0.2, 0.9])
    match chance.randrange(8):
        case 0 | 1:
            for reply in chance.choice(SCRIPTS):
                town.replies(0, "owner", reply, ago=ago, to=chance.choice(DEPARTMENTS[:3]))
                town.passes(chance.choice([0, 0.1, 1]))
        case 2 | 3 | 4:
            town.replies(0, chance.choice(("owner", "owner", "centre")), chance.choice(REPLY_KINDS), ago=ago)
        case 5:
            town.replies(0, "owner", "answered")
            town.until("VisitRequested")
            town.visits(0, chance.choice(OUTCOMES))
        case 6:
            town.visits(0, chance.choice(OUTCOMES))
        case _:
            town.passes(chance.choice([0.3, 5, 20, 50]))


def spoiled(log: Log, fact: Said) -> Iterator[Log]:
    """A life in which one thing about a fact is wrong: said twice, not said, told nobody, another time or field."""
    end = max(other.offset for other in log.facts) + 1
    again = replace(fact, id=f"{fact.id}-again", sequence=fact.sequence + 1000, offset=end)
    yield _with(log, facts=[*log.facts, again])
    yield _with(log, facts=[*log.facts, replace(again, cause="timer/again")])
    yield _with(log, facts=[other for other in log.facts if other.id != fact.id])
    yield _instead(log, fact, replace(fact, offset=end))
    yield replace(log, packs={hash: _without_incidents(pack) for hash, pack in log.packs.items()})
    led = [replace(o, body={**o.body, "manager": "led"}) if "manager" in o.body else o for o in log.facts]
    yield _with(log, facts=led, messages=[m for m in log.messages if m.cause not in (fact.id, fact.cause)])
    for message in log.messages:
        if message.cause in (fact.id, fact.cause):
            yield _with(log, messages=[other for other in log.messages if other is not message])
    for name, value in fact.body.items():
        for other in _others(value):
            yield _instead(log, fact, replace(fact, body={**fact.body, name: other}))


def _without_incidents(pack: Pack) -> Pack:
    named = (pack.places, pack.lengths)
    places, lengths = ({p: v for p, v in of.items() if not p.startswith("/incidents")} for of in named)
    return replace(pack, places=places, lengths=lengths)


def _others(value: Any) -> Iterator[Any]:
    if isinstance(value, int) and not isinstance(value, bool):
        yield from (value + 1, value - HOUR, value + 90 * 24 * HOUR) if value > HOUR else (value + 1,)
    elif isinstance(value, str):
        yield from ("centre", "water", "other")
    elif isinstance(value, tuple) and value:
        yield value[1:]


def _instead(log: Log, fact: Said, other: Said) -> Log:
    return _with(log, facts=[other if one.id == fact.id else one for one in log.facts])


def _with(log: Log, **lists: list[Said]) -> Log:
    return replace(log, **lists)
