"""Which policy pack a new complaint gets, and what happens until one is there."""

from __future__ import annotations

import pytest

from services.shared.failures import NotYet, Temporary
from services.shared.policies import PolicyBook
from tests.builders import TOWN, book, pack

LATER = pack(version="2")


def test_a_new_complaint_gets_the_newest_pack() -> None:
    assert book(TOWN, LATER).bound_to("app") == LATER


def test_the_order_in_which_packs_are_read_does_not_matter() -> None:
    known = PolicyBook()
    for order, one in ((1, LATER), (0, TOWN)):
        known.learn(one.hash, one, order)

    assert known.bound_to("app") == LATER


def test_a_source_that_is_bound_to_a_pack_gets_that_one() -> None:
    known = PolicyBook(bindings={"app": TOWN.hash})
    for order, one in enumerate((TOWN, LATER)):
        known.learn(one.hash, one, order)

    assert (known.bound_to("app"), known.bound_to("hotline")) == (TOWN, LATER)


def test_an_older_complaint_keeps_its_pack() -> None:
    assert book(TOWN, LATER).pack(TOWN.hash) == TOWN


def test_a_pack_that_has_not_arrived_is_waited_for() -> None:
    empty = PolicyBook()

    assert not empty.known
    for look in (lambda: empty.bound_to("app"), lambda: empty.pack("0123")):
        with pytest.raises(NotYet) as waiting:
            look()
        assert isinstance(waiting.value, Temporary)
