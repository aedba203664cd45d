"""What a document says goes out one after another, documents side by side, and is forgotten only when all is taken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.envelope import Message
from services.shared.broker.publisher import Publisher
from services.shared.loop.leases import Alone
from services.shared.loop.outbox import COPIES_S, Elsewhere, Lately, Outbox
from services.shared.machine.documents import Document, Outgoing
from services.shared.machine.failures import Fatal


class Broker:
    """Acknowledges in any order; may refuse a value."""

    def __init__(self, seed: int = 0, refuses: bytes = b"") -> None:
        self.log: list[bytes] = []
        self.open: set[bytes] = set()
        self.crowd = 0
        self._chance, self._refuses = Random(seed), refuses

    async def send(
        self, topic: str, value: bytes, key: bytes | None, *, headers: Sequence[tuple[str, bytes]]
    ) -> asyncio.Future[Any]:
        self.open.add(value)
        self.crowd = max(self.crowd, len(self.open))
        acknowledged: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(self._chance.random() / 1000, self._take, value, acknowledged)
        return acknowledged

    def _take(self, value: bytes, acknowledged: asyncio.Future[Any]) -> None:
        self.open.discard(value)
        if value == self._refuses:
            acknowledged.set_exception(ConnectionError("the broker has gone"))
        else:
            self.log.append(value)
            acknowledged.set_result(SimpleNamespace(topic="topic", partition=0, offset=len(self.log), timestamp=0))


def outgoing(id: str, numbers: Iterable[int]) -> list[Outgoing]:
    return [Outgoing(n, Message("topic", id, f"{id}-{n}".encode(), ())) for n in numbers]


def document(id: str, *numbers: int) -> Document:
    return Document(id, unsaid=tuple(outgoing(id, numbers)))


def taken_on(outbox: Outbox, document: Document) -> list[Outgoing]:
    return [item for _, items in outbox.take([document]).items for item in items]


def ignore(id: str, sequence: int) -> None:
    """Nobody keeps count."""


@pytest.mark.parametrize("seed", range(5))
async def test_the_messages_of_a_document_are_acknowledged_one_after_another(seed: int) -> None:
    broker = Broker(seed)

    await Publisher(broker).publish([(id, outgoing(id, range(1, 5))) for id in "abc"], None, ignore)

    for id in "abc":
        assert [value for value in broker.log if value.startswith(id.encode())] == [
            f"{id}-{n}".encode() for n in range(1, 5)
        ]


async def test_documents_do_not_wait_for_each_other() -> None:
    broker = Broker()

    await Publisher(broker).publish([(str(n), outgoing(str(n), [1])) for n in range(10)], None, ignore)

    assert broker.crowd == 10


async def test_a_failed_send_ends_the_process_and_only_what_was_acknowledged_counts_as_said() -> None:
    outbox = Outbox(Publisher(Broker(refuses=b"a-2")))

    with pytest.raises(Fatal, match="the broker has gone"):
        await outbox.publish([outbox.take([document("a", 1, 2, 3)])])

    assert outbox.still_unsaid(document("a", 1, 2, 3)) == tuple(outgoing("a", [2, 3]))


class Renamed(Alone):
    """The lease of a process that was declared dead while it handed over so many messages."""

    def __init__(self, after: int) -> None:
        self.name, self._left = "before", after

    async def fresh(self) -> str | None:
        self._left -= 1
        if self._left < 0:
            self.name = "after"
        return self.name


@pytest.mark.parametrize("handed_over", range(6))
async def test_who_is_declared_dead_while_it_hands_messages_over_keeps_the_rest_to_itself(handed_over: int) -> None:
    broker, leases = Broker(), Renamed(handed_over)
    outbox = Outbox(Publisher(broker, leases.fresh), leases)

    taken = [(id, outgoing(id, [1, 2])) for id in "abc"]
    appended = await Publisher(broker, leases.fresh).publish(taken, "before", outbox.stands)

    assert len(broker.log) == handed_over
    assert set(appended) == set("abc"[:handed_over])
    assert sum(outbox.acknowledged.values()) == handed_over


async def test_a_letter_is_nobody_elses_to_say_and_goes_out_under_whatever_name() -> None:
    broker = Broker()

    await Publisher(broker, Renamed(3).fresh).send(item.message for item in outgoing("a", range(5)))

    assert sorted(broker.log) == [f"a-{n}".encode() for n in range(5)]


async def test_what_is_under_way_is_not_taken_on_twice_and_what_joins_it_is() -> None:
    outbox = Outbox(Publisher(Broker()))

    first = taken_on(outbox, document("a", 1, 2))
    again = taken_on(outbox, document("a", 1, 2))
    joined = taken_on(outbox, document("a", 1, 2, 3))

    assert [[item.sequence for item in items] for items in (first, again, joined)] == [[1, 2], [], [3]]
    assert outbox.is_sending("a")


async def test_what_was_acknowledged_is_left_out_of_the_next_write() -> None:
    outbox = Outbox(Publisher(Broker()))

    await outbox.publish([outbox.take([document("a", 1, 2)])])

    assert outbox.still_unsaid(document("a", 1, 2, 3)) == tuple(outgoing("a", [3]))
    assert not outbox.is_sending("a") and outbox.is_busy_with("a")


async def test_what_the_store_has_taken_off_is_done_with_and_an_old_copy_of_it_is_not_said_again() -> None:
    outbox = Outbox(Publisher(Broker()))
    copy = document("a", 1, 2)
    await outbox.publish([outbox.take([copy])])

    outbox.taken_off("a", 2)

    assert not outbox.is_busy_with("a")
    assert outbox.taken_up(copy).unsaid == () == tuple(taken_on(outbox, copy))
    assert taken_on(outbox, document("a", 1, 2, 3)) == outgoing("a", [3])


def test_what_was_said_is_known_for_as_long_as_a_copy_may_be_about_and_then_no_more() -> None:
    passed = 0.0
    lately = Lately(lambda: passed)
    lately.add("a", 5)
    lately.add("a", 3)

    known = []
    for passed in (COPIES_S, COPIES_S + 1, 2 * COPIES_S + 2):  # noqa: B007 - the clock shows it
        lately.add("another", 1)
        known.append(lately.of("a"))

    assert known == [5, 5, 0]


async def test_a_decision_that_leaves_out_what_was_said_takes_it_off() -> None:
    outbox = Outbox(Publisher(Broker()))
    await outbox.publish([outbox.take([document("a", 1, 2)])])
    decided = document("a", 3)

    outbox.taken_off("a", decided.said)

    assert not outbox.is_busy_with("a")
    assert taken_on(outbox, decided) == list(decided.unsaid)


async def test_a_document_that_said_more_meanwhile_is_not_forgotten() -> None:
    outbox = Outbox(Publisher(Broker()))
    await outbox.publish([outbox.take([document("a", 1)])])
    taken_on(outbox, document("a", 1, 2))

    outbox.taken_off("a", 1)

    assert outbox.is_busy_with("a")
    assert taken_on(outbox, document("a", 1, 2)) == []


async def test_a_process_without_kafka_leaves_all_to_the_other_process_of_its_service() -> None:
    elsewhere = Elsewhere()

    await elsewhere.send([Message("topic", "a", b"letter", ())])

    assert taken_on(elsewhere, document("a", 1, 2)) == []
    assert elsewhere.still_unsaid(document("a", 1, 2)) == document("a", 1, 2).unsaid
