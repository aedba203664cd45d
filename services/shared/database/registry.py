"""The leases of one service's processes, as they stand in its database: one small document for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from services.shared.database.database import DURABLE, LAZY, Database
from services.shared.database.errors import reporting


class Leasebook:
    """The leases of the processes of one service; MongoDB removes a lease an hour after its last renewal."""

    def __init__(self, store: Database) -> None:
        self._leases = store.database.get_collection("processes", write_concern=DURABLE)
        self._lazily = store.database.get_collection("processes", write_concern=LAZY)

    @reporting
    async def enrol(self, name: str, heir_of: str | None = None) -> None:
        """A process begins; whoever was there under names that begin so has died before it. Durably."""
        if heir_of is not None:
            await self._leases.update_many({"_id": {"$regex": f"^{re.escape(heir_of)}"}}, {"$set": {"dead": True}})
        await self._leases.update_one({"_id": name}, _renewal(), upsert=True)

    @reporting
    async def renew(self, name: str) -> bool:
        """It lives on; False where it has been declared dead. Lazily: the next renewal is near."""
        done = await self._lazily.update_one({"_id": name, "dead": {"$exists": False}}, _renewal())
        return bool(done.matched_count)

    @reporting
    async def leases(self) -> Mapping[str, int]:
        """The lease of each that was not declared dead: a number that grows with each renewal."""
        return {raw["_id"]: raw["renewals"] async for raw in self._leases.find({"dead": {"$exists": False}})}

    @reporting
    async def bury(self, name: str, lease: int | None = None) -> bool:
        """Declare a process dead, unless it has renewed the lease that is given meanwhile."""
        unchanged = {"_id": name} if lease is None else {"_id": name, "renewals": lease}
        done = await self._leases.update_one(unchanged, {"$set": {"dead": True}})
        return bool(done.matched_count)


def _renewal() -> dict[str, Any]:
    return {"$inc": {"renewals": 1}, "$currentDate": {"at": True}}
