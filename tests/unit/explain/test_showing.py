"""On paper: in both languages, in 120 columns, nothing left unsaid."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import pytest
from rich.cells import cell_len

from closedloop.explain import ahead
from closedloop.explain.paper import outlook, tables, text
from closedloop.language import Language
from closedloop.language.facts import WHY
from closedloop.language.paper import Paper
from closedloop.language.terms import ACTIONS, TERMS
from schemas.targets import TARGETS
from services.escalation.service import SERVICE
from tests import forgotten
from tests.builders import TOWN, Complaint, Town, hour
from tests.cases import explained, file_of
from tests.offices import absent, staffed
from tests.working_hours import CHINA, a_town

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


def a_town_with_people() -> Town:
    """Everybody holds an office, the head of the water department is away; the mayor hears five days later."""
    steps = [step.model_dump(mode="json") for step in TOWN.ladders["standard"].steps]
    steps[1]["copies"], steps[3] = ["director"], {**steps[3], "at_percent": None, "after": {"working": "8h"}}
    ladders = {name: ladder.model_dump(mode="json") for name, ladder in TOWN.ladders.items()}
    names = {"li": "Li Jie", "wang": "Wang Fang", "sun": "Sun Ping", "zhao": "Zhao Lan", "chen": "Chen Jing"}
    people = {name: {"zh": name, "en": full} for name, full in names.items()}
    people["wang"] = absent(0, 2000, deputy="sun") | people["wang"]
    staff = staffed(people=people).model_dump(mode="json")
    return a_town(
        CHINA,
        ladders=ladders | {"standard": {**ladders["standard"], "steps": steps}},
        arbitrated_after=1,
        **{name: staff[name] for name in ("people", "offices", "chain", "departments")},
    )


@cache
def a_hard_life() -> Complaint:
    """It waits, twice, for the customer and by consent; it is extended, becomes an incident, is held and ruled on."""
    town = a_town_with_people()
    complaint = town.complaint("patient/pump")
    for at, department, reply, more in (
        (10, "water", "waiting", {"reason": "customer", "note": "[nobody] at home", "handler": "li"}),
        (20, "water", "resumed", {"note": "let in"}),
        (21, "water", "waiting", {"reason": "parts", "note": "a pump", "handler": "li"}),
        (22, "centre", "approved", {"handler": "zhao"}),
        (30, "water", "resumed", {}),
        (31, "water", "promised", {"until": hour(40).isoformat()}),
        (32, "water", "promised", {"until": hour(41).isoformat()}),
        (33, "water", "extension", {"until": hour(160).isoformat(), "note": "a street"}),
        (34, "centre", "approved", {}),
        (35, "water", "progress", {}),
        (60, "water", "incident", {"note": "the road sinks"}),
        (70, "water", "holding", {"note": "we ask"}),
        (80, "water", "returned", {"note": "not ours"}),
        (81, "centre", "assigned", {"assign_to": "power", "plan": "ordinary"}),
        (90, "power", "answered", {"handler": "sun"}),
    ):
        town.at(at)
        complaint.reply(department, reply, **more)
    town.at(300)
    assert complaint.refusals() == []
    return complaint


@cache
def shown(how: str, language: Language, life: Callable[[], Complaint] = a_long_life, at: float | None = None) -> str:
    out = io.StringIO()
    console = Paper(file=out, columns=COLUMNS)
    if how == "ahead":
        file = file_of(life())
        outlook.show(ahead(file.facts, file.pack, hour(28 * 24 if at is None else at)), console, language)
    else:
        (tables if how == "tables" else text).show(explained(life(), at), console, language)
    return out.getvalue()


@pytest.mark.parametrize("how", ["text", "tables", "ahead"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("life", "at", "department"),
    [
        pytest.param(a_long_life, None, ("Housing", "住建局"), id="to the end"),
        pytest.param(a_hard_life, None, ("Water", "水务局"), id="a hard life to the end"),
        pytest.param(a_hard_life, 25, ("Water", "水务局"), id="a hard life while it waits"),
    ],
)
def test_it_fits_a_page_and_fills_every_gap(
    how: str, language: Language, life: Callable[[], Complaint], at: float | None, department: tuple[str, str]
) -> None:
    printed = shown(how, language, life, at)

    assert max(cell_len(line) for line in printed.splitlines()) <= COLUMNS
    assert not {"{", "…"} & {*printed}
    assert " None" not in printed.replace("area None", "")  # as router says it of a complaint without an area
    if life is a_long_life or at is not None or how != "ahead":
        assert tuple(name in printed for name in department) == (language == "en", language == "zh")


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


LINES: dict[str, tuple[str, ...]] = {
    "a pause, and how far it moves the date": (
        "2 d 2 h later than Fri 2026-09-18 12:00: the work waits since Mon 2026-09-14 18:00 (the customer), until Wed "
        "2026-09-16 20:00 at the latest: [nobody] at home",
        "waits 10 h the customer: resumed, moves the date by 10 h",
        "1 d 16 h earlier than Sun 2026-09-20 14:00: the pause ended Tue 2026-09-15 04:00, resumed: let in",
    ),
    "how long a pause may last": (
        "plan patient: a pause (the customer) lasts 2 d 2 h at most, all of the time counts",
        "the work of the Water (li) waits since Mon 2026-09-14 18:00",
        "a pause (parts) lasts 8 d 8 h at most, all of the time counts; it was asked for until then",
    ),
    "consent to a pause": (
        "the Water (li) asked Tue 2026-09-15 05:00 for a pause (parts) until Wed 2026-09-23 13:00: a pump",
        "the work of the Water (li) waits since Tue 2026-09-15 06:00",
        "asked for by the Water (li) Tue 2026-09-15 05:00: a pump",
        "granted by the Centre (zhao) Tue 2026-09-15 06:00, until Wed 2026-09-23 13:00",
    ),
    "consent to a later date": (
        "the Water asked Tue 2026-09-15 17:00 to move the answer to Mon 2026-09-21 00:00: a street",
        "1 d 18 h later than Sat 2026-09-19 06:00: the centre consents",
        "moved: consented to Tue 2026-09-15 18:00, 1 d 10 h used; revision 6 is due Mon 2026-09-21 00:00",
    ),
    "a promise": (
        "what was promised to the customer",
        "promised anew by the Water Tue 2026-09-15 16:00, 1 h later than Wed 2026-09-16 00:00",
    ),
    "what is wanted again": (
        "plan patient: news of progress every 1 d 16 h",
        "anew since Tue 2026-09-15 19:00: progress was reported",
    ),
    "an incident": (
        "its ladder begins higher, by 3: a major incident since Wed 2026-09-16 20:00, the road sinks",
        "major incident: news of the incident every 2 h",
        "major incident: the report of the incident within 2 d of the answer",
    ),
    "a holding reply": (
        "plan patient: after a holding reply the final answer within 12 d 12 h",
        "the Water sent a holding reply Thu 2026-09-17 06:00: we ask",
    ),
    "a ruling": ("the ruling whose it is within 4 h", "returned again, so the Centre rules: not ours"),
    "the whole loop": ("plan patient: the whole loop within 41 d 16 h of the receipt, all cycles together",),
    "who is told": ("Sun Ping for Wang Fang", "copy: Zhao Lan", "mayor (top)"),
    "a step after the date": ("+8 h working",),
    "a breach that stands": ("1 d 21 h used; the breach stands",),
}


@pytest.mark.parametrize("line", LINES)
def test_a_hard_life_says_of_each_date_what_moved_it(line: str) -> None:
    paper = " ".join(shown("text", "en", a_hard_life).split())

    for said in LINES[line]:
        assert said in paper


def test_what_a_reply_brought_along_was_given_by_nobody() -> None:
    assert "returned, so the" not in " ".join(shown("text", "en", a_hard_life).split())


def test_whatif_says_what_waits_and_that_it_goes_on_by_itself() -> None:
    paper = " ".join(shown("ahead", "en", a_hard_life, 25).split())

    for said in (
        "the answer waits (parts) since Tue 2026-09-15 06:00, until Wed 2026-09-23 13:00 at the latest; its",
        "Wed 2026-09-23 13:00 the end of the pause goes on by itself",
        "the end of the pause warning 0 handler Water warn 2 d 1 h Li Jie",
    ):
        assert said in paper


def looked_ahead(category: str, at: float, language: Language, until: float | None = None, **more: str) -> str:
    town, out = Town(), io.StringIO()
    complaint = town.complaint(category, **more)
    town.at(at)
    file = file_of(complaint)
    found = ahead(file.facts, file.pack, hour(at), None if until is None else hour(until))
    outlook.show(found, Paper(file=out, columns=COLUMNS), language)
    return " ".join(out.getvalue().split())


def test_the_title_says_how_far_is_looked() -> None:
    assert (
        "If nobody acts: up to 3 reminders of each target, until Wed 2026-10-14 00:00 at most (--until looks further):"
        in looked_ahead("water/leak", 0, "en")
    )
    assert "If nobody acts, until Sat 2026-09-26 12:00:" in looked_ahead("water/leak", 0, "en", until=300)


NOTHING_AHEAD = {
    "all is told": ("power/outage", 400, "the answer is open, but every step of the ladder has been told", "均已通知"),
    "the next is far": ("stated/promise", 0, "the next is told Sun 2026-11-15 12:00", "下一项为 周日 2026-11-15 12:00"),
}


@pytest.mark.parametrize("name", NOTHING_AHEAD)
def test_where_nothing_is_ahead_it_says_why(name: str) -> None:
    category, at, en, zh = NOTHING_AHEAD[name]
    more = {"due_at": hour(2000).isoformat()} if category == "stated/promise" else {}

    assert en in looked_ahead(category, at, "en", **more)
    assert zh in looked_ahead(category, at, "zh", **more)


def test_of_what_is_closed_it_says_since_when_and_how() -> None:
    def closed() -> Complaint:
        complaint = Town().complaint("power/outage")
        complaint.reply("power", "answered")
        return complaint

    assert "nothing is ahead: closed since Mon 2026-09-14 00:00 (answered)" in shown("ahead", "en", closed)
    assert "无后续：已于 周一 2026-09-14 00:00 结案（已答复）" in shown("ahead", "zh", closed)


def test_every_target_that_the_contract_knows_has_a_name_and_so_has_every_action() -> None:
    every = {*TARGETS}
    actions = {"warn", "urge", "supervise", "criticise", "report", "remind", "visit"}

    assert every <= set(TERMS)
    assert actions <= set(ACTIONS)


def test_every_fact_that_can_stop_a_clock_has_words() -> None:
    heard = {fact.__name__ for fact in SERVICE.evolve if fact not in SERVICE.says}

    says = "escalation hears {}, which may end a clock: WHY in closedloop/language/facts.py needs words for it"
    forgotten.nothing(forgotten.beyond(heard, WHY, says))
