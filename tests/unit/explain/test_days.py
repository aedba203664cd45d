"""A date in days is explained in days, in both languages, and never as so many hours."""

from __future__ import annotations

import pytest

from closedloop.explain.paper.grounds import promised
from closedloop.explain.paper.phrases import share
from closedloop.explain.paper.speaking import Speaker
from closedloop.language import Language
from tests.cases import the
from tests.policy import REPORTED, URGED, WARNED
from tests.working_hours import a_town


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "15 working days, from the next opening, until the close of business, by the calendar office (UTC)"),
        ("zh", "15个工作日，自下次上班时起算，至末日下班"),
    ],
)
def test_a_date_in_working_days_is_explained_as_the_pack_says_it(language: Language, says: str) -> None:
    town = a_town(
        plans={"ordinary": {"targets": {"answer": {"working_days": 15, "ends": "close"}}, "ladder": "standard"}},
        routes=[{"category": ["*"], "department": "water", "plan": "ordinary"}],
    )

    found = the(town.complaint(), "answer")

    assert says in promised(Speaker(language), found)
    assert found.rule.length is None


@pytest.mark.parametrize(
    ("language", "says"), [("en", "3 days, until the same time"), ("zh", "3个自然日，至末日同一钟点")]
)
def test_three_days_are_no_seventy_two_hours_where_they_are_explained(language: Language, says: str) -> None:
    town = a_town(
        plans={"ordinary": {"targets": {"answer": "3d"}, "ladder": "standard"}},
        routes=[{"category": ["*"], "department": "water", "plan": "ordinary"}],
    )

    assert says in promised(Speaker(language), the(town.complaint(), "answer"))


def test_cards_before_a_date_and_at_the_next_opening_say_where_they_stand() -> None:
    yellow = {**WARNED, "at_percent": None, "before": {"working_days": 1}}
    red = {**REPORTED, "at_percent": None, "at": "next_opening"}
    late = {**REPORTED, "at_percent": None, "after": {"working_days": 5}}
    town = a_town(
        plans={"ordinary": {"targets": {"answer": {"working_days": 4}}, "ladder": "standard"}},
        routes=[{"category": ["*"], "department": "water", "plan": "ordinary"}],
        ladders={"standard": {"steps": [yellow, URGED, red, late]}},
    )

    steps = the(town.complaint(), "answer").steps

    assert [share(Speaker("en"), step) for step in steps] == [
        *("1 working day before the date", "100 %", "the next opening"),
        "5 working days after the date",
    ]
    assert share(Speaker("zh"), steps[0]) == "到期前1个工作日"
