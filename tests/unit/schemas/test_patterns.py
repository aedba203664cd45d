"""A pattern says what stands in it: two signs are free, all others stand for themselves, as people write them."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.allowances import IncidentRule
from schemas.patterns import fits
from tests.builders import pack

SIGNS = st.sampled_from("ABab老城水务019-_.,!^]{}()|+$\\")
TEXTS = st.lists(SIGNS, min_size=1, max_size=8).map("".join)
PATTERNS = st.lists(st.one_of(SIGNS, st.sampled_from("*?")), min_size=1, max_size=8).map("".join)
VARIED = st.text(st.sampled_from("Noise nIGHT/水务、（）ＡＢｃ１２　\t老城[]"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("noise [night]", "noise [night]"),
        ("noise [!night]", "noise [!night]"),
        ("noise [", "noise ["),
        ("noise ]", "noise ]"),
        ("[[]", "[[]"),
        ("a.b", "a.b"),
        ("$(x)|{y}+", "$(x)|{y}+"),
        ("back\\slash", "back\\slash"),
        ("Needle Pickup", "NEEDLE PICKUP"),
        ("NEEDLE PICKUP", "Needle Pickup"),
        ("needle pickup", " Needle   Pickup "),
        ("needle pickup", "Needle　Pickup"),
        ("needle pickup", "needle\u00a0pickup"),
        ("needle\u3000\u3000pickup", "needle pickup"),
        ("needle pickup", "needle pick\u200bup"),
        ("water/burst", "ＷＡＴＥＲ／ｂｕｒｓｔ"),
        ("water/burst", "Water / Burst"),
        ("供水／爆管", "供水/爆管"),
        ("路灯（老城）", "路灯(老城)"),
        ("12345热线", "１２３４５热线"),
        ("straße", "STRASSE"),
        ("water/*", "water/burst/main street"),
        ("ｗａｔｅｒ／＊", "water/burst"),
        ("level ?", "Level 3"),
        ("*", "whatever\nthere is"),
        ("old-town*", "OLD-TOWN"),
    ],
)
def test_a_pattern_fits_what_people_write_for_it(pattern: str, value: str) -> None:
    assert fits((pattern,), value)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("noise [night]", "noise n"),
        ("[a-z]", "m"),
        ("[!a]", "b"),
        ("needle pickup", "needlepickup"),
        ("water/*", "water"),
        ("water", "water/burst"),
        ("level ?", "level 12"),
        ("level ?", "level"),
        ("a.b", "axb"),
        ("", "water"),
    ],
)
def test_a_pattern_does_not_fit_what_it_does_not_say(pattern: str, value: str) -> None:
    assert not fits((pattern,), value)


def test_what_is_missing_fits_the_star_alone() -> None:
    assert fits(("*",), None)
    assert fits(("water", "＊"), None)
    assert not fits(("?*", "water*"), None)


@given(PATTERNS, TEXTS)
def test_what_a_pattern_without_brackets_took_it_still_takes(pattern: str, value: str) -> None:
    if fnmatchcase(value, pattern):
        assert fits((pattern,), value)


@given(VARIED)
def test_a_category_written_out_as_a_pattern_takes_that_category(category: str) -> None:
    assert fits((category,), category)
    assert fits((category.upper(),), category.lower())
    assert fits((category,), f"　{category}  ")


def test_routes_take_the_category_as_it_is_written() -> None:
    routes = [
        {"category": ["noise [night]"], "department": "power", "plan": "plain"},
        {"category": ["Needle Pickup"], "department": "water", "plan": "plain"},
    ]
    rules = pack(routes=routes)
    owner = {name: route and route.department for name in CATEGORIES for route in [rules.route(name, None)]}

    assert owner == CATEGORIES


CATEGORIES = {"noise [night]": "power", "NOISE [NIGHT]": "power", "noise n": None, "NEEDLE  PICKUP": "water"}


def test_the_words_of_an_incident_are_found_however_they_are_written() -> None:
    rule = IncidentRule(name="danger", words=("gas leak", "（燃气）泄漏"))

    assert rule.has_word("a GAS\n  Leak in the kitchen")
    assert rule.has_word("听说有(燃气)泄漏")
    assert not rule.has_word("a leak of gas")
