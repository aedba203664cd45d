"""A complaint of the town as its topic has it: what the commands about one complaint read from a broker."""

from __future__ import annotations

from closedloop.casebook import CaseFile
from closedloop.explain import Explanation, explain
from closedloop.explain.explanation import Dated
from schemas.facts import Fact
from schemas.topics import COMPLAINTS
from tests.builders import Complaint, hour


def file_of(complaint: Complaint) -> CaseFile:
    town = complaint.town
    records = [record for record in town.on(COMPLAINTS.name) if record.key == complaint.id.encode()]
    return CaseFile.of(complaint.id, records, {town.policy.hash: town.policy})


def explained(complaint: Complaint, at: float | None = None, target: str | None = None) -> Explanation:
    """What stood at an hour, by default now."""
    moment = complaint.town.world.now if at is None else hour(at)
    file = file_of(complaint)
    return explain(file.facts, file.pack, moment, target)


def the(complaint: Complaint, target: str, at: float | None = None) -> Dated:
    """The last clock of a target."""
    return explained(complaint, at, target).targets[-1]


def of_old(fact: Fact) -> Fact:
    """The fact as older versions said it: without where its dates come from."""
    told = getattr(fact, "targets", None)
    if told is None:
        return fact
    return fact.model_copy(
        update={"targets": tuple(t.model_copy(update={"rule": None, "moved_by": None}) for t in told)}
    )


def explained_of_old(complaint: Complaint) -> Explanation:
    """What would stand now, if older versions had said all of it."""
    file = file_of(complaint)
    return explain([of_old(fact) for fact in file.facts], file.pack, complaint.town.world.now)
