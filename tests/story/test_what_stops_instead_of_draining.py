"""After too many messages in a row were turned away, the next ones wait until one can be taken or we are told."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.edges import Reply
from schemas.topics import COMPLAINTS, DEAD_LETTERS, REPLIES, SUBMISSIONS
from services.shared.machine.stopping import MOST_IN_A_ROW
from tests.builders import INTAKE, ROUTER, SERVICES, Town, poisoned

WATER, POWER, APP, CRM = REPLIES.of("water"), REPLIES.of("power"), SUBMISSIONS.of("app"), SUBMISSIONS.of("crm")
GARBAGE = b"<xml/>"


def letters(town: Town, service: str, topic: str) -> int:
    """How many of a topic's records have their dead letter."""
    stories = (dict(letter.headers) for letter in town.on(DEAD_LETTERS.of(service)))
    return sum(story["dlq-original-topic"] == topic.encode() for story in stories)


def waiting(town: Town, service: str, topic: str) -> int:
    return len(town.world.stopped.get((service, topic), ()))


def garbled(town: Town, topic: str, times: int = MOST_IN_A_ROW + 20) -> None:
    for _ in range(times):
        town.sends(topic, GARBAGE)


def test_too_many_unreadable_messages_in_a_row_wait_instead_of_becoming_dead_letters() -> None:
    town = Town()

    garbled(town, CRM, MOST_IN_A_ROW + 20)

    assert letters(town, "intake", CRM) == MOST_IN_A_ROW
    assert waiting(town, "intake", CRM) == 20


def test_a_message_that_can_be_taken_is_taken_at_once_however_many_wait_before_it() -> None:
    town = Town()
    garbled(town, APP)

    complaint = town.complaint("water/leak")

    assert complaint.facts("ComplaintRouted") != []
    assert (letters(town, "intake", APP), waiting(town, "intake", APP)) == (MOST_IN_A_ROW + 20, 0)


def test_a_row_counts_anew_behind_a_message_that_was_taken() -> None:
    town = Town()
    for _ in range(3):
        garbled(town, APP, MOST_IN_A_ROW - 1)
        town.complaint("water/leak")

    assert waiting(town, "intake", APP) == 0


def test_a_sender_stops_only_itself() -> None:
    town = Town()
    garbled(town, CRM)
    garbled(town, WATER)

    complaint = town.complaint("power/lamp")
    complaint.reply("power", "answered")

    assert complaint.facts("ComplaintAnswered") != []
    assert set(town.world.stopped) == {("intake", CRM), ("router", WATER)}


def test_whoever_tells_it_to_go_on_has_what_waits_decided_and_the_row_counted_anew() -> None:
    town = Town()
    garbled(town, WATER)

    town.world.read_on("router", WATER)
    garbled(town, WATER, MOST_IN_A_ROW + 5)

    assert letters(town, "router", WATER) == 2 * MOST_IN_A_ROW + 20
    assert waiting(town, "router", WATER) == 5


def test_ids_that_were_all_used_before_stop_a_source_as_well() -> None:
    town = Town()
    for number in range(MOST_IN_A_ROW + 20):
        town.submits({"id": str(number), "subject": "it leaks", "category": "water/leak"}, "crm")

    for number in range(MOST_IN_A_ROW + 20):
        town.submits({"id": str(number), "subject": "another one", "category": "water/leak"}, "crm")

    assert waiting(town, "intake", CRM) == 20
    town.submits({"id": "new", "subject": "it leaks", "category": "water/leak"}, "crm")
    assert waiting(town, "intake", CRM) == 0


def test_a_bug_in_a_rule_parks_so_many_cases_and_no_more() -> None:
    town = Town(services=[poisoned(ROUTER, Reply) if service is ROUTER else service for service in SERVICES])
    complaints = [town.complaint("water/leak") for _ in range(MOST_IN_A_ROW + 20)]

    for complaint in complaints:
        complaint.reply("water", "accepted")

    parked = [complaint for complaint in complaints if complaint.document("router").parked]
    assert (len(parked), waiting(town, "router", WATER)) == (MOST_IN_A_ROW, 20)
    town.mend(ROUTER)
    town.complaint("water/leak").reply("water", "accepted")
    assert all(complaint.facts("WorkAccepted") for complaint in complaints[MOST_IN_A_ROW:])


def test_messages_about_one_parked_case_stop_nobody() -> None:
    town = Town(services=[poisoned(ROUTER, Reply, _is_odd) if service is ROUTER else service for service in SERVICES])
    stuck, other = town.complaint("water/leak"), town.complaint("water/leak")
    stuck.reply("water", "accepted", note="odd")

    for _ in range(MOST_IN_A_ROW + 1):
        stuck.reply("water", "progress", note="on it")
    other.reply("water", "accepted")

    assert other.facts("WorkAccepted") != []
    assert town.world.stopped == {}


def test_the_fact_topic_is_never_stopped() -> None:
    town = Town()

    garbled(town, COMPLAINTS.name, MOST_IN_A_ROW + 20)

    assert town.world.stopped == {}
    assert town.complaint("water/leak").facts("ComplaintRouted") != []


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 5))
def test_nothing_that_can_be_taken_ever_waits_and_all_else_has_its_letter_or_waits(
    readable: list[bool], most: int
) -> None:
    town = Town(services=[INTAKE])
    town.world.most_in_a_row = most

    for number, good in enumerate(readable):
        body: Any = {"id": str(number), "subject": "it leaks", "category": "water/leak"}
        town.submits(json.dumps(body).encode() if good else GARBAGE)

    assert len(town.facts()) == sum(readable)
    assert letters(town, "intake", APP) + waiting(town, "intake", APP) == len(readable) - sum(readable)
    last_row = len(readable) - 1 - max((n for n, good in enumerate(readable) if good), default=-1)
    assert waiting(town, "intake", APP) == max(0, last_row - most)


def _is_odd(body: Any) -> bool:
    return bool(body.note == "odd")
