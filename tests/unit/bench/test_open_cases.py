"""Open cases that a benchmark makes in bulk are what the services themselves would have stored."""

import bson
import pytest

from closedloop.bench.open_cases import SERVICES, id_of, moulds_of
from schemas.references import candidates
from services.shared.database import stored


@pytest.fixture(scope="module")
def moulds():
    return moulds_of(4)


@pytest.mark.parametrize("name", SERVICES)
def test_an_open_case_made_in_bulk_reads_as_a_rehearsed_one_with_another_id(moulds, name):
    mould = next(iter(moulds[name].values()))

    made, rehearsed = (
        stored.read(bson.decode(raw, stored_as()), SERVICES[name].case)
        for raw in (
            mould.cast(7).raw,
            mould.document,
        )
    )

    assert made.damage is None
    assert made.id == id_of(7)
    assert (made.version, made.sequence, made.marks) == (rehearsed.version, rehearsed.sequence, rehearsed.marks)
    assert mould.id not in mould.cast(7).raw


def test_an_open_case_made_in_bulk_has_the_reference_that_its_id_gives(moulds):
    raw = bson.decode(moulds["intake"][0].cast(7).raw)

    assert raw["label"] == next(candidates(raw["_id"]))


def test_no_two_open_cases_made_in_bulk_have_the_same_reference():
    assert len({next(candidates(id_of(number))) for number in range(2_000)}) == 2_000


def stored_as():
    return bson.CodecOptions(tz_aware=True)
