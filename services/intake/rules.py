"""The decisions of intake: the complaint made of a submission, its reference, and the data that stay private."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from schemas.edges import Customer, Submission
from schemas.facts import ComplaintReceived, Fact
from schemas.languages import is_chinese
from schemas.policy import PolicyPack
from schemas.references import candidates
from schemas.refusals import because
from schemas.sizes import too_large
from schemas.topics import HTTP_SOURCE
from services.intake.model import Case
from services.shared.machine.documents import Input
from services.shared.machine.failures import Refused
from services.shared.machine.letters import NOWHERE
from services.shared.timing.countable import uncountable
from services.shared.timing.trust import FUTURE, judged

TAKEN_OVER = Submission.model_fields.keys() & ComplaintReceived.model_fields.keys() - {"source"}
"""What becomes part of the fact as the sender said it; a sender is known by its topic."""


def receive_on_submission(
    case: Case | None, given: Input[Submission], policy: PolicyPack, key: str = ""
) -> Iterator[Fact]:
    """A submission becomes a complaint, once; contact data stay behind; its free texts arrive here masked.

    Raises Refused for a submission that no rule may take: not its sender's topic, dates that do not fit, too large.
    """
    received_at = _received_at(given, policy)
    fact = _received(given, received_at, policy, key)
    if size := too_large(fact):
        raise Refused(size)
    yield fact


def _received_at(given: Input[Submission], policy: PolicyPack) -> datetime:
    """When the complaint counts as received; raises Refused where sender or dates do not fit."""
    submission = given.body
    if given.member == HTTP_SOURCE and given.origin.offset != NOWHERE:
        raise Refused(because("not_your_topic.http"))
    if submission.source not in (None, given.member):
        raise Refused(because("not_your_topic.source", topic=given.member, source=submission.source))
    if submission.stated_at is not None and submission.stated_at > given.at + FUTURE:
        raise Refused(because("too_far_ahead", stated_at=submission.stated_at, arrived_at=given.at))
    received_at, _ = judged(submission.stated_at, given.at, policy)
    if submission.due_at is not None and submission.due_at <= received_at:
        raise Refused(because("due_before_receipt", due_at=submission.due_at, received_at=received_at))
    for field, moment in (("received_at", received_at), ("due_at", submission.due_at)):
        if moment is not None and (why := uncountable(policy, field, moment, given.at)):
            raise Refused(why)
    return received_at


def _received(given: Input[Submission], received_at: datetime, policy: PolicyPack, key: str) -> ComplaintReceived:
    submission = given.body
    told: dict[str, Any] = {name: getattr(submission, name) for name in TAKEN_OVER}
    if "language" not in submission.model_fields_set and is_chinese(submission.subject + submission.text):
        told["language"] = "zh"
    return ComplaintReceived(
        complaint_id=given.subject,
        at=given.at,
        reference=given.label or next(candidates(given.subject)),
        source=given.member,
        source_id=submission.id or given.id,
        customer_ref=pseudonym(submission.customer, given.subject, key),
        received_at=received_at,
        policy=policy.hash,
        **told,
    )


def pseudonym(customer: Customer, complaint: str, key: str) -> str:
    """The same customer is the same pseudonym at this site, and nobody without the key can guess back.

    A customer of whom nothing is known gets one of this complaint's own.
    """
    known = customer.id or customer.phone or customer.email or complaint
    return "c-" + hashlib.blake2b(known.encode(), key=key.encode()[:64], digest_size=12).hexdigest()


def contact(body: object) -> Mapping[str, str] | None:
    """The contact data of the customer, which are kept beside the case; None without any."""
    return body.customer.model_dump(exclude_none=True) or None if isinstance(body, Submission) else None


def begun_with(fact: Fact) -> str | None:
    """The idempotency key of the submission that a complaint follows from."""
    return f"{fact.source}/{fact.source_id}" if isinstance(fact, ComplaintReceived) else None
