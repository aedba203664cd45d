"""What the driver knows of a peer: whoever runs the job, whether ours or another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

SIGNALS = {"ordered": ("taken", "answered"), "visit": ("visited",)}
"""What the outside sends when a case says that it has come so far."""
CLOSED, DUE = "closed", "due"
CLIENT = "client"
"""The part that stands outside: it asks, and its CPU time is no cost of the peer."""


@dataclass(frozen=True, slots=True)
class Told:
    """A case or a timer has said something, at this Unix time; who answers names the reference."""

    step: str
    number: int
    at: float
    reference: str = "-"


class Peer(Protocol):
    """A running system under test with its client. What it accepts is durable when the call returns."""

    async def connect(self) -> None:
        """Open the client's side."""

    async def disconnect(self) -> None:
        """Close the client's side."""

    async def open(self, number: int) -> None:
        """Begin a case; it arms its deadline itself."""

    async def signal(self, told: Told, name: str) -> None:
        """Tell a case what has happened outside, in answer to what it said."""

    async def arm(self, dues: Mapping[int, float]) -> None:
        """Arm a timer for each number, due at its Unix time."""

    async def told(self) -> list[Told]:
        """What has been said since the last look; waits a moment for the first."""

    async def twice(self) -> int:
        """How many things were said once more than they should have been, so far."""

    def parts(self) -> Mapping[str, int]:
        """The first process of each part, by the part's name."""

    def kill(self) -> None:
        """SIGKILL for every process of every part, at once; then everything is started again, on the same data."""
