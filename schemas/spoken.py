"""Lengths of time in words, as a policy pack gives them: hours, working time, days, the earlier or later of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Literal

from schemas.languages import Language
from schemas.lengths import Days, EarlierOf, LaterOf, Length, Working, parts_of

Words = Mapping[Language, str]


def in_both(en: str, zh: str) -> Words:
    """One text in both languages."""
    return {"en": en, "zh": zh}


UNITS: tuple[tuple[timedelta, Words], ...] = (
    (timedelta(hours=1), in_both(" h", "小时")),
    (timedelta(minutes=1), in_both(" min", "分钟")),
    (timedelta(seconds=1), in_both(" s", "秒")),
)
"""Without days: a day by the wall clock may have 23 or 25 hours."""

WORDS: Mapping[str, Words] = {
    "working": in_both("{length} of working time", "工作时间{length}"),
    "earlier_of": in_both("the earlier of: {parts}", "以先到者为准：{parts}"),
    "later_of": in_both("the later of: {parts}", "以后到者为准：{parts}"),
    "or": in_both("; or ", "；或"),
    "days": in_both("{n} days", "{n}个自然日"),
    "working_days": in_both("{n} working days", "{n}个工作日"),
    "one of days": in_both("1 day", "1个自然日"),
    "one of working_days": in_both("1 working day", "1个工作日"),
    "none of days": in_both("the same day", "当日"),
    "none of working_days": in_both("the same working day", "当个工作日"),
    "from moment": in_both("from the moment itself", "自该时刻起算"),
    "from opening": in_both("from the next opening", "自下次上班时起算"),
    "from next_day of days": in_both("from the next day", "自次日起算"),
    "from next_day of working_days": in_both("from the next working day", "自下一工作日起算"),
    "cut_off": in_both("what comes at {at} or later counts as of the next day", "{at}及以后的按次日计"),
    "until same_time": in_both("until the same time by the wall clock", "至末日同一钟点"),
    "until end_of_day": in_both("until the end of the day", "至末日24:00"),
    "until close": in_both("until the close of business", "至末日下班"),
    "until": in_both("until {at}", "至末日{at}"),
    "rolls": in_both("a closed last day runs to the next working day", "末日非工作日的顺延至下一工作日"),
    "comma": in_both(", ", "，"),
}


Counts = Literal["moment", "date", "before"]
"""Whether a length counts from something that happens, on from a date, or back from one."""


def in_words(length: Length, language: Language, counts: Counts = "moment") -> str:
    """How long it is, what of the time counts, and of days from where they count and when the last one ends."""
    if isinstance(length, Working):
        return _said("working", language, length=_units(length.working, language))
    if isinstance(length, EarlierOf | LaterOf):
        which = "earlier_of" if isinstance(length, EarlierOf) else "later_of"
        parts = _said("or", language).join(in_words(part, language, counts) for part in parts_of(length))
        return _said(which, language, parts=parts)
    if isinstance(length, Days):
        return _said("comma", language).join(_days(length, language, counts))
    return _units(length, language)


def in_every_language(length: Length, counts: Counts = "moment") -> Words:
    """The same in all languages."""
    return in_both(in_words(length, "en", counts), in_words(length, "zh", counts))


def _days(length: Days, language: Language, counts: Counts) -> Iterator[str]:
    unit = "days" if length.working_days is None else "working_days"
    count = {0: f"none of {unit}", 1: f"one of {unit}"}.get(length.number, unit)
    yield _said(count, language, n=length.number)
    if counts == "before":
        return
    if length.counts_from == "next_day":
        yield _said(f"from next_day of {unit}", language)
    elif counts == "moment" and (length.counts_from == "opening" or unit == "working_days"):
        yield _said(f"from {length.counts_from}", language)
    if length.cut_off:
        yield _said("cut_off", language, at=length.cut_off)
    known = f"until {length.ends_at}"
    if counts == "moment" or length.ends_at != "same_time":
        yield _said(known, language) if known in WORDS else _said("until", language, at=length.ends_at)
    if length.closed_last_day == "next_open":
        yield _said("rolls", language)


def _units(span: timedelta, language: Language) -> str:
    """In hours, minutes and seconds, those that it has."""
    left, found = span, list[str]()
    for unit, name in UNITS:
        count, left = divmod(left, unit)
        found += [f"{count}{name[language]}"] if count else []
    return (" " if language == "en" else "").join(found) or f"0{UNITS[-1][1][language]}"


def _said(name: str, language: Language, **values: object) -> str:
    return WORDS[name][language].format(**values)
