"""The rungs that were told of one clock, to whom, and its verdict: a part of escalation's case."""

from __future__ import annotations

from schemas.base import Instant
from schemas.facts import ComplaintEscalated, Rung
from services.shared.machine.documents import Section


class Run(Section):
    """Rungs that were told one after the other while one department was late: all from the first to the last."""

    first: int
    last: int
    department: str

    def is_begun_by(self, fact: Rung) -> bool:
        """Whether it had one rung alone before this one."""
        return self.first == fact.rung - 1


class Heard(Section):
    """Rungs that were told on one queue, to the same people and with the same action, and when each was due."""

    queue: str
    action: str = ""
    people: tuple[str, ...] = ()
    rungs: tuple[int, ...] = ()
    due: tuple[Instant, ...] = ()
    runs: tuple[Run, ...] = ()
    """Of a run only the first and the last rung stand in `rungs` and `due`: reminders go on until somebody acts."""

    def run_with(self, fact: Rung) -> Run | None:
        """The run that this rung begins or goes on with; None where it stands alone."""
        if not isinstance(fact, ComplaintEscalated) or self.rungs[-1:] != (fact.rung - 1,):
            return None
        known = self.runs[-1] if self.runs else None
        if known is None or known.last < fact.rung - 1:
            return Run(first=fact.rung - 1, last=fact.rung, department=fact.department)
        return known.model_copy(update={"last": fact.rung}) if known.department == fact.department else None

    def after(self, fact: Rung, run: Run | None) -> Heard:
        """The same with one more rung: in a run it takes the place of the last one."""
        kept = len(self.rungs) if run is None or run.is_begun_by(fact) else -1
        runs = (*(one for one in self.runs if run is None or one.first != run.first), *([run] if run else []))
        rungs, due = (*self.rungs[:kept], fact.rung), (*self.due[:kept], fact.due_at)
        return self.model_copy(update={"rungs": rungs, "due": due, "runs": runs})


class Told(Section):
    """The rungs and the verdict that were told of one target's clock (escalation)."""

    rungs: tuple[int, ...] = ()
    """Without those that stand within a run: `numbers` has all."""
    queues: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    breached: bool = False
    settled: bool = False
    heard: tuple[Heard, ...] = ()
    """The addressees of each rung; rungs that older versions told are missing."""
    retracted: tuple[int, ...] = ()
    """The rungs that were taken back."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """Every rung that was told, also those within a run."""
        runs = (run for heard in self.heard for run in heard.runs)
        return tuple(sorted({*self.rungs, *(n for run in runs for n in range(run.first, run.last))}))

    @property
    def highest(self) -> int:
        """The number of the highest rung that was told; 0 where none was."""
        return max(self.rungs, default=0)


NOTHING_TOLD = Told()
