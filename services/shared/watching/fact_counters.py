"""Counters that follow from what a service says: a table of facts, read from the acknowledged message itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic_core import from_json

from schemas.base import Said
from schemas.envelope import Message, type_of
from services.shared.machine.table import Count, Metric, On

Row = tuple[type[Said], Count]
Rows = Mapping[bytes, tuple[Row, ...]]


def counts(facts: Iterable[On]) -> Iterator[Row]:
    """The counters of a service's table, fact by fact."""
    return ((on.fact, count) for on in facts for count in on.counts)


def by_type(rows: Iterable[Row]) -> Rows:
    """The rows of the table by the type that a message names."""
    found: dict[bytes, tuple[Row, ...]] = {}
    for fact, count in rows:
        ce_type = type_of(fact).encode()
        found[ce_type] = (*found.get(ce_type, ()), (fact, count))
    return found


def counted(rows: Rows, ce_type: bytes, message: Message) -> Iterator[tuple[Metric, tuple[str, ...]]]:
    """The counters that one acknowledged message raises, with their labels."""
    found = rows.get(ce_type, ())
    said = from_json(message.value) if any(count.labels or count.only for _, count in found) else {}
    for fact, count in found:
        if count.only is None or _value(fact, said, count.only) is True:
            word = () if count.word is None else (count.word,)
            yield count.counter, (*(_label(_value(fact, said, name)) for name in count.labels), *word)


def _value(fact: type[Said], said: Mapping[str, object], name: str) -> object:
    """The value of a field; a fact that was saved before the field existed has its default."""
    return said[name] if name in said else fact.model_fields[name].default


def _label(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
