"""What is wrong in single rows of a history: counted and listed by kind, with what was done about it; never fatal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from closedloop.language import Language, Words, in_both

KINDS: Mapping[str, Words] = {
    "unreadable_row": in_both("no row at all, left out", "无法读取的行，略过"),
    "no_opening": in_both("without a time of opening, left out", "没有受理时间，略过"),
    "bad_opening": in_both("a time of opening that cannot be read, left out", "受理时间无法读取，略过"),
    "after_the_end": in_both("opened after the end, left out", "受理时间晚于截止时间，略过"),
    "same_id": in_both("an id that a row before has, left out", "编号与前面的行重复，略过"),
    "short_row": in_both("too few cells, the missing ones taken as empty", "单元格不足，缺少的视为空"),
    "long_row": in_both("too many cells, those beyond are not read", "单元格过多，多出的不读"),
    "undecodable": in_both("signs that the encoding does not know, read as �", "编码中没有的字符，读作 �"),
    "too_long": in_both("a text that is too long, cut", "文本过长，截断"),
    "no_id": in_both("without an id, one is made of the row", "没有编号，由该行内容生成"),
    "bad_due": in_both("a due date that cannot be read, taken as none", "期限无法读取，视为没有期限"),
    "far_due": in_both("due more than a century later, taken as none", "期限在一百年以后，视为没有期限"),
    "bad_closing": in_both("a time of closing that cannot be read, taken as open", "办结时间无法读取，视为未办结"),
    "due_first": in_both("due before it was opened, taken as none", "期限不晚于受理时间，视为没有期限"),
    "closed_first": in_both(
        "closed before it was opened, sent as it stands, to be refused", "办结早于受理时间，照原样发送，应被拒收"
    ),
    "unknown_channel": in_both("a channel unknown to the map, taken as other", "映射中没有的渠道，视为其他渠道"),
    "unknown_ending": in_both("an ending unknown to the map, taken as ended", "映射中没有的办理结果，视为已办结"),
    "no_department": in_both("without a department, given to one for all of them", "没有承办单位，统归一个单位"),
}
"""The kinds of dirt, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Dirt:
    """One thing that is wrong in a row; `value` is what stands there."""

    kind: str
    line: int
    column: str = ""
    value: str = ""

    def as_json(self) -> dict[str, Any]:
        """The place and what stands there."""
        return {"line": self.line, "column": self.column or None, "value": self.value or None}


def by_kind(found: Iterable[Dirt]) -> Iterator[tuple[str, list[Dirt]]]:
    """The dirt of each kind there is, by its lines."""
    order = [*KINDS]
    listed = sorted(found, key=lambda dirt: (order.index(dirt.kind), dirt.line))
    yield from ((kind, [*group]) for kind, group in groupby(listed, key=lambda dirt: dirt.kind))


def listed(found: Iterable[Dirt], language: Language = "en") -> dict[str, Any]:
    """Every kind there is with its count and all of its places."""
    return {
        kind: {"count": len(rows), "says": KINDS[kind][language], "rows": [dirt.as_json() for dirt in rows]}
        for kind, rows in by_kind(found)
    }
