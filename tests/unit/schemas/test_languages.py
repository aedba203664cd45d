"""In which of our languages somebody is answered who asks for others, too."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.languages import LANGUAGES, accepted, known

ASKED = [
    (None, None),
    ("", None),
    ("zh", "zh"),
    ("zh-CN", "zh"),
    ("ZH-Hans-CN", "zh"),
    ("zh_CN", "zh"),
    ("en-GB,en;q=0.9", "en"),
    ("fr", None),
    ("fr, zh;q=0.1", "zh"),
    ("en;q=0.5, zh;q=0.9", "zh"),
    ("en, zh", "en"),
    ("zh, en", "zh"),
    ("zh ; q = 0.8 , en ; q = 0.7", "zh"),
    ("zh;q=0, en;q=0.1", "en"),
    ("zh;q=0", None),
    ("*", "en"),
    ("en;q=0, *", "zh"),
    ("en;q=0.2, *;q=0.5", "zh"),
    ("zho", None),
    ("zh;q=much, en", "en"),
    ("zh;q=nan", None),
    ("zh;q=7", None),
    (",,;;q=1,=", None),
]


@pytest.mark.parametrize(("header", "language"), ASKED, ids=str)
def test_the_language_that_is_wanted_most_counts_and_the_first_of_equals(
    header: str | None, language: str | None
) -> None:
    assert accepted(header) == language


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(["zh", "en", "*", ";q=", "0.5", "1", ",", "-", "x"])).map("".join))
def test_whatever_is_asked_for_the_answer_is_one_of_ours_or_none(header: str) -> None:
    assert accepted(header) in (*LANGUAGES, None)


@pytest.mark.parametrize("name", [None, 7, [], "", "french", "z", "english"])
def test_what_is_no_language_of_ours_is_none(name: object) -> None:
    assert known(name) is None
