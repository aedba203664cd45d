"""What people read on a queue is in the language of the complaint."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from schemas.languages import is_chinese
from services.router.details import DETAILS, NAMED
from tests.builders import Town, hour

GAP = Formatter()


def heard(language: str | None) -> dict[str, str]:
    """The details of a life with a wait, a wish and a breach, by why they were told; the last one counts."""
    town = Town()
    complaint = town.complaint("patient/leak", **({"language": language} if language else {}))
    complaint.reply("water", "waiting", reason="customer")
    complaint.reply("water", "resumed")
    complaint.reply("water", "extension", until=hour(140).isoformat(), note="x")
    town.at(150)
    return {order.why: order.detail for queue in ("water", "centre") for order in town.queue(queue) if order.detail}


def test_the_detail_of_an_order_is_in_the_language_of_its_complaint() -> None:
    chinese, english = heard("zh"), heard("en")

    assert set(chinese) == set(english) >= {"paused", "approval", "warned", "breached"}
    told = {"paused", "approval", "warned", "breached"}
    assert {why: chinese[why] for why in told if not is_chinese(chinese[why])} == {}
    assert {why: english[why] for why in told if is_chinese(english[why])} == {}


def test_the_moments_in_a_detail_are_the_same_in_both_languages() -> None:
    moment = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+\+00:00")
    chinese, english = heard("zh"), heard("en")

    assert {why: moment.findall(detail) for why, detail in chinese.items()} == {
        why: moment.findall(detail) for why, detail in english.items()
    }


def test_without_a_language_it_is_said_in_english() -> None:
    assert heard(None) == heard("en")


@pytest.mark.parametrize("table", [DETAILS, NAMED])
def test_a_detail_names_the_same_in_both_languages(table: dict[str, dict[str, str]]) -> None:
    gaps = {
        name: [{gap for _, gap, _, _ in GAP.parse(words[language]) if gap} for language in ("en", "zh")]
        for name, words in table.items()
    }

    assert {name: found for name, found in gaps.items() if found[0] != found[1]} == {}
