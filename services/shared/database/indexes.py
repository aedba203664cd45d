"""The indexes of a service's documents, and those of older versions, which cost each write and serve nobody."""

from __future__ import annotations

from pymongo import ASCENDING
from pymongo.asynchronous.collection import AsyncCollection

from services.shared.database.stored import Raw

BY_DATE = [("next_due", ASCENDING)]
BY_LANE = [("lane", ASCENDING), *BY_DATE, ("stage", ASCENDING)]
"""The timers' indexes: which are due first, and which of one lane are; the stage stands there to be counted."""
BY_SAYER = [("sayer", ASCENDING), ("sweep_at", ASCENDING)]
"""Documents with unsaid messages, by the process that is to say them: those of living processes are passed over."""
SELDOM = {
    "parked": ("parked", [("parked.since", ASCENDING)]),
    "unsaid": ("unsaid.0", BY_SAYER),
    "waiting": ("wait_until", [("wait_until", ASCENDING)]),
    "empty": ("empty", [("empty", ASCENDING)]),
}
"""States that few documents are in: the field that tells, and the partial index that holds just these documents."""
OLDER = ("saved_at_1", "lane_1_next_due_1", "stage_1", "sweep_at_1")
"""The names of indexes that older versions made and this one does not use."""


async def make(documents: AsyncCollection[Raw]) -> None:
    """Make the partial indexes of timers, of what is unsaid, parked and waiting; remove those of older versions.

    An index of another name stays: somebody else may have made it.
    """

    def only(field: str) -> Raw:
        return {"partialFilterExpression": {field: {"$exists": True}}}

    for index in (BY_DATE, BY_LANE):
        await documents.create_index(index, **only("next_due"))
    for field, index in SELDOM.values():
        await documents.create_index(index, **only(field))
    await documents.create_index("label", unique=True, **only("label"))
    there = await documents.index_information()
    for name in there.keys() & {*OLDER}:
        await documents.drop_index(name)
