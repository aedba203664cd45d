"""What the demo prints in the end is read at a glance: one line of headings, one language, times with their zone."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from closedloop.demo.screen import _departments, _life
from closedloop.language import Language
from closedloop.policies import load
from closedloop.verify import Counts
from schemas.facts import ComplaintReceived
from tests.builders import Town
from tests.cases import file_of

PACK = load("demo")
BUSY = Counts(received=1234, met=1234, breached=1234, escalated=1234, reopened=1234, closed=1234)


def printed(show: Any) -> list[str]:
    out = io.StringIO()
    show(Console(file=out, width=80, highlight=False))
    return [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]


def table(language: Language, **departments: Counts) -> list[str]:
    result: Any = SimpleNamespace(departments=departments)
    return printed(lambda console: console.print(_departments(result, PACK, language)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_departments_take_one_line_each_below_one_line_of_headings(language: Language) -> None:
    lines = table(language, market=BUSY, centre=BUSY)

    assert len(lines) == 4
    assert max(map(cell_len, lines)) <= 80


def test_dead_letters_are_no_department_but_complaints_that_nobody_owns_are_shown() -> None:
    letters, waiting = {"-": Counts(dead_lettered=8)}, {"-": Counts(received=2, dead_lettered=8)}

    assert len(table("en", water=BUSY, **letters)) == 3
    assert "(not assigned yet)" in "\n".join(table("en", water=BUSY, **waiting))


def life(screen: Language, written: Language) -> str:
    complaint = Town().complaint("water/leak")
    complaint.reply("water", "answered")
    facts = [
        f.model_copy(update={"language": written}) if isinstance(f, ComplaintReceived) else f
        for f in file_of(complaint).facts
    ]
    result: Any = SimpleNamespace(life=tuple(facts))
    return "\n".join(printed(lambda console: _life(result, PACK, console, screen)))


@pytest.mark.parametrize("written", ["en", "zh"])
def test_a_life_is_told_in_the_language_of_the_screen_with_the_zone_of_its_times(written: Language) -> None:
    english, chinese = life("en", written), life("zh", written)

    assert "UTC+8" in english and "UTC+8" in chinese
    assert "answers" in english and "答复" in chinese


def test_where_no_life_in_the_readers_language_is_closed_that_is_said() -> None:
    assert "No complaint in English is closed" in life("en", "zh")
    assert "No complaint" not in life("en", "en")
    assert "没有已结案的中文投诉" in life("zh", "en")
