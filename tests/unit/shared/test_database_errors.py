"""Errors of a database that goes down or steps down are temporary; a refused write is not."""

from __future__ import annotations

import traceback

import pytest
from pymongo.errors import AutoReconnect, BulkWriteError, OperationFailure, PyMongoError

from services.shared.database.errors import PASSING, reporting
from services.shared.database.store import DUPLICATE_KEY
from services.shared.machine.failures import Temporary

SHUTTING_DOWN, STEPPED_DOWN, DENIED = 11600, 10107, 13


def bulk(*writes: int, concern: tuple[int, ...] = ()) -> BulkWriteError:
    told = {"writeErrors": [{"code": code} for code in writes], "writeConcernErrors": [{"code": c} for c in concern]}
    return BulkWriteError(told)


async def fails_with(error: PyMongoError) -> type[BaseException] | None:
    @reporting
    async def call() -> None:
        raise error

    try:
        await call()
    except (PyMongoError, Temporary) as raised:
        return type(raised)
    return None


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("the connection is reset"),
        OperationFailure("going down", SHUTTING_DOWN),
        OperationFailure("not primary", STEPPED_DOWN, {"code": STEPPED_DOWN}),
        bulk(concern=(91,)),
        bulk(DUPLICATE_KEY, concern=(11602,)),
        bulk(*PASSING),
    ],
    ids=str,
)
async def test_an_error_that_passes_is_tried_again(error: PyMongoError) -> None:
    assert await fails_with(error) is Temporary


@pytest.mark.parametrize("error", [OperationFailure("denied", DENIED), bulk(DENIED), bulk(DUPLICATE_KEY)], ids=str)
async def test_an_error_that_stays_is_told_as_it_is(error: PyMongoError) -> None:
    assert await fails_with(error) is type(error)


@pytest.mark.parametrize("code", [DENIED, SHUTTING_DOWN])
async def test_what_a_database_did_not_write_is_never_told_with_what_was_to_be_written(code: int) -> None:
    people = {"u": {"contact": {"phone": "13800138000"}}}
    error = BulkWriteError({"writeErrors": [{"code": code, "errmsg": "no", "op": people}]})

    @reporting
    async def call() -> None:
        raise error

    with pytest.raises((BulkWriteError, Temporary)) as raised:
        await call()

    lines = "".join(traceback.format_exception(raised.value))
    assert "13800138000" not in lines and str(code) in lines
