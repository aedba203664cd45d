"""No text makes masking slow beyond its length: the work is counted, in lines of Python, and not timed."""

from __future__ import annotations

import re
import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.shared.privacy import (
    addresses,
    births,
    codes,
    contexts,
    handles,
    masked,
    names,
    numbers,
    plain,
    rooms,
    spelt,
)
from tests.unit.privacy.examples import KEPT, MASKED

MOST_PER_SIGN = 400
PIECES = [*(text for text, _ in MASKED), *KEPT]
ENDLESS = [
    *("x", "水", "1", "x@", "@x", "x.", "+", "1-", "0 ", "(1", "1 2 3 ", "a@a.", "12 ", "12 a ", "A1 ", "路", "路1"),
    *(
        "中山路1",
        "1号",
        "1号楼",
        "1号楼2",
        "我叫",
        "我叫张",
        "qq ",
        "微信",
        "微信 a",
        "AB12 ",
        "GB82 ",
        "12 High ",
        "Mr A ",
    ),
    *(
        "my name is ",
        "a at b dot ",
        "1.",
        "1,",
        "张",
        "小区",
        "1室",
        "138 ",
        "QQ1",
        "name: ",
        " A",
        "[at]",
        "a#qq",
        "京A",
    ),
    *(
        "flat 1 ",
        "1st ",
        "13800138000 ",
        "010-62345678 ",
        "2125550101 ",
        "phone 1 ",
        "合同号1 ",
        "\u200b1",
        "regards,\n",
    ),
    *(
        "0-0-4-4 ",
        "010 1 1 1 1 1 1 1 ",
        "0044 ",
        "4111 1111 1111 1111 ",
        "1 ",
        "1/",
        "+49 1 2 3 4 5 ",
        "IBAN AB12 CDEF GHIJ ",
        "Room 1 ",
        "Building 3, ",
        "Elm Road ",
        "Elm Road 1 ",
        "三单元",
        "三号楼三",
        "村3组",
        "园1-2-",
        "A座12",
        "3#",
        "出生",
        "born ",
        "1990年1月",
        "一九九〇年",
        "学号",
        "档案编号",
    ),
    *(
        "my number 1 ",
        "家属号1 ",
        "账号：4000 0000 0000 0000 ",
        "$1 ",
        "gb82 west 1234 ",
        "ab12 cdef ",
        "li@公司.",
        "张三@公司.cn ",
        "V:a",
        "1号中山路",
        "1号中",
        "一路",
        "Plot 12, Sector 5 ",
        "Sector 5, ",
        "我姓张名",
        "1HGCM82633A004352 ",
        "IMEI 1 ",
    ),
    *("customer John ", "NAME J ", "Mr É ", "my name is é", "联系人", "联系人：张三/", "業", "Zoë ", "name - "),
    *(
        "电话一二三",
        "卡号六",
        "user_1",
        "13800138000or",
        "病历号1 ",
        "京·A",
        "军官证 南字第",
        "E 1234 ",
        "村1号",
        "1, High ",
        "\n1, High ",
    ),
]
FORMS = [
    (f"{part.__name__.rpartition('.')[2]}.{name}", form)
    for part in (addresses, births, codes, contexts, handles, names, numbers, plain, rooms, spelt)
    for name, form in vars(part).items()
    if isinstance(form, re.Pattern)
]
TAKE_ALL = {"numbers._RUN", "numbers._GROUP", "plain._STRANGE"}
"""What these have read they never read again, however long it is."""

OF_A_STRETCH = {"numbers._CODE_BEFORE", "contexts._LAST_WORD", "names._TITLES"}
"""These are only shown a few signs, or the name of a customer."""


def steps(text: str) -> int:
    """How many lines and calls of Python it takes to mask this, the library's included."""
    count = 0

    def watch(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += 1
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        masked(text)
    finally:
        sys.settrace(before)
    return count


def costs_of(piece: str) -> tuple[int, int]:
    """The steps of five hundred signs of it, and of two thousand."""
    masked(short := (piece * 500)[:500])
    return steps(short), steps((piece * 2000)[:2000])


def test_a_text_four_times_as_long_is_four_times_the_work() -> None:
    costs = {piece: costs_of(piece) for piece in ENDLESS}

    assert {piece: cost for piece, cost in costs.items() if cost[1] > 4.4 * cost[0]} == {}
    assert {piece: cost for piece, cost in costs.items() if cost[0] > MOST_PER_SIGN * 500} == {}


@settings(max_examples=25, deadline=None)
@example(["1 "], "")
@given(st.lists(st.sampled_from([*PIECES, *ENDLESS]), min_size=1, max_size=4), st.sampled_from(["", " ", "，", "-"]))
def test_any_text_again_and_again_is_no_more_work_each_time(parts: list[str], between: str) -> None:
    piece = between.join(parts) + " "
    # As long as a text of people, at least: a few digits cannot be a number yet, and cost nothing.
    times = max(8, 400 // len(piece))
    masked(piece * times)

    assert steps(piece * 4 * times) <= 4.8 * steps(piece * times)


def widest_of(form: re.Pattern[str]) -> int:
    """How many signs it can read from one place."""
    return int(re._parser.parse(form.pattern, form.flags & ~re.UNICODE).getwidth()[1])  # type: ignore[attr-defined]


def test_a_form_reads_a_bounded_stretch_from_each_place() -> None:
    widest = {name: widest_of(form) for name, form in FORMS if name not in TAKE_ALL | OF_A_STRETCH}

    assert {name: signs for name, signs in widest.items() if signs >= 2000} == {}


@pytest.mark.parametrize(
    "text", ["The tap in our kitchen runs yellow every evening. ", "我们小区的自来水每天晚上都会发黄"]
)
def test_a_text_without_digits_and_signs_is_the_same_work_however_long_it_is(text: str) -> None:
    assert steps(text * 20) == steps(text * 5)
