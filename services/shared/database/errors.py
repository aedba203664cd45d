"""Errors of the database's client: those that a retry may mend become Temporary, and none quotes a document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import wraps
from itertools import chain
from typing import ParamSpec, TypeVar

from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from services.shared.machine.failures import Temporary

P = ParamSpec("P")
R = TypeVar("R")
OUT_OF_REACH = (AutoReconnect, NetworkTimeout, ServerSelectionTimeoutError, WTimeoutError)
PASSING = frozenset({6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436})
"""Error codes of a server that shuts down or is no longer the primary. MongoDB has drivers retry them:
https://github.com/mongodb/specifications/blob/master/source/retryable-writes/retryable-writes.md"""


def reporting(call: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Raises Temporary for an error that a retry may mend. The outcome is unknown: the caller reads again."""

    @wraps(call)
    async def reported(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await call(*args, **kwargs)
        except PyMongoError as error:
            told = _without_documents(error)
            if isinstance(error, OUT_OF_REACH) or not PASSING.isdisjoint(_codes(error)):
                raise Temporary(f"database: {told!r}"[:300]) from None
            raise told from None

    return reported


def _without_documents(error: PyMongoError) -> PyMongoError:
    """The error as it may stand in a log: not with what was to be written, which names people."""
    if not isinstance(error, BulkWriteError):
        return error
    failed = [{k: v for k, v in each.items() if k != "op"} for each in error.details.get("writeErrors", ())]
    return BulkWriteError({**error.details, "writeErrors": failed})


def _codes(error: PyMongoError) -> Iterator[int]:
    if isinstance(error, OperationFailure):
        told = error.details or {"code": error.code}
        of_writes = chain.from_iterable(told.get(kind, ()) for kind in ("writeErrors", "writeConcernErrors"))
        yield from (each["code"] for each in (told, *of_writes) if "code" in each)
