"""Decides which process says the messages of a document: its own while that lives, else one of the living.

Each process renews its lease every second. Who has seen another's stand still for six seconds declares that process
dead. A process whose lease may have run out renews it before it sends anything. A process that was declared dead goes
on under a new name, and the living share out its unsent messages.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Protocol

from services.shared.loop.retry import patiently
from services.shared.loop.standstill import Standstill
from services.shared.watching.measures import Measures

RENEW_S, FRESH_S, DEAD_S = 1.0, 3.0, 6.0
"""How often a lease is renewed; how old it may be when something is sent; how long another's must have stood still."""


class Registry(Protocol):
    """The leases of one service's processes, in its database; every method may raise Temporary."""

    def enrol(self, name: str, heir_of: str | None = None) -> Awaitable[None]:
        """A process begins; whoever was there under names that begin so has died before it."""

    def renew(self, name: str) -> Awaitable[bool]:
        """It lives on; False where it has been declared dead."""

    def leases(self) -> Awaitable[Mapping[str, int]]:
        """The lease of each that was not declared dead: a number that grows with each renewal."""

    def bury(self, name: str, lease: int | None = None) -> Awaitable[bool]:
        """Declare a process dead, unless it has renewed the lease that is given meanwhile."""


class Alone:
    """Of a process that has nobody beside it: whatever it loads is its own to say."""

    name: str | None = None
    living: frozenset[str] = frozenset()

    def is_mine(self, sayer: str | None) -> bool:
        """Whether this process says what a document of this sayer has to say."""
        return True

    def falls_to_me(self, sayer: str | None, id: str) -> bool:
        """Whether a document of this sayer is this process's to say, or to take over."""
        return True

    async def fresh(self) -> str | None:
        """The name under which something may be sent now."""
        return self.name


class Leases(Alone):
    """The lease of this process, and which others live, as it was told a second ago at most."""

    def __init__(
        self, registry: Registry, host: str, measures: Measures, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._registry, self._host, self._measures, self._monotonic = registry, host, measures, monotonic
        self._renewed, self._has_resigned = 0.0, False
        self._still: Standstill[str, int] = Standstill()
        self._strangers: dict[str, float] = {}
        self._one = asyncio.Lock()

    async def enrol(self) -> None:
        """Begin a life under a new name."""
        began, name = self._monotonic(), f"{self._host}/{uuid.uuid4().hex[:12]}"
        # Only once: of two that wrongly share a place each would for ever declare the other dead.
        await self._registry.enrol(name, f"{self._host}/" if self.name is None else None)
        self.name, self._renewed = name, began
        self._see(await self._registry.leases())

    async def run(self) -> None:
        """Renew for ever."""
        while not self._has_resigned:
            await patiently(self.renew, self._measures)
            await asyncio.sleep(RENEW_S)

    async def renew(self) -> None:
        """Renew the lease, or begin anew where this process was declared dead; declare dead whoever stands still."""
        async with self._one:
            if self.name is None:
                return
            began = self._monotonic()
            if not await self._registry.renew(self.name):
                await self.enrol()
                return
            self._renewed = began
            leases = dict(await self._registry.leases())
            self._still.look(leases, True, self._monotonic())
            for name, lease in list(leases.items()):
                stands_still = self._still.of(name).total_seconds() >= DEAD_S
                if name != self.name and stands_still and await self._registry.bury(name, lease):
                    del leases[name]
            self._see(leases)

    async def fresh(self) -> str | None:
        """The name under which something may be sent now: nobody can have declared this process dead."""
        if self._monotonic() - self._renewed > FRESH_S:
            await patiently(self.renew, self._measures)
        return self.name

    async def resign(self) -> None:
        """This process says nothing any more: what it leaves is for the others at once."""
        name, self.name, self._has_resigned = self.name, None, True
        if name is not None:
            await self._registry.bury(name)

    def is_mine(self, sayer: str | None) -> bool:
        """Whether this process says what a document of this sayer has to say."""
        return sayer == self.name

    def falls_to_me(self, sayer: str | None, id: str) -> bool:
        """Whether a document of this sayer is this process's to say, or to take over."""
        if sayer == self.name:
            return True
        return (sayer is None or self._is_dead(sayer)) and _one_of(self.living, id) == self.name

    def _see(self, leases: Iterable[str]) -> None:
        self.living = frozenset((*leases, self.name)) if self.name else frozenset(leases)
        self._strangers = {name: since for name, since in self._strangers.items() if name not in self.living}

    def _is_dead(self, name: str) -> bool:
        if name in self.living:
            return False
        # Who is not known may have begun after the last look at the leases.
        now = self._monotonic()
        return now - self._strangers.setdefault(name, now) > 2 * RENEW_S


def _one_of(names: Iterable[str], id: str) -> str | None:
    """The process among these that an id falls to: the same one for all who know the same names."""
    return max(names, key=lambda name: blake2b(f"{name} {id}".encode(), digest_size=8).digest(), default=None)
