"""The marks that replace private data: the kind of the data, in the text's own language."""

from __future__ import annotations

from typing import NamedTuple

from schemas.languages import Language

MARKS: dict[str, dict[Language, str]] = {
    "phone": {"zh": "[电话]", "en": "[phone]"},
    "identity": {"zh": "[身份证]", "en": "[identity number]"},
    "passport": {"zh": "[证件]", "en": "[passport]"},
    "health": {"zh": "[医保号]", "en": "[health number]"},
    "card": {"zh": "[银行卡]", "en": "[bank card]"},
    "account": {"zh": "[银行账号]", "en": "[bank account]"},
    "plate": {"zh": "[车牌]", "en": "[plate]"},
    "vehicle": {"zh": "[车架号]", "en": "[vehicle number]"},
    "device": {"zh": "[手机串号]", "en": "[device number]"},
    "qq": {"zh": "[QQ]", "en": "[QQ]"},
    "wechat": {"zh": "[微信]", "en": "[WeChat]"},
    "handle": {"zh": "[账号]", "en": "[account]"},
    "mail": {"zh": "[邮箱]", "en": "[email]"},
    "name": {"zh": "[姓名]", "en": "[name]"},
    "birth": {"zh": "[出生日期]", "en": "[date of birth]"},
    "student": {"zh": "[学号]", "en": "[student number]"},
    "address": {"zh": "[地址]", "en": "[address]"},
}
"""Every kind of thing that is masked, and the words for it."""


class Found(NamedTuple):
    """A stretch of text that is private, and what it is."""

    start: int
    end: int
    kind: str


def mark(kind: str, language: Language) -> str:
    """The words for what was found."""
    return MARKS[kind][language]
