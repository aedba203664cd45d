"""What a policy allows besides its plan, and how far: pauses, later dates by consent, holding replies, incidents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from closedloop.verify.derive.desk import Desk
from closedloop.verify.derive.watching import judged
from closedloop.verify.evidence.records import Said
from closedloop.verify.pack.lengths import Target
from closedloop.verify.pack.policy import Extension, Waiting

Faults = Iterator[tuple[str, Mapping[str, Any]]]
"""The codes of failures, and what they name."""

Look = Callable[[Desk, Said, int | None], Faults]


def faults(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """How a fact breaks the policy's limits; `claim` is the date that the reply behind it brought along."""
    row = fact.row
    if row.who and fact.body["department"] not in (entitled := _entitled(desk, row.who)):
        yield "not_the_owner", {"department": fact.body["department"], "expected": " or ".join(entitled)}
    for name in row.limits.split():
        yield from LIMITS[name](desk, fact, claim)


def _entitled(desk: Desk, who: str) -> list[str]:
    """Who may do that: the centre does the work of an owner only where the fact is the centre's too."""
    centre = desk.pack.centre
    names = {"owner": "" if desk.owner == centre else desk.owner, "centre": centre, "manager": desk.manager}
    return [names[one] for one in who.split() if names[one]]


def known_department(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """A complaint goes to a department of the policy."""
    if fact.body["department"] not in desk.pack.departments:
        yield "not_allowed", {"what": f"department {fact.body['department']}"}


def known_plan(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """It goes by a plan of the policy."""
    if fact.body["plan"] not in desk.pack.plans:
        yield "not_allowed", {"what": f"plan {fact.body['plan']}"}


def not_ruled_on(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """What the centre has ruled on does not come back."""
    binding = desk.pack.arbitrated_after
    if binding is not None and desk.times.get("returned", 0) >= binding:
        yield "arbitrated", {"times": desk.times["returned"]}


def _pause(desk: Desk, reason: str) -> Waiting | None:
    return desk.plan.pauses.get(reason) if desk.plan else None


def known_pause(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """The plan knows the reason for which the work waits."""
    if _pause(desk, fact.body["reason"]) is None:
        yield "not_allowed", {"what": f"pause {fact.body['reason']}"}


def right_targets_wait(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """Those targets wait that the reason lets wait, and no others."""
    reason, since = fact.body["reason"], judged(fact)
    right = desk.may_wait(reason, since)
    if _pause(desk, reason) and sorted(fact.body["paused"]) != sorted(right):
        yield "pauses_others", {"what": ", ".join(fact.body["paused"]), "expected": ", ".join(right) or "-"}


def no_wait_twice(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """No pause counts from before the last one ended."""
    since, earliest = judged(fact), desk.waits_from(fact)
    if _pause(desk, fact.body["reason"]) and since < earliest:
        yield "waits_twice", {"since_at": since, "until_at": earliest}


def not_while_waiting(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """Nothing more is asked for while the work waits; what the plan does not know is that fault alone."""
    if desk.waits_at(fact.body["at"]) and ("reason" not in fact.body or _pause(desk, fact.body["reason"])):
        yield "while_waiting", {}


def pauses_left(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """The work waits no more often for a reason than the plan allows."""
    if rule := _pause(desk, fact.body["reason"]):
        yield from _too_often(desk, f"paused for {fact.body['reason']}", rule.times)


def pause_lasts(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """A pause lasts to its cap, or less where less was asked for."""
    rule = _pause(desk, fact.body["reason"])
    if rule and rule.approved_within is None:
        yield from _until(desk, fact, rule, claim)


def pause_consented(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """Where a pause needs consent, it lasts as long as was consented."""
    rule, consent = _pause(desk, fact.body["reason"]), desk.holds.get("consented")
    if rule is None or rule.approved_within is None:
        return
    right = ("pause", fact.body["reason"], fact.body["until"])
    if consent is None or consent.cause != fact.cause or _asked_for(consent) != right:
        yield "no_consent", {"what": f"pause {fact.body['reason']}"}


def _until(desk: Desk, fact: Said, rule: Waiting, claim: int | None) -> Faults:
    since, until = desk.waits_from(fact), fact.body["until"]
    if until <= since:
        yield "not_ahead", {"until_at": until}
    cap = desk.pack.lasting(desk.owner, since, rule.at_most)
    right = cap if claim is None else min(cap, claim)
    if until > cap:
        yield "too_far", {"until_at": until, "limit_at": cap}
    elif claim is not None and until != right:
        yield "not_as_asked", {"until_at": until, "asked_at": right}


def something_waits(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """Only what waits goes on."""
    if not desk.waits_at(judged(fact)):
        yield "nothing_waits", {}


def centre_decides(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """The centre is asked, and nobody else."""
    if fact.body["approver"] != desk.pack.centre:
        yield "not_the_centre", {"department": fact.body["approver"], "centre": desk.pack.centre}


def _asks(desk: Desk, fact: Said) -> Waiting | Extension | None:
    """The rule of the plan by which something may be asked for; None where there is none."""
    subject = fact.body["subject"]
    if fact.body["what"] == "pause":
        pause = _pause(desk, subject)
        return pause if pause and pause.approved_within else None
    extension = desk.plan.extension if desk.plan else None
    return extension if extension and subject in extension.targets else None


def may_be_asked(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """The plan says that this may be asked for."""
    if _asks(desk, fact) is None:
        yield "not_allowed", {"what": f"{fact.body['what']} {fact.body['subject']}"}


def asks_left(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """It was not granted as often as the plan allows."""
    rule = _asks(desk, fact)
    if isinstance(rule, Waiting):
        yield from _too_often(desk, f"paused for {fact.body['subject']}", rule.times)
    elif rule and desk.times.get("granted extension", 0) >= rule.times:
        yield "too_often", {"what": "extended", "times": rule.times}


def pause_asked_lasts(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """A pause is asked for no longer than its cap."""
    if isinstance(rule := _asks(desk, fact), Waiting):
        yield from _until(desk, fact, rule, claim)


def target_is_open(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """Only a date that nothing has met moves."""
    if isinstance(_asks(desk, fact), Extension) and _open(desk, fact) is None:
        yield "nothing_to_move", {"target": fact.body["subject"]}


def _open(desk: Desk, fact: Said) -> Target | None:
    subject = fact.body["subject"]
    return None if subject in desk.done else desk.targets.get(subject)


def _extension(desk: Desk, fact: Said) -> tuple[Extension, Target] | None:
    rule, target = _asks(desk, fact), _open(desk, fact)
    return (rule, target) if isinstance(rule, Extension) and target else None


def asked_in_time(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """A later date is asked for before the date, by the policy's notice."""
    if found := _extension(desk, fact):
        rule, target = found
        at, counts = judged(fact), desk.pack.counting(desk.pack.calendar_of(desk.owner, rule.before))
        if at >= target.due or counts.between(at, target.due) < rule.before.span:
            yield "asked_late", {"target": target.name, "due_at": target.due, "asked_at": at}


def date_within_limit(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """It is later than the date, and within the limit from the first date, which pauses had moved."""
    if found := _extension(desk, fact):
        rule, target = found
        until, first = fact.body["until"], desk.promise(fact, desk.plan_name, desk.owner, target.name)
        limit = first and desk.pack.lasting(desk.owner, desk.after_pauses(first, target.pauses).due, rule.at_most)
        if until <= target.due or (limit is not None and until > limit):
            yield "too_far", {"until_at": until, "limit_at": target.due if limit is None else limit}


def date_as_asked(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """It is the one that the reply named."""
    if claim is not None and _extension(desk, fact) and fact.body["until"] != claim:
        yield "not_as_asked", {"until_at": fact.body["until"], "asked_at": claim}


def _asked_for(fact: Said) -> tuple[Any, ...]:
    return tuple(fact.body[name] for name in ("what", "subject", "until") if name in fact.body)


def _is_asked(desk: Desk, fact: Said) -> bool:
    said = _asked_for(fact)
    return "asked" in desk.holds and _asked_for(desk.holds["asked"])[: len(said)] == said


def was_asked(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """The centre decides on what was asked."""
    if not _is_asked(desk, fact):
        yield "not_asked", {"what": f"{fact.body['what']} {fact.body['subject']}"}


def before_its_date(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """Consent counts before the date that it moves has passed."""
    target = desk.targets.get(fact.body["subject"])
    if fact.body["what"] == "extension" and _is_asked(desk, fact) and target and judged(fact) >= target.due:
        yield "granted_late", {"target": target.name, "due_at": target.due, "granted_at": judged(fact)}


def call_is_ahead(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """A call is promised for later."""
    due = next((target.due for target in fact.body.get("targets", ()) if target.name == "callback"), None)
    if due is not None and due <= fact.body["at"]:
        yield "not_ahead", {"until_at": due}


def may_hold(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """The plan knows holding replies."""
    if not (desk.plan and desk.plan.holding):
        yield "not_allowed", {"what": "holding reply"}


def meets_what_it_may(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """A holding reply meets what the plan says that it meets."""
    rule = desk.plan.holding if desk.plan else None
    if rule and sorted(fact.body["meets"]) != sorted(rule.meets):
        yield "meets_others", {"what": ", ".join(fact.body["meets"]), "expected": ", ".join(sorted(rule.meets))}


def may_be_incident(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """The policy knows major incidents."""
    if desk.pack.incidents is None:
        yield "not_allowed", {"what": "major incident"}


def led_by_policy(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """A major incident is led at the policy's level by the policy's manager."""
    rule, told = desk.pack.incidents, (fact.body["level"], fact.body["manager"])
    if rule and told != (rule.level, rule.manager):
        yield "led_otherwise", {"what": "level {}, {}".format(*told), "expected": f"level {rule.level}, {rule.manager}"}


def has_ended(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """A plan lapses when its complaint has ended."""
    closed = desk.case.closed
    if closed is None or closed.position > fact.position:
        yield "lapsed_alive", {}


def lapses_what_was_open(desk: Desk, fact: Said, claim: int | None) -> Faults:
    """All that was open lapses, and nothing else."""
    open_ones = ", ".join(sorted(desk.targets.keys() - desk.kept_at_the_end))
    if (told := ", ".join(sorted(fact.body["lapsed"]))) != open_ones:
        yield "lapsed_others", {"what": told, "expected": open_ones or "-"}


def _too_often(desk: Desk, what: str, times: int) -> Faults:
    if desk.times.get(what, 0) >= times:
        yield "too_often", {"what": what, "times": times}


LIMITS: Mapping[str, Look] = {
    look.__name__: look
    for look in (
        *(known_department, known_plan, not_ruled_on, call_is_ahead, may_hold, meets_what_it_may),
        *(known_pause, right_targets_wait, no_wait_twice, not_while_waiting, pauses_left, pause_lasts, pause_consented),
        *(something_waits, centre_decides, may_be_asked, asks_left, pause_asked_lasts, target_is_open, asked_in_time),
        *(date_within_limit, date_as_asked, was_asked, before_its_date, may_be_incident, led_by_policy),
        *(has_ended, lapses_what_was_open),
    )
}
"""The checks by the names in a fact's row."""
