"""Provenance of moved dates: a fact that changes a target's date writes its own name into the target."""

from __future__ import annotations

from schemas.facts import Fact, Target
from schemas.targets import kind_of, met_by
from services.router.model import Case
from services.router.rules.dates import goes_on


def accounted(case: Case, fact: Fact) -> Fact:
    """The fact, each of its targets with what moved it."""
    targets: tuple[Target, ...] = getattr(fact, "targets", None) or ()
    known = {target.name: target for target in case.plan.targets if goes_on(case, target.name)}
    ended = {*case.plan.done, *met_by(fact, case.plan.department)}
    accounts = tuple(_accounted(t, known.get(t.name), fact, t.name not in ended) for t in targets)
    return fact if accounts == targets else fact.model_copy(update={"targets": accounts})


def _accounted(target: Target, before: Target | None, fact: Fact, is_open: bool) -> Target:
    """The target with this fact's name in `moved_by`, if the fact moved its date; after it was met it begins anew."""
    if before is not None and before.revision == target.revision:
        return target
    is_moved = before is not None and is_open and not kind_of(target.name).ends_at_its_date
    moved_by = type(fact).__name__ if is_moved else None
    return target if target.moved_by == moved_by else target.model_copy(update={"moved_by": moved_by})
