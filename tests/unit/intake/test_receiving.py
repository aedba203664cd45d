"""A submission becomes a complaint with a reference, and its contact data stay with intake."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.edges import Customer, Submission
from schemas.envelope import complaint_id
from schemas.policy import PolicyPack
from schemas.topics import SUBMISSIONS
from services.intake.rules import TAKEN_OVER, contact, pseudonym, receive_on_submission
from services.shared.machine.documents import Input
from services.shared.machine.failures import Refused
from services.shared.machine.letters import Origin
from tests import forgotten
from tests.builders import TOWN, hour, hours, pack

ID = complaint_id("app", "7")
LENIENT = pack(trust="unlimited")


def received(policy: PolicyPack = TOWN, at: float = 10, **submission: Any) -> Any:
    body = Submission.model_validate({"id": "7", "subject": "it leaks", **submission})
    origin = Origin(SUBMISSIONS.of("app"), 0, 0, 0, None, b"")
    (fact,) = receive_on_submission(None, Input(body, ID, hour(at), "app/7", origin, "app"), policy, "key")
    return fact


@pytest.mark.parametrize(
    ("policy", "stated", "counts_from"),
    [
        pytest.param(TOWN, None, 10, id="nothing stated: the arrival"),
        pytest.param(TOWN, 9.5, 9.5, id="stated within the window of trust: then"),
        pytest.param(TOWN, 9, 9, id="stated just within the window: then"),
        pytest.param(TOWN, 8.9, 10, id="stated before the window: the arrival"),
        pytest.param(LENIENT, -1000, -1000, id="all is trusted: then"),
        pytest.param(TOWN, 10.05, 10, id="a clock that is ahead: the arrival"),
    ],
)
def test_from_when_a_complaints_time_counts(policy: PolicyPack, stated: float | None, counts_from: float) -> None:
    claim = {} if stated is None else {"stated_at": hour(stated)}

    fact = received(policy, **claim)

    assert hours(fact.received_at) == counts_from
    assert fact.stated_at == claim.get("stated_at")
    assert hours(fact.at) == 10


@pytest.mark.parametrize(
    ("code", "submission"),
    [
        ("not_your_topic", {"source": "hotline"}),
        ("too_far_ahead", {"stated_at": hour(10.1)}),
        ("due_before_receipt", {"due_at": hour(10)}),
        ("due_before_receipt", {"due_at": hour(9.5), "stated_at": hour(9.6)}),
    ],
)
def test_a_submission_is_refused_as(code: str, submission: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        received(**submission)

    assert refused.value.why.code == code


def test_a_complaint_keeps_the_policy_it_was_received_under() -> None:
    assert received(LENIENT).policy == LENIENT.hash


def test_contact_data_stay_beside_the_case() -> None:
    customer = {"id": "c-9", "name": "Li", "phone": "13800138000", "email": "li@example.com"}

    fact = received(customer=customer)

    assert not any(value in fact.model_dump_json() for value in customer.values())
    assert contact(Submission.model_validate({"subject": "it leaks", "customer": customer})) == customer


def test_where_nothing_is_known_of_the_customer_nothing_is_kept() -> None:
    assert contact(Submission(subject="it leaks")) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"id": "9"}, {"id": "9", "phone": "1"}, True),
        ({"phone": "13800138000"}, {"phone": "13800138000", "name": "Li"}, True),
        ({"id": "9"}, {"id": "8"}, False),
        ({}, {}, False),
    ],
    ids=["by their id", "by their telephone", "another id", "unknown customers are not one"],
)
def test_the_same_customer_has_the_same_pseudonym(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    first = pseudonym(Customer(**one), complaint_id("app", "1"), "key")
    second = pseudonym(Customer(**other), complaint_id("app", "2"), "key")

    assert (first == second) is same


def test_a_pseudonym_cannot_be_recomputed_without_the_sites_key() -> None:
    customer = Customer(phone="13800138000")

    assert pseudonym(customer, ID, "key") != pseudonym(customer, ID, "another")


def test_whatever_a_submission_says_becomes_part_of_the_fact_but_for_its_sender_and_the_customer() -> None:
    """A field that only one of the two has would never reach a rule of another service."""
    stays_behind = {"id", "source", "customer"}

    says = "`{}` of Submission reaches no rule: ComplaintReceived in schemas/facts.py needs a field of that name"
    forgotten.nothing(forgotten.beyond(set(Submission.model_fields) - stays_behind, TAKEN_OVER, says))
    assert set(Submission.model_fields) - stays_behind == set(TAKEN_OVER)
