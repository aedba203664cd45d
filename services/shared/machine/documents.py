"""The documents of a service, and the inputs that the loops hand to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from schemas.base import Said
from schemas.envelope import Message
from schemas.policy import PolicyPack
from schemas.topics import Topic
from services.shared.machine.letters import Origin, of_timer

B = TypeVar("B", bound=BaseModel, covariant=True)


class Case(BaseModel):
    """What a service remembers of one subject: frozen, with a section per service that writes about it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    policy: str

    @property
    def label(self) -> str | None:
        """The short name under which people know it; no two of a service's documents have the same."""
        return None


class Section(BaseModel):
    """A part of a case that one service's facts alone change: so facts of different services commute."""

    model_config = ConfigDict(frozen=True)


class Due(BaseModel):
    """A timer that fell due: an input like any other."""

    model_config = ConfigDict(frozen=True)

    due_at: datetime
    late: bool = False
    """Whether nobody was there to fire it when it was due."""


class Garbled(BaseModel):
    """Stands for an unreadable message, with the ids that could be read, named as in the message.

    An unreadable fact parks its case. The sender of another message is told its ids.
    """

    model_config = ConfigDict(extra="allow")

    reason: str


@dataclass(frozen=True, slots=True)
class Input(Generic[B]):
    """One thing that a service is told: a fact, a message from outside, a command or a due timer.

    `at` is virtual: arrival for what comes from outside, the due date for a timer, a fact's own `at`.
    """

    body: B
    subject: str
    at: datetime
    id: str
    origin: Origin
    member: str = ""
    """The member of the topic's family that it came by: a department, a desk or a source."""
    sequence: int | None = None
    """For facts the writer's count; all other inputs are remembered by `known_as`."""
    sender: str = ""
    """The id of the subject that says this to another one; "" for a fact about its own subject."""
    edge: Edge | None = None
    label: str = ""
    """A short name that no other document has, for the one that begins with this input."""
    masked: Any = None
    """The body with its free texts masked, where that has been done already."""

    @property
    def known_as(self) -> str:
        """The idempotency key of this input, under which its document remembers it.

        A topic is one sender, so ids of different topics never collide. A message that begins a case is known by its
        own id, whichever machine of the sender it comes from.
        """
        if self.edge is None:
            return self.id
        return f"{self.member}/{self.body.id if self.edge.creates else self.id}"  # type: ignore[attr-defined]

    @property
    def writer(self) -> str:
        """The counter that `sequence` is on: a service's in its document of the subject, or another subject's."""
        said_by: str = self.body.said_by  # type: ignore[attr-defined]
        return f"{said_by} {self.sender}" if self.sender else said_by

    @property
    def digest(self) -> str:
        """Tells a repeat from a conflict. A field at its default adds nothing: a later version may have one more."""
        return _digest(self.body.model_dump_json(exclude_defaults=True))

    @property
    def former_digest(self) -> str:
        """The digest as versions before wrote it, with every field."""
        return _digest(self.body.model_dump_json())


def _digest(content: str) -> str:
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Tell:
    """A message that follows from a fact: a work order, a receipt."""

    topic: str
    body: BaseModel
    key: str | None = None
    """The record's key; the document's id where there is none."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that waits in a document, numbered among all that the service says of the subject."""

    sequence: int
    message: Message


class Timer(NamedTuple):
    """A document's next timer: its due date (virtual), its lane in a flood, and its stage."""

    due: datetime
    lane: str = ""
    stage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parked:
    """Why a document stands still, and the records that wait, in order, the one that failed first."""

    reason: str
    since: datetime
    waiting: tuple[Origin, ...] = ()
    beyond: int = 0
    """How many facts, at least, came behind them for which there was no room: only the log and letters have these."""


class Surplus(NamedTuple):
    """Records of one partition that were turned away because too many waited: a range of offsets, and its end.

    They stay turned away when they are read again.
    """

    first: int
    last: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Damage:
    """Why a stored document cannot be read, and those of its fields that stay as they stand until it is repaired."""

    reason: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """All that a service stores of one subject."""

    id: str
    version: int = 0
    sequence: int = 0
    marks: Mapping[str, int] = field(default_factory=dict)
    heard: Mapping[str, str] = field(default_factory=dict)
    case: Any = None
    unsaid: tuple[Outgoing, ...] = ()
    parked: Parked | None = None
    contact: Mapping[str, str] | None = None
    """Contact data beside the case: never a fact, in one service's database only."""
    sayer: str | None = None
    """The process that is to say what is unsaid; None where no process is named."""
    label: str = field(default="", compare=False)
    """The label that it gets if it begins now: looked up with it, and never stored but in its case."""
    damage: Damage | None = None
    """Nothing is decided about a document that has any; it is parked with all that waits for its repair."""
    begun: datetime | None = None
    """The append time (real) of the record that began the case; None without a case, or in an older document."""
    early: tuple[Origin, ...] = ()
    """Records that came before the case, in order: they wait until it begins or can be called unknown."""
    surplus: Mapping[str, Surplus] = field(default_factory=dict)
    """By topic and partition: what was one too many to wait."""

    def but(self, **changes: Any) -> Document:
        """The same with these fields changed; `dataclasses.replace` takes six times as long.

        Raises TypeError for a field that there is not.
        """
        if not changes.keys() <= self.__dict__.keys():
            raise TypeError(f"a document has no {', '.join(changes.keys() - self.__dict__.keys())}")
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.__dict__.update(changes)
        return other

    @property
    def said(self) -> int:
        """Up to which number nothing waits to be said."""
        return self.unsaid[0].sequence - 1 if self.unsaid else self.sequence


class Policies(Protocol):
    """The packs that are known; both raise NotYet for one that has not arrived."""

    def pack(self, hash: str) -> PolicyPack:
        """The pack with this content hash."""

    def bound_to(self, source: str) -> PolicyPack:
        """The pack that a new subject from this source gets."""


Rule = Callable[[Any, Any, PolicyPack], Iterable[Said]]
"""decide: (case or None, Input, policy) -> the facts that follow."""


def nobody(member: str, id: str, body: Any, reasons: tuple[str, ...], at: datetime) -> Iterable[Tell]:
    """The default of `Edge.turned_away`: nobody is told."""
    return ()


@dataclass(frozen=True, slots=True)
class Edge:
    """One family of topics that outsiders write: its message, and the document that a message is about."""

    topic: Topic
    model: type[BaseModel]
    subject: Callable[[Any, str, str], str]
    """(body, member, sender's id) -> the document's id."""
    decide: Rule
    creates: bool = False
    """Whether an input may begin a document; else an unknown subject is refused."""
    turned_away: Callable[[str, str, Any, tuple[str, ...], datetime], Iterable[Tell]] = nobody
    """(member, cause, body, reasons, at) -> what the sender is told when no case can take it.

    Of a body that could not be read, `Garbled` has the ids that could.
    """
    remark: Callable[[BaseModel, Origin], BaseModel] = lambda told, origin: told
    """(what follows from an input, its record) -> the same with what its sender should know of the record."""


def due_input(document: Document, due: datetime, late: bool = False) -> Input[Due]:
    """A timer that fell due, as the input that it is."""
    return Input(Due(due_at=due, late=late), document.id, due, f"timer/{due.isoformat()}", of_timer(document.id, due))
