"""A store without a database: what stands there of one service's documents, each call answered after a while.

It keeps the same rules as the real one; tests/integration/test_timers.py and test_unreadable.py ask both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from services.shared.database import stored
from services.shared.database.store import LEFT, Beyond, Store
from services.shared.database.stored import AT_ONCE, Raw
from services.shared.machine.documents import Case, Document, Timer
from tests.builders import ESCALATION

Rows = Sequence[tuple[Document, Timer | None]]


async def at_once() -> None:
    """No time passes."""


@dataclass
class Memory:
    """What a database keeps: any number of stores may be open over it."""

    documents: dict[str, Raw] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    reports: dict[str, Mapping[int, datetime]] = field(default_factory=dict)

    def keep(self, rows: Rows, sweep_at: datetime = datetime.max) -> None:
        """Write documents whatever is there."""
        for document, timer in rows:
            self.documents[document.id] = stored.written(document, timer, sweep_at)
            self.timers.pop(document.id, None)
            if timer is not None:
                self.timers[document.id] = timer


class MemoryStore(Store):
    """The part of a store that the loop and the poller use. `passes` is how long the way to the database takes."""

    def __init__(
        self,
        memory: Memory,
        passes: Callable[[], Awaitable[None]] = at_once,
        case: type[Case] = ESCALATION.case,
    ) -> None:
        self._memory, self._passes, self._case = memory, passes, case

    async def load(self, ids: Iterable[str]) -> dict[str, Document]:
        await self._passes()
        known = self._memory.documents
        found = {id: stored.read(deepcopy(known[id]), self._case) for id in ids if id in known}
        await self._passes()
        return found

    async def save(self, documents: Rows, sweep_at: datetime) -> set[str]:
        await self._passes()
        known = self._memory.documents
        lost = {d.id for d, _ in documents if d.version != (known[d.id].get("version") if d.id in known else 0)}
        labels = {raw["label"]: id for id, raw in known.items() if "label" in raw}
        for d, _ in documents:
            if d.case is not None and d.case.label and labels.setdefault(d.case.label, d.id) != d.id:
                lost.add(d.id)
        self._memory.keep([(document, timer) for document, timer in documents if document.id not in lost], sweep_at)
        await self._passes()
        return lost

    async def labelled(self, labels: Iterable[str]) -> dict[str, str]:
        await self._passes()
        wanted = set(labels)
        known = self._memory.documents.items()
        return {raw["label"]: id for id, raw in known if raw.get("label") in wanted}

    async def clear(self, said: Mapping[str, int]) -> None:
        for id, n in said.items():
            if (raw := self._memory.documents.get(id)) is not None:
                raw["unsaid"] = [item for item in raw["unsaid"] if item["n"] > n]

    async def unsaid(
        self, now: datetime, limit: int, living: Iterable[str] = (), me: str | None = None
    ) -> list[tuple[str, str | None]]:
        await self._passes()
        found = []
        for raw in self._memory.documents.values():
            sayer, latest = raw.get("sayer"), now
            if sayer in living:
                latest = now - LEFT if sayer == me else AT_ONCE - LEFT
            if raw["unsaid"] and raw["sweep_at"] <= latest:
                found.append(raw)
        return [(raw["_id"], raw.get("sayer")) for raw in sorted(found, key=lambda raw: raw["sweep_at"])[:limit]]

    async def claim(self, found: Mapping[str, str | None], me: str | None) -> list[str]:
        await self._passes()
        known = [(raw, sayer) for id, sayer in found.items() if (raw := self._memory.documents.get(id)) is not None]
        for raw, sayer in known:
            if raw.get("sayer") == sayer:
                raw["sayer"] = me
        await self._passes()
        return [raw["_id"] for raw, _ in known if raw.get("sayer") == me]

    async def waited(self, is_over: Callable[[str, datetime], bool], limit: int) -> list[str]:
        await self._passes()
        waiting = {id: raw["wait_until"] for id, raw in self._memory.documents.items() if "wait_until" in raw}
        return [id for id in sorted(waiting, key=waiting.__getitem__) if is_over(id, waiting[id])][:limit]

    async def remove_empty(self, until: datetime) -> None:
        await self._passes()
        kept = self._memory.documents.items()
        gone = [id for id, raw in kept if "empty" in raw and not raw["unsaid"] and raw["sweep_at"] <= until]
        for id in gone:
            del self._memory.documents[id]

    async def parked(self, limit: int = 100) -> list[Document]:
        await self._passes()
        found = [raw["_id"] for raw in self._memory.documents.values() if "parked" in raw]
        return list((await self.load(found[:limit])).values())

    async def due(self, until: datetime, limit: int, beyond: Beyond | None = None) -> list[tuple[str, datetime]]:
        await self._passes()
        due = [(id, timer) for id, timer in self._memory.timers.items() if timer.due <= until]
        lanes = {timer.lane for _, timer in due}
        oldest = sorted(due, key=lambda row: row[1].due)
        if beyond is not None:
            await self._passes()
            rest = [(id, timer.due) for id, timer in oldest if timer.due >= beyond[0]]
            return rest[beyond[1] :][:limit]
        shares = [[row for row in oldest if row[1].lane == lane][: max(1, limit // len(lanes))] for lane in lanes]
        fair = {id: timer.due for share in shares for id, timer in share} if len(due) >= limit else {}
        for id, timer in oldest:
            if len(fair) < limit:
                fair[id] = timer.due
        await self._passes()
        return sorted(fair.items(), key=lambda row: row[1])

    async def first_due(self) -> datetime | None:
        await self._passes()
        first = min((timer.due for timer in self._memory.timers.values()), default=None)
        await self._passes()
        return first

    async def census(self) -> dict[tuple[str, ...], int]:
        await self._passes()
        return dict(Counter(timer.stage for timer in self._memory.timers.values() if timer.stage))

    async def tell_read_until(self, process: str, decided: Mapping[int, datetime], now: datetime) -> None:
        await self._passes()
        self._memory.reports[process] = {partition: min(at, now) for partition, at in decided.items()}

    async def read_until(self) -> dict[int, datetime]:
        await self._passes()
        furthest: dict[int, datetime] = {}
        for report in self._memory.reports.values():
            furthest |= {p: max(at, furthest.get(p, at)) for p, at in report.items()}
        return furthest
