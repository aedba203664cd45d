"""The replay in one process: the services' own tables over a list, in seconds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.rehearsal import log_of, rehearse, world_of
from closedloop.replay.agencies import answers, submissions
from closedloop.replay.expected import expected
from closedloop.replay.outcome import outcome, retractions
from closedloop.replay.records import Request
from closedloop.replay.result import Result
from closedloop.run import Progress
from closedloop.verify import Clock, judge, terms
from schemas.policy import PolicyPack


def in_memory(requests: Sequence[Request], pack: PolicyPack, until: datetime, progress: Progress) -> Result:
    """Send the requests and the agencies' answers through the services, up to `until`."""
    begun, world = time.monotonic(), world_of(pack, requests[0].created_at)

    def moved(now: datetime) -> None:
        progress.move((now - requests[0].created_at) / (until - requests[0].created_at), f"{now:%Y-%m-%d}")

    rehearse(world, submissions(requests), Agenda(answers(requests)), until, moved)
    facts = world.facts()
    return Result(
        found=outcome(facts),
        expected=expected(requests, until),
        retracted=retractions(facts),
        verdict=judge(log_of(world, pack), terms(Clock(), now=world.now)),
        settled=True,
        seconds=time.monotonic() - begun,
        how={"in_memory": True},
    )
