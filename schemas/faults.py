"""The faults of a field, in English and in Chinese: pydantic finds them, and has words in English only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schemas.languages import Language

CHINESE: Mapping[str, str] = {
    "missing": "缺少此字段",
    "blank": "没有可见的内容",
    "extra_forbidden": "不允许有此字段",
    "none_required": "应为空",
    "literal_error": "应为 {expected}",
    "enum": "应为 {expected}",
    "string_type": "应为文本",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "不符合格式 {pattern}",
    "string_unicode": "不是有效的 Unicode 文本",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数，不能有小数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应大于或等于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应小于或等于 {le}",
    "datetime_type": "应为日期时间，如 2026-03-02T08:15:00+08:00",
    "datetime_parsing": "不是日期时间，应如 2026-03-02T08:15:00+08:00",
    "datetime_from_date_parsing": "不是日期时间，应如 2026-03-02T08:15:00+08:00",
    "datetime_object_invalid": "不是日期时间，应如 2026-03-02T08:15:00+08:00",
    "timezone_aware": "日期时间须带时区，如 +08:00 或 Z",
    "instant_out_of_range": "换算为 UTC 后不在公元 1 年至 9999 年之间",
    "model_type": "应为 JSON 对象",
    "model_attributes_type": "应为 JSON 对象",
    "dict_type": "应为 JSON 对象",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "json_type": "应为 JSON",
    "json_invalid": "不是有效的 JSON{position}",
    "recursion_loop": "嵌套过深",
    "base64_decode": "不是有效的 Base64",
    "bytes_type": "应为 Base64 文本",
    "time_zone": "{given} 不是时区，应如 `America/New_York`",
    "time_format": "{given} 不是时间格式，应如 `%Y-%m-%d %H:%M:%S`",
    "day_format": "{given} 没有年月日，应如 `%Y-%m-%d`",
    "own_source": "{given} 是直接提交渠道自用的名称，应另取名，如 `city311`",
    "encoding": "{given} 不是字符编码，应如 `utf-8` 或 `latin-1`",
}
"""By pydantic's type of error; what it names stands in the error's `ctx`."""

WHOLE: Mapping[Language, str] = {"en": "value", "zh": "正文"}
"""The place of a fault that lies in no field."""


def what(error: Mapping[str, Any], language: Language) -> str:
    """What is wrong, by pydantic's error; where Chinese has no words for it, English has."""
    said = str(error["msg"])
    template = CHINESE.get(str(error["type"])) if language == "zh" else None
    if template is None:
        return said
    context = {name: _chinese(str(value)) for name, value in (error.get("ctx") or {}).items()}
    found = re.search(r"line (\d+) column (\d+)", said)
    position = f"（第 {found[1]} 行第 {found[2]} 列）" if found else ""
    try:
        return template.format_map({**context, "position": position})
    except KeyError:
        return said


HINTS: Mapping[str, Mapping[Language, str]] = {
    "written": {"en": "; was it meant by `{word}`?", "zh": "；`{word}` 是否为此字段之误？"},
    "meant": {"en": "; was '{word}' meant?", "zh": "；是否为“{word}”之误？"},
}
"""What is added where a word was nearly right, by its name in the error's `ctx`."""


def where_and_what(error: Mapping[str, Any], language: Language) -> str:
    """The field by its name in the message, what is wrong with it, and the word that may have been meant."""
    known = error.get("ctx") or {}
    hints = (row[language].format(word=known[name]) for name, row in HINTS.items() if name in known)
    return f"{'.'.join(map(str, error['loc'])) or WHOLE[language]}: {what(error, language)}{''.join(hints)}"


def _chinese(listed: str) -> str:
    """The values that pydantic lists, such as `'zh' or 'en'`."""
    return listed.replace("' or '", "' 或 '").replace("', '", "'、'")
