"""The words around a verdict in English and Chinese, and why something does not hold."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from closedloop.language import Words, in_both

HEADINGS: Mapping[str, Words] = {
    "invariant": in_both("invariant", "不变量"),
    "title": in_both("what must hold", "要求"),
    "checked": in_both("checked", "检查"),
    "failing": in_both("failing", "不合格"),
    "state": in_both("verdict", "结论"),
    "green": in_both("holds", "成立"),
    "red": in_both("BROKEN", "不成立"),
    "empty": in_both("nothing to check yet", "尚无可检查"),
    "notes": in_both("{name}: {notes}", "{name}：{notes}"),
    "and": in_both("; ", "；"),
    "more": in_both("… and {n} more", "……另有 {n} 条"),
}

NOTES: Mapping[str, Words] = {
    "live": in_both("{n:,} complaints are open", "在办投诉 {n:,} 件"),
    "ended": in_both("{n:,} have ended", "已结 {n:,} 件"),
    "dead": in_both("{n:,} records were turned away as dead letters", "退回为死信 {n:,} 条"),
    "unsettled": in_both(
        "{n:,} still on their way: too young to judge, which is no fault", "{n:,} 条尚在途中：未到判定时间，并非不合格"
    ),
}
"""What a row says below the table, by the name of its number."""

_SECTIONS: Mapping[str, Mapping[str, Words]] = tomllib.loads(
    Path(__file__).with_name("reasons.toml").read_text("utf-8")
)

REASONS: Mapping[str, Words] = {code: words for reasons in _SECTIONS.values() for code, words in reasons.items()}
"""Why something does not hold, by the code of the failure."""
