"""Whatever stands in a batch: every offset is passed, what can be read is read, and nothing is raised."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Any

import cramjam
import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from hypothesis import given, settings
from hypothesis import strategies as st
from kafka.record import MemoryRecords

from closedloop import wire as verifying
from services.shared.broker.unpacking import MOST_BYTES, Unpackable, unpacked
from services.shared.broker.wire import AT_ONCE_BYTES, Damaged, Nothing, Raw, Records
from tests.bounded import within
from tests.hostile_records import EVERY_CODEC, NAMES, Generator, batch, of, packed, record
from tests.sampling import so_many

TP = TopicPartition("t", 0)
COMPRESSED = EVERY_CODEC[1:]
GROWN_BYTES, MOST_MEGABYTES = 4 * MOST_BYTES, 3 * MOST_BYTES // 2**20
"""What a bomb grows to, and how much memory whoever stops it needs at most: less than that."""


def read(raw: bytes, at: int = 0, level: int = fetcher.READ_COMMITTED, aborted: Any = ()) -> list[Any]:
    """What a reader sees of a fetch that begins at this offset."""
    return list(Records(TP, Raw(raw), list(aborted), at, None, None, True, level))


def based(raw: bytes, offset: int) -> bytes:
    """The same batch where the broker put it."""
    return struct.pack(">q", offset) + raw[8:]


@pytest.mark.parametrize("codec", EVERY_CODEC, ids=NAMES.values())
def test_what_is_sent_by_any_codec_of_kafka_is_read(codec: int) -> None:
    records = [record(n, b"v%d" % n, b"k", [(b"ce_id", b"%d" % n), (b"none", None)]) for n in range(100)]

    found = read(of(records, codec))

    assert [(r.offset, r.value, r.key) for r in found] == [(n, b"v%d" % n, b"k") for n in range(100)]
    assert found[7].headers == (("ce_id", b"7"), ("none", None))
    assert not any(isinstance(r, Damaged) for r in found)


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes each unpacking may write, in order."""
    found: list[int] = []

    def counting(unpack: Any) -> Any:
        def counted(packed: bytes, room: memoryview) -> int:
            found.append(len(room))
            return int(unpack(packed, room))

        return counted

    places = [*((getattr(cramjam, codec), "decompress_into") for codec in ("gzip", "lz4", "zstd"))]
    for module, name in (*places, (cramjam.snappy, "decompress_raw_into")):
        monkeypatch.setattr(module, name, counting(getattr(module, name)))
    return found


@pytest.mark.parametrize("codec", COMPRESSED, ids=[NAMES[codec] for codec in COMPRESSED])
def test_what_would_grow_beyond_measure_is_stopped_before_it_does(codec: int, rooms: list[int]) -> None:
    bomb = packed(codec, bytes(GROWN_BYTES))

    def is_stopped() -> None:
        with pytest.raises(Unpackable, match="more than"):
            unpacked(codec, bomb)
        (letter,) = read(batch(bomb, 3, codec))

        assert len(rooms) <= 2 and set(rooms) <= {MOST_BYTES}, "each reading unpacks once, into room that does not grow"
        assert (letter.first, letter.offset) == (0, 2)
        assert "offsets 0 to 2" in letter.why and letter.value == bomb[: len(letter.value)]

    # Some codecs end their process where memory is short.
    within(MOST_MEGABYTES, is_stopped)


def test_a_name_that_is_no_text_costs_its_own_record_and_no_other() -> None:
    records = [record(0, b"a"), record(1, b"b", headers=[(b"\xff\xfe", b"x")]), record(2, b"c")]

    found = read(of(records))

    assert [(type(r) is Damaged, r.value) for r in found] == [(False, b"a"), (True, b"b"), (False, b"c")]
    assert found[1].headers == (("\\xff\\xfe", b"x"),)


def test_a_record_that_does_not_end_takes_the_rest_of_its_batch_along_and_no_more() -> None:
    body = record(0, b"good") + b"\xff\xff\xff\xff\x7f" + b"??"

    good, rest, after = read(batch(body, 4) + based(of([record(0, b"next")]), 4))

    assert (good.value, rest.first, rest.offset, after.value) == (b"good", 1, 3, b"next")


def test_what_a_transaction_took_back_is_nothing_and_its_offsets_are_passed() -> None:
    taken_back = batch(record(0, b"no"), 1, 0x10, producer=(7, 0, 0))
    marker = based(batch(record(0, b"\0\0\0\0\0\0", b"\0\0\0\0"), 1, 0x30, producer=(7, 0, -1)), 1)
    kept = based(batch(record(0, b"yes"), 1, 0x10, producer=(7, 0, 1)), 2)

    found = read(taken_back + marker + kept, aborted=[(7, 0)])

    assert [type(r) for r in found[:2]] == [Nothing, Nothing]
    assert [r.offset for r in found] == [0, 1, 2]
    assert found[2].value == b"yes"


def test_of_much_that_unpacks_to_much_more_the_rest_is_fetched_again() -> None:
    large = of([record(0, bytes(AT_ONCE_BYTES // 2))], 4)
    fetched = b"".join(based(large, n) for n in range(10))

    first = read(fetched)
    again = read(fetched, at=first[-1].offset + 1)

    assert 1 < len(first) < 10
    assert again[0].offset == first[-1].offset + 1


@given(st.binary(max_size=300), st.sampled_from(EVERY_CODEC), st.integers(-3, 9), st.integers(-3, 12), st.booleans())
def test_whatever_a_batch_holds_no_offset_is_lost_and_none_comes_twice(
    body: bytes, codec: int, count: int, last: int, is_packed: bool
) -> None:
    raw = batch(packed(codec, body) if is_packed else body, count, codec, last_delta=last)

    found = read(raw)

    passed = [(getattr(r, "first", r.offset), r.offset) for r in found]
    assert all(first <= end for first, end in passed)
    assert all(end < begins for (_, end), (begins, _) in pairwise(passed))
    assert passed[-1][1] == max(last, 0)


@settings(max_examples=so_many(5, 20), deadline=None)
@given(st.integers(0, 2**32))
def test_whoever_checks_divides_a_batch_as_the_services_do(seed: int) -> None:
    generator = Generator(seed, lambda n: b"{}")
    sendings = [generator.mixed(20), *(s for s in generator.strange() if s.records > 0)]

    for sending in sendings:
        services = [r for r in read(sending.raw) if not isinstance(r, Nothing)]
        ours = {getattr(r, "first", r.offset): (r.value, isinstance(r, Damaged)) for r in services}
        theirs = {found[0]: (found[3], not found[5]) for found in checked(sending.raw)}
        assert ours == theirs, sending.kind


def checked(raw: bytes) -> list[Any]:
    made = MemoryRecords(raw).next_batch()
    return [] if made.is_control_batch else verifying._opened(made)
