"""What identifies a person is masked in every spelling, what is nobody's is kept; it costs little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shared.privacy import masked
from tests.unit.privacy.examples import KEPT, MASKED


@pytest.mark.parametrize(("text", "left"), MASKED)
def test_what_identifies_a_person_is_replaced_by_its_kind(text: str, left: str) -> None:
    assert masked(text) == left


@pytest.mark.parametrize("text", KEPT)
def test_what_is_nobodys_is_kept(text: str) -> None:
    assert masked(text) == text


@given(st.lists(st.sampled_from([*(text for text, _ in MASKED), *KEPT, "\n", "，", " and ", "1"]), max_size=5))
def test_masking_twice_changes_nothing(parts: list[str]) -> None:
    once = masked(" ".join(parts))

    assert masked(once) == once
