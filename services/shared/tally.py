"""Counters that follow from what a service says: a table of facts, read from the acknowledged message itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import Counter
from pydantic_core import from_json

from schemas.envelope import Message, type_of
from schemas.facts import Fact


@dataclass(frozen=True, slots=True)
class Count:
    """Count this fact in that counter, labelled by these fields of the fact."""

    fact: type[Fact]
    counter: Counter
    labels: tuple[str, ...] = ()
    word: str | None = None
    """The last label's value, where facts of several types share the counter."""
    only: str | None = None
    """The field that has to be true, where not every fact of the type counts."""


Counts = tuple[Count, ...]
Rows = Mapping[bytes, Counts]


def by_type(counts: Iterable[Count]) -> Rows:
    """The rows of the table by the type that a message names."""
    found: dict[bytes, Counts] = {}
    for row in counts:
        ce_type = type_of(row.fact).encode()
        found[ce_type] = (*found.get(ce_type, ()), row)
    return found


def counted(rows: Rows, ce_type: bytes, message: Message) -> Iterator[tuple[Counter, tuple[str, ...]]]:
    """Which counters one acknowledged message raises, and under which labels."""
    found = rows.get(ce_type, ())
    fact = from_json(message.value) if any(row.labels or row.only for row in found) else {}
    for row in found:
        if row.only is None or _value(row, fact, row.only) is True:
            word = () if row.word is None else (row.word,)
            yield row.counter, (*(_label(_value(row, fact, name)) for name in row.labels), *word)


def _value(row: Count, fact: Mapping[str, object], name: str) -> object:
    """What the fact says; one that was saved before it had the field counts as its readers take it."""
    return fact[name] if name in fact else row.fact.model_fields[name].default


def _label(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
