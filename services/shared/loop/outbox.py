"""The unsaid messages of documents, from their save to the broker's acknowledgement, as this process knows them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from schemas.envelope import Message
from services.shared.loop.leases import Alone
from services.shared.machine.documents import Document, Outgoing

COPIES_S = 45.0
"""How long, at least, a copy of a document is reckoned with that holds what has been taken off meanwhile."""
Items = list[tuple[str, list[Outgoing]]]
"""Messages of documents, by the documents' ids, in their order."""


class Sender(Protocol):
    """Sends messages to the broker. Both methods raise Fatal if it cannot."""

    async def publish(self, outbox: Items, name: str | None, stands: Callable[[str, int], None]) -> Mapping[str, int]:
        """Send all, each document's in order; see `broker/publisher.py`."""

    async def send(self, messages: Iterable[Message]) -> None:
        """Send what is nobody else's to say."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Messages that were taken on, and the process's name at that moment: under this name alone they may be said."""

    name: str | None
    items: Items


class Outbox:
    """The book-keeping between loop and publisher: the owner of each document's messages, and their state.

    The life of a message has four steps. It is saved in its document's `unsaid`, taken on (`take`), acknowledged
    (`stands`), and taken off the stored document by a save or a clear (`taken_off`). An acknowledged message is
    remembered as long as a copy of the document may still hold it.
    """

    grace = timedelta(seconds=2)
    """How long after a document's save nobody else looks at its messages."""
    says = True
    """Whether what this process saves is published here."""

    def __init__(self, sender: Sender, leases: Alone | None = None) -> None:
        self._sender = sender
        self.leases = leases or Alone()
        self._name = self.leases.name
        self._queued: dict[str, int] = {}
        self.acknowledged: dict[str, int] = {}
        self._lately = Lately()

    # --- asked of a document ------------------------------------------------------------------------------------------

    def taken_up(self, document: Document, at_once: bool = False) -> Document:
        """The document without what this process has said of it; its sayer is who is to say the rest.

        If another process has to say the older messages of a document, it says the new ones too. If it is dead, a
        sweeper takes the document over once it has looked what stands in the log; `at_once` does so without a look, for
        who cannot wait.
        """
        unsaid, name = self.still_unsaid(document), self.leases.name
        is_mine = not unsaid or self.leases.is_mine(document.sayer)
        is_mine = is_mine or (at_once and self.leases.falls_to_me(document.sayer, document.id))
        if unsaid is document.unsaid and (document.sayer == name or not is_mine):
            return document
        return document.but(unsaid=unsaid, sayer=name if is_mine else document.sayer)

    def is_theirs(self, document: Document) -> bool:
        """Whether another process is to say what the document has to say."""
        return document.sayer != self.leases.name

    def still_unsaid(self, document: Document) -> tuple[Outgoing, ...]:
        """The document's `unsaid` without what the broker has acknowledged to this process."""
        said = self._said(document)
        if not document.unsaid or document.unsaid[0].sequence > said:
            return document.unsaid
        return tuple(item for item in document.unsaid if item.sequence > said)

    # --- what becomes of its messages ---------------------------------------------------------------------------------

    def take(self, documents: Iterable[Document]) -> Taken:
        """Take on what documents have to say and this process has not taken on yet: the caller has it published."""
        self._go_on_as(self.leases.name)
        return Taken(self.leases.name, [(document.id, self._fresh(document)) for document in documents])

    def _fresh(self, document: Document) -> list[Outgoing]:
        if self.is_theirs(document):
            return []
        known = max(self._queued.get(document.id, 0), self._said(document))
        fresh = [item for item in document.unsaid if item.sequence > known]
        if fresh:
            self._queued[document.id] = fresh[-1].sequence
        return fresh

    async def publish(self, taken: Iterable[Taken]) -> tuple[Items, Mapping[str, int]]:
        """Say what was taken on under the name that the process has now; the rest others say. Raises Fatal.

        Returns the documents of which something was said, and when the broker appended the first message of each.
        """
        name = await self.leases.fresh()
        items = _joined(one.items for one in taken if one.name == name)
        appended = await self._sender.publish(items, name, self.stands)
        return [(id, told) for id, told in items if id in appended], appended

    async def send(self, messages: Iterable[Message]) -> None:
        """Send what belongs to no document. Raises Fatal."""
        await self._sender.send(messages)

    def stands(self, id: str, sequence: int) -> None:
        """Everything up to this number of what a document has to say stands in the log."""
        self.acknowledged[id] = max(sequence, self.acknowledged.get(id, 0))

    def taken_off(self, id: str, sequence: int) -> None:
        """Nothing up to this number stands in the stored document any more; older copies are about for a while."""
        if self.acknowledged.get(id, sequence + 1) <= sequence:
            self._lately.add(id, self.acknowledged.pop(id))
            if self._queued.get(id, 0) <= sequence:
                self._queued.pop(id, None)

    # --- asked about a document ---------------------------------------------------------------------------------------

    def said(self, id: str) -> int:
        """Up to which number the broker has lately acknowledged what a document had to say, or 0."""
        return max(self._lately.of(id), self.acknowledged.get(id, 0))

    def is_busy_with(self, id: str) -> bool:
        """Whether this process has messages of a document under way, or acknowledged and not yet taken off."""
        return id in self._queued

    def is_sending(self, id: str) -> bool:
        """Whether messages of a document still wait for their acknowledgement here."""
        self._go_on_as(self.leases.name)
        return self._queued.get(id, 0) > self.acknowledged.get(id, 0)

    def _go_on_as(self, name: str | None) -> None:
        """Under another name nothing is on its way here but what is acknowledged: the rest may be taken on again."""
        if name != self._name:
            self._name, self._queued = name, dict(self.acknowledged)

    def _said(self, document: Document) -> int:
        # Of one that cannot be read the count may have begun anew: no number of before counts for it.
        before = 0 if document.damage else self._lately.of(document.id)
        return max(before, self.acknowledged.get(document.id, 0))


class Unsent:
    """The sender of a process without Kafka."""

    async def publish(self, outbox: Items, name: str | None, stands: Callable[[str, int], None]) -> Mapping[str, int]:
        """Nothing is said here."""
        return {}

    async def send(self, messages: Iterable[Message]) -> None:
        """A command that is turned away hears so in its answer; nobody else needs a letter."""


class Elsewhere(Outbox):
    """For a process without Kafka: what it saves is published by its service's other process."""

    grace = timedelta(0)
    says = False

    def __init__(self) -> None:
        super().__init__(Unsent())

    def taken_up(self, document: Document, at_once: bool = False) -> Document:
        """The document; where nothing waits to be said no process is named for what follows."""
        return document if document.unsaid or document.sayer is None else document.but(sayer=None)

    def take(self, documents: Iterable[Document]) -> Taken:
        """Nothing: the sweeper of the other process finds it in the documents."""
        return Taken(None, [])


class Lately:
    """The highest number of each document that was told within the last while; later it is not known any more."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic, self._began = monotonic, monotonic()
        self._new: dict[str, int] = {}
        self._old: dict[str, int] = {}

    def add(self, id: str, number: int) -> None:
        """It is known for as long as a copy may be about, and no more than twice as long."""
        if (now := self._monotonic()) - self._began > COPIES_S:
            self._old, self._new, self._began = self._new, {}, now
        self._new[id] = max(number, self.of(id))

    def of(self, id: str) -> int:
        """0 where nothing is known."""
        return max(self._new.get(id, 0), self._old.get(id, 0))


def _joined(outboxes: Iterable[Items]) -> Items:
    """Several outboxes as one, each document's messages in order."""
    merged: dict[str, list[Outgoing]] = {}
    for outbox in outboxes:
        for id, items in outbox:
            merged.setdefault(id, []).extend(items)
    return list(merged.items())
