"""Two processes that give the same label at the same time: one has it, the other decides again with the next one."""

from __future__ import annotations

import asyncio
import json
from random import Random

import pytest
from prometheus_client import CollectorRegistry

from schemas.topics import SUBMISSIONS
from services.shared.broker.publisher import Publisher
from services.shared.loop.loop import Loop
from services.shared.loop.outbox import Outbox
from services.shared.loop.work import Work
from services.shared.machine.documents import Input
from services.shared.machine.reading import command
from services.shared.timing.clock import Clock
from services.shared.watching.measures import Measures
from tests.builders import MONDAY, SERVICES, book
from tests.unit.shared.hosts import Place, Shown
from tests.unit.shared.memory_store import MemoryStore
from tests.unit.shared.moved_time import run

INTAKE = SERVICES[0]
PAIR = ("portal-239808", "portal-922651")
"""Two complaints whose first choice is the same reference."""


def submission(name: str) -> Input[object]:  # type: ignore[type-var]
    value = json.dumps({"id": name, "subject": "it leaks"}).encode()
    return command(INTAKE, SUBMISSIONS.of("http"), value, (), MONDAY, Clock())


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("processes", [1, 2])
def test_no_two_documents_have_one_label_whoever_decides_on_them_and_when(processes: int, seed: int) -> None:
    random = Random(seed)

    async def passes() -> None:
        for _ in range(random.randrange(4)):
            await asyncio.sleep(0)

    async def decided() -> list[str]:
        place = Place(Shown(), random)
        loops = []
        for _ in range(processes):
            store = MemoryStore(place.memory, passes, INTAKE.case)
            measures = Measures(INTAKE.name, (), CollectorRegistry())
            loops.append(Loop(INTAKE, store, Outbox(Publisher(place)), book(), Clock(), measures, lambda: MONDAY))
        running = [asyncio.create_task(loop.run()) for loop in loops]
        work = [submission(name) for name in PAIR]
        asked = [loops[n % processes].finish(Work([given])) for n, given in enumerate((*work, *work))]
        answers = await asyncio.gather(*asked)
        for task in running:
            task.cancel()
        return [document.case.label for settled in answers for document in settled.values()]

    labels = run(decided())

    assert len(set(labels)) == 2 and "CL-00T-4XC-RNE" in labels
