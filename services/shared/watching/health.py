"""Whether a process is alive and ready, in words."""

from __future__ import annotations


class Health:
    """The reasons, in words, for which a process is not ready or not alive."""

    def __init__(self) -> None:
        self.missing: dict[str, str] = {}
        self.wrong: dict[str, str] = {}
        self.stopped: dict[str, str] = {}
        """What is not read on, and why: for operators; the process works, so it is ready."""

    def need(self, part: str, why: str) -> None:
        """The process is not ready because of this part."""
        self.missing[part] = why

    def have(self, part: str) -> None:
        """This part is there."""
        self.missing.pop(part, None)
