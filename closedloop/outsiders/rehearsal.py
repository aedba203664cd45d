"""The outside world over the in-memory loop: the same posts and the same agenda, with time that costs nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.http_caller import HttpCaller
from closedloop.outsiders.post import Post
from closedloop.rebuild import TABLES
from closedloop.verify import Log, Record
from schemas.policy import PolicyPack
from schemas.topics import POLICIES, QUEUE
from services.shared.loop.memory import World
from services.shared.machine.policies import PolicyBook


def world_of(pack: PolicyPack, begin: datetime) -> World:
    """All services in this process, under one pack."""
    book = PolicyBook()
    book.learn(pack.hash, pack, 0)
    return World(TABLES.values(), book, begin)


def rehearse(
    world: World, posts: Iterable[Post], agenda: Agenda, until: datetime, moved: Callable[[datetime], None]
) -> None:
    """Everything that outsiders send and that falls due, in the order of time; `moved` hears of each step."""
    coming, queues = deque(sorted(posts, key=lambda post: post.at)), _Queues(world, agenda)
    while (at := _next(coming, agenda, world)) is not None and at <= until:
        world.advance(at)
        queues.read()
        while coming and coming[0].at <= world.now:
            _send(coming.popleft(), world)
        for post in agenda.due(world.now):
            _send(post, world)
        queues.read()
        moved(world.now)
    world.advance(until)


def log_of(world: World, pack: PolicyPack) -> Log:
    """What the verifier reads, as if it had been read from a broker."""
    return Log.of(records_of(world, pack))


class _Queues:
    """The departments' place in the log."""

    def __init__(self, world: World, agenda: Agenda) -> None:
        self._world, self._agenda, self._position = world, agenda, 0

    def read(self) -> None:
        fresh, self._position = self._world.log[self._position :], len(self._world.log)
        for record in fresh:
            if QUEUE.member(record.topic) is not None:
                self._agenda.hear(record.headers, record.value)


def _send(post: Post, world: World) -> None:
    say = world.command if HttpCaller.takes(post) else world.send
    say(post.topic, post.value, headers=post.headers)


def _next(coming: deque[Post], agenda: Agenda, world: World) -> datetime | None:
    moments = (coming[0].at if coming else None, agenda.next_at(), world.next_due())
    at = min((moment for moment in moments if moment is not None), default=None)
    return None if at is None else max(at, world.now)


def records_of(world: World, pack: PolicyPack) -> Iterator[Record]:
    """The records of all topics, in the order in which they were appended, and the pack before them."""
    yield Record(POLICIES.name, 0, 0, 0, pack.hash, {}, pack.model_dump_json().encode())
    for found in world.log:
        key = None if found.key is None else found.key.decode()
        headers = {name.lower(): value.decode() for name, value in found.headers}
        yield Record(found.topic, found.partition, found.offset, found.timestamp_ms, key, headers, found.value)
