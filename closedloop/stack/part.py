"""One process of the stack: how it is started, how it shows that it is ready, how long it may take to stop."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass


def nothing() -> None:
    """For parts that need no preparation."""


@dataclass(frozen=True)
class Part:
    """`probe` is asked again and again and answers True once the part works; `before` runs ahead of every start.

    `ready_url`, where a part has one, lets another process ask the same question. `orphan_signal` is what the part
    receives when its supervisor is killed. The stack is ready without a part that is not `awaited`.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    address: str
    probe: Callable[[], bool]
    ready_url: str = ""
    before: Callable[[], None] = nothing
    grace_seconds: float = 25.0
    orphan_signal: int = signal.SIGKILL
    awaited: bool = True
