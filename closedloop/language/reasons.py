"""Reasons that the services write into facts, in both languages; what people wrote stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from closedloop.language import Language, Words, in_both

REASONS: Mapping[str, Words] = {
    "first route that fits": in_both("first route that fits", "首条适用的分派规则"),
    "assigned by the centre": in_both("assigned by the centre", "受理中心派单"),
    "declared by hand": in_both("declared by hand", "人工认定"),
    "the customer says it is not solved": in_both("the customer says it is not solved", "投诉者表示未解决"),
    r"no route for category (?P<category>.*), area (?P<area>.*)": in_both(
        "no route for category {category}, area {area}", "类别 {category}、区域 {area} 无对应规则"
    ),
    r"reopened: (?P<why>.*)": in_both("reopened: {why}", "重办：{why}"),
}
"""By how the service writes it; a gap is said in turn."""


def reason_in(language: Language, reason: str) -> str:
    """A fact's reason in this language, if a service gave it."""
    for written, words in REASONS.items():
        if (found := re.fullmatch(written, reason)) is not None:
            gaps = {name: reason_in(language, said) for name, said in found.groupdict().items()}
            return words[language].format_map(gaps)
    return reason
