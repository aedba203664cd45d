"""A complaint told in words: every fact has a sentence in both languages, and the fullest life is told."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from closedloop.demo.timeline import language_of, local, most_telling, sentence
from closedloop.demo.words import DUE, FACTS, NEXT, SCREEN, TERMS, Language
from closedloop.policies import load
from schemas.envelope import type_of
from schemas.facts import (
    PLOT,
    ComplaintClosed,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintReturned,
    ComplaintRouted,
    DeadlineBreached,
    Fact,
)

PACK = load("demo")
EXAMPLES = Path(__file__).parents[3] / "schemas" / "examples"


def example(kind: type[Fact], **changes: object) -> Fact:
    golden = json.loads((EXAMPLES / f"{type_of(kind)}.json").read_text("utf-8"))
    return kind.model_validate({**golden["value"], **changes})


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", PLOT, ids=lambda kind: kind.__name__)
def test_every_fact_has_a_sentence_in_both_languages(kind: type[Fact], language: Language) -> None:
    told = sentence(example(kind), PACK, language)

    assert told
    assert "{" not in told
    assert "_" not in told


def test_a_sentence_names_people_and_dates_as_they_do() -> None:
    routed = example(ComplaintRouted, department="water")

    assert "Water Department" in sentence(routed, PACK, "en")
    assert "水务局" in sentence(routed, PACK, "zh")


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
UNFINISHED = life("03", *PLOT[:-1])


def test_the_fullest_life_is_told() -> None:
    assert most_telling([*PLAIN, *LONG]) == LONG


def spoken(language: Language, name: str) -> list[Fact]:
    received, *rest = life(name, ComplaintReceived, ComplaintRouted, ComplaintClosed)
    return [received.model_copy(update={"language": language}), *rest]


def test_of_lives_that_are_equally_full_the_one_in_the_readers_language_is_told() -> None:
    chinese, english = spoken("zh", "05"), spoken("en", "06")

    assert most_telling([*chinese, *english], "zh") == chinese
    assert most_telling([*chinese, *english], "en") == english


def test_only_a_life_that_has_ended_is_told() -> None:
    assert most_telling([*PLAIN, *UNFINISHED]) == PLAIN
    assert most_telling(UNFINISHED) == []


def test_a_life_whose_times_run_backwards_gives_way_to_another() -> None:
    backwards = life("04", ComplaintReceived, ComplaintReturned, ComplaintClosed, hours=(0, 2, 1))

    assert most_telling([*backwards, *PLAIN]) == PLAIN


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_complaint_is_told_in_its_own_language(language: Language) -> None:
    assert language_of([example(ComplaintReceived, language=language)]) == language


def test_nothing_is_said_in_one_language_only() -> None:
    every = [*SCREEN.values(), *FACTS.values(), *TERMS.values(), DUE, *(words for _, words in NEXT)]

    assert all(set(words) == {"en", "zh"} and all(words.values()) for words in every)
