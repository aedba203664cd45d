"""On paper: in both languages, in 120 columns, nothing left unsaid."""

from __future__ import annotations

import io
from functools import cache

import pytest
from rich.cells import cell_len
from rich.console import Console

from closedloop.demo.words import Language
from closedloop.explain import ahead, outlook, tables, text
from closedloop.explain.words import WHY
from services.escalation.service import SERVICE
from tests.builders import Complaint, hour
from tests.cases import explained, file_of
from tests.story.test_working_time import CHINA, a_town

COLUMNS = 120


@cache
def a_long_life() -> Complaint:
    """Unroutable, assigned, returned, assigned again, late over the National Day, answered, visited, reopened."""
    town = a_town(CHINA, assign_within={"working": "4h"})
    town.at(16 * 24 + 6)
    complaint = town.complaint("nobody/knows")
    complaint.reply("centre", "assigned", assign_to="water")
    complaint.reply("water", "returned", note="[not] ours")
    complaint.reply("centre", "assigned", assign_to="housing")
    town.at(26 * 24)
    complaint.reply("housing", "answered", handler="li")
    town.at(28 * 24)
    complaint.visit("not_solved")
    return complaint


def shown(how: str, language: Language) -> str:
    out = io.StringIO()
    console = Console(file=out, width=COLUMNS, highlight=False)
    if how == "ahead":
        file = file_of(a_long_life())
        outlook.show(ahead(file.facts, file.pack, hour(28 * 24)), console, language)
    else:
        (tables if how == "tables" else text).show(explained(a_long_life()), console, language)
    return out.getvalue()


@pytest.mark.parametrize("how", ["text", "tables", "ahead"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_fits_a_page_and_fills_every_gap(how: str, language: Language) -> None:
    printed = shown(how, language)

    assert max(cell_len(line) for line in printed.splitlines()) <= COLUMNS
    assert "{" not in printed
    assert ("Housing" in printed, "住建局" in printed) == (language == "en", language == "zh")


def test_a_paragraph_tells_where_the_date_comes_from() -> None:
    lines = " ".join(shown("text", "en").split())

    for said in (
        "within 16 h, working time by the pack's calendar office (Asia/Shanghai)",
        "returned, so the Centre has to assign it: [not] ours",
        "outside working hours; National Day",
        "missed: answered Sat 2026-10-10 08:00, late by 3 h (18 h by the wall)",
        "cancelled: returned Wed 2026-09-30 14:00, 0 s (0 s by the wall) used",
        "Water cancelled: returned",
        "given to the Water by the centre: assigned by the centre",
        "since then with the Housing",
        "the visit within 1 d of its opening",
    ):
        assert said in lines


def test_every_fact_that_can_stop_a_clock_has_words() -> None:
    heard = {fact.__name__ for fact in SERVICE.evolve if fact not in SERVICE.says}

    assert heard <= set(WHY)
