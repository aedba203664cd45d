"""The one table of topics: partitions, retention, cleanup, who writes, who reads; `<x>` stands for a pattern row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.policy import PolicyPack

DAY_MS = 24 * 60 * 60 * 1000
FOREVER = -1


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic, or one family of topics where the name ends in a placeholder."""

    name: str
    writer: str
    readers: tuple[str, ...]
    partitions: int = 1
    retention_ms: int = 30 * DAY_MS
    cleanup: str = "delete"
    max_bytes: int = 1024 * 1024

    @property
    def prefix(self) -> str:
        """The name up to its placeholder; the whole name where there is none."""
        return self.name.split("<")[0]

    def of(self, member: str) -> str:
        """The name of one topic of the family."""
        return self.prefix + member

    def member(self, name: str) -> str | None:
        """Which member of this family a topic is; None where it belongs to another row."""
        if "<" not in self.name:
            return "" if name == self.name else None
        found = name.removeprefix(self.prefix)
        return found if found != name and re.fullmatch(r"[a-z0-9-]+", found) else None


HTTP_SOURCE = "http"
"""The HTTP door's own source: it has receipts, and no upstream system submits under its name."""

SPEAKING = ("intake", "router", "escalation", "followup")
"""The services that say facts. A flood of timers, and whoever asks whether all is done, wait until these have read."""
READ_ONLY: tuple[str, ...] = ()
"""The services that read the facts and say none: nobody waits for them."""
SERVICES = (*SPEAKING, *READ_ONLY)

SUBMISSIONS = Topic("closedloop.submissions.<source>", "upstream system", ("intake",))
RECEIPTS = Topic("closedloop.receipts.<source>", "intake", ("upstream system",))
COMPLAINTS = Topic("closedloop.complaints", "all services", SERVICES, partitions=6, retention_ms=FOREVER)
QUEUE = Topic("closedloop.queue.<department>", "router (what no case takes of a desk: followup)", ("department",))
REPLIES = Topic("closedloop.replies.<department>", "department", ("router",))
VISITS = Topic("closedloop.visits.<desk>", "desk", ("followup",))
POLICIES = Topic("closedloop.policies", "policy tool", SERVICES, cleanup="compact", retention_ms=FOREVER)
DEAD_LETTERS = Topic(
    "closedloop.dead-letters.<service>", "that service", ("operators",), retention_ms=FOREVER, max_bytes=2 * 1024 * 1024
)

TOPICS = (SUBMISSIONS, RECEIPTS, COMPLAINTS, QUEUE, REPLIES, VISITS, POLICIES, DEAD_LETTERS)
"""All rows. Edge topics have one partition: a reply without key keeps its order."""


def group_of(service: str) -> str:
    """The consumer group in which a service's processes read."""
    return f"closedloop-{service}"


def row_of(name: str) -> Topic | None:
    """The row that a topic belongs to; None where it is none of ours."""
    return next((row for row in TOPICS if row.member(name) is not None), None)


def names(packs: Iterable[PolicyPack], sources: Iterable[str]) -> dict[str, Topic]:
    """Every topic that these packs and upstream systems need, by name."""
    found = {t.name: t for t in (COMPLAINTS, POLICIES)}
    found |= {DEAD_LETTERS.of(service): DEAD_LETTERS for service in SERVICES}
    for source in sources:
        rows = (RECEIPTS,) if source == HTTP_SOURCE else (SUBMISSIONS, RECEIPTS)
        found |= {row.of(source): row for row in rows}
    for pack in packs:
        for name, department in pack.departments.items():
            answers = VISITS if department.kind == "desk" else REPLIES
            found |= {row.of(name): row for row in (QUEUE, answers)}
    return found
