"""Counters that follow from what a service says: a table of facts, read from the acknowledged message itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import Counter
from prometheus_client.registry import CollectorRegistry
from pydantic_core import from_json

from schemas.base import Said
from schemas.envelope import Message, type_of
from services.shared.machine.table import Count, On

Row = tuple[type[Said], Count]
Rows = Mapping[bytes, tuple[tuple[type[Said], Count, Counter], ...]]


def counts(facts: Iterable[On]) -> Iterator[Row]:
    """What a service's table counts, fact by fact."""
    return ((on.fact, count) for on in facts for count in on.counts)


def declared(rows: Iterable[Row], registry: CollectorRegistry) -> Rows:
    """The rows by the type that a message names, each with its counter, which the registry exports."""
    made: dict[str, Counter] = {}
    found: dict[bytes, tuple[tuple[type[Said], Count, Counter], ...]] = {}
    for fact, count in rows:
        if count.name not in made:
            labels = (*count.labels, *(count.last or ())[:1])
            made[count.name] = Counter(f"closedloop_{count.name}", count.text, labels, registry=registry)
        ce_type = type_of(fact).encode()
        found[ce_type] = (*found.get(ce_type, ()), (fact, count, made[count.name]))
    return found


def counted(rows: Rows, ce_type: bytes, message: Message) -> Iterator[tuple[Counter, tuple[str, ...]]]:
    """The counters that one acknowledged message raises, with their labels."""
    found = rows.get(ce_type, ())
    said = from_json(message.value) if any(count.labels or count.only for _, count, _ in found) else {}
    for fact, count, counter in found:
        if count.only is None or _value(fact, said, count.only) is True:
            yield counter, (*(_label(_value(fact, said, name)) for name in count.labels), *(count.last or ())[1:])


def _value(fact: type[Said], said: Mapping[str, object], name: str) -> object:
    """The value of a field; a fact that was saved before the field existed has its default."""
    return said[name] if name in said else fact.model_fields[name].default


def _label(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
