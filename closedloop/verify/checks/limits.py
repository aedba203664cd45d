"""What a policy allows besides its plan, and how far: pauses, later dates by consent, holding replies, incidents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from closedloop.verify.derive.standing import Turn
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.days import before
from closedloop.verify.pack.lengths import Length, Target

Faults = Iterator[tuple[str, Mapping[str, Any]]]
"""The codes of failures, and what they name."""


def faults(on: Turn) -> Faults:
    """How a fact breaks the policy's limits."""
    row = on.fact.row
    if row.who and on.body["department"] not in (entitled := _entitled(on, row.who)):
        yield "not_the_owner", {"department": on.body["department"], "expected": " or ".join(entitled)}
    for name in row.limits.split():
        yield from LIMITS[name](on)


def _entitled(on: Turn, who: str) -> list[str]:
    """Who may do that: the centre does the work of an owner only where the fact is the centre's too."""
    centre, owner = on.pack.centre, on.before.owner
    names = {"owner": "" if owner == centre else owner, "centre": centre, "manager": on.before.manager}
    return [names[one] for one in who.split() if names[one]]


def known_department(on: Turn) -> Faults:
    """A complaint goes to a department of the policy."""
    if on.body["department"] not in on.pack.departments:
        yield "not_allowed", {"what": f"department {on.body['department']}"}


def known_plan(on: Turn) -> Faults:
    """It goes by a plan of the policy."""
    if not on.pack.at(on.plan):
        yield "not_allowed", {"what": f"plan {on.body['plan']}"}


def not_ruled_on(on: Turn) -> Faults:
    """What the centre has ruled on does not come back."""
    binding, times = on.pack.at("/arbitrated_after"), on.before.times.get("returned", 0)
    if binding is not None and times >= binding:
        yield "arbitrated", {"times": times}


def is_allowed(on: Turn) -> Faults:
    """The plan knows the reason for which the work waits, or lets that be asked for."""
    if not on.rule:
        yield "not_allowed", {"what": f"{on.what} {on.subject}"}


def right_targets_wait(on: Turn) -> Faults:
    """Those targets wait that the reason lets wait, and no others."""
    if on.rule:
        yield from _others("pauses_others", on.body["paused"], on.may_wait())


def no_wait_twice(on: Turn) -> Faults:
    """No pause counts from before the last one ended."""
    if on.rule and on.judged < on.waits_from:
        yield "waits_twice", {"since_at": on.judged, "until_at": on.waits_from}


def not_while_waiting(on: Turn) -> Faults:
    """Nothing more is asked for while the work waits; what the plan does not know is that fault alone."""
    if on.before.waits_at(on.at) and (on.rule or on.is_a_request):
        yield "while_waiting", {}


def times_left(on: Turn) -> Faults:
    """The work waits for a reason, or a date moves, no more often than the plan allows."""
    counted, named = (f"paused for {on.subject}",) * 2 if on.what == "pause" else ("granted extension", "extended")
    if on.rule and on.before.times.get(counted, 0) >= (times := on.allows("times", 1)):
        yield "too_often", {"what": named, "times": times}


def pause_lasts(on: Turn) -> Faults:
    """A pause lasts to its cap, or less where less was asked for; where it needs consent, that is asked for."""
    length = on.length("at_most") if on.what == "pause" and on.is_by_consent == on.is_a_request else None
    if length is None:
        return
    if on.until <= on.waits_from:
        yield "not_ahead", {"until_at": on.until}
    cap = on.pack.lasting(on.before.owner, on.waits_from, length)
    if on.until > cap:
        yield "too_far", {"until_at": on.until, "limit_at": cap}
    elif on.claim is not None and on.until != (right := min(cap, on.claim)):
        yield "not_as_asked", {"until_at": on.until, "asked_at": right}


def pause_consented(on: Turn) -> Faults:
    """Where a pause needs consent, it lasts as long as was consented."""
    consent, right = on.before.holds.get("consented"), ("pause", on.subject, on.until)
    if on.is_by_consent and (consent is None or consent.cause != on.fact.cause or _asked_for(consent) != right):
        yield "no_consent", {"what": f"pause {on.subject}"}


def something_waits(on: Turn) -> Faults:
    """Only what waits goes on."""
    if not on.before.waits_at(on.judged):
        yield "nothing_waits", {}


def centre_decides(on: Turn) -> Faults:
    """The centre is asked, and nobody else."""
    if on.body["approver"] != on.pack.centre:
        yield "not_the_centre", {"department": on.body["approver"], "centre": on.pack.centre}


def _moving(on: Turn) -> Target | None:
    """The target whose date is asked for: the plan lets it move, and nothing has met it."""
    is_open = on.rule and on.what == "extension" and on.subject not in on.before.done
    return on.before.targets.get(on.subject) if is_open else None


def target_is_open(on: Turn) -> Faults:
    """Only a date that nothing has met moves."""
    if on.rule and on.what == "extension" and _moving(on) is None:
        yield "nothing_to_move", {"target": on.subject}


def asked_in_time(on: Turn) -> Faults:
    """A later date is asked for before the date, by the policy's notice."""
    target, notice = _moving(on), on.length("before")
    if target and notice:
        latest = min(target.due - 1, before(on.pack.days_of(on.before.owner), notice, target.due))
        if on.judged > latest:
            yield "asked_late", {"target": target.name, "due_at": target.due, "asked_at": on.judged}


def date_within_limit(on: Turn) -> Faults:
    """It is later than the date, and within the limit from the first date, which pauses had moved."""
    target, length = _moving(on), on.length("at_most")
    if target and length:
        limit = _limit(on, target, length)
        if on.until <= target.due or (limit is not None and on.until > limit):
            yield "too_far", {"until_at": on.until, "limit_at": target.due if limit is None else limit}


def _limit(on: Turn, target: Target, length: Length) -> int | None:
    """From the request, or from where the policy counted it; None where it promises no date."""
    owner = on.before.owner
    if on.allows("counted_from") == "request":
        return on.pack.lasting(owner, on.judged, length)
    first = on.promise(on.before.plan, owner, target.name)
    if first is None:
        return None
    counted = on.before.after_pauses(first, target.pauses, owner)
    return on.pack.lasting(owner, counted.counted_to or counted.due, length, of_a_date=True)


def date_as_asked(on: Turn) -> Faults:
    """It is the one that the reply named."""
    if on.claim is not None and _moving(on) and on.until != on.claim:
        yield "not_as_asked", {"until_at": on.until, "asked_at": on.claim}


def _asked_for(fact: Said) -> tuple[Any, ...]:
    return tuple(fact.body[name] for name in ("what", "subject", "until") if name in fact.body)


def _is_asked(on: Turn) -> bool:
    said = _asked_for(on.fact)
    return "asked" in on.before.holds and _asked_for(on.before.holds["asked"])[: len(said)] == said


def was_asked(on: Turn) -> Faults:
    """The centre decides on what was asked."""
    if not _is_asked(on):
        yield "not_asked", {"what": f"{on.what} {on.subject}"}


def before_its_date(on: Turn) -> Faults:
    """Consent counts before the date that it moves has passed."""
    target = on.before.targets.get(on.subject)
    if on.what == "extension" and _is_asked(on) and target and on.judged >= target.due:
        yield "granted_late", {"target": target.name, "due_at": target.due, "granted_at": on.judged}


def call_is_ahead(on: Turn) -> Faults:
    """A call is promised for later."""
    for target in on.body.get("targets", ()):
        if target.name == "callback" and target.due <= on.at:
            yield "not_ahead", {"until_at": target.due}


def may_hold(on: Turn) -> Faults:
    """The plan knows holding replies."""
    if not on.pack.at(f"{on.plan}/holding"):
        yield "not_allowed", {"what": "holding reply"}


def meets_what_it_may(on: Turn) -> Faults:
    """A holding reply meets what the plan says that it meets."""
    yield from _others("meets_others", on.body["meets"], on.pack.at(f"{on.plan}/holding/meets", on.body["meets"]))


def may_be_incident(on: Turn) -> Faults:
    """The policy knows major incidents."""
    if not on.pack.at("/incidents"):
        yield "not_allowed", {"what": "major incident"}


def led_by_policy(on: Turn) -> Faults:
    """A major incident is led at the policy's level by the policy's manager."""
    right = on.pack.at("/incidents/level", 10), on.pack.at("/incidents/manager", on.pack.centre)
    if on.pack.at("/incidents") and (told := (on.body["level"], on.body["manager"])) != right:
        yield "led_otherwise", {"what": "level {}, {}".format(*told), "expected": "level {}, {}".format(*right)}


def has_ended(on: Turn) -> Faults:
    """A plan lapses when its complaint has ended."""
    closed = on.case.closed
    if closed is None or closed.position > on.fact.position:
        yield "lapsed_alive", {}


def lapses_what_was_open(on: Turn) -> Faults:
    """All that was open lapses, and nothing else."""
    yield from _others("lapsed_others", sorted(on.body["lapsed"]), on.before.targets.keys() - on.before.kept_at_the_end)


def _others(code: str, told: Iterable[str], right: Iterable[str]) -> Faults:
    if sorted(told) != sorted(right):
        yield code, {"what": ", ".join(told), "expected": ", ".join(sorted(right)) or "-"}


LIMITS: Mapping[str, Callable[[Turn], Faults]] = {
    look.__name__: look
    for look in (
        *(known_department, known_plan, not_ruled_on, call_is_ahead, may_hold, meets_what_it_may),
        *(is_allowed, right_targets_wait, no_wait_twice, not_while_waiting, times_left, pause_lasts, pause_consented),
        *(something_waits, centre_decides, target_is_open, asked_in_time, date_within_limit, date_as_asked),
        *(was_asked, before_its_date, may_be_incident, led_by_policy, has_ended, lapses_what_was_open),
    )
}
"""The checks by the names in a fact's row."""
