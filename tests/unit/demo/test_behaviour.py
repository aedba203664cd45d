"""How the people of the demo behave: each manner in the tables leads to the life it stands for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from closedloop.demo.behaviour import CUSTOMERS, MANNERS, Script, decide_by
from closedloop.language import Language
from closedloop.language.reasons import reason_in
from closedloop.outsiders.agenda import Agenda
from closedloop.outsiders.post import plain
from closedloop.outsiders.rehearsal import rehearse, world_of
from closedloop.policies import load
from schemas.edges import Submission
from schemas.envelope import complaint_id
from schemas.facts import (
    ApprovalGranted,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    ComplaintUnroutable,
    CustomerContacted,
    DeadlineBreached,
    Fact,
    ReplyRefused,
    VisitAttempted,
    VisitRefused,
    WorkAccepted,
    WorkPaused,
    WorkResumed,
)
from tests.sampling import so_many

BEGIN = datetime(2026, 9, 14, 1, tzinfo=UTC)
ORDINARY = Script("on time", "on time", "satisfied", belongs_to="power", luck=0.5)


def life(script: Script | None = ORDINARY, category: str = "water/quality", language: Language = "en") -> list[Fact]:
    """Everything that happens to one complaint under this script within forty days."""
    world = world_of(load("demo"), BEGIN)
    post = plain(
        BEGIN,
        "closedloop.submissions.app",
        Submission(id="1", subject="Tap water", category=category, language=language),
    )
    scripts = {complaint_id("app", "1"): script} if script else {}
    rehearse(world, [post], Agenda(decide_by(scripts)), BEGIN + timedelta(days=40), lambda now: None)
    return world.facts()


def owners(facts: list[Fact]) -> list[str]:
    return [fact.department for fact in facts if isinstance(fact, ComplaintRouted)]


def kinds(facts: list[Fact]) -> set[type[Fact]]:
    return {type(fact) for fact in facts}


def breached(facts: list[Fact]) -> set[str]:
    return {fact.target for fact in facts if isinstance(fact, DeadlineBreached)}


CATEGORIES = ("water/quality", "water/outage", "power/danger", "housing/structure", "other/lost-dog")
EVERY_LIFE = [*product(MANNERS, CUSTOMERS, [0.0, 0.99], CATEGORIES)]


# Seven divides no number of these, so that each of them meets many others.
@pytest.mark.parametrize(("manner", "customer", "luck", "category"), so_many(EVERY_LIFE[::7], EVERY_LIFE))
def test_every_complaint_ends_and_nobody_says_anything_illegal(
    manner: str, customer: str, luck: float, category: str
) -> None:
    facts = life(replace(ORDINARY, manner=manner, customer=customer, luck=luck), category)

    assert any(isinstance(fact, ComplaintClosed) for fact in facts)
    assert not kinds(facts) & {ReplyRefused, VisitRefused}


MANNERS_DO: dict[str, Callable[[list[Fact]], bool]] = {
    "on time": lambda facts: WorkAccepted in kinds(facts) and not breached(facts),
    "keeps in touch": lambda facts: CustomerContacted in kinds(facts) and not breached(facts),
    "waits for the customer": lambda facts: {WorkPaused, WorkResumed} <= kinds(facts) and not breached(facts),
    "asks for time": lambda facts: ApprovalGranted in kinds(facts) and not breached(facts),
    "answers at once": lambda facts: WorkAccepted not in kinds(facts) and not breached(facts),
    "late": lambda facts: breached(facts) == {"answer"},
    "returns": lambda facts: ComplaintReturned in kinds(facts) and owners(facts) == ["water", "power"],
    "silent": lambda facts: "accept" in breached(facts) and owners(facts) == ["water", "power"],
}


@pytest.mark.parametrize("manner", MANNERS)
def test_a_manner_does_what_its_name_says(manner: str) -> None:
    facts = life(replace(ORDINARY, manner=manner))

    assert MANNERS_DO[manner](facts)


CUSTOMERS_GET: dict[str, tuple[list[str], str, int]] = {
    "satisfied": (["solved"], "solved", 1),
    "hard to reach": (["unreachable", "solved"], "solved", 1),
    "never reached": (["unreachable"] * 3, "not_confirmed", 1),
    "not satisfied at first": (["not_solved", "solved"], "solved", 2),
}


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_a_customer_is_visited_until_it_is_known_how_it_ends(customer: str) -> None:
    facts = life(replace(ORDINARY, customer=customer))

    outcomes = [fact.outcome for fact in facts if isinstance(fact, VisitAttempted)]
    [closed] = [fact for fact in facts if isinstance(fact, ComplaintClosed)]
    assert (outcomes, closed.ending, closed.cycle) == CUSTOMERS_GET[customer]


def test_a_silent_department_keeps_a_complaint_until_the_centre_gives_it_to_somebody_else() -> None:
    facts = life(replace(ORDINARY, manner="silent"))

    first_word = next(fact for fact in facts if isinstance(fact, WorkAccepted | ComplaintAnswered))
    assert first_word.department == "power"
    assert [fact.by for fact in facts if isinstance(fact, ComplaintRouted)] == ["policy", "centre"]


def test_what_fits_no_route_is_given_to_whom_it_belongs() -> None:
    assert owners(life(category="other/lost-dog")) == ["power"]


def test_who_is_not_satisfied_begins_again_with_the_department_that_answered() -> None:
    facts = life(replace(ORDINARY, manner="returns", customer="not satisfied at first"))

    assert ComplaintReopened in kinds(facts)
    assert owners(facts) == ["water", "power", "power"]


def test_a_complaint_without_a_script_is_left_alone() -> None:
    assert not kinds(life(script=None)) & {WorkAccepted, ComplaintAnswered}


def test_shares_add_up_to_a_hundred() -> None:
    assert sum(manner.share for manner in MANNERS.values()) == 100
    assert sum(share for share, _ in CUSTOMERS.values()) == 100


@pytest.mark.parametrize("category", ["water/quality", "other/lost-dog"])
def test_each_reason_that_a_service_gives_has_words_in_chinese(category: str) -> None:
    facts = life(replace(ORDINARY, customer="not satisfied at first"), category)
    given = {
        fact.reason for fact in facts if isinstance(fact, ComplaintRouted | ComplaintReopened | ComplaintUnroutable)
    }

    assert {why for why in given if reason_in("zh", why) == why} == set()


def test_who_handles_a_chinese_complaint_has_a_chinese_name_and_writes_chinese() -> None:
    chinese = life(replace(ORDINARY, manner="asks for time"), language="zh")

    written = [
        text
        for fact in chinese
        for text in (getattr(fact, "handler", None), getattr(fact, "note", None), getattr(fact, "visitor", None))
        if text
    ]
    assert len(written) > 5
    assert [text for text in written if text.isascii()] == []
