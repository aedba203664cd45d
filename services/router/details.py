"""The detail of a message on a queue, in the complaint's language; what packs and people named stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from schemas.languages import OTHERWISE, Language, known
from schemas.targets import TARGETS
from services.router.model import Case

Words = Mapping[Language, str]


def _(en: str, zh: str) -> Words:
    return {"en": en, "zh": zh}


DETAILS: Mapping[str, Words] = {
    "paused": _("{reason} until {at}: {targets}", "{reason}，至 {at}：{targets}"),
    "approval": _(
        "{department} asks for {what} {subject} until {at}: {note}",
        "{department} 申请{what} {subject}，至 {at}：{note}",
    ),
    "granted": _("{what} {subject} until {at}: {note}", "同意{what} {subject}，至 {at}：{note}"),
    "not_granted": _("{what} {subject}: {note}", "不同意{what} {subject}：{note}"),
    "rung": _(
        "{action} to {role}: {target} due {at}{late}{ended}", "{action}，致 {role}：{target}应于 {at} 完成{late}{ended}"
    ),
    "retracted": _("{target} was {why} at {at}", "{target}：{why}，{at}"),
    "retracted.steps": _("{detail}; taken back: {actions}", "{detail}；撤回：{actions}"),
    "visit": _("due {at}", "应于 {at} 完成"),
    "lapsed": _(
        "{reason}: it was being closed when this was asked for: {targets}", "{reason}：提出时投诉正在办结：{targets}"
    ),
}
"""By what is told. Values that are words themselves are said in the same language."""

NAMED: Mapping[str, Words] = {
    "extension": _("extension", "延期"),
    "pause": _("pause", "暂停"),
    "met": _("met", "已完成"),
    "moved": _("moved", "期限已改"),
    "cancelled": _("cancelled", "已取消"),
    "late": _(" (late: nobody was there to tell it)", "（补发：到期时无人通知）"),
    "ended": _(" (the complaint is closed)", "（投诉已办结）"),
    **{name: _(name, kind.zh) for name, kind in TARGETS.items()},
}
"""Codes of facts that have words, and what a rung may add."""


def said(case: Case, told: str, **values: str | datetime | Iterable[str]) -> str:
    """The detail of what is told; several values are said one after the other."""
    language = language_of(case)
    return DETAILS[told][language].format_map({name: _in(language, value) for name, value in values.items()})


def language_of(case: Case) -> Language:
    """The complaint's language; English where it is none that we know."""
    return known(case.matter.language) or OTHERWISE


def _in(language: Language, value: str | datetime | Iterable[str]) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return value
    return {"en": ", ", "zh": "、"}[language].join(named(language, each) for each in value)


def named(language: Language, code: str) -> str:
    """A code in words; as it is where it has none."""
    return NAMED[code][language] if code in NAMED else code
