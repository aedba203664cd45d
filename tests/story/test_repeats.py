"""Whatever comes twice has one effect; whatever comes again with another content is a conflict, and the first holds."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from schemas.edges import Submission
from schemas.envelope import complaint_id
from schemas.topics import COMPLAINTS, REPLIES, SUBMISSIONS
from services.shared.machine import reading
from services.shared.machine.documents import Input
from services.shared.machine.letters import Origin
from services.shared.timing.clock import Clock
from tests.builders import INTAKE, MONDAY, Complaint, Town

APP = SUBMISSIONS.of("app")
NOBODYS = Origin(APP, 0, 0, 0, None, None)
LEAK = {"id": "7", "subject": "it leaks", "category": "water/leak"}


@pytest.mark.parametrize(
    ("own", "headers"),
    [({"id": "7"}, {}), ({}, {"id": "7", "source": "/app"}), ({}, {"id": "7"})],
    ids=["named by its own id", "named by its CloudEvents source and id", "named by its CloudEvents id"],
)
def test_a_submission_sent_again_is_the_same_complaint(own: dict[str, str], headers: dict[str, str]) -> None:
    town = Town()

    for _ in range(3):
        town.sends(APP, {"subject": "it leaks", "category": "water/leak", **own}, **headers)

    assert names(town) == ["ComplaintReceived", "ComplaintRouted"]
    assert [receipt.kind for receipt in town.receipts()] == ["accepted", "status"]


def test_a_submission_sent_again_by_another_of_the_senders_machines_is_the_same_complaint() -> None:
    town = Town()

    for machine in ("/app/1", "/app/2"):
        town.sends(APP, LEAK, id="7", source=machine)

    assert names(town) == ["ComplaintReceived", "ComplaintRouted"]
    assert town.dead_letters("intake") == []


def test_a_submission_without_any_id_is_refused_because_its_retry_would_be_a_second_complaint() -> None:
    town = Town()

    for _ in range(2):
        town.submits({"subject": "it leaks", "category": "water/leak"})

    assert names(town) == []
    assert [receipt.reasons[0].split(":")[0] for receipt in town.receipts()] == ["id_missing"] * 2
    assert town.dead_letters("intake") == ["id_missing"] * 2


def test_a_submission_without_an_id_is_known_by_its_records_key() -> None:
    town = Town()
    body = json.dumps({"subject": "it leaks", "category": "water/leak"}).encode()

    for _ in range(3):
        town.world.send(APP, body, key="GD-7")
    town.world.send(APP, body, key="GD-8")

    assert names(town).count("ComplaintReceived") == 2
    accepted = [receipt for receipt in town.receipts() if receipt.kind == "accepted"]
    assert [(r.source_id, r.complaint_id) for r in accepted] == [
        (id, complaint_id("app", id)) for id in ("GD-7", "GD-8")
    ]


@pytest.mark.parametrize("nothing", ["   ", "\u200b", "\t\u00a0"])
def test_an_id_in_which_nothing_is_to_be_seen_is_none(nothing: str) -> None:
    town = Town()
    body = {"subject": "it leaks", "category": "water/leak"}

    town.sends(APP, body, id=nothing)
    town.world.send(APP, json.dumps(body).encode(), key=nothing)

    assert town.dead_letters("intake") == ["id_missing"] * 2


@pytest.mark.parametrize("nothing", ["   ", "\u200b\u200d", "\t"])
@pytest.mark.parametrize("field", ["id", "subject"])
def test_a_complaint_of_which_nothing_is_to_be_seen_is_refused_in_words(field: str, nothing: str) -> None:
    town = Town()

    town.submits({**LEAK, "language": "zh", field: nothing})

    (refused,) = town.receipts()
    assert (refused.kind, town.dead_letters("intake")) == ("refused", ["unreadable"])
    assert f"{field}: 没有可见的内容" in refused.reasons[0]


def test_its_own_id_comes_before_the_records_key() -> None:
    town = Town()

    for key in ("district-4", "district-5"):
        town.world.send(APP, json.dumps(LEAK).encode(), key=key)

    assert names(town).count("ComplaintReceived") == 1


def test_what_is_wrong_in_a_submission_is_told_under_its_records_key() -> None:
    town = Town()

    town.world.send(APP, b'{"subject": ""}', key="GD-7")

    assert [(receipt.kind, receipt.source_id) for receipt in town.receipts()] == [("refused", "GD-7")]


EVENT = {"specversion": "1.0", "id": "7", "source": "/app", "type": "closedloop.submission.v1"}


def test_a_structured_event_is_one_whether_or_not_its_record_says_so() -> None:
    town = Town()
    event = json.dumps(EVENT | {"data": {"subject": "it leaks", "category": "water/leak"}}).encode()

    for headers in ([("content-type", b"application/cloudevents+json")], [("content-type", b"application/json")], []):
        town.world.send(APP, event, headers=headers)

    assert names(town) == ["ComplaintReceived", "ComplaintRouted"]
    assert [receipt.source_id for receipt in town.receipts()] == ["7", "7"]


def test_the_same_id_from_two_sources_is_two_complaints() -> None:
    town = Town()

    town.submits(LEAK, "app")
    town.submits(LEAK, "hotline")

    assert names(town).count("ComplaintReceived") == 2


def test_a_submission_with_a_known_id_and_another_content_is_refused_and_the_first_holds() -> None:
    town = Town()
    town.submits(LEAK)

    town.submits({**LEAK, "subject": "it burns"})

    assert names(town).count("ComplaintReceived") == 1
    assert [receipt.kind for receipt in town.receipts()] == ["accepted", "status", "refused"]
    assert town.receipts()[-1].reasons[0].startswith("conflict:")
    assert town.dead_letters("intake") == ["conflict"]


def test_a_repeat_is_one_across_an_upgrade() -> None:
    town, read = Town(), Origin(APP, 0, 0, 0, None, json.dumps(LEAK).encode())
    town.submits(LEAK)
    id, former = complaint_id("app", "7"), reading.read(INTAKE, read, Clock())
    document = town.world.documents["intake", id]
    heard = dict.fromkeys(document.heard, former.former_digest)  # type: ignore[union-attr]
    town.world.documents["intake", id] = replace(document, heard=heard)

    town.submits(LEAK)

    assert names(town) == ["ComplaintReceived", "ComplaintRouted"]
    assert town.dead_letters("intake") == []


def test_a_field_that_a_later_version_has_besides_makes_no_repeat_a_conflict() -> None:
    class Later(Submission):
        """A submission with one more optional field."""

        floor: str | None = None

    was, now = (model.model_validate(LEAK) for model in (Submission, Later))

    assert Input(was, "", MONDAY, "", NOBODYS).digest == Input(now, "", MONDAY, "", NOBODYS).digest


def test_a_conflict_sent_again_is_refused_once() -> None:
    town = Town()
    town.submits(LEAK)

    for _ in range(3):
        town.submits({**LEAK, "subject": "it burns"})

    assert [receipt.kind for receipt in town.receipts()].count("refused") == 1
    assert town.dead_letters("intake") == ["conflict"]


def test_a_reply_sent_again_has_one_effect() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    for _ in range(3):
        complaint.reply("water", "progress", id="p-1", note="half done")

    assert len(complaint.facts("ProgressReported", "ReplyRefused")) == 1


def test_a_reply_with_a_known_id_and_another_content_is_refused_on_the_queue() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "progress", id="p-1", note="half done")

    complaint.reply("water", "answered", id="p-1", note="done")

    assert complaint.facts("ComplaintAnswered") == []
    assert [(n.reply_id, n.reason) for n in town.notices("water")] == [("p-1", "conflict")]
    assert town.dead_letters("router") == ["conflict"]


def test_one_department_cannot_use_up_the_ids_of_another() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    town.sends(REPLIES.of("power"), reply(complaint, "accepted"), source="closedloop.replies.water", id="1")
    town.sends(REPLIES.of("water"), reply(complaint, "progress"), id="1")

    assert len(complaint.facts("ProgressReported")) == 1


def test_a_refused_reply_sent_again_is_refused_once() -> None:
    town = Town()
    complaint = town.complaint("water/leak")

    for _ in range(3):
        complaint.reply("power", "accepted", id="p-1")

    assert len(complaint.facts("ReplyRefused")) == 1


def test_a_visit_report_sent_again_has_one_effect() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "answered")
    town.at(25)

    for _ in range(3):
        complaint.visit("unreachable", attempt=1, id="v-1")

    assert len(complaint.facts("VisitAttempted", "VisitRefused")) == 1


def test_a_fact_that_stands_on_the_topic_twice_has_one_effect() -> None:
    town = Town()
    complaint = town.complaint("water/leak")
    complaint.reply("water", "answered")
    before = names(town)

    town.world.log += [replace(r, offset=r.offset + 1000) for r in town.on(COMPLAINTS.name)]
    town.world.settle()
    town.at(24)

    assert names(town)[2 * len(before) :] == ["VisitRequested"]


def reply(complaint: Complaint, reply: str) -> dict[str, str]:
    return {"complaint_id": complaint.id, "reply": reply}


def names(town: Town) -> list[str]:
    """What was said on the fact topic."""
    return [type(fact).__name__ for fact in town.world.facts()]
