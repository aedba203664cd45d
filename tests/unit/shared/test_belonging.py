"""A service works with the broker its database belongs to, and with no other; its own words have to stand in it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

import pytest
from prometheus_client import CollectorRegistry

from schemas.topics import COMPLAINTS
from services.shared.database.store import Store
from services.shared.machine.table import Service
from services.shared.process import belonging
from services.shared.process.belonging import UNFINISHED, Mark, Stranger, Told, compare, highest, judged, refuse_younger
from services.shared.watching.measures import Measures
from tests.builders import ESCALATION, ROUTER, SERVICES, Complaint, Town

OURS = Mark("broker-1", "database-1")


def test_two_that_know_each_other_belong_together() -> None:
    assert judged("router", "here:9092", OURS, OURS) == OURS


def test_two_that_are_both_new_get_a_mark_of_their_own() -> None:
    mark = judged("router", "here:9092", None, Mark("broker-1", ""))

    assert mark.cluster == "broker-1" and mark.database


def test_a_broker_that_has_forgotten_its_mark_gets_it_again() -> None:
    assert judged("router", "here:9092", OURS, Mark("broker-1", "")) == OURS


@pytest.mark.parametrize(
    ("mine", "theirs", "says"),
    [
        (OURS, Mark("broker-2", ""), "belongs to the broker broker-1"),
        (OURS, Mark("broker-1", "database-2"), "belongs to another database of router"),
        (None, Mark("broker-1", "database-2"), "closedloop rebuild router"),
    ],
    ids=["another broker", "another database", "an empty database"],
)
def test_who_belongs_to_others_refuses_in_one_line_with_the_way_out(mine: Mark | None, theirs: Mark, says: str) -> None:
    with pytest.raises(Stranger, match=says) as refused:
        judged("router", "here:9092", mine, theirs)

    assert "\n" not in str(refused.value)
    assert "KAFKA_BOOTSTRAP_SERVERS" in str(refused.value)


def test_a_database_that_was_made_again_only_in_part_is_refused() -> None:
    with pytest.raises(Stranger, match="in part: `closedloop rebuild router`"):
        judged("router", "here:9092", Mark("broker-1", UNFINISHED), OURS)


@pytest.mark.parametrize("ends", [{0: 9, 1: 5}, {0: 9}, {}], ids=["one shorter", "one missing", "empty"])
def test_a_database_that_has_read_more_than_the_log_holds_is_refused(ends: dict[int, int]) -> None:
    with pytest.raises(Stranger, match="older log"):
        refuse_younger("router", "here:9092", ends, {0: 9, 1: 6})


def test_a_log_that_holds_all_that_was_read_and_more_is_the_one() -> None:
    refuse_younger("router", "here:9092", {0: 9, 1: 60}, {0: 9, 1: 6})
    refuse_younger("router", "here:9092", {0: 9}, {})


def life() -> Complaint:
    complaint = Town().complaint()
    complaint.reply("water", "accepted")
    return complaint


def on_the_log(complaint: Complaint, service: Service, read_until: int) -> Told:
    return highest(service, complaint.town.on(COMPLAINTS.name), {0: read_until})


def in_the_database(complaint: Complaint, service: Service) -> int:
    return complaint.document(service.name).sequence


def test_a_database_that_does_not_know_what_its_service_has_said_is_refused() -> None:
    complaint = life()
    told = on_the_log(complaint, ROUTER, 100)

    for stored in ({}, {complaint.id: in_the_database(complaint, ROUTER) - 2}):
        with pytest.raises(Stranger, match="closedloop rebuild router"):
            compare("router", told, stored)


def test_a_database_that_does_not_know_a_case_that_its_service_has_read_of_is_refused() -> None:
    complaint = Town().complaint()

    with pytest.raises(Stranger, match="closedloop rebuild escalation"):
        compare("escalation", on_the_log(complaint, ESCALATION, 100), {})
    compare("escalation", on_the_log(complaint, ESCALATION, 0), {})


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_database_that_knows_all_that_was_said_and_read_is_the_one(service: Service) -> None:
    complaint = life()
    known = complaint.town.world.documents.get((service.name, complaint.id))

    stored = {complaint.id: in_the_database(complaint, service)} if known else {}
    compare(service.name, on_the_log(complaint, service, 100), stored)


def test_what_a_stranger_wrote_under_our_name_is_not_held_against_a_database() -> None:
    complaint = life()
    routed = complaint.town.on(COMPLAINTS.name)[1]
    forged = [(name, b"9999" if name == "ce_sequence" else value) for name, value in routed.headers]
    complaint.town.world.send(COMPLAINTS.name, routed.value or b"", complaint.id, forged)

    compare("router", on_the_log(complaint, ROUTER, 0), {complaint.id: in_the_database(complaint, ROUTER)})


def test_who_begins_while_another_process_of_the_service_reads_on_is_not_taken_for_a_stranger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mark, read = Mark("broker-1", "name"), {0: 5}

    class Shared(Store):
        """The database of a service of which another process reads as far as the log goes."""

        def __init__(self) -> None:
            """Needs no server."""

        async def reach(self) -> Mapping[int, int]:
            return dict(read)

        async def counts(self, subjects: Collection[str]) -> dict[str, int]:
            return {}

    def told(*_: object) -> tuple[Mapping[int, int], dict[tuple[str, str], int]]:
        ends = dict(read)
        read[0] += 1
        return ends, {}

    monkeypatch.setattr(belonging, "told", told)
    monkeypatch.setattr(belonging, "leave", lambda *_: None)
    measures = Measures(ROUTER.name, (), CollectorRegistry())

    asyncio.run(belonging.make_sure(Shared(), ROUTER, "a broker", measures, (mark, mark)))
