"""The policy packs a process knows, handed to rules as values; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from schemas.policy import PolicyPack
from services.shared.machine.failures import NotYet
from services.shared.timing.worktime import Calendar

AHEAD = timedelta(days=366)
"""How far ahead dates are made now: within this time the next year has begun in any case."""


class PolicyBook:
    """Packs by content hash, and which pack a new case gets: the one its source is bound to, else the newest."""

    def __init__(self, bindings: Mapping[str, str] | None = None) -> None:
        self._bindings = bindings or {}
        self._packs: dict[str, PolicyPack] = {}
        self._heard: dict[str, int] = {}
        self._newest: tuple[int, str] = (-1, "")
        self._staff: dict[str, tuple[int, PolicyPack]] = {}

    @property
    def known(self) -> bool:
        """Whether there is any pack: without one no service is ready."""
        return bool(self._packs)

    def pack(self, hash: str) -> PolicyPack:
        """The pack with this content hash; raises NotYet."""
        if hash not in self._packs:
            raise NotYet(f"policy {hash} has not arrived")
        return self._packs[hash]

    def bound_to(self, source: str) -> PolicyPack:
        """The pack for a new case from this source; raises NotYet."""
        return self.pack(self._bindings.get(source, self._newest[1]))

    def hash_for(self, source: str) -> str:
        """The hash of `bound_to`."""
        return self._bindings.get(source, self._newest[1])

    def learn(self, hash: str, pack: PolicyPack, order: int) -> None:
        """Know a pack; the one of the highest order is the newest.

        Rules stay as they were when a case began, people do not: every pack of a name has the newest one's.
        """
        if hash in self._packs and not self.is_news(hash, order):
            return
        self._heard[hash] = order
        self._newest = max(self._newest, (order, hash))
        staffed_by = self._staff.get(pack.name)
        if staffed_by is not None and order <= staffed_by[0]:
            self._packs[hash] = pack.staffed_as(staffed_by[1])
            return
        self._staff[pack.name] = order, pack
        self._packs[hash] = pack
        for known, old in self._packs.items():
            if old.name == pack.name:
                self._packs[known] = old.staffed_as(pack)

    def is_news(self, hash: str, order: int) -> bool:
        """Whether a pack has not been heard of, or has been published again since (an unreadable one is heard once)."""
        return order > self._heard.get(hash, -1)

    def pass_over(self, hash: str, order: int) -> None:
        """Remember a pack that cannot be read as heard of."""
        self._heard[hash] = order

    def unofficial_years(self, now: datetime) -> set[tuple[str, int]]:
        """Of which calendars the authority has not published the holidays of which years, from now (virtual) on."""
        named = (row for pack in self._packs.values() for row in pack.calendars.items())
        return {(name, year) for name, spec in named for year in Calendar(spec).unofficial_years(now, now + AHEAD)}
