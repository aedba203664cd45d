"""Which partitions a service does not read on, as it stands in its database: no restart or rebalance ends a stop."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from services.shared.database.database import DURABLE, Database
from services.shared.database.errors import reporting
from services.shared.machine.stopping import Place, Stop


class Stopbook:
    """The stops of one service, shared by its processes. Any method may raise Temporary."""

    def __init__(self, store: Database) -> None:
        self._stops = store.database.get_collection("stops", write_concern=DURABLE)

    @reporting
    async def all(self) -> dict[Place, Stop]:
        """Every partition that was ever stopped, with its last stop."""
        return {stop.place: stop async for stop in _read(self._stops.find())}

    @reporting
    async def keep(self, stop: Stop) -> None:
        """Remember this stop in place of the partition's last one."""
        await self._stops.replace_one({"_id": _name(stop)}, asdict(stop), upsert=True)

    @reporting
    async def go_on(self, stop: Stop, read_until: int) -> None:
        """The partition is read on. Records before that offset are read even if they are turned away."""
        same = {"_id": _name(stop), "offset": stop.offset}
        await self._stops.update_one(same, {"$set": {"read_until": read_until}})


async def _read(found: Any) -> Any:
    names = {field.name for field in fields(Stop)}
    async for raw in found:
        yield Stop(**{name: value for name, value in raw.items() if name in names})


def _name(stop: Stop) -> str:
    return f"{stop.topic}#{stop.partition}"
