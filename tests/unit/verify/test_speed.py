"""A hundred thousand records are judged in seconds."""

from __future__ import annotations

import time

from closedloop.verify import Clock, Log, Terms, judge
from tests.unit.verify.tales import never_reached, reopened, solved
from tests.unit.verify.topics import NOW, Topics, at

RECORDS = 20_000
CPU_SECONDS = 5.0
"""For a fifth of a hundred thousand records; a fifth of it is enough where nothing else runs."""


def test_records_by_the_ten_thousand_are_judged_in_seconds() -> None:
    topics = _many()

    begun = time.process_time()
    verdict = judge(Log.of(topics.records), Terms(Clock(), at(NOW)))

    assert verdict.red == set()
    assert time.process_time() - begun < CPU_SECONDS


def _many() -> Topics:
    topics = Topics()
    names = iter(range(RECORDS))
    while len(topics.records) < RECORDS:
        for tale in (solved, never_reached, reopened):
            tale(topics, f"{tale.__name__}-{next(names)}")
    return topics
