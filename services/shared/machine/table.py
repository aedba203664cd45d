"""The literal table of a service: what it decides on each fact and input, how a case changes, who is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from schemas.base import Said, ToAnother
from schemas.policy import PolicyPack
from services.shared.machine.documents import Case, Due, Edge, Rule, Tell

Evolve = Callable[[Any, Any], Any]
"""(case or None, fact) -> case: the only way in which a case changes."""

Teller = Callable[[Any, Any, Any, PolicyPack], Iterable[Tell]]
"""(case before the fact or None, case after it, fact, policy) -> the messages that follow from the fact."""


@dataclass(frozen=True, slots=True)
class Count:
    """A counter that rises when the service says the fact."""

    name: str
    """Without `closedloop_` in front and `_total` at the end; rows of the same name share one counter."""
    text: str
    labels: tuple[str, ...] = ()
    """The fields of the fact by which it is labelled."""
    last: tuple[str, str] | None = None
    """One more label and its value, where facts of several types share the counter."""
    only: str | None = None
    """The field that has to be true, where not every fact of the type counts."""


@dataclass(frozen=True, slots=True)
class On:
    """One line of a service's table: a fact, its own or another's, and all that the service does with it."""

    fact: type[Said]
    decide: Rule | None = None
    evolve: Evolve | None = None
    tell: Teller | None = None
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True)
class Service:
    """The literal table of one service: one line per fact, one per family of topics that outsiders write."""

    name: str
    case: type[Case]
    facts: tuple[On, ...]
    edges: tuple[Edge, ...] = ()
    on_due: Rule | None = None
    """The rule for a due timer."""
    next_due: Callable[[Any, PolicyPack], datetime | None] | None = None
    lane: Callable[[Any], str] = lambda case: ""
    """The lane of a case's timers: if many are due at once, each lane gets its share."""
    stage: Callable[[Any, PolicyPack, datetime], tuple[str, ...]] = lambda case, policy, due: ()
    """The words (without a slash) under which a case is counted while its timer is armed for this date."""
    language: Callable[[Any], str | None] = lambda case: None
    """In which language people write about a case, where it knows."""
    begun_with: Callable[[Any], str | None] = lambda fact: None
    """The idempotency key of the input that a fact of this service follows from, if the fact itself tells it."""
    labels: Callable[[str], Iterator[str]] | None = None
    """(document's id) -> the labels that it may get, always the same ones: it gets the first that nobody has."""
    contact: Callable[[Any], Mapping[str, str] | None] = lambda body: None
    """The contact data of an input, which are kept beside the case."""
    kind: str = ""
    """How the ids of its documents begin, up to the first slash and with it; "" for the first table of a service."""
    besides: tuple[Service, ...] = ()
    """The service's tables for other kinds of subjects, each under the same name and with a kind of its own."""

    @cached_property
    def tables(self) -> Mapping[str, Service]:
        """All tables of the service, by kind."""
        return {table.kind: table for table in (self, *self.besides)}

    def of(self, id: str) -> Service:
        """The table that a document belongs to."""
        return self.tables.get(id[: id.find("/") + 1], self) if self.besides else self

    def case_of(self, id: str) -> type[Case]:
        """The type of the case of the subject with this id."""
        return self.of(id).case

    @cached_property
    def every_edge(self) -> tuple[Edge, ...]:
        """The edges of all its tables."""
        return tuple(edge for table in self.tables.values() for edge in table.edges)

    @cached_property
    def every_line(self) -> tuple[On, ...]:
        """The lines of all its tables."""
        return tuple(on for table in self.tables.values() for on in table.facts)

    @cached_property
    def has_timers(self) -> bool:
        """Whether a document of any of its tables may have a timer."""
        return any(table.next_due is not None for table in self.tables.values())

    @cached_property
    def hears(self) -> Mapping[type[BaseModel], Rule]:
        """The rule for each input."""
        found: dict[type[BaseModel], Rule] = {on.fact: on.decide for on in self.facts if on.decide}
        found |= {edge.model: edge.decide for edge in self.edges}
        return found if self.on_due is None else {**found, Due: self.on_due}

    @cached_property
    def evolve(self) -> Mapping[type[Said], Evolve]:
        """The facts that change a case, each with its `evolve`."""
        return {on.fact: on.evolve for on in self.facts if on.evolve}

    @cached_property
    def tells(self) -> Mapping[type[Said], Teller]:
        """After which facts it tells somebody, and what."""
        return {on.fact: on.tell for on in self.facts if on.tell}

    @cached_property
    def says(self) -> frozenset[type[Said]]:
        """The facts that are its own."""
        return frozenset(on.fact for on in self.facts if on.fact.said_by == self.name)

    @property
    def waits(self) -> bool:
        """Whether something may come before its case is known."""
        return not all(edge.creates for edge in self.every_edge)

    def listens_to(self, model: type[Said]) -> bool:
        """Whether what another service or subject says matters here; the rest is skipped by its header, undecoded."""
        is_own = model in self.says and not issubclass(model, ToAnother)
        return not is_own and (model in self.hears or model in self.evolve or model in self.tells)
