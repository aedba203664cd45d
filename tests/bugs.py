"""Bugs that the verifier has to find: each replaces one piece of service code, and breaks one promise."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from closedloop.stack import SERVICES, ServiceSpec

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Bug:
    """One wrong piece of code and the invariant that it breaks."""

    name: str
    breaks: str
    file: str
    right: str
    wrong: str
    besides: tuple[tuple[str, str, str], ...] = ()
    """What else is wrong, and where: the file, the right code, the wrong one."""
    of_processes: bool = False
    """Whether only a real stack shows it: in memory nothing waits to be saved or sent."""

    def files(self) -> dict[str, str]:
        """The text of each file that the bug changes, with the bug in it."""
        texts: dict[str, str] = {}
        for file, right, wrong in ((self.file, self.right, self.wrong), *self.besides):
            text = texts.get(file) or (ROOT / file).read_text("utf-8")
            assert text.count(right) == 1, f"{self.name}: {file} has changed"
            texts[file] = text.replace(right, wrong)
        return texts


BUGS = (
    Bug(
        "a complaint is accepted over HTTP and not saved",
        "accepted",
        "services/shared/loop/loop.py",
        "        if not changed:\n",
        '        if not changed or (self.service.name == "intake" and changed[0].document.id[0] in "0123"):\n',
        of_processes=True,
    ),
    Bug(
        "every rung is told twice",
        "once",
        "services/escalation/rules/__init__.py",
        "    for rung in due:\n",
        "    for rung in [rung for rung in due for _ in range(2)]:\n",
    ),
    Bug(
        "a visit's time never comes",
        "moving",
        "services/followup/rules.py",
        'if case.visit.state == "scheduled"',
        'if case.visit.state == "never"',
    ),
    Bug(
        "the services' clock is three hours fast",
        "timely",
        "services/shared/timing/clock.py",
        "(real - self.r0) * self.rate)",
        "(real - self.r0) * self.rate + timedelta(hours=3))",
    ),
    Bug(
        "what a document says is sent in the wrong order",
        "legal",
        "services/shared/broker/publisher.py",
        "items[wave])",
        "items[-1 - wave])",
        of_processes=True,
    ),
    Bug(
        "a customer is given up after one call",
        "endings",
        "services/followup/rules.py",
        "case.visit.attempt < plan.attempts",
        "case.visit.attempt < 1",
    ),
    Bug(
        "what cannot be read is dropped",
        "kept",
        "services/shared/loop/loop.py",
        "        if letters:\n",
        "        if not letters:\n",
        of_processes=True,
    ),
    Bug(
        "a breach told wrongly is never taken back",
        "verdicts",
        "services/escalation/rules/retraction.py",
        "    if told.breached and not clock.is_late:\n",
        "    if False:\n",
    ),
    Bug(
        "a step that fell due after the end is never taken back",
        "verdicts",
        "services/escalation/rules/retraction.py",
        "    elif taken_back:\n",
        "    elif False:\n",
    ),
    Bug(
        "the department's order stays answered after the end",
        "orders",
        "services/router/ledger.py",
        '    if case.loop.ended:\n        return "closed"\n    return "answered" if',
        '    return "answered" if',
    ),
    Bug(
        "a late answer counts as in time",
        "verdicts",
        "services/escalation/rules/__init__.py",
        "    if not clock.is_late:\n        return DeadlineMet",
        "    if True:\n        return DeadlineMet",
    ),
    Bug(
        "a department may answer again after the end",
        "legal",
        "services/router/rules/replies.py",
        "legality.is_open,\n            legality.is_of_this_cycle,\n"
        "            *(() if self.after_the_answer else (legality.is_unanswered,)),\n",
        "legality.is_of_this_cycle,\n",
    ),
    Bug(
        "a warned department never hears of it",
        "told",
        "services/router/service.py",
        "        On(DeadlineApproaching, tell=orders.tell_rung),\n",
        "",
    ),
    Bug(
        "deadlines count a day too long",
        "dates",
        "services/shared/timing/counting.py",
        "ceil_ms(counts.add(start, span_of(length)))",
        "ceil_ms(counts.add(start, span_of(length) + timedelta(days=1)))",
    ),
    Bug(
        "what was waited for is not given back",
        "dates",
        "services/shared/timing/counting.py",
        "counts.between(begins_at, max(begins_at, pause.ends_at))",
        "counts.between(begins_at, begins_at)",
    ),
    Bug(
        "consent moves no date",
        "dates",
        "services/router/rules/effects.py",
        "dates.moved(case, asked.subject, asked.until)",
        "dates.decided(case)",
    ),
    Bug(
        "a date that was moved says that it is the first",
        "dates",
        "services/router/rules/moves.py",
        "moved_by = type(fact).__name__ if is_moved else None",
        "moved_by = None",
    ),
    Bug(
        "a major incident is closed without its report",
        "endings",
        "services/followup/rules.py",
        "return case.incident.reported or not case.incident.declared",
        "return True",
    ),
    Bug(
        "a report is asked for ever of what was closed without it",
        "verdicts",
        "services/router/service.py",
        "decide=rules.lapse_on_closed, ",
        "",
        # Else it takes chance for a declaration to cross the end.
        besides=(
            (
                "services/followup/rules.py",
                "return case.incident.reported or not case.incident.declared",
                "return True",
            ),
        ),
    ),
    Bug(
        "who is late is told so, but not by how much",
        "verdicts",
        "services/escalation/rules/__init__.py",
        "late_wall=at - target.due_at",
        "late_wall=at - at",
    ),
    Bug(
        "a reply that is taken is turned away as well",
        "once",
        "services/shared/machine/fold.py",
        "        return _decide(service, document, given, around.policies), []\n",
        "        from services.shared.machine.refusing import turn_away\n\n"
        "        letters = turn_away(service, given, early.UNKNOWN, around.now) if given.edge else []\n"
        "        return _decide(service, document, given, around.policies), letters\n",
    ),
    Bug(
        "nobody says that a date has moved",
        "verdicts",
        "services/escalation/rules/__init__.py",
        "        yield _verdict(given, clock, at, policy)\n",
        '        if clock.how != "moved":\n            yield _verdict(given, clock, at, policy)\n',
    ),
    Bug(
        "who had the work before is not told that it is withdrawn",
        "orders",
        "services/router/model.py",
        '"previous": previous, "earlier": tuple(had)}',
        '"previous": previous}',
    ),
)


def services_with(bug: Bug, copy: Path) -> tuple[ServiceSpec, ...]:
    """The services as processes of a copy of the code that has this bug."""
    for package in ("services", "schemas"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, text in bug.files().items():
        (copy / file).write_text(text, "utf-8")
    # -P keeps the working directory, which holds the code without the bug, off the path.
    return tuple(
        ServiceSpec(s.name, (sys.executable, "-P", *s.argv[1:]), {"PYTHONPATH": str(copy)}, s.port) for s in SERVICES
    )
