"""`closedloop policy check` names each mistake of an author, with its place and the correction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from closedloop import policies
from closedloop.policies import checking
from closedloop.policies.finding import Finding, dotted
from schemas.policy import PolicyPack
from tests.builders import MONDAY
from tests.unit.schemas.packs import OFFICE, OFFICES, faults, found, pack, plan, run, warnings

HOLIDAYS = {"calendar": "office", "calendars": {"office": OFFICE | {"holidays": "CN", "zone": "Asia/Shanghai"}}}
WRONG = """\
name: mine
version: 1
centre: center
trust: 10m
assign_within: {workng: 4h}
centre_ladder: standart
departments:
  centre: {zh: 中心, en: Centre, kind: centre}
  visit-desk: {zh: 回访组, en: Desk, kind: desk}
  water: {zh: 水务局, en: no, kind: dept, offices: {head: lee}}
  Power Co: {zh: 电, en: Power}
routes:
  - {categry: ["water/*"], department: water, plan: ordinary}
  - {category: ["x/*"], department: visit-desk, plan: ordinery}
  - {category: "y/*", department: watr, plan: ordinary}
plans:
  ordinary:
    targets: {accept: 4dd, answer: 3d, answr: 2h, total: 2d}
    ladder: standard
    ladder: standard
ladders:
  standard:
    steps:
      - {at_percent: 75, level: high, role: head, action: warn}
      - {at_percent: 90, level: 1, role: head, action: urge}
people:
  li: {zh: 李, en: Li, absent: [{starts_at: 2026-09-16, ends_at: 2026-09-23T00:00:00Z}]}
"""


def place(one: Finding, report: checking.Report) -> tuple[int, int]:
    """The line and the column of a fault."""
    told = one.as_json(report.source, "-")
    return told["line"], told["column"]


def test_all_faults_are_told_at_once_with_their_place_and_the_nearest_right_word(tmp_path: Path) -> None:
    report = found(tmp_path, WRONG)

    told = {(dotted(one.where), one.nearest, place(one, report)) for one in (*report.faults, *report.unwise)}
    assert told == {
        ("version", "", (2, 10)),
        ("centre", "centre", (3, 9)),
        ("assign_within", "working", (5, 1)),
        ("centre_ladder", "standard", (6, 16)),
        ("departments.water.en", "", (10, 24)),
        ("departments.water.kind", "department", (10, 34)),
        ("departments.water.offices.head", "", (10, 56)),
        ("departments.Power Co", "power-co", (11, 3)),
        ("routes 1.categry", "category", (13, 6)),
        ("routes 2.department", "", (14, 37)),
        ("routes 2.plan", "ordinary", (14, 55)),
        ("routes 3.category", "", (15, 16)),
        ("routes 3.department", "water", (15, 35)),
        ("plans.ordinary.targets.accept", "", (18, 23)),
        ("plans.ordinary.targets.answr", "answer", (18, 47)),
        ("plans.ordinary.targets.answer", "", (18, 36)),
        ("plans.ordinary.ladder", "", (20, 5)),
        ("ladders.standard.steps 1.level", "", (24, 33)),
        ("ladders.standard.steps", "", (23, 5)),
        ("people.li.absent 1.starts_at", "", (27, 44)),
    }


@pytest.mark.parametrize("word", ["assign_within", "trust", "departments", "routes", "plans", "ladders"])
def test_what_is_missing_hides_nothing_else(tmp_path: Path, word: str) -> None:
    content = pack(centre="nobody", plans={"ordinary": plan(targets={"answer": "3x"})})
    del content[word]

    told = [fault.says for fault in found(tmp_path, content).faults]

    assert f"{word} is missing" in told
    assert "nobody is not a department of the pack" in told
    assert word == "plans" or any("3x is no length of time" in one for one in told)


def test_a_fault_of_a_calendar_hides_nothing_else(tmp_path: Path) -> None:
    never = {"version": "1", "zone": "Asia/Shangai", "hours": {"mon-fry": ["08:00-16:00"]}}

    told = faults(tmp_path, calendar="office", calendars={"office": never}, centre="nobody")

    assert len(told) == 3 and "nobody is not a department of the pack" in told


def test_a_zone_that_is_misspelt_is_told_with_the_right_one(tmp_path: Path) -> None:
    report = found(tmp_path, pack(calendar="office", calendars={"office": {**OFFICE, "zone": "Asia/Shangai"}}))

    assert [fault.nearest for fault in report.faults] == ["Asia/Shanghai"]


@pytest.mark.parametrize("name", policies.names())
def test_the_packs_that_come_along_have_nothing_that_is_hardly_meant(name: str) -> None:
    report = checking.checked(policies.source_of(policies.path_of(name)), MONDAY)

    assert (report.faults, report.unwise) == ((), ())
    assert [one.says for one in report.warnings if "nobody is reminded" not in one.says] == []


def test_a_key_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    text = (policies.HERE / "demo.yaml").read_text("utf-8").replace("trust: 10m\n", "trust: 10m\ntrust: 2h\n")
    file = tmp_path / "pack.yaml"
    file.write_text(text)

    done = run("check", str(file))

    assert done.exit_code == 1
    assert "  - trust stands there twice, first on line 6\n" in done.output
    with pytest.raises(policies.BadPack, match="twice"):
        policies.load(file)


def test_a_key_that_comes_in_by_a_merge_is_not_there_twice(tmp_path: Path) -> None:
    text = (policies.HERE / "demo.yaml").read_text("utf-8")
    text = text.replace("water: {zh", "water: {<<: {zh: 水, calendar: null}, zh")

    assert found(tmp_path, text).faults == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"routes": [{"department": "desk", "plan": "ordinary"}]},
            "route 1 leads to the visit desk desk, which has no topic for replies",
        ),
        (
            {"routes": [{"department": "centre", "plan": "ordinary"}]},
            "route 1 leads to the centre centre, which assigns and does not answer",
        ),
        ({"plans": {}, "routes": []}, "no plans: what the centre assigns by hand would have no dates"),
        (
            {"plans": {"ordinary": plan(targets={"accept": "3d", "answer": "24h"})}},
            "plan ordinary: accept is due after answer, but the answer meets it",
        ),
        (
            {"plans": {"ordinary": plan(targets={"answer": "24h", "total": "12h"})}},
            "plan ordinary: answer is due after total, but it is part of the whole",
        ),
        (
            {"plans": {"ordinary": plan(targets={"accept": {"working": "30h"}, "answer": "24h"})}, **OFFICES},
            "plan ordinary: accept is due after answer, but the answer meets it",
        ),
        (
            {"plans": {"ordinary": plan(targets={"accept": "30d", "answer": {"working": "8h"}})}, **OFFICES},
            "plan ordinary: accept is due after answer, but the answer meets it",
        ),
    ],
    ids=[
        *("a route to a desk", "a route to the centre", "no plans", "accept after answer", "total before it"),
        *("working", "a month and a day of work"),
    ],
)
def test_what_can_only_end_badly_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    assert said in faults(tmp_path, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"routes": [{"department": "desk", "plan": "ordinary"}]},
        {"plans": {"ordinary": plan(targets={"accept": "3d", "answer": "24h"})}},
    ],
)
def test_what_the_check_refuses_and_was_published_before_is_still_loaded(changes: dict[str, Any]) -> None:
    assert PolicyPack.model_validate(pack(**changes))


ROUTE = {"department": "water", "plan": "ordinary"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"routes": [{"category": ["water/*"], **ROUTE}, {"category": ["Water / Burst"], **ROUTE}]},
            "route 2 is never reached: all that it fits, route 1 takes before",
        ),
        (
            {"routes": [{"category": ["a", "b"], **ROUTE}, {"category": ["B", "Ａ"], **ROUTE}]},
            "route 2 stands there twice: it fits what route 1 takes",
        ),
        (
            {"routes": [ROUTE, {"area": ["old"], **ROUTE}]},
            "route 2 is never reached: all that it fits, route 1 takes before",
        ),
        (
            {"routes": [{"category": [name], **ROUTE} for name in ("a", "b")] + [{"category": ["b", "A"], **ROUTE}]},
            "route 3 is never reached: all that it fits, routes 1 and 2 take before",
        ),
        (
            {
                "routes": [
                    {"category": ["a"], **ROUTE},
                    {"category": ["b/*"], "area": ["old"], **ROUTE},
                    {"category": ["b/*"], "area": ["new *"], **ROUTE},
                    {"category": ["a", "b/c"], "area": ["old", "new town"], **ROUTE},
                ]
            },
            "route 4 is never reached: all that it fits, routes 1, 2 and 3 take before",
        ),
        (
            {"plans": {"ordinary": plan(targets={"accept": "4d", "answer": {"working": "8h"}})}, **HOLIDAYS},
            "plan ordinary: accept is due after answer for 95% of all moments of a year, but the answer meets it",
        ),
        ({"routes": []}, "no routes: the centre has to assign every complaint by hand"),
        (
            {"routes": [{"category": ["water/[a-z]*"], **ROUTE}]},
            "route 1: brackets in water/[a-z]* stand for themselves",
        ),
        ({"plans": {"ordinary": plan(targets={})}}, "plan ordinary has no targets: nothing is ever late in it"),
        (
            {"plans": {"ordinary": plan(), "slow": plan()}},
            "plan slow is never used: no route names it, and it is not the first plan",
        ),
        (
            {"ladders": {name: pack()["ladders"]["standard"] for name in ("standard", "other")}},
            "ladder other is never used",
        ),
        ({"calendars": {"office": OFFICE}}, "calendar office is never used"),
        ({"plans": {"ordinary": plan(visit=None)}}, "visit desk desk is never used: no plan sends it to a customer"),
        (
            {"offices": {"director": "li"}, "people": {"li": {"zh": "李", "en": "Li"}}},
            "ladders.standard: nobody in any department holds the role head",
        ),
        (
            {"plans": {"ordinary": plan(targets={"answer": {"working": "15d"}})}, **OFFICES},
            "plan ordinary: target answer: {working: 15d} are 360 open hours, not 15 working days",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_works_and_is_hardly_meant_is_said_and_with_strict_refused(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    assert said in warnings(tmp_path, **changes)

    codes = [run("check", *strict, str(tmp_path / "mine.yaml")).exit_code for strict in ((), ("--strict",))]
    assert codes == [0, 1]


@pytest.mark.parametrize(
    "routes",
    [
        [{"category": ["water/?*"], **ROUTE}, {"category": ["water/*"], **ROUTE}],
        [{"category": ["water/????"], **ROUTE}, {"category": ["water/*"], **ROUTE}],
        [{"category": ["water/*"], "area": ["old"], **ROUTE}, {"category": ["water/*"], **ROUTE}],
        [{"category": ["?*"], **ROUTE}, ROUTE],
        [{"category": ["a"], **ROUTE}, {"category": ["b"], **ROUTE}, {"category": ["a", "b", "c"], **ROUTE}],
        [
            {"category": ["a"], "area": ["old"], **ROUTE},
            {"category": ["b"], "area": ["new"], **ROUTE},
            {"category": ["a", "b"], "area": ["old", "new"], **ROUTE},
        ],
    ],
)
def test_a_route_that_can_be_reached_is_not_warned_of(tmp_path: Path, routes: list[dict[str, Any]]) -> None:
    assert warnings(tmp_path, routes=routes) == []


@pytest.mark.parametrize(
    "targets",
    [
        {"accept": {"working": "4h"}, "answer": "3d"},
        {"accept": "4h", "answer": {"working": "16h"}},
        {"accept": "24h", "answer": {"working": "16h"}},
    ],
    ids=str,
)
def test_targets_of_two_kinds_that_are_mostly_in_order_are_no_contradiction(
    tmp_path: Path, targets: dict[str, Any]
) -> None:
    assert warnings(tmp_path, plans={"ordinary": plan(targets=targets)}, **OFFICES) == []


def test_a_finding_is_told_to_programs_with_its_place(tmp_path: Path) -> None:
    found(tmp_path, WRONG)

    (verdict,) = json.loads(run("check", "--json", str(tmp_path / "mine.yaml")).output)

    assert not verdict["valid"] and len(verdict["reasons"]) == len(verdict["findings"]) == 20
    assert {
        "grade": "fault",
        "file": str(tmp_path / "mine.yaml"),
        "line": 18,
        "column": 47,
        "path": "plans.ordinary.targets.answr",
        "says": "plan ordinary: nothing ever meets a target answr",
        "expected": "one of accept, acknowledge, answer, contact, progress, total",
        "nearest": "answer",
    } in verdict["findings"]


def test_a_finding_is_told_to_people_with_its_place_below(tmp_path: Path) -> None:
    found(tmp_path, WRONG)

    told = run("check", str(tmp_path / "mine.yaml")).output

    place = f"{tmp_path / 'mine.yaml'}:3:9; expected one of centre, visit-desk, water; did you mean centre?"
    assert f"  - center is not a department of the pack\n      {place}\n" in told


def test_a_target_that_is_mistyped_once_is_told_once_with_the_right_word(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text((policies.HERE / "demo.yaml").read_text("utf-8").replace("answer:", "anwser:", 1))

    done = run("check", str(file))

    assert done.exit_code == 1 and done.output.count("\n  - ") == 1
    assert "did you mean answer?" in done.output and "did you mean anwser" not in done.output


def test_quick_says_rightly_what_it_has_of_the_pack_demo() -> None:
    quick, demo = policies.load("quick"), policies.load("demo")
    working = {name for name, known in quick.departments.items() if known.kind == "department"}

    assert working < {name for name, known in demo.departments.items() if known.kind == "department"}
    assert (len(working), len(quick.plans), quick.incidents) == (2, 1, None)
