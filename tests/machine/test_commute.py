"""Facts of different services commute: a document does not depend on whose fact happened to be read first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, reduce
from random import Random
from typing import Any

import pytest

from schemas.facts import Fact
from services.shared.machine.table import Service
from tests.builders import SERVICES
from tests.sampling import so_many
from tests.story.unsteady import CATEGORIES, OUTCOMES, REPLY_KINDS, SCRIPTS, UnsteadyTown

HISTORIES = range(so_many(70, 240))
ORDERS = 10
COURSES = (*SCRIPTS, ("waiting", "refused"))


@cache
def history(seed: int) -> list[Fact]:
    """What was said about one complaint whom chance, mostly sensible, took through several cycles."""
    chance, town = Random(seed), UnsteadyTown(seed=seed)
    town.world.lag = chance.choice([0, 10])
    category = "patient/pump" if seed % 2 else CATEGORIES[seed % len(CATEGORIES)]  # where most is allowed
    town.complains(category, promised=chance.choice([None, 60]))
    for n in range(12):
        step = chance.randrange(8)
        if step >= 6 or n == 0:
            # Each history begins with another script, so that every fact is said whatever chance chooses.
            for reply in COURSES[seed % len(COURSES)] if n == 0 else chance.choice(COURSES):
                town.replies(0, "owner", reply)
                town.passes(chance.choice([0, 1, 30]))
        elif step < 3:
            town.replies(0, "owner", chance.choice(REPLY_KINDS), ago=chance.choice([0, 0.5]))
        elif step == 3:
            town.until_the_next_timer()
        else:
            town.replies(0, "owner", "answered")
            town.until("VisitRequested")
            town.visits(0, chance.choice(OUTCOMES))
    town.recover()
    return list(town.facts())


def interleaved(facts: list[Fact], chance: Random) -> list[Fact]:
    """Another order of the same facts: each service's own stay in theirs, the first of all stays the first."""
    first, *others = facts
    queues = [[fact for fact in others if fact.said_by == service.name] for service in SERVICES]
    order = [first]
    while queues := [queue for queue in queues if queue]:
        order.append(chance.choice(queues).pop(0))
    return order


def folded(service: Service, facts: list[Fact]) -> Any:
    return reduce(lambda case, fact: service.evolve[type(fact)](case, fact), facts, None)  # type: ignore[arg-type,return-value]


def told(service: Service) -> Iterator[tuple[int, list[Fact]]]:
    """Of each history what this service folds."""
    for seed in HISTORIES:
        facts = [fact for fact in history(seed) if type(fact) in service.evolve]
        if facts:
            yield seed, facts


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_case_is_the_same_in_whichever_order_the_services_were_heard(service: Service) -> None:
    compared = set()

    for seed, facts in told(service):
        expected = folded(service, facts)
        for n in range(ORDERS):
            order = interleaved(facts, Random(seed * ORDERS + n))
            assert folded(service, order) == expected, f"history {seed}, order {n}"
            compared |= {type(fact) for fact in facts} if order != facts else set()

    assert compared >= set(service.evolve)
