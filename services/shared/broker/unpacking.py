"""Unpacks batches of every codec of Kafka, up to a bound on their size."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

import cramjam

MOST_BYTES = 16 * 1024 * 1024
"""How much one batch of records may hold once it is unpacked: sixteen times what its topic takes."""
XERIAL = b"\x82SNAPPY\x00"
XERIAL_HEADER_BYTES = 16
CODECS: Mapping[int, str] = {1: "gzip", 2: "snappy", 3: "lz4", 4: "zstd"}
"""As the attributes of a batch number them."""


class Unpackable(ValueError):
    """A batch whose bytes do not fit its header, or that unpack to more than MOST_BYTES."""


def unpacked(codec: int, packed: bytes, most: int = MOST_BYTES) -> bytes:
    """The content of a batch; no more than `most` bytes are ever made of it. Raises Unpackable."""
    name = CODECS.get(codec)
    if name is None:
        raise Unpackable(f"codec {codec} is none of Kafka's")
    room = memoryview(bytearray(most))
    try:
        if name == "snappy":
            size = _snappy(packed, room)
        else:
            unpack: Callable[..., int] = getattr(cramjam, name).decompress_into
            size = unpack(packed, room)
    except (cramjam.DecompressionError, struct.error, ValueError) as problem:
        raise Unpackable(f"it is no {name}, or has more than {most} bytes: {problem}") from problem
    return bytes(room[:size])


def _snappy(packed: bytes, room: memoryview) -> int:
    """One block as it is, or the blocks of the framing that Java's clients use."""
    if not packed.startswith(XERIAL):
        return _block(packed, room)
    size, at = 0, XERIAL_HEADER_BYTES
    while at < len(packed):
        (length,) = struct.unpack_from(">i", packed, at)
        block = packed[at + 4 : at + 4 + length]
        if length < 0 or len(block) != length:
            raise ValueError("a block ends too early")
        size += _block(block, room[size:])
        at += 4 + length
    return size


def _block(block: bytes, room: memoryview) -> int:
    if cramjam.snappy.decompress_raw_len(block) > len(room):
        raise ValueError("a block is too large")
    return int(cramjam.snappy.decompress_raw_into(block, room))
