"""A complaint keeps the rules it was received under; who holds an office is read from the newest pack of that name."""

from __future__ import annotations

from closedloop.casebook.packs import staffed as packs
from schemas.policy import PolicyPack
from schemas.topics import POLICIES
from services.shared.machine.letters import Origin
from tests.builders import pack
from tests.offices import staffed

OLD = staffed()
NEW = staffed(version="2", assign_within="1h", offices={"director": "sun"})


def published(*packs: PolicyPack | bytes) -> list[Origin]:
    """The topic of packs, in order."""
    keyed = [(b"unreadable", one) if isinstance(one, bytes) else (one.hash.encode(), _json(one)) for one in packs]
    return [Origin(POLICIES.name, 0, n, 0, key, value) for n, (key, value) in enumerate(keyed)]


def _json(one: PolicyPack) -> bytes:
    return one.model_dump_json().encode()


def test_an_older_pack_keeps_its_rules_and_has_the_newest_ones_people() -> None:
    old = packs(published(OLD, NEW))[OLD.hash]

    assert (old.assign_within, old.offices["director"]) == (OLD.assign_within, "sun")


def test_what_was_published_last_is_the_newest() -> None:
    assert packs(published(NEW, OLD))[OLD.hash].offices["director"] == "zhao"


def test_a_pack_of_another_name_brings_nobody() -> None:
    other = staffed(name="village", offices={"director": "li"})

    assert packs(published(OLD, other))[OLD.hash].offices["director"] == "zhao"


def test_a_pack_that_cannot_be_read_is_passed_over() -> None:
    assert set(packs(published(b"{", OLD, b"\xff"))) == {OLD.hash}


def test_a_pack_is_known_by_its_key_whatever_this_version_would_compute() -> None:
    (record,) = published(pack())
    found = packs([Origin(record.topic, 0, 0, 0, b"an-older-hash", record.value)])

    assert found["an-older-hash"].hash == "an-older-hash"
