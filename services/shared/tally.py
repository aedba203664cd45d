"""Counters that follow from what a service says: one row per fact type, read from the acknowledged message itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import Counter

from schemas.envelope import FACT_TYPES, Message
from schemas.facts import Fact


@dataclass(frozen=True, slots=True)
class Count:
    """Count this fact in that counter, labelled by these fields of the fact."""

    counter: Counter
    labels: tuple[str, ...] = ()


Counts = Mapping[type[Fact], Count]


def count(counts: Counts, message: Message) -> None:
    """Count one acknowledged message, if there is a row for it."""
    kind = FACT_TYPES.get(dict(message.headers).get("ce_type", b""))
    row = counts.get(kind) if kind is not None else None
    if row is not None:
        fact = json.loads(message.value) if row.labels else {}
        row.counter.labels(*(str(fact[name]) for name in row.labels)).inc() if row.labels else row.counter.inc()
