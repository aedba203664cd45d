"""Documents as this process has just saved them: who decides on one again within seconds need not load it.

Compare-and-set makes a stale one harmless where something is saved. Where nothing would be, the loop loads it.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

from services.shared.machine.documents import Document

MOST, KEPT_S = 2_000, 30.0
"""How many documents are kept, and for how long: for less than is remembered what was taken off a stored one."""


class Recent:
    """The last saved documents, the oldest first."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[Document, float]] = OrderedDict()
        self._name: str | None = None

    def of(self, ids: Iterable[str], name: str | None) -> dict[str, Document]:
        """The kept documents among these; none after the process got another name: others may say its messages now."""
        if name != self._name:
            self._kept.clear()
            self._name = name
        young = self._monotonic() - KEPT_S
        found = ((id, self._kept[id]) for id in ids if id in self._kept)
        return {id: saved.but(version=saved.version + 1) for id, (saved, at) in found if at > young}

    def keep(self, saved: Iterable[Document]) -> None:
        """These have been saved; what others say, repair or remove is known to the database alone."""
        now = self._monotonic()
        for document in saved:
            self._kept.pop(document.id, None)
            is_sound = document.case is not None and document.parked is None and document.damage is None
            if is_sound and document.sayer == self._name:
                self._kept[document.id] = document, now
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def forget(self, ids: Iterable[str]) -> None:
        """These stand otherwise in the database, or may."""
        for id in ids:
            self._kept.pop(id, None)
