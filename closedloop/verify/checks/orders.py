"""Orders: the last word on each order is how it stands, as the facts of its complaint have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from closedloop.verify.derive.history import Case
from closedloop.verify.derive.terms import Evidence, Terms
from closedloop.verify.evidence.records import Said
from closedloop.verify.saying.verdict import Finding
from closedloop.verify.tables.contract import QUEUES

Place = tuple[str, str, str]
"""The kind of an order, whose queue it stands on, and its number; empty where there is one of a kind."""

States = Mapping[Place, str]
"""How each order stands."""

WHOLE: Mapping[str, tuple[str, ...]] = {"visit": ("subject", "targets", "attempt")}
"""What each message of an order carries, by its kind."""
ALWAYS = ("subject", "targets")

OVER = frozenset({"withdrawn", "decided", "reported"})
"""The states in which an order stays as it was told at its end, whatever becomes of its complaint."""

Plan = tuple[int, frozenset[tuple[str, int, int]]]
"""The level of a complaint's plan, and its targets with their dates and revisions."""


def check(evidence: Evidence, terms: Terms) -> Finding:
    """Each order that was ever told: its last state, no word after its end, and all that its messages must carry."""
    found = Finding()
    told = _told(evidence)
    for id, orders in told.items():
        case = evidence.cases.get(id)
        if case is None:
            continue
        packs = evidence.log.packs.get(case.policy)
        stands = states(case, packs.centre if packs else "")
        settled, now = all(terms.is_settled(fact.appended) for fact in case.facts[-1:]), plan(case)
        for place, messages in orders.items():
            _judge(case, place, messages, stands.get(place), settled, found)
            if settled and messages[-1].body["state"] == stands.get(place):
                _compare(case, messages[-1], now, found)
    return found


def _told(evidence: Evidence) -> dict[str, dict[Place, list[Said]]]:
    """The messages of each order, in their order; those of older versions name none and are left alone."""
    found: dict[str, dict[Place, list[Said]]] = {}
    seen: set[str] = set()
    for message in evidence.log.messages:
        if message.kind == "WorkOrder" and "order_id" in message.body and message.id not in seen:
            seen.add(message.id)
            complaint, kind, queue, *number = message.body["order_id"].split("/")
            place = (kind, queue, "/".join(number))
            found.setdefault(complaint, {}).setdefault(place, []).append(message)
    return found


def _judge(case: Case, place: Place, messages: list[Said], state: str | None, settled: bool, found: Finding) -> None:
    last, details = messages[-1], {"order": place[0], "topic": messages[-1].topic}
    if place[1] != last.topic.removeprefix(QUEUES) or last.key != last.body["order_id"]:
        found.fail(case.id, "other_order", key=last.key, **details)
    is_closed = False
    for message in messages:
        missing = [name for name in WHOLE.get(place[0], ALWAYS) if name not in message.body]
        if missing:
            found.fail(case.id, "not_whole", missing=", ".join(missing), place=message.place, **details)
        if is_closed and message.body["state"] != "closed":
            found.fail(case.id, "after_its_end", state=message.body["state"], place=message.place, **details)
        is_closed = is_closed or message.body["state"] == "closed"
    if found.judge(last.body["state"] != state, settled):
        code = "no_such_order" if state is None else "last_word"
        found.fail(case.id, code, state=last.body["state"], facts=state, **details)


def _compare(case: Case, last: Said, now: Plan, found: Finding) -> None:
    """An order that is not over has the dates and the level of now."""
    if last.body["state"] in OVER:
        return
    level, dates = now
    details = {"order": last.body["order"], "topic": last.topic, "place": last.place}
    if _dates(last) != dates:
        differing = sorted({name for name, *_ in _dates(last) ^ dates})
        found.fail(case.id, "stale_dates", names=", ".join(differing), **details)
    if last.body["level"] != level and not _is_of_old(last):
        found.fail(case.id, "stale_level", level=last.body["level"], facts=level, **details)


def _dates(said: Said) -> frozenset[tuple[str, int, int]]:
    """The dates of the plan; a visit order has its own besides."""
    return frozenset((t.name, t.due, t.revision) for t in said.body.get("targets", ()) if t.name != "visit")


def _is_of_old(last: Said) -> bool:
    """Whether an older version said it of a rung, with the rung's level in place of the order's."""
    return last.body["why"] in ("warned", "breached", "escalated", "resumed") and "rung_level" not in last.body


# --- how an order stands, from the facts alone --------------------------------------------------------------------


def plan(case: Case) -> Plan:
    """The plan as it stands now."""
    planning = [fact for fact in case.facts if fact.service == "router" and "targets" in fact.body]
    routed = case.of("routed")
    return routed[-1].body["level"] if routed else 0, _dates(planning[-1]) if planning else frozenset()


def states(case: Case, centre: str) -> States:
    """How each order about a complaint stands now."""
    ended = case.closed is not None
    return {
        **dict(_owned(case, centre, ended)),
        **dict(_requested(case, ended)),
        **dict(_followed(case, ended)),
        **dict(_visited(case, ended)),
    }


def _owned(case: Case, centre: str, ended: bool) -> Iterator[tuple[Place, str]]:
    owner, had, answered = "", set[str](), False
    for fact in case.facts:
        if fact.row.owner:
            owner, answered = fact.body[fact.row.owner], False
            had |= {owner, fact.body["department"]}
        answered = answered or fact.row.mark == "answered"
    for queue in had:
        kind, done = ("assign", "decided") if queue == centre else ("work", "withdrawn")
        now = "closed" if ended else "answered" if answered else "open"
        yield (kind, queue, ""), now if queue == owner else done


def _requested(case: Case, ended: bool) -> Iterator[tuple[Place, str]]:
    asked: Place | None = None
    stands: dict[Place, str] = {}
    for fact in case.facts:
        if fact.row.mark == "asked":
            revision = next((t.revision for t in fact.body.get("targets", ()) if t.name == "approve"), 0)
            asked = ("approve", fact.body["approver"], str(revision))
            stands[asked] = "open"
        elif asked is not None and fact.row.mark in ("granted", "refused"):
            stands[asked], asked = "decided", None
        elif asked is not None and (fact.row.owner or fact.row.mark == "answered"):
            stands[asked], asked = "withdrawn", None
    if asked is not None and ended:
        stands[asked] = "closed"
    yield from stands.items()


def _followed(case: Case, ended: bool) -> Iterator[tuple[Place, str]]:
    for fact in case.of("declared"):
        state = "reported" if case.of("reported") else "closed" if ended else "open"
        yield ("incident", fact.body["manager"], ""), state


def _visited(case: Case, ended: bool) -> Iterator[tuple[Place, str]]:
    reported = {(fact.cycle, fact.body["attempt"]) for fact in case.of("attempted")}
    for fact in case.of("visit requested"):
        attempt = (fact.cycle, fact.body["attempt"])
        now = "closed" if ended else "open" if fact.cycle == case.cycle else "withdrawn"
        place = ("visit", fact.body["desk"], f"{fact.cycle}-{fact.body['attempt']}")
        yield place, "reported" if attempt in reported else now
