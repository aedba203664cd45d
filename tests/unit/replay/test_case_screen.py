"""On screen each difference is a line; what is none says why it is none."""

from __future__ import annotations

import io

import pytest

from closedloop.language import Language
from closedloop.language.paper import Paper
from closedloop.replay import case_screen
from closedloop.replay.one_case import Compared
from schemas.facts import Rung
from tests.builders import Town, hour
from tests.cases import file_of
from tests.unit.replay.judging import BREACH, a_late_answer, changed, judged, late, place, with_people, without


def printed(compared: Compared, language: Language) -> str:
    out = io.StringIO()
    case_screen.show(compared, Paper(file=out, columns=300), language)
    return out.getvalue()


def equal() -> Compared:
    return judged(late(), hour(130))


def missing() -> Compared:
    return judged(without(late(), place(late(), BREACH)), hour(130))


def late_by_another_length() -> Compared:
    return judged(changed(late(), place(late(), "deadline.missed"), late="PT1H"), hour(130))


def told_to_another() -> Compared:
    file = a_late_answer(with_people())
    head = next(n for n, fact in enumerate(file.facts) if isinstance(fact, Rung) and fact.person == "sun")
    return judged(changed(file, head, person="wang", deputy_for=None))


def told_at_the_very_moment() -> Compared:
    town = Town()
    complaint = town.complaint("power/outage")
    town.at(75)
    file = file_of(complaint)
    return judged(without(file, place(file, "deadline.approaching")), hour(75.01))


@pytest.mark.parametrize(
    ("compared", "en", "zh"),
    [
        pytest.param(equal, "equal: 5 verdicts on 2 clocks", "一致：2 个时限上的 5 条判定", id="equal"),
        pytest.param(missing, "1/answer/1: DeadlineBreached, rung 2, due", "应有 DeadlineBreached", id="missing"),
        pytest.param(
            late_by_another_length,
            "1/answer/1: DeadlineMissed is another on the topic: late PT1H instead of PT10H",
            "DeadlineMissed 与主题所载不同：late 为 PT1H，应为 PT10H",
            id="different",
        ),
        pytest.param(told_to_another, "whoever holds the office: no difference", "任职人员变动，不计差异", id="people"),
        pytest.param(told_at_the_very_moment, "either is right", "两者皆可", id="timing"),
    ],
)
def test_each_line_says_what_differs_or_why_nothing_does(compared: object, en: str, zh: str) -> None:
    found = compared()  # type: ignore[operator]

    assert en in printed(found, "en")
    assert zh in printed(found, "zh")
