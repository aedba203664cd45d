"""The log holds all that a service ever said: its documents can be made again from it, and nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from schemas.envelope import read_fact, text_header
from schemas.topics import COMPLAINTS, SERVICES
from services.shared.clock import Clock
from services.shared.fold import next_due
from services.shared.machine import Document, Input, Service
from services.shared.reading import read
from services.shared.recall import Spoken, facts_of, recalled
from tests.builders import SERVICES as TABLES
from tests.builders import Town
from tests.story.unsteady import CATEGORIES, OUTCOMES, REPLY_KINDS, SCRIPTS, UnsteadyTown

LIVES = range(16)


def lived(seed: int) -> UnsteadyTown:
    """A town in which chance, mostly sensible, took some complaints through several cycles."""
    chance, town = Random(seed), UnsteadyTown(seed=seed)
    for n in range(3):
        town.complains(CATEGORIES[(seed + n) % len(CATEGORIES)], promised=chance.choice([None, 60]))
    for _ in range(14):
        step, which = chance.randrange(8), chance.randrange(3)
        if step >= 6:
            for reply in chance.choice((*SCRIPTS, ("waiting", "refused"))):
                town.replies(which, "owner", reply)
                town.passes(chance.choice([0, 1, 30]))
        elif step < 3:
            town.replies(which, chance.choice(["owner", "power"]), chance.choice(REPLY_KINDS))
        elif step == 3:
            town.until_the_next_timer()
        else:
            town.replies(which, "owner", "answered")
            town.until("VisitRequested")
            town.visits(which, chance.choice(OUTCOMES))
    return town


def made_again(town: Town, service: Service) -> dict[str, Document]:
    """All documents of a service, from nothing but the log."""
    acknowledged = sum(r.topic == COMPLAINTS.name for r in town.world.log[: town.world._read[service.name]])
    spoken, inputs = Spoken(service, read_until={0: acknowledged}), dict[str, list[Input[Any]]]()
    for record in town.world.log:
        spoken.add(record)
    for record in town.world.log:
        if any(edge.topic.member(record.topic) for edge in service.edges):
            given = read(service, record, Clock())
            if given is not None and spoken.is_over(given):
                inputs.setdefault(given.subject, []).append(given)
    around = town.world._around(service)
    return {
        subject: recalled(spoken, subject, facts, inputs.get(subject, ()), around, Clock()).document
        for subject, facts in facts_of(town.world.log).items()
    }


def of(town: Town, service: Service) -> Iterator[Document]:
    return (document for (name, _), document in town.world.documents.items() if name == service.name)


@pytest.mark.parametrize("service", TABLES, ids=lambda service: service.name)
def test_what_is_made_again_from_the_log_is_what_was_stored(service: Service) -> None:
    for seed in LIVES:
        town = lived(seed)
        town.recover()

        again = made_again(town, service)

        for stored in of(town, service):
            made = again[stored.id]
            assert made.case == stored.case, seed
            assert made.unsaid == (), [m.message.headers for m in made.unsaid]
            assert (made.marks, made.begun) == (stored.marks, stored.begun)
            assert made.sequence >= stored.sequence
            due = next_due(service, stored, town.world.policies)
            assert next_due(service, made, town.world.policies) == due
            assert set(stored.heard) <= set(made.heard), seed
            assert made.contact == stored.contact


@pytest.mark.parametrize("service", TABLES, ids=lambda service: service.name)
def test_a_service_that_lost_its_documents_goes_on_where_it_stood_and_says_nothing_twice(service: Service) -> None:
    for seed in LIVES:
        town = lived(seed)
        town.world.lag = Random(seed).choice([0, 7])
        town.world.crash(service.name, 0)
        town.passes(1)
        town.replies(0, "owner", "answered")
        town.passes(30)
        town.world.lag = 0
        town.world.settle()

        lost = [key for key in town.world.documents if key[0] == service.name]
        for key in lost:
            del town.world.documents[key]
        for subject, document in made_again(town, service).items():
            town.world._save(service.name, replace(document, id=subject))
        town.world._read[service.name] = len(town.world.log)
        town.recover()
        town.passes(500)

        causes: dict[tuple[str, str, str], str] = {}
        for record in town.on(COMPLAINTS.name):
            fact, *_ = read_fact(record.headers, record.value)
            which = [str(getattr(fact, name, "")) for name in ("target", "revision", "rung")]
            what = " ".join([type(fact).__name__, *which])
            key = (fact.complaint_id, f"{what} {fact.cycle}", text_header(record.headers, "ce_causationid") or "")
            id = text_header(record.headers, "ce_id") or ""
            assert causes.setdefault(key, id) == id, (seed, key)
        assert not [d for d in town.world.documents.values() if d.parked or d.unsaid]


def test_the_services_are_those_of_the_table() -> None:
    assert {service.name for service in TABLES} == set(SERVICES)
