"""Takes fetched batches apart, so that no record on a topic can end its reader.

Importing this module puts `Records` into aiokafka's fetcher. Unreadable bytes come out as a `Damaged` record. Batches
that nobody is to read (aborted, control, empty) come out as a `Nothing`. So every offset is passed and settled.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from aiokafka.consumer import fetcher
from aiokafka.record._crecords import DefaultRecordBatch
from aiokafka.structs import ConsumerRecord

from services.shared.broker.unpacking import Unpackable, unpacked
from services.shared.machine.letters import Broken, Origin

AT_ONCE_BYTES = 4 * 1024 * 1024
"""Once so much has been unpacked of one fetch, the rest is fetched again."""
RAW_BYTES = 1024 * 1024
"""How much is kept of what cannot be read."""
HEADER = struct.Struct(">qiibIhiqqqhii")
START = struct.Struct(">qi")
CODEC, TIMED_BY_BROKER, TRANSACTIONAL, CONTROL = 0x07, 0x08, 0x10, 0x20
ATTRIBUTES_AT = 21
ABORT_MARKER = struct.pack(">hh", 0, 0)


@dataclass
class Damaged(ConsumerRecord):  # type: ignore[misc]
    """A record, or all that is left of a batch, that cannot be read; `value` is what stands there."""

    first: int
    """The offset at which it begins; `offset` is the last that it takes."""
    why: str


@dataclass
class Nothing(ConsumerRecord):  # type: ignore[misc]
    """An offset up to which there is nothing for anybody."""


def origin_of(record: Any) -> Origin:
    """The record as services know it, with its place."""
    if isinstance(record, Damaged):
        where = record.topic, record.partition, record.first, record.timestamp
        return Broken(*where, record.key, record.value, tuple(record.headers), record.why)
    return Origin(
        record.topic, record.partition, record.offset, record.timestamp, record.key, record.value, tuple(record.headers)
    )


class Batch(NamedTuple):
    """A batch as its header tells, in its whole length."""

    base: int
    last: int
    attributes: int
    timestamps: tuple[int, int]
    producer: int
    records: int
    raw: bytes

    @property
    def appended_ms(self) -> int:
        """The broker's append time, or the latest time that its sender gave."""
        return self.timestamps[1]


class Raw:
    """The records of a fetch, as aiokafka hands them on: bytes until they are wanted."""

    def __init__(self, data: bytes) -> None:
        self.data = bytes(data or b"")

    def has_next(self) -> bool:
        """Whether there is one whole batch at least."""
        return bool(self.data) and len(self.data) >= _end(self.data, 0)

    def size_in_bytes(self) -> int:
        """How much came."""
        return len(self.data)

    def batches(self) -> Iterator[Batch]:
        """The batches in order; the last may have come in part and is left out."""
        at = 0
        while at + HEADER.size <= len(self.data) and (end := _end(self.data, at)) <= len(self.data):
            yield _batch(self.data[at:end])
            at = end


def _end(data: bytes, at: int) -> int:
    if at + START.size > len(data):
        return at + START.size
    return at + START.size + max(int(START.unpack_from(data, at)[1]), HEADER.size - START.size)


def _batch(raw: bytes) -> Batch:
    base, _, _, _, _, attributes, delta, first_ms, last_ms, producer, _, _, count = HEADER.unpack_from(raw)
    return Batch(base, base + max(delta, 0), attributes, (first_ms, last_ms), producer, count, raw)


class Records(fetcher.PartitionRecords):  # type: ignore[misc]
    """The records of one partition in a fetch; each offset comes out, whatever stands there."""

    next_fetch_offset: int

    def _unpack_records(self) -> Iterator[Any]:
        taken = 0
        for batch in self._records.batches():
            if batch.last < self.next_fetch_offset:
                continue
            if taken > AT_ONCE_BYTES:
                return
            found, size = ([], 0) if self._is_for_nobody(batch) else opened(self._tp, batch)
            taken += size
            for record in found:
                if record.offset >= self.next_fetch_offset:
                    self.next_fetch_offset = record.offset + 1
                    yield record
            if self.next_fetch_offset <= batch.last:
                self.next_fetch_offset = batch.last + 1
                yield Nothing(*self._tp, batch.last, batch.appended_ms, 1, None, None, None, -1, -1, ())

    def _is_for_nobody(self, batch: Batch) -> bool:
        """A control batch, or one of a transaction that was aborted."""
        if self._isolation_level == fetcher.READ_COMMITTED and batch.producer >= 0:
            self._consume_aborted_up_to(batch.base)
            if aborts(batch):
                self._aborted_producers.discard(batch.producer)
            if batch.attributes & TRANSACTIONAL and batch.producer in self._aborted_producers:
                return True
        return bool(batch.attributes & CONTROL)


def aborts(batch: Batch) -> bool:
    """Whether it is the control batch that ends a transaction in vain: its one record's key says so."""
    if not batch.attributes & CONTROL:
        return False
    body = memoryview(batch.raw)[HEADER.size :]
    return any(part.read()[2] == ABORT_MARKER for part in _parts(batch, body))


def opened(tp: Any, batch: Batch) -> tuple[list[Any], int]:
    """The records of a batch, and how many bytes they have unpacked."""
    body = batch.raw[HEADER.size :]
    if not DefaultRecordBatch(batch.raw).validate_crc():
        return [_damaged(tp, batch, batch.base, batch.last, body, "a batch that does not agree with its checksum")], 0
    if codec := batch.attributes & CODEC:
        try:
            body = unpacked(codec, body)
        except Unpackable as problem:
            return [_damaged(tp, batch, batch.base, batch.last, body, f"a batch that cannot be unpacked: {problem}")], 0
    plain = bytearray(batch.raw[: HEADER.size] + body)
    struct.pack_into(">h", plain, ATTRIBUTES_AT, batch.attributes & ~CODEC)
    try:
        found = [_whole(tp, record) for record in DefaultRecordBatch(bytes(plain))]
    except Exception:  # whatever the extension raises, each part of it that can be read is
        return list(_piecemeal(tp, batch, memoryview(body))), len(body)
    found.sort(key=lambda record: record.offset)
    offsets = [batch.base - 1, *(record.offset for record in found), batch.last + 1]
    in_order = all(before < after for before, after in pairwise(offsets))
    return (found if in_order else list(_piecemeal(tp, batch, memoryview(body)))), len(body)


def _whole(tp: Any, record: Any) -> ConsumerRecord[bytes, bytes]:
    sizes = (-1 if part is None else len(part) for part in (record.key, record.value))
    when, kind = record.timestamp, record.timestamp_type
    headers = tuple(record.headers)
    return ConsumerRecord(*tp, record.offset, when, kind, record.key, record.value, None, *sizes, headers)


class _Part(NamedTuple):
    """One record's bytes within its batch."""

    content: memoryview

    def read(self) -> tuple[int, int, bytes | None, bytes | None, list[tuple[bytes, bytes | None]]]:
        """How far time and offset are from the batch's, key, value and headers; raises ValueError or IndexError."""
        at = 1
        later_ms, at = _varint(self.content, at)
        delta, at = _varint(self.content, at)
        key, at = self._bytes(at)
        value, at = self._bytes(at)
        count, at = _varint(self.content, at)
        headers = []
        for _ in range(count):
            name, at = self._bytes(at)
            if name is None:
                raise ValueError("a header without a name")
            content, at = self._bytes(at)
            headers.append((name, content))
        if count < 0 or at != len(self.content):
            raise ValueError("the record is not as long as it says")
        return later_ms, delta, key, value, headers

    def _bytes(self, at: int) -> tuple[bytes | None, int]:
        size, at = _varint(self.content, at)
        if size < 0:
            return None, at
        if at + size > len(self.content):
            raise ValueError("a part of it is longer than the record")
        return bytes(self.content[at : at + size]), at + size


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return (value >> 1) ^ -(value & 1), at
        shift += 7
        if shift > 63:
            raise ValueError("a number that does not end")


def _parts(batch: Batch, body: memoryview) -> Iterator[_Part]:
    """The bytes of one record after the other; raises ValueError or IndexError where they cannot be told apart."""
    at = 0
    for _ in range(batch.records):
        length, at = _varint(body, at)
        if length < 1 or at + length > len(body):
            raise ValueError("a record that does not end within its batch")
        yield _Part(body[at : at + length])
        at += length
    if at < len(body):
        raise ValueError("more bytes than the batch has records")


def _piecemeal(tp: Any, batch: Batch, body: memoryview) -> Iterator[Any]:
    """Each record for itself; from where records cannot be told apart, the rest as one."""
    expected = batch.base
    parts = _parts(batch, body)
    while expected <= batch.last:
        try:
            part = next(parts, None)
        except (ValueError, IndexError) as problem:
            yield _damaged(tp, batch, expected, batch.last, bytes(body), f"a batch that cannot be read: {problem}")
            return
        if part is None:
            return
        record = _one(tp, batch, part, expected)
        yield record
        expected = record.offset + 1


def _one(tp: Any, batch: Batch, part: _Part, expected: int) -> Any:
    try:
        later_ms, delta, key, value, headers = part.read()
    except (ValueError, IndexError) as problem:
        raw = bytes(part.content)
        return _damaged(tp, batch, expected, expected, raw, f"a record that cannot be read: {problem}")
    offset = batch.base + delta
    if not expected <= offset <= batch.last:
        return _damaged(tp, batch, expected, expected, bytes(part.content), "a record out of its batch's order")
    when = batch.appended_ms if batch.attributes & TIMED_BY_BROKER else batch.timestamps[0] + later_ms
    named = tuple((name.decode(errors="backslashreplace"), content) for name, content in headers)
    whole = (*tp, offset, when, 1, key, value, None, -1, -1, named)
    if all(_is_text(name) for name, _ in headers):
        return ConsumerRecord(*whole)
    return Damaged(*whole, offset, "a header's name is not UTF-8")


def _is_text(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _damaged(tp: Any, batch: Batch, first: int, last: int, raw: bytes, why: str) -> Damaged:
    where = f"offset {first}" if first == last else f"offsets {first} to {last}"
    return Damaged(
        *tp, last, batch.appended_ms, 1, None, raw[:RAW_BYTES], None, -1, -1, (), first, f"{why} ({where})"[:500]
    )


fetcher.MemoryRecords, fetcher.PartitionRecords = Raw, Records
