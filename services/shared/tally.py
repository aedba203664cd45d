"""Counters that follow from what a service says: one row per fact type, read from the acknowledged message itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import Counter
from pydantic_core import from_json

from schemas.envelope import FACT_TYPES, Message
from schemas.facts import Fact


@dataclass(frozen=True, slots=True)
class Count:
    """Count this fact in that counter, labelled by these fields of the fact."""

    counter: Counter
    labels: tuple[str, ...] = ()


Counts = Mapping[type[Fact], Count]


def counted(counts: Counts, ce_type: bytes, message: Message) -> Iterator[tuple[Counter, tuple[str, ...]]]:
    """Which counter one acknowledged message raises, and under which labels, if there is a row for it."""
    kind = FACT_TYPES.get(ce_type)
    row = counts.get(kind) if kind is not None else None
    if row is not None:
        fact = from_json(message.value) if row.labels else {}
        yield row.counter, tuple(str(fact[name]) for name in row.labels)
