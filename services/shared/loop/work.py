"""The work of the loop: inputs and documents, in rounds that a write can carry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from schemas.envelope import Message
from services.shared.machine.documents import Document, Input

BATCH = 1_000
"""How many inputs one micro-batch takes."""
MOST_OF_ONE = 16
"""How many inputs of one document a write takes: with all that they make it say, it stays below MongoDB's 16 MiB."""


@dataclass(slots=True)
class Work:
    """Inputs that arrived together, in order; `done` is told when the last of their decisions is saved.

    Documents may also be loaded without an input. `wake` fires their timers up to a time. `touch` says their unsaid
    messages. `release` tries the waiting inputs of a parked one again. `give_up` gives up early records without a case.
    """

    inputs: list[Input[Any]] = field(default_factory=list)
    strays: list[Message] = field(default_factory=list)
    wake: dict[str, datetime] = field(default_factory=dict)
    give_up: dict[str, datetime] = field(default_factory=dict)
    touch: list[str] = field(default_factory=list)
    release: list[str] = field(default_factory=list)
    patient: bool = False
    """Whether nobody waits for it who would notice a few milliseconds."""
    done: Callable[[dict[str, Document]], None] = lambda documents: None


@dataclass(slots=True)
class Group:
    """One round: inputs per document in their order, and documents to load without an input."""

    inputs: dict[str, list[Input[Any]]] = field(default_factory=dict)
    wake: dict[str, datetime] = field(default_factory=dict)
    give_up: dict[str, datetime] = field(default_factory=dict)
    release: set[str] = field(default_factory=set)
    touch: list[str] = field(default_factory=list)

    @property
    def afresh(self) -> Iterator[str]:
        """The documents that somebody else has written to, or may have."""
        return chain(self.touch, self.release, self.give_up)

    @property
    def ids(self) -> list[str]:
        """Every document of the round, once."""
        return list(dict.fromkeys([*self.inputs, *self.wake, *self.give_up, *self.release, *self.touch]))


def rounds(works: list[Work]) -> list[Group]:
    """Rounds of at most BATCH inputs, MOST_OF_ONE of a document: a fetch may bring more than a write should carry."""
    groups, size = [Group()], 0
    for work in works:
        groups[-1].wake |= work.wake
        groups[-1].give_up |= work.give_up
        groups[-1].release |= set(work.release)
        groups[-1].touch += work.touch
        for given in work.inputs:
            if size == BATCH or len(groups[-1].inputs.get(given.subject, ())) == MOST_OF_ONE:
                groups.append(Group())
                size = 0
            groups[-1].inputs.setdefault(given.subject, []).append(given)
            size += 1
    return [group for group in groups if group.ids]
