"""A consumer of kafka-python that reads whatever stands on a topic: what cannot be read is a record that says so."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import cramjam
from kafka import KafkaConsumer
from kafka.consumer.fetcher import ConsumerRecord, Fetcher, IsolationLevel

MOST_BYTES = 16 * 1024 * 1024
"""How much one batch may hold once it is unpacked; what grows further is not read."""
RAW_BYTES = 1024 * 1024
CODECS = {1: "gzip", 2: "snappy", 3: "lz4", 4: "zstd"}
CODEC, TIMED_BY_BROKER = 0x07, 0x08
JAVA_SNAPPY, JAVA_SNAPPY_HEADER = b"\x82SNAPPY\x00", 16


class Damaged(ConsumerRecord):  # type: ignore[misc]
    """A record, or what is left of a batch, that cannot be read: its value is what stands there."""


def consumer(bootstrap: str, **settings: Any) -> KafkaConsumer:
    """Reads what is committed, joins no group; no record ends it."""
    made = KafkaConsumer(
        bootstrap_servers=bootstrap.split(","), enable_auto_commit=False, isolation_level="read_committed", **settings
    )
    made._fetcher.PartitionRecords = _Records
    return made


class _Records(Fetcher.PartitionRecords):  # type: ignore[misc]
    def _unpack_records(self, tp: Any, records: Any, *_: Any) -> Iterator[Any]:
        while (batch := records.next_batch()) is not None:
            for found in () if self._is_for_nobody(batch) else _opened(batch):
                self.records_read += 1
                # A damaged rest of a batch stands for all offsets that are left.
                last = batch.last_offset if found[-1] is None else found[0]
                self.next_fetch_offset = last + 1
                yield _record(tp, found)
            self.next_fetch_offset = batch.next_offset
        self.drain()

    def _is_for_nobody(self, batch: Any) -> bool:
        if self.isolation_level == IsolationLevel.READ_COMMITTED and batch.has_producer_id():
            self._consume_aborted_transactions_up_to(batch.last_offset)
            if self._contains_abort_marker(batch):
                self.aborted_producer_ids.discard(batch.producer_id)
            elif self._is_batch_aborted(batch):
                return True
        return bool(batch.is_control_batch)


_Found = tuple[int, int, bytes | None, bytes | None, list[tuple[str, bytes | None]], bool | None]
"""Offset, time, key, value, headers; whether it can be read, None for all that is left of a batch."""


def _record(tp: Any, found: _Found) -> Any:
    offset, when, key, value, headers, sound = found
    kind = ConsumerRecord if sound else Damaged
    return kind(tp.topic, tp.partition, -1, offset, when, 1, key, value, headers, None, -1, -1, -1)


def _opened(batch: Any) -> list[_Found]:
    body = bytes(memoryview(batch._buffer)[batch.HEADER_STRUCT.size :])
    whole: _Found = (batch.base_offset, batch.max_timestamp, None, body[:RAW_BYTES], [], None)
    if not batch.validate_crc():
        return [whole]
    try:
        body = _unpacked(batch.attributes & CODEC, body)
    except (cramjam.DecompressionError, struct.error, ValueError):
        return [whole]
    batch._buffer, batch._pos, batch._decompressed = bytearray(body), 0, True
    try:
        found: list[_Found] = [(r.offset, r.timestamp, r.key, r.value, r.headers, True) for r in batch]
    except Exception:  # the client library has many ways to fail
        return list(_piecemeal(batch, body))
    found.sort(key=lambda record: record[0])
    offsets = [batch.base_offset - 1, *(record[0] for record in found), batch.last_offset + 1]
    in_order = all(before < after for before, after in pairwise(offsets))
    return found if in_order else list(_piecemeal(batch, body))


def _unpacked(codec: int, packed: bytes) -> bytes:
    if not codec:
        return packed
    if codec not in CODECS:
        raise ValueError("no codec of Kafka")
    room = memoryview(bytearray(MOST_BYTES))
    if CODECS[codec] != "snappy":
        return bytes(room[: getattr(cramjam, CODECS[codec]).decompress_into(packed, room)])
    size = 0
    for block in _blocks(packed):
        if cramjam.snappy.decompress_raw_len(block) > len(room) - size:
            raise ValueError("too large")
        size += cramjam.snappy.decompress_raw_into(block, room[size:])
    return bytes(room[:size])


def _blocks(packed: bytes) -> Iterator[bytes]:
    if not packed.startswith(JAVA_SNAPPY):
        yield packed
        return
    at = JAVA_SNAPPY_HEADER
    while at < len(packed):
        (length,) = struct.unpack_from(">i", packed, at)
        if length < 0 or at + 4 + length > len(packed):
            raise ValueError("a block ends too early")
        yield packed[at + 4 : at + 4 + length]
        at += 4 + length


def _piecemeal(batch: Any, body: bytes) -> Iterator[_Found]:
    at, expected, is_whole = 0, batch.base_offset, True
    for _ in range(batch.records_count):
        try:
            length, start = _varint(body, at)
            if length < 1 or start + length > len(body):
                raise ValueError("a record that does not end")
        except (ValueError, IndexError):
            is_whole = False
            break
        at = start + length
        yield (found := _one(batch, body[start:at], expected))
        expected = found[0] + 1
        if expected > batch.last_offset:
            return
    if not (is_whole and at == len(body)) and expected <= batch.last_offset:
        yield expected, batch.max_timestamp, None, body[:RAW_BYTES], [], None


def _one(batch: Any, content: bytes, expected: int) -> _Found:
    try:
        later_ms, delta, key, value, headers = _parts(content)
    except (ValueError, IndexError):
        return expected, batch.max_timestamp, None, content[:RAW_BYTES], [], False
    offset = batch.base_offset + delta
    if not expected <= offset <= batch.last_offset:
        return expected, batch.max_timestamp, None, content[:RAW_BYTES], [], False
    when = batch.max_timestamp if batch.attributes & TIMED_BY_BROKER else batch.first_timestamp + later_ms
    named = [(name.decode(errors="backslashreplace"), held) for name, held in headers]
    sound = all(name.decode(errors="replace").encode() == name for name, _ in headers)
    return offset, when, key, value, named, sound


def _parts(content: bytes) -> tuple[int, int, bytes | None, bytes | None, list[tuple[bytes, bytes | None]]]:
    later_ms, at = _varint(content, 1)
    delta, at = _varint(content, at)
    key, at = _bytes(content, at)
    value, at = _bytes(content, at)
    count, at = _varint(content, at)
    headers = []
    for _ in range(count):
        name, at = _bytes(content, at)
        held, at = _bytes(content, at)
        if name is None:
            raise ValueError("a header without a name")
        headers.append((name, held))
    if count < 0 or at != len(content):
        raise ValueError("not as long as it says")
    return later_ms, delta, key, value, headers


def _bytes(content: bytes, at: int) -> tuple[bytes | None, int]:
    size, at = _varint(content, at)
    if size < 0:
        return None, at
    if at + size > len(content):
        raise ValueError("longer than the record")
    return content[at : at + size], at + size


def _varint(content: bytes, at: int) -> tuple[int, int]:
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
