"""The last word on a queue is the truth: the last message of each order says how it stands, whatever is told when."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any, get_args

import pytest

from schemas import envelope, queues
from schemas.edges import WorkOrder
from schemas.envelope import text_header
from schemas.facts import DeadlineBreached
from schemas.topics import COMPLAINTS, QUEUE
from tests.builders import Complaint, Town, hour, pack
from tests.policy import INCIDENTS
from tests.story.queue_client import PAGE, Departments, agree
from tests.story.unsteady import UnsteadyTown

REPORT = dict.fromkeys(("impact", "handling", "cause", "corrective", "preventive"), "-")


def told_late(complaint: Complaint, target: str, queue: str, **more: Any) -> None:
    """Escalation's breach of a target lands on the topic now, behind all that stands there."""
    town = complaint.town
    fact = DeadlineBreached.model_validate(
        {
            "complaint_id": complaint.id,
            "at": town.world.now,
            "target": target,
            "revision": 1,
            "rung": 2,
            "due_at": town.world.now,
            "target_due_at": town.world.now,
            "level": 1,
            "department": queue,
            "queue": queue,
            "role": "head",
            "action": "urge",
            **more,
        }
    )
    sequence = 1_000 + len(town.world.log)
    about = {"topic": COMPLAINTS.name, "subject": complaint.id, "service": "escalation", "sequence": sequence}
    message = envelope.encode(fact, **about, at=town.world.now, cause="timer")  # type: ignore[arg-type]
    town.world.send(message.topic, message.value, complaint.id, message.headers)


def closed() -> Complaint:
    """Handed from one department to another, answered, visited in vain and again, solved."""
    complaint = Town().complaint("water/leak", text="since Monday")
    complaint.reply("water", "returned", note="not ours")
    complaint.reply("centre", "assigned", assign_to="power", plan="ordinary")
    complaint.reply("power", "answered", note="mended")
    complaint.town.at(30)
    complaint.visit("unreachable")
    complaint.town.at(60)
    complaint.visit("solved")
    return complaint


def test_a_department_that_has_answered_is_told_that_its_work_is_done() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    complaint.reply("water", "answered", note="mended")

    assert complaint.orders("water") == [(0, "routed", "open"), (0, "answered", "answered")]
    assert town.queue("water")[-1].answer == "mended"


def test_a_desk_that_has_reported_is_told_that_its_visit_is_done() -> None:
    complaint = closed()

    assert complaint.stands("visit-desk") == {"visit/visit-desk/1-1": "reported", "visit/visit-desk/1-2": "reported"}
    assert [order.attempt for order in complaint.town.queue("visit-desk")] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ({"reply": "approved"}, "decided"),
        ({"reply": "refused", "note": "no"}, "decided"),
        ({"reply": "assigned", "assign_to": "power"}, "withdrawn"),
    ],
)
def test_a_request_is_open_until_it_is_decided_or_lapses(reply: dict[str, Any], state: str) -> None:
    complaint = Town().complaint("patient/pump")
    complaint.reply("water", "waiting", reason="parts", note="a pump")
    before = complaint.stands("centre")

    complaint.reply("centre", **{"reply": "", **reply})

    assert (before, complaint.stands("centre")) == ({"approve/centre/1": "open"}, {"approve/centre/1": state})
    assert {order.request.note for order in complaint.town.queue("centre") if order.request} == {"a pump"}


def test_what_was_asked_lapses_with_the_answer() -> None:
    complaint = Town().complaint("patient/pump")
    complaint.reply("water", "waiting", reason="parts")

    complaint.reply("water", "answered")

    assert complaint.stands("centre") == {"approve/centre/1": "withdrawn"}


def test_nothing_is_open_on_any_queue_after_the_end() -> None:
    complaint = closed()

    states = {queue: complaint.stands(queue) for queue in ("water", "power", "centre")}

    assert states == {
        "water": {"work/water": "withdrawn"},
        "power": {"work/power": "closed"},
        "centre": {"assign/centre": "decided"},
    }


@pytest.mark.parametrize(("queue", "state"), [("power", "closed"), ("water", "withdrawn")])
def test_what_is_told_late_after_the_end_says_so_and_opens_nothing(queue: str, state: str) -> None:
    complaint = closed()

    told_late(complaint, "answer", queue)

    last = complaint.town.queue(queue)[-1]
    assert (last.why, last.state, last.subject, last.text) == ("breached", state, "it leaks", "since Monday")
    assert last.detail.endswith("(the complaint is closed)")


def test_who_had_no_order_about_a_target_is_told_late_by_a_notice_that_says_that_it_is_over() -> None:
    complaint = closed()

    told_late(complaint, "answer", "housing")

    (notice,) = complaint.town.notices("housing")
    assert (notice.why, notice.ended, notice.target, notice.owner) == ("breached", True, "answer", "power")
    assert complaint.stands("housing") == {}


def test_a_visit_that_is_told_late_of_its_breach_keeps_its_attempt_and_its_state() -> None:
    complaint = closed()

    told_late(complaint, "visit", "visit-desk", revision=2)

    last = complaint.town.queue("visit-desk")[-1]
    assert (last.why, last.state, last.attempt) == ("breached", "reported", 2)


def test_every_message_about_a_visit_has_its_attempt_and_its_window() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "answered")

    town.at(200)

    orders = town.queue("visit-desk")
    assert {"visit", "warned", "breached", "escalated"} <= {order.why for order in orders}
    assert {(order.attempt, order.opens_at, order.state) for order in orders} == {(1, hour(24), "open")}
    assert all(order.targets[-1].name == "visit" for order in orders)


def test_an_escalation_asks_the_centre_for_nothing() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.at(80)

    assert complaint.stands("centre") == {}
    assert {notice.why for notice in town.notices("centre")} == {"escalated"}
    assert {(notice.subject, notice.owner) for notice in town.notices("centre")} == {("it leaks", "water")}


def test_a_reopened_complaint_opens_the_order_again() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "answered")
    complaint.town.at(30)

    complaint.visit("not_solved")

    assert [why for _, why, _ in complaint.orders("water")] == ["routed", "answered", "reopened"]
    assert complaint.stands("water") == {"work/water": "open"}


def test_an_incident_is_open_until_it_is_reported_for_who_follows_it() -> None:
    town = Town(policy=pack(incidents={**INCIDENTS, "manager": "power"}))
    complaint = town.complaint("water/leak", text="an explosion")
    before = complaint.stands("power")

    complaint.reply("water", "report", report=REPORT)

    assert (before, complaint.stands("power")) == ({"incident/power": "open"}, {"incident/power": "reported"})
    assert (complaint.stands("centre"), complaint.notices("centre")) == ({}, [(0, "incident")])


def test_a_reply_that_gives_the_order_another_date_is_told_to_its_department() -> None:
    complaint = Town().complaint("water/leak")

    complaint.reply("water", "promised", until=hour(5).isoformat())

    assert complaint.orders("water")[-1] == (0, "dates", "open")
    assert [t.name for t in complaint.town.queue("water")[-1].targets] == ["accept", "answer", "callback"]


def test_who_follows_an_incident_hears_of_each_other_date_and_of_the_answer() -> None:
    town = Town(policy=pack(incidents={**INCIDENTS, "manager": "power"}))
    complaint = town.complaint("water/leak", text="an explosion")
    town.at(1.5)
    complaint.reply("water", "progress")
    after_news = town.queue("power")[-1]

    complaint.reply("water", "answered", note="mended")

    update = next(t for t in after_news.targets if t.name == "update")
    assert (after_news.why, after_news.state, update.revision, update.due_at) == ("dates", "open", 2, hour(3.5))
    last = town.queue("power")[-1]
    assert (last.why, last.state, last.answer) == ("answered", "open", "mended")
    assert [t.name for t in last.targets] == [t.name for t in complaint.document("router").case.plan.targets]


def test_whoever_has_to_consent_hears_what_the_department_has_moved_meanwhile() -> None:
    complaint = Town().complaint("patient/pump")
    complaint.reply("water", "waiting", reason="parts")

    complaint.reply("water", "promised", until=hour(5).isoformat())

    last = complaint.town.queue("centre")[-1]
    assert (last.order, last.why, last.state) == ("approve", "dates", "open")
    assert "callback" in {t.name for t in last.targets}


def test_a_desk_that_has_to_visit_hears_of_every_other_date() -> None:
    town = Town(policy=pack(incidents=INCIDENTS))
    complaint = town.complaint("water/leak")
    complaint.reply("water", "answered")
    town.at(24)

    complaint.reply("water", "incident", note="an explosion after all")

    last = town.queue("visit-desk")[-1]
    assert (last.why, last.state, last.targets[-1].name) == ("incident", "open", "visit")
    assert "report" in {t.name for t in last.targets}


def test_what_is_over_is_told_nothing_of_what_others_do() -> None:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "returned", note="not ours")
    complaint.reply("centre", "assigned", assign_to="power")
    before = [complaint.orders("water"), complaint.orders("centre")]

    complaint.reply("power", "promised", until=hour(5).isoformat())
    complaint.reply("power", "answered", note="mended")

    assert [complaint.orders("water"), complaint.orders("centre")] == before


def test_the_level_of_an_order_is_its_own_and_a_step_says_besides_at_which_level_it_is_told() -> None:
    town = Town()
    complaint = town.complaint("power/outage")
    town.at(102)

    complaint.reply("power", "promised", until=hour(110).isoformat())

    told = [(order.why, order.level, order.rung_level) for order in town.queue("power")]
    assert told[0] == ("routed", 0, None) and told[-1] == ("dates", 0, None)
    assert ("breached", 0, 1) in told
    assert {level for _, level, _ in told} == {0}


def test_no_order_is_told_again_that_says_already_how_it_stands() -> None:
    complaint = Town().complaint("water/leak")

    for reply in ("accepted", "contacted", "progress"):
        complaint.reply("water", reply)

    assert complaint.orders("water") == [(0, "routed", "open")]


def test_an_order_has_one_name_all_its_life_which_is_the_key_of_its_records() -> None:
    complaint = closed()

    for queue in ("water", "power", "centre", "visit-desk"):
        told = [r for r in complaint.town.on(QUEUE.of(queue)) if b'"order_id"' in (r.value or b"")]
        assert told
        assert all(json.loads(r.value or b"")["order_id"] == (r.key or b"").decode() for r in told)


def test_the_last_message_of_each_order_agrees_with_routers_document_after_each_step() -> None:
    complaint, departments = closed(), Departments()

    departments.read(complaint.town)
    told_late(complaint, "answer", "water")
    departments.read(complaint.town)

    agree(departments, complaint.town, complaint.document("router"))
    assert departments.client.open() == {}


def test_a_record_that_stands_again_on_a_queue_changes_no_list() -> None:
    town, departments = UnsteadyTown(), Departments()
    town.complains("water/leak")
    town.replies(0, "owner", "answered")
    first = next(record for record in town.world.log if record.topic == QUEUE.of("water"))

    departments.read(town)
    departments.client.hear(first)

    (order,) = departments.last(town.complaints[0].id).values()
    assert order["state"] == "answered"


def test_router_may_be_behind_as_long_as_it_likes() -> None:
    town, departments = UnsteadyTown(), Departments()
    town.complains("power/outage")
    town.replies(0, "owner", "answered")
    town.world.down.add("router")

    town.passes(timedelta(days=30) / timedelta(hours=1))
    town.recover()

    departments.read(town)
    assert departments.client.open() == {}


@pytest.mark.parametrize(("table", "words"), [("order", queues.KINDS), ("state", queues.STATES), ("why", queues.WHYS)])
def test_the_page_explains_every_word_as_the_schema_does(table: str, words: dict[str, str]) -> None:
    found = re.search(rf"^\| {table} \| .*\n\| ---.*\n((?:\|.*\n)+)", PAGE.read_text("utf-8"), re.MULTILINE)

    assert found and dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", found[1], re.MULTILINE)) == words


def test_the_page_says_of_each_field_whether_it_is_the_orders_or_the_messages_own() -> None:
    page = PAGE.read_text("utf-8")
    table = re.search(r"^\| field \| .*\n\| ---.*\n((?:\|.*\n)+)", page, re.MULTILINE)
    rest = re.search(r"^All other fields are the message's own: (.+?)\. ", page, re.MULTILINE | re.DOTALL)
    assert table and rest

    of_the_order = {name for row in table[1].splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    of_the_message = set(re.findall(r"`(\w+)`", rest[1]))

    assert of_the_order & of_the_message == set()
    assert of_the_order | of_the_message == WorkOrder.model_fields.keys()


def test_the_words_are_those_of_the_types() -> None:
    assert [list(words) for words in (queues.KINDS, queues.STATES, queues.WHYS)] == [
        list(get_args(kind)) for kind in (queues.Kind, queues.State, queues.Why)
    ]


def test_nothing_on_a_queue_but_an_order_has_a_state() -> None:
    complaint = closed()
    complaint.reply("water", "answered")
    told_late(complaint, "answer", "housing")

    records = [r for r in complaint.town.world.log if QUEUE.member(r.topic)]
    for record in records:
        is_order = text_header(record.headers, "ce_type") == "closedloop.work.order.v1"
        assert ({"order", "state", "order_id"} <= json.loads(record.value or b"").keys()) == is_order
