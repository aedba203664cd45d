"""A complaint told in words: every fact has a sentence in both languages, and the fullest life is told."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from closedloop.demo.timeline import language_of, local, most_telling, sentence, zone
from closedloop.demo.words import DEPUTY, DUE, HOLDER, LENGTH, NEXT, SCREEN
from closedloop.language import Language
from closedloop.language.facts import FACTS, WHY
from closedloop.language.terms import ACTIONS, TERMS, TOLD
from closedloop.policies import load
from schemas.envelope import type_of
from schemas.facts import (
    PLOT,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    BreachRetracted,
    ComplaintClosed,
    ComplaintEscalated,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMissed,
    DeadlineMoved,
    Fact,
    ReplyRefused,
    WorkAccepted,
    WorkResumed,
)
from schemas.refusals import because
from schemas.targets import TARGETS
from tests import forgotten

PACK = load("demo")
EXAMPLES = Path(__file__).parents[3] / "schemas" / "examples"


def example(kind: type[Fact], **changes: object) -> Fact:
    golden = json.loads((EXAMPLES / f"{type_of(kind)}.json").read_text("utf-8"))
    return kind.model_validate({**golden["value"], **changes})


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", PLOT, ids=lambda kind: kind.__name__)
def test_every_fact_has_a_sentence_in_both_languages(kind: type[Fact], language: Language) -> None:
    says = "FACTS in closedloop/language/facts.py needs a sentence for {}"
    forgotten.nothing(forgotten.beyond([kind.__name__], FACTS, says))

    told = sentence(example(kind), PACK, language)

    assert told
    assert "{" not in told
    assert "_" not in told


def test_a_sentence_names_people_and_dates_as_they_do() -> None:
    routed = example(ComplaintRouted, department="water")

    assert "Water Department" in sentence(routed, PACK, "en")
    assert "水务局" in sentence(routed, PACK, "zh")


SAYS: dict[str, tuple[type[Fact], dict[str, Any], str, str]] = {
    "a later date is asked for": (
        ApprovalRequested,
        {"what": "extension", "subject": "answer"},
        "asks the Citizens' Hotline Centre to move the answer to",
        "申请延期，答复至",
    ),
    "a pause is asked for": (
        ApprovalRequested,
        {"what": "pause", "subject": "parts"},
        "to let the work wait (parts) until",
        "申请暂停计时（等待备件）至",
    ),
    "a later date is granted": (
        ApprovalGranted,
        {"what": "extension", "subject": "answer"},
        "the answer moves",
        "答复至",
    ),
    "a pause is granted": (ApprovalGranted, {"what": "pause", "subject": "parts"}, "a pause (parts)", "（等待备件）"),
    "a later date is not granted": (
        ApprovalRefused,
        {"what": "extension", "subject": "answer"},
        "does not consent to move the answer",
        "不同意答复延期",
    ),
    "a pause is not granted": (
        ApprovalRefused,
        {"what": "pause", "subject": "parts"},
        "does not consent to a pause (parts)",
        "不同意暂停计时（等待备件）",
    ),
    "the breach of a date that was moved is taken back": (
        BreachRetracted,
        {"why": "moved"},
        "had been moved in time",
        "此前已变更",
    ),
    "the breach of what was cancelled is taken back": (
        BreachRetracted,
        {"why": "cancelled"},
        "was not needed any more",
        "此前已不再需要",
    ),
    "a pause ends by itself": (DeadlineBreached, {"target": "resume"}, "the pause is over by itself", "自动恢复计时"),
    "the holder of an office is urged": (
        DeadlineBreached,
        {"role": "head", "action": "urge", "person": "liu-yang", "deputy_for": None},
        "the head of department Liu Yang is urged",
        "催办部门负责人刘洋",
    ),
    "a deputy is urged": (
        DeadlineBreached,
        {"role": "vice-director", "action": "urge", "person": "yu-min", "deputy_for": "jiang-hua"},
        "the vice-director Yu Min (for Jiang Hua) is urged",
        "催办分管领导余敏（代蒋华）",
    ),
    "somebody who left keeps the name": (
        DeadlineBreached,
        {"role": "head", "action": "urge", "person": "old-wang", "deputy_for": None},
        "the head of department old-wang is urged",
        "催办部门负责人old-wang",
    ),
    "it is supervised": (ComplaintEscalated, {"action": "supervise"}, "supervises it", "督办"),
    "criticism is circulated": (ComplaintEscalated, {"action": "criticise"}, "criticism is circulated", "通报批评"),
    "it is reported": (ComplaintEscalated, {"action": "report"}, "it is reported to the", "上报"),
    "somebody is reminded": (ComplaintEscalated, {"action": "remind"}, "is reminded", "再次提醒"),
    "something is done that has no words": (ComplaintEscalated, {"action": "sing"}, "is told (sing)", "通知"),
    "it was late by hours and minutes": (
        DeadlineMissed,
        {"late_wall": "PT50H30M"},
        "late by 50 h 30 min",
        "超出 50小时30分",
    ),
    "a date moved, and why": (DeadlineMoved, {"why": "ApprovalGranted"}, "consented to", "已同意"),
    "a target went, and why": (DeadlineCancelled, {"why": "ComplaintReturned"}, "returned", "已退单"),
    "a reply names nobody": (WorkAccepted, {"handler": None}, "accepts it (–)", "签收（–）"),
}


@pytest.mark.parametrize("outcome", SAYS)
def test_a_sentence_says(outcome: str) -> None:
    kind, changes, en, zh = SAYS[outcome]

    fact = example(kind, **changes)

    assert en in sentence(fact, PACK, "en")
    assert zh in sentence(fact, PACK, "zh")


def test_what_goes_on_after_a_pause_is_what_waited() -> None:
    told = sentence(example(WorkResumed), PACK, "en")

    assert "the answer by" in told
    assert "acceptance" not in told


def test_every_target_and_every_action_of_the_demos_rules_has_words() -> None:
    steps = [step for ladder in PACK.ladders.values() for step in ladder.steps]

    assert {*TARGETS, *(step.role for step in steps), *PACK.chain} <= set(TERMS)
    assert {reason for plan in PACK.plans.values() for reason in plan.pauses} <= set(TERMS)
    assert {step.action for step in steps} <= set(ACTIONS) <= {*TOLD, "visit"}


def test_times_are_those_of_the_city() -> None:
    assert local(datetime(2026, 9, 14, 23, 30, tzinfo=UTC)) == "09-15 07:30"


def life(name: str, *kinds: type[Fact], hours: tuple[int, ...] = ()) -> list[Fact]:
    id = f"00000000-0000-0000-0000-0000000000{name}"
    begin = datetime(2026, 9, 14, tzinfo=UTC)
    return [
        example(kind, complaint_id=id, at=begin + timedelta(hours=hours[n] if hours else n))
        for n, kind in enumerate(kinds)
    ]


PLAIN = life("01", ComplaintReceived, ComplaintRouted, ComplaintClosed)
LONG = life("02", ComplaintReceived, ComplaintReturned, DeadlineBreached, ComplaintReopened, ComplaintClosed)


def test_the_fullest_life_is_told() -> None:
    assert most_telling([*PLAIN, *LONG]) == LONG


def spoken(language: Language, name: str) -> list[Fact]:
    received, *rest = life(name, ComplaintReceived, ComplaintRouted, ComplaintClosed)
    return [received.model_copy(update={"language": language}), *rest]


def test_the_fullest_of_the_lives_in_the_readers_language_is_told() -> None:
    chinese, english = spoken("zh", "05"), spoken("en", "06")

    assert most_telling([*chinese, *english], "zh") == chinese
    assert most_telling([*chinese, *english], "en") == english
    assert most_telling([*english, *LONG], "en") == english
    assert most_telling(english, "zh") == english


def test_only_a_life_that_has_ended_is_told() -> None:
    unfinished = life("03", *PLOT[: PLOT.index(ComplaintClosed)])

    assert most_telling([*PLAIN, *unfinished]) == PLAIN
    assert most_telling(unfinished) == []


def test_a_life_whose_times_run_backwards_gives_way_to_another() -> None:
    backwards = life("04", ComplaintReceived, ComplaintReturned, ComplaintClosed, hours=(0, 2, 1))

    assert most_telling([*backwards, *PLAIN]) == PLAIN


def test_a_life_is_told_in_the_order_of_its_times() -> None:
    backwards = life("04", ComplaintReceived, ComplaintReturned, ComplaintClosed, hours=(0, 2, 1))

    assert [fact.at for fact in most_telling(backwards)] == sorted(fact.at for fact in backwards)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_complaint_was_written_in_is_the_customers_language(language: Language) -> None:
    assert language_of([example(ComplaintReceived, language=language)]) == language


def test_why_a_reply_is_refused_is_said_in_the_language_of_the_screen() -> None:
    why = because("not_the_owner", owner="housing")
    refused = example(ReplyRefused, reason=why.code, detail=why.said("en"), words=why)

    assert sentence(refused, PACK, "zh").endswith("：该投诉由 housing 承办")
    assert sentence(refused, PACK, "en").endswith(": the complaint is with housing")


@pytest.mark.parametrize(("at", "zone_there"), [(datetime(2026, 9, 14, tzinfo=UTC), "UTC+8")])
def test_the_city_says_by_how_much_its_clocks_differ(at: datetime, zone_there: str) -> None:
    assert zone(at) == zone_there


def test_nothing_is_said_in_one_language_only() -> None:
    tables = (SCREEN, FACTS, TERMS, ACTIONS, TOLD, WHY)
    every = [*(words for table in tables for words in table.values()), DUE, DEPUTY, HOLDER, LENGTH]
    every += [words for _, words in NEXT]

    assert all(set(words) == {"en", "zh"} and all(words.values()) for words in every)
