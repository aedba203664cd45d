"""A service of the tests that reads the facts and says none: of each complaint it notes what happened, in order."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from closedloop.stack import ServiceSpec
from schemas.facts import PLOT, Fact
from services.shared.machine.documents import Case
from services.shared.machine.table import On, Service
from services.shared.process.process import Process, Role, run

NAME = "chronicle"
ROOT = Path(__file__).parents[1]
SPEC = ServiceSpec(NAME, (sys.executable, "-m", "tests.chronicle"), {"PYTHONPATH": str(ROOT)}, awaited=False)
HELD = "CHRONICLE_IS_HELD"
"""A process that is told so waits for ever and never becomes ready."""


class Noted(Case):
    """What has happened to one complaint."""

    policy: str = ""
    happened: tuple[str, ...] = ()


def noted(case: Noted | None, fact: Fact) -> Noted:
    """One more thing has happened."""
    before = case or Noted()
    return before.model_copy(update={"happened": (*before.happened, type(fact).__name__)})


SERVICE = Service(name=NAME, case=Noted, facts=tuple(On(fact, evolve=noted) for fact in PLOT))


def routes(process: Process) -> None:
    """Nothing is asked of it."""


def main() -> None:
    """Run one process until it ends."""
    if HELD in os.environ:
        signal.pause()
    run(lambda settings: SERVICE, Role(), routes)


if __name__ == "__main__":
    main()
