"""What identifies a person is masked in every spelling, what is nobody's is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shared.privacy import Known, masked
from services.shared.privacy.plain import plain
from tests.unit.privacy.examples import KEPT, MASKED

PIECES = [*(text for text, _ in MASKED), *KEPT, "\n", "，", " and ", "1", "电话", "case ", "[phone]"]
SIGNS = "019 -+().@#,:，。、路号室我叫张三QqAa微信xX\u200b１"


def test_what_identifies_a_person_is_replaced_by_its_kind() -> None:
    assert [(text, found, left) for text, left in MASKED if (found := masked(text)) != left] == []


def test_what_is_nobodys_is_kept() -> None:
    assert [(text, found) for text in KEPT if (found := masked(text)) != text] == []


def test_the_page_shows_enough_of_both() -> None:
    assert len(MASKED) >= 150
    assert len(KEPT) >= 80


@given(st.lists(st.sampled_from(PIECES), max_size=5), st.sampled_from(["", " ", ", ", "，"]))
def test_masking_twice_changes_nothing(parts: list[str], between: str) -> None:
    once = masked(between.join(parts))

    assert masked(once) == once


@given(st.text(st.sampled_from(SIGNS), max_size=60))
def test_masking_any_signs_twice_changes_nothing(text: str) -> None:
    once = masked(text)

    assert masked(once) == once


@given(st.text(st.characters(exclude_categories=["Nd", "No", "Nl", "Cs"]), max_size=300))
def test_a_text_is_looked_at_sign_by_sign(text: str) -> None:
    seen = plain(text)

    assert len(seen.text) == len(text) if seen.places is None else len(seen.text) + 1 == len(seen.places)


def test_a_text_with_nothing_in_it_is_handed_back_as_it_is() -> None:
    text = "水龙头从上周一开始每天晚上都发黄，没有人来看。 The tap runs yellow every evening."

    assert masked(text) is text


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("张三", "张三和张 三都说漏水", "[姓名]和[姓名]都说漏水"),
        ("Ada Byron", "Ada Byron, ADA BYRON and Byron, Ada", "[name], [name] and [name]"),
        ("Mr Ada Byron", "Mr Byron was here", "Mr [name] was here"),
        ("Ada Byron", "The Byronic tap of Adam", "The Byronic tap of Adam"),
        ("O'Brien, Seán", "Sean O'Brien and SEÁN O\u2019BRIEN", "[name] and [name]"),
        ("Łukasz Nowak", "Lukasz Nowak was here", "[name] was here"),
        ("Mr J. Smith", "J Smith, J. Smith and Smith J", "[name], [name] and [name]"),
        ("Zhang San", "Zhang-San was here", "[name] was here"),
        ("匿名", "这是匿名投诉", "这是匿名投诉"),
        ("Customer", "the customer says", "the customer says"),
    ],
)
def test_a_name_from_the_fields_is_masked_in_the_text(name: str, text: str, left: str) -> None:
    assert masked(text, known=(Known("name", name),)) == left


def test_a_telephone_from_the_fields_is_masked_even_where_nothing_says_that_it_is_one() -> None:
    known = (Known("phone", "6234 5678"), Known("mail", "li@intranet"))

    assert masked("62345678 or 6234-5678, Li@Intranet", known=known) == "[phone] or [phone], [email]"


@pytest.mark.parametrize(
    ("phone", "text", "left"),
    [
        ("0571-87654321", "早上到87654321或8765 4321", "早上到[电话]或[电话]"),
        ("(0571) 8765 4321", "早上到87654321", "早上到[电话]"),
        ("+44 7911 123456", "7911123456", "[phone]"),
        ("87654321", "早上到187654321", "早上到187654321"),
    ],
)
def test_a_telephone_from_the_fields_is_masked_without_its_area(phone: str, text: str, left: str) -> None:
    assert masked(text, known=(Known("phone", phone),)) == left


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("张三", "张 三都说漏水"),
        ("李 雷", "李雷都说漏水"),
        ("İnci Ay", "inci ay都说漏水"),
        ("張三豐", "张三丰都说漏水"),
        ("张三丰", "張三豐都说漏水"),
    ],
)
def test_a_name_from_the_fields_is_masked_however_its_signs_are_parted(name: str, text: str) -> None:
    assert masked(text, known=(Known("name", name),)) == "[姓名]都说漏水"
