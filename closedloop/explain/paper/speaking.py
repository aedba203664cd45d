"""Moments, lengths of time and names as people of one language and one zone write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from closedloop.explain.paper.words import SAID, UNITS, WEEKDAYS
from closedloop.explain.parties import Party
from closedloop.language import Language, Words
from closedloop.language.terms import ACTIONS, TERMS

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things in one language."""

    language: Language

    def says(self, words: Words, **values: Any) -> str:
        """These words with their gaps filled."""
        return words[self.language].format(**values)

    def said(self, name: str, **values: Any) -> str:
        """The words of this name with their gaps filled."""
        return self.says(SAID[name], **values)

    def term(self, code: str) -> str:
        """What a policy pack calls by a code."""
        return TERMS[code][self.language] if code in TERMS else code

    def action(self, code: str) -> str:
        """What a ladder calls what is done."""
        return ACTIONS[code][self.language] if code in ACTIONS else code

    def name(self, party: Party) -> str:
        """What people call a department or a person."""
        return party.zh if self.language == "zh" else party.en

    def moment(self, at: datetime, zone: str) -> str:
        """A moment as the walls of a zone show it: cut to the second, and without seconds where it has none."""
        there = at.astimezone(ZoneInfo(zone))
        day = WEEKDAYS[self.language][there.weekday()]
        return f"{day} {there:%Y-%m-%d %H:%M}" + (f":{there:%S}" if there.second else "")

    def worked(self, length: timedelta) -> str:
        """A length of time that counts: hours and below, because a day of it is no day by the wall."""
        return self._parts(length, days=False)

    def wall(self, length: timedelta) -> str:
        """A length of time by the wall."""
        return self._parts(length, days=True)

    def _parts(self, length: timedelta, days: bool) -> str:
        """Two units at most, the smaller one rounded down; without its sign."""
        total = int(abs(length) / SECOND)
        sizes = (86_400, 3_600, 60, 1)
        found: list[str] = []
        for size, unit in list(zip(sizes, UNITS[self.language], strict=True))[0 if days else 1 :]:
            count, total = divmod(total, size)
            found += [f"{count}{unit}"] if count else []
        return (" " if self.language == "en" else "").join(found[:2]) or f"0{UNITS[self.language][-1]}"
