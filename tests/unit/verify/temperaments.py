"""Healthy lives from the services themselves: what they leave on the topics of one complaint of each temperament."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.rehearsal import records_of, rehearse, world_of
from closedloop.policies import load
from closedloop.verify import Clock, Log, Record, Verdict, judge, terms
from closedloop.verify.judge import CHECKS
from tests.e2e.people import TEMPERAMENTS, decide, submissions
from tests.rehearsed import BEGIN, LASTS, PACK


@dataclass(frozen=True)
class Life:
    """The records of one complaint's whole life, and when it is looked at."""

    temperament: str
    records: tuple[Record, ...]
    now: datetime

    def judged(self, records: Iterable[Record] | None = None) -> Verdict:
        """What the checker says of these records instead; it is one life, so not everything happens in it."""
        log = Log.of(self.records if records is None else records)
        return judge(log, terms(Clock(), now=self.now, bound_s=1), may_be_empty=tuple(CHECKS))


@cache
def lives() -> tuple[Life, ...]:
    """One life of each temperament, in memory."""
    return tuple(_lived(name) for name in TEMPERAMENTS)


def _lived(temperament: str) -> Life:
    policy = load(PACK)
    world = world_of(policy, BEGIN)
    posts = submissions(BEGIN, 1, timedelta(hours=1), names=[temperament])
    rehearse(world, posts, Agenda(decide), BEGIN + LASTS, lambda at: None)
    return Life(temperament, tuple(records_of(world, policy)), world.now)
