"""What `closedloop replay FILE` says to people: the figures, the dirt of the file, and what is wrong with a map."""

from __future__ import annotations

from collections.abc import Mapping

from closedloop.language import Words, in_both

FAULTS: Mapping[str, Words] = {
    "told": in_both("{place}: {said}", "{place}：{said}"),
    "slip": in_both("{says}; expected {expected}", "不是有效的 `YAML`：`{says}`，应为 `{expected}`"),
    "twice": in_both("{where} stands there twice, first on line {line}", "{where} 出现两次，第一次在第 {line} 行"),
    "unreadable": in_both(
        "{path} cannot be read: {why}; maps by name: {names}", "无法读取 {path}：{why}；自带的映射：{names}"
    ),
    "no_column": in_both(
        '{where}: the file has no column "{name}"; it has {columns}',
        "{where}：文件没有名为“{name}”的列，只有 {columns}",
    ),
    "unknown": in_both("{where} is no key of a map; known here: {known}", "{where} 不是映射的键，此处可用：{known}"),
    "fault": in_both("{where}: {what}", "{where}：{what}"),
    "meant": in_both("; did you mean {word}?", "；是否应为 {word}？"),
    "list": in_both(", ", "、"),
}
"""What keeps a map from being used."""

SAID: Mapping[str, Words] = {
    "sum": in_both(
        "{accepted} received, {answered} answered, {met} met, {missed} missed, "
        "{breached} breached ({answered_late} late, {still_open} open), {without_deadline} without a date",
        "受理 {accepted} 件，答复 {answered} 件，按时完成 {met} 件，逾期完成 {missed} 件，"
        "超时 {breached} 件（逾期完成 {answered_late} 件，未办结 {still_open} 件），无期限 {without_deadline} 件",
    ),
    "facts": in_both("the facts say", "事实所载"),
    "file": in_both("the file says", "文件所载"),
    "differs": in_both("differs", "不一致"),
    "breached_by_agency": in_both("breached: {}", "超时：{}"),
    "refused": in_both("answers refused: {}", "答复被拒收：{}"),
    "retracted": in_both("{n:,} breaches were told too early and taken back", "{n:,} 次超时通知过早，已撤回"),
    "killed": in_both("killed on the way: {}", "途中被强制终止：{}"),
    "memory": in_both("highest memory of the whole stack: {:,.0f} MiB", "整套系统的最高内存：{:,.0f} MiB"),
    "unsettled": in_both("it had not settled when patience ended", "等待结束时仍未稳定"),
    "seconds": in_both("{:.1f} s", "用时 {:.1f} 秒"),
    "read": in_both("{rows:,} rows of {source} until {until}", "{source} 共 {rows:,} 行，截至 {until}"),
    "dirt": in_both("{says}: {n:,} ({lines})", "{says}：{n:,} 行（{lines}）"),
    "lines": in_both("line {}", "第 {} 行"),
    "more": in_both("{lines}, …", "{lines} 等"),
    "interrupted": in_both("interrupted", "已中断"),
    "no_result": in_both("no result: {reason}", "没有结果：{reason}"),
    "no_history": in_both("{file}: {reason}", "{file}：{reason}"),
}

FIGURES: Mapping[str, Words] = {
    "accepted": in_both("requests received", "受理"),
    "answered": in_both("answered", "答复"),
    "with_deadline": in_both("with a date", "有期限"),
    "without_deadline": in_both("without a date", "无期限"),
    "met": in_both("met", "按时完成"),
    "missed": in_both("missed", "逾期完成"),
    "breached": in_both("breached", "超时"),
    "answered_late": in_both("  answered late", "  逾期答复"),
    "still_open": in_both("  still open", "  尚未办结"),
}
"""The figures of a replay, in the order in which they stand in the table."""
