"""The client of a queue that the documents show, and how router's own documents have the same orders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from schemas.envelope import Message
from schemas.topics import QUEUE
from services.router.ledger import orders
from services.shared.machine.documents import Document
from services.shared.machine.letters import Origin
from tests.builders import Town

PAGE = Path(__file__).parents[2] / "docs/queues.md"


@cache
def _shown() -> dict[str, Any]:
    found = re.search(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found and len([line for line in found[1].splitlines() if line.strip()]) <= 20
    names: dict[str, Any] = {}
    exec(found[1], names)
    return names


def client() -> Any:
    """The client of the page, word for word."""
    return _shown()["Orders"]()


class Departments:
    """All departments with one client; they read what is new on their queues."""

    def __init__(self) -> None:
        self.client = client()
        self._read = 0

    def read(self, town: Town) -> None:
        """Up to the end of the log."""
        for record in town.world.log[self._read :]:
            if QUEUE.member(record.topic) is not None:
                self.client.hear(record)
        self._read = len(town.world.log)

    def hear(self, unsaid: Iterable[Message]) -> None:
        """What router has decided and not yet published."""
        for m in unsaid:
            if QUEUE.member(m.topic) is not None:
                self.client.hear(Origin(m.topic, 0, 0, 0, m.key_bytes, m.value, m.headers))

    def last(self, complaint: str) -> dict[str, dict[str, Any]]:
        """The last message of each order about a complaint."""
        return {id: order for id, (_, order) in self.client.last.items() if id.startswith(f"{complaint}/")}


def agree(departments: Departments, town: Town, document: Document) -> None:
    """Whoever keeps the last message of each order knows what router's document says of all of them."""
    known = departments.last(document.id)
    held = {order.id(document.id): order for order in orders(document.case, town.policy).values()}
    assert {id: known[id]["state"] for id in held} == {id: order.state for id, order in held.items()}
    assert {id for id, order in known.items() if order["state"] == "open"} <= held.keys()
    for id, order in held.items():
        said = known[id]
        assert (said["subject"], said["department"]) == (document.case.matter.subject, order.queue)
        assert order.kind != "visit" or said["attempt"]
        if not order.is_over:
            _is_whole(said, document.case)


def _is_whole(said: dict[str, Any], case: Any) -> None:
    """The last message of an order that is not over has the dates, the answer and the level that the document has."""
    dates = [(t.name, t.due_at, t.revision) for t in case.plan.targets]
    if said["order"] == "visit":
        dates.append(("visit", case.loop.visit.due_at, case.loop.visit.attempt))
    told = [(t["name"], t["due_at"], t["revision"]) for t in said["targets"]]
    assert told == [(name, _written(due), revision) for name, due, revision in dates]
    answer, level, cycle = case.plan.answer, case.loop.level, case.plan.cycle
    if said["order"] == "visit":
        cycle = case.loop.visit.cycle
    assert (said.get("answer", ""), said.get("level", 0), said["cycle"]) == (answer, level, cycle)


def _written(moment: Any) -> str:
    return str(moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds")).replace("+00:00", "Z")
