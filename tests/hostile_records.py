"""Record batches made by hand, as no proper client would send them, and some as good clients do."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import cramjam
from aiokafka.record.util import calc_crc32c

NAMES = {0: "none", 1: "gzip", 2: "snappy", 3: "lz4", 4: "zstd"}
EVERY_CODEC = tuple(NAMES)
BOMB_BYTES = 64 * 1024 * 1024
SNAPPY_BOMB_BYTES = 19 * 1024 * 1024
"""It packs twentyfold at best, and a topic takes a megabyte."""
MAX_INT64 = 2**63 - 1


def varint(number: int) -> bytes:
    """As Kafka writes numbers: zigzag, seven bits a byte."""
    left, found = (number << 1) ^ (number >> 63), bytearray()
    left &= 2**64 - 1
    while left > 0x7F:
        found.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*found, left])


def sized(content: bytes | None) -> bytes:
    return varint(-1) if content is None else varint(len(content)) + content


def record(
    delta: int,
    value: bytes | None,
    key: bytes | None = None,
    headers: Iterable[tuple[bytes | None, bytes | None]] = (),
    later_ms: int = 0,
) -> bytes:
    """One record; names of headers are bytes, so that they can be anything."""
    heads = list(headers)
    body = b"\0" + varint(later_ms) + varint(delta) + sized(key) + sized(value) + varint(len(heads))
    body += b"".join(sized(name) + sized(content) for name, content in heads)
    return varint(len(body)) + body


def packed(codec: int, body: bytes) -> bytes:
    """The body of a batch as a client of this codec sends it."""
    if codec == 2:
        return bytes(cramjam.snappy.compress_raw(body))
    if codec == 3:
        # Kafka does not take blocks that lean on each other.
        stream = cramjam.lz4.Compressor(level=1, content_checksum=False, block_linked=False)
        stream.compress(body)
        return bytes(stream.finish())
    return bytes(getattr(cramjam, NAMES[codec]).compress(body)) if codec else body


def batch(
    body: bytes,
    count: int,
    attributes: int = 0,
    last_delta: int | None = None,
    times: tuple[int, int] = (0, 0),
    producer: tuple[int, int, int] = (-1, -1, -1),
) -> bytes:
    """A whole batch with a right checksum, whatever its body is."""
    delta = count - 1 if last_delta is None else last_delta
    rest = struct.pack(">hiqqqhii", attributes, delta, *times, *producer, count) + body
    return struct.pack(">qiibI", 0, len(rest) + 9, -1, 2, calc_crc32c(rest)) + rest


def of(records: Sequence[bytes], codec: int = 0) -> bytes:
    return batch(packed(codec, b"".join(records)), len(records), codec)


@dataclass(frozen=True)
class Sending:
    """One batch for an edge, what it is, and how many records it claims to hold."""

    kind: str
    raw: bytes
    records: int


Good = Callable[[int], bytes]
"""The value of the n-th good message for a topic."""


class Generator:
    """Batches without end from a seed; good records stand among all others."""

    def __init__(self, seed: int, good: Good | None) -> None:
        self._dice, self._good = random.Random(seed), good
        self.made = 0

    def _good_value(self) -> bytes:
        assert self._good is not None
        self.made += 1
        return self._good(self.made - 1)

    def _headers(self) -> list[tuple[bytes | None, bytes | None]]:
        dice = self._dice
        kinds: list[list[tuple[bytes | None, bytes | None]]] = [
            [],
            [(b"x", None)],
            [(b"", b"")],
            [("头".encode(), b"\xff")],
            [(b"\xff\xfe", b"name is no text")],
            [(dice.randbytes(dice.randrange(1, 9)), dice.randbytes(4))],
            [(b"a", b"b")] * dice.randrange(1, 60),
            [(b"ce_type", b"\xff"), (b"ce_id", None)],
        ]
        return dice.choice(kinds)

    def _record(self, delta: int, good: bool) -> bytes:
        dice = self._dice
        later = dice.choice([0, 1, -1, 10**6])
        if good:
            # A text that is longer than its header's limit would be refused: good ones are plain.
            return record(delta, self._good_value(), dice.choice([None, b"", b"k", b"\xff"]), (), later)
        value = dice.choice([None, b"", b"[]", b"{", dice.randbytes(50), b'{"colour": "yellow"}', b"\xff" * 300])
        return record(delta, value, dice.choice([None, b"", b"k", dice.randbytes(9)]), self._headers(), later)

    def mixed(self, count: int) -> Sending:
        """Good and bad records in one batch, by any codec."""
        codec = self._dice.choice(EVERY_CODEC)
        records = [self._record(n, self._good is not None and self._dice.random() < 0.1) for n in range(count)]
        return Sending(f"mixed {NAMES[codec]}", of(records, codec), count)

    def strange(self) -> Iterator[Sending]:
        """One of each kind that is wrong as a batch, or looks so."""
        plain = b"".join(self._record(n, good=False) for n in range(3))
        for codec in EVERY_CODEC[1:]:
            whole = packed(codec, plain)
            yield Sending(f"half of {NAMES[codec]}", batch(whole[: len(whole) // 2], 3, codec), 3)
            yield Sending(f"noise as {NAMES[codec]}", batch(self._dice.randbytes(90), 3, codec), 3)
            yield Sending(f"nothing as {NAMES[codec]}", batch(b"", 3, codec), 3)
            broken = plain[:-2] + b"\xff\xff"
            yield Sending(f"broken record in {NAMES[codec]}", batch(packed(codec, broken), 3, codec), 3)
            yield Sending(f"more than told in {NAMES[codec]}", batch(packed(codec, plain + b"?"), 3, codec), 3)
            yield Sending(f"fewer than told in {NAMES[codec]}", batch(packed(codec, plain), 5, codec), 5)
            nameless = record(0, b"?", headers=[(None, b"x")])
            yield Sending(f"a header without name in {NAMES[codec]}", batch(packed(codec, nameless), 1, codec), 1)
        yield Sending("lz4 with linked blocks", batch(bytes(cramjam.lz4.compress(of_body := record(0, b"?"))), 1, 3), 1)
        yield Sending("a header without name", batch(record(0, b"?", headers=[(None, b"x")]), 1), 1)
        yield Sending("xerial snappy", batch(_xerial(of_body), 1, 2), 1)
        yield Sending("codec 5", batch(of_body, 1, 5), 1)
        yield Sending("codec 7", batch(of_body, 1, 7), 1)
        yield Sending("no records", batch(b"", 0), 0)
        yield Sending("no records, a delta of 5", batch(b"", 0, last_delta=5), 6)
        yield Sending("minus one record", batch(b"", -1), 0)
        yield Sending("a control batch", batch(record(0, b"\0\0\0\0\0\0", b"\0\0\0\0"), 1, 0x20), 1)
        yield Sending("transactional without a producer", batch(of_body, 1, 0x10), 1)
        yield Sending("offsets in disorder", batch(record(1, b"?") + record(0, b"?"), 2), 2)
        yield Sending("an offset far away", batch(record(1_000, b"?"), 1), 1)
        for name, times in {"of the end of days": MAX_INT64, "negative": -5, "none": -1, "least": -(2**63)}.items():
            yield Sending(f"times {name}", batch(of_body, 1, times=(times, times)), 1)
        yield Sending("times that differ", batch(record(0, b"?", later_ms=MAX_INT64 // 2), 1, times=(1, MAX_INT64)), 1)
        yield Sending("a huge value", batch(packed(4, record(0, b"x" * 3_000_000)), 1, 4), 1)

    def large(self) -> Iterator[Sending]:
        """Batches of many records, and some that would unpack to more than anybody has room for."""
        many = [record(n, b"?") for n in range(2_000)]
        yield Sending("a huge batch", of(many, 3), len(many))
        for codec in EVERY_CODEC[1:]:
            bomb = packed(codec, record(0, bytes(BOMB_BYTES if codec != 2 else SNAPPY_BOMB_BYTES)))
            yield Sending(f"bomb {NAMES[codec]}", batch(bomb, 1, codec), 1)


def _xerial(body: bytes) -> bytes:
    block = packed(2, body)
    return b"\x82SNAPPY\x00" + struct.pack(">iii", 1, 1, len(block)) + block
