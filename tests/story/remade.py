"""The documents of a service made again from nothing but the log of a town."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from typing import Any

from schemas.envelope import Unreadable
from schemas.topics import COMPLAINTS
from services.shared.machine.documents import Document, Input
from services.shared.machine.reading import read
from services.shared.machine.recall import Spoken, facts_of, recalled
from services.shared.machine.table import Service
from services.shared.timing.clock import Clock
from tests.builders import Town


def made_again(town: Town, service: Service) -> dict[str, Document]:
    """All documents of a service, from nothing but the log."""
    acknowledged = sum(r.topic == COMPLAINTS.name for r in town.world.log[: town.world._read[service.name]])
    spoken = Spoken(service, read_until={0: acknowledged})
    over, waiting = defaultdict[str, list[Input[Any]]](list), defaultdict[str, list[Input[Any]]](list)
    for record in town.world.log:
        spoken.add(record)
    for record in town.world.log:
        if any(edge.topic.member(record.topic) for edge in service.edges):
            with suppress(Unreadable):
                given = read(service, record, Clock())
                assert given is not None
                (over if spoken.is_over(given) else waiting)[given.subject].append(given)
    around = town.world._around(service)
    return {
        subject: recalled(spoken, subject, facts, over[subject], around, Clock(), waiting[subject]).document
        for subject, facts in facts_of(town.world.log).items()
    }
