"""What people read in Chinese has full-width punctuation, no English words, and the glossary's word for each thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

TABLES = (
    "closedloop.demo.words",
    "closedloop.demo.people",
    "closedloop.explain.paper.words",
    "closedloop.language.reasons",
    "closedloop.language.facts",
    "closedloop.language.operating",
    "closedloop.language.terms",
    "closedloop.replay.case_screen",
    "closedloop.replay.dirt",
    "closedloop.replay.table",
    "closedloop.replay.words",
    "schemas.faults",
    "closedloop.verify.saying.words",
    "closedloop.verify.tables.invariants",
    "schemas.sentences",
    "services.router.details",
)
"""The modules that hold words in both languages."""

NAMES = {
    *("Base", "CloudEvent", "HTTP", "JSON", "Kafka", "MiB", "UTC", "UTF", "Unicode", "CL"),
    *("answered", "data", "false", "http", "id", "source", "true", "type", "ce_id"),
    *("Idempotency-Key", "content-encoding"),
}
"""What is called so in every language: formats, units, fields, headers, values."""

NOT_READ = re.compile(r"`[^`]*`|\{[^}]*\}|CL-[0-9A-Z-]+")
"""Commands, gaps and references are no words of the sentence."""

HALF_WIDTH = re.compile(r"[,;:()?!]|[\u4e00-\u9fff]\.")
MARK = "! "
"""What begins a line that warns, in both languages."""

FORBIDDEN = {
    "超期": "超时 (breach) or 逾期完成 (missed)",
    "无效": "拒收 (refusal)",
    "分派(?!规则)": "派单 (assignment)",
    "裁定": "裁决 (arbitration)",
    "市民": "投诉者 (customer)",
}
"""Other words for what the glossary calls otherwise."""


def chinese(value: Any) -> Iterator[str]:
    """Every text in Chinese that a table holds, wherever it stands in it."""
    if isinstance(value, Mapping) and set(value) == {"en", "zh"}:
        texts = value["zh"]
        yield from (texts,) if isinstance(texts, str) else texts
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from chinese(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from chinese(each)


SAID = {
    (module, text)
    for module in TABLES
    for name, value in vars(import_module(module)).items()
    if not name.startswith("__")
    for text in chinese(value)
}


def wrong(text: str) -> set[str]:
    """What in a Chinese text is not Chinese."""
    said = NOT_READ.sub("", text.removeprefix(MARK))
    words = {word for word in re.findall(r"[A-Za-z][A-Za-z_-]*[A-Za-z]|[A-Za-z]", said) if word not in NAMES}
    return {*HALF_WIDTH.findall(said), *words, *(word for word in FORBIDDEN if re.search(word, said))}


def test_there_are_words_in_every_table() -> None:
    assert {module for module, _ in SAID} == set(TABLES)


def test_what_is_said_in_chinese_has_full_width_punctuation_and_no_english_word() -> None:
    assert not {(module, text, *found) for module, text in SAID if (found := wrong(text))}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("超时:{target}", {":"}),
        ("暂停计时(等待)", {"(", ")"}),
        ("规则 policy 已发布", {"policy"}),
        ("答复超期", {"超期"}),
        ("可放慢重试：`closedloop demo --day-seconds 8`", set()),
        ("须有请求头 Idempotency-Key：任意不重复的文本", set()),
        ("! {years}年的安排尚未公布", set()),
        ("时间为当地时间 UTC+8", set()),
    ],
)
def test_what_is_not_chinese_in_a_text_is_found(text: str, found: set[str]) -> None:
    assert wrong(text) == found


@pytest.mark.parametrize("word", ["超时", "逾期完成", "拒收", "派单", "裁决", "投诉者"])
def test_the_glossary_has_the_word_that_is_used(word: str) -> None:
    assert f"| {word} " in (ROOT / "docs/glossary.md").read_text("utf-8")
    assert any(word in text for _, text in SAID)
