"""Whoever has a complaint's id may read its answer over HTTP, so nobody else can compute that id."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.edges import Customer
from schemas.envelope import complaint_id
from schemas.facts import ComplaintAnswered, ComplaintReceived
from services.intake.door import source_id
from services.intake.rules import pseudonym
from services.shared.machine.documents import Input
from tests.unit.intake.doors import stubbed
from tests.unit.intake.told import ANSWERED, RECEIVED, after


def taken(secret: str, key: str) -> Input[Any]:
    """What a site with this secret makes of a complaint under this key."""
    heard: list[Input[Any]] = []
    headers = {"idempotency-key": key, "content-type": "application/json"}
    stubbed(secret, hears=heard.append).post(
        "/v1/complaints", content=json.dumps({"subject": "it leaks"}), headers=headers
    )
    return heard[0]


def test_the_id_of_a_complaint_does_not_follow_from_its_idempotency_key_without_the_secret_of_the_site() -> None:
    found = {taken(secret, "my-first").subject for secret in ("one", "another", "")}

    assert len(found) == 3
    assert complaint_id("http", "my-first") not in found


def test_the_same_idempotency_key_is_the_same_complaint_and_another_is_another() -> None:
    first, again, other = taken("s", "k"), taken("s", "k"), taken("s", "l")

    assert (first.subject, first.known_as, first.digest) == (again.subject, again.known_as, again.digest)
    assert other.subject != first.subject


def test_the_id_follows_from_what_the_log_holds_and_the_log_does_not_hold_the_key() -> None:
    given = taken("s", "my-first")

    assert given.subject == complaint_id("http", given.body.id) == complaint_id("http", source_id("my-first", "s"))
    assert dict(given.origin.headers)["ce_id"].decode() == given.body.id
    assert "my-first" not in f"{given.body.model_dump()} {given.origin} {given.id}"


def test_what_a_customer_is_called_tells_nothing_of_the_id_of_a_complaint() -> None:
    assert source_id("my-first", "s")[:24] not in pseudonym(Customer(id="my-first"), "", "s")


@pytest.mark.parametrize(("source", "answer"), [("http", "It is mended."), ("app", None), ("hotline", None)])
def test_the_text_of_an_answer_is_told_by_id_only_where_the_complaint_came_over_http(
    source: str, answer: str | None
) -> None:
    received = RECEIVED.model_copy(update={"source": source})
    answered = ANSWERED.model_copy(update={"note": "It is mended."})
    assert isinstance(received, ComplaintReceived) and isinstance(answered, ComplaintAnswered)

    status = stubbed(case=after(received, answered)).get(f"/v1/complaints/{received.complaint_id}").json()

    assert (status["state"], status["answer"]) == ("answered", answer)
