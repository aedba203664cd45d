"""The replay in one process: the services' own tables over a list, in seconds."""

from __future__ import annotations

import time
from datetime import datetime

from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.rehearsal import log_of, rehearse, world_of
from closedloop.replay.agencies import answers, submissions
from closedloop.replay.expected import expected
from closedloop.replay.outcome import outcome, retractions
from closedloop.replay.records import History
from closedloop.replay.result import MAY_BE_EMPTY, Result
from closedloop.run import Progress
from closedloop.verify import Clock, judge, terms
from schemas.policy import PolicyPack


def in_memory(history: History, pack: PolicyPack, progress: Progress) -> Result:
    """Send the requests and the departments' answers through the services, up to the end of the history."""
    begun, world = time.monotonic(), world_of(pack, history.begin)

    def moved(now: datetime) -> None:
        progress.move((now - history.begin) / (history.until - history.begin), f"{now:%Y-%m-%d}")

    rehearse(world, submissions(history), Agenda(answers(history)), history.until, moved)
    facts = world.facts()
    return Result(
        found=outcome(facts, history.until),
        history=history,
        expected=expected(history),
        retracted=retractions(facts),
        verdict=judge(log_of(world, pack), terms(Clock(), now=world.now), may_be_empty=MAY_BE_EMPTY),
        settled=True,
        seconds=time.monotonic() - begun,
        how={"in_memory": True},
    )
