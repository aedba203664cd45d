"""`closedloop policy check` names lengths of time that nobody can mean, or that calendars cannot count."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from closedloop import policies
from closedloop.policies.finding import dotted
from schemas.generate import schema_of
from schemas.policy import PolicyPack
from tests.builders import Town
from tests.unit.schemas.packs import OFFICES, faults, found, pack, plan, run, step, warnings

DAYS = {"working": "3d"}
LENGTHS: dict[str, dict[str, Any]] = {
    "assign_within": {"assign_within": DAYS},
    "plans.ordinary.targets": {"plans": {"ordinary": plan(targets={"answer": DAYS})}},
    "plans.ordinary.targets.progress.every": {
        "plans": {"ordinary": plan(targets={"progress": {"every": DAYS}, "answer": {"working": "30h"}})}
    },
    "plans.ordinary.pauses.parts.at_most": {
        "plans": {"ordinary": plan(pauses={"parts": {"targets": ["answer"], "at_most": DAYS}})}
    },
    "plans.ordinary.pauses.parts.approved_within": {
        "plans": {"ordinary": plan(pauses={"parts": {"targets": ["answer"], "at_most": "1d", "approved_within": DAYS}})}
    },
    **{
        f"plans.ordinary.extension.{name}": {
            "plans": {
                "ordinary": plan(
                    extension={
                        "targets": ["answer"],
                        "at_most": "1d",
                        "before": "1d",
                        "approved_within": "4h",
                        name: DAYS,
                    }
                )
            }
        }
        for name in ("before", "at_most", "approved_within")
    },
    "plans.ordinary.holding.final_within": {
        "plans": {"ordinary": plan(holding={"meets": ["answer"], "final_within": DAYS})}
    },
    "ladders.standard.steps.after": {
        "ladders": {"standard": {"steps": [*pack()["ladders"]["standard"]["steps"], step(None, after=DAYS)]}}
    },
    "ladders.standard.steps.before": {
        "ladders": {"standard": {"steps": [step(None, before=DAYS), *pack()["ladders"]["standard"]["steps"]]}}
    },
    **{
        f"plans.ordinary.visit.{name}": {
            "plans": {"ordinary": plan(visit={"desk": "desk", "opens_after": "0h", "due_after": "9d", name: DAYS})}
        }
        for name in ("opens_after", "due_after")
    },
    "plans.ordinary.targets.answer.earlier_of": {
        "plans": {"ordinary": plan(targets={"answer": {"earlier_of": [DAYS, "9d"]}})}
    },
    "plans.ordinary.targets.answer.later_of": {
        "plans": {"ordinary": plan(targets={"answer": {"later_of": ["9d", DAYS]}})}
    },
    "ladders.standard.reminder.every": {
        "ladders": {
            "standard": {
                **pack()["ladders"]["standard"],
                "reminder": {"every": DAYS, "role": "head", "action": "urge"},
            }
        }
    },
    **{
        f"incidents.{name}": {
            "incidents": {
                "ladder": "standard",
                "update": "1h",
                "report_within": "1d",
                "rules": [],
                name: DAYS,
            }
        }
        for name in ("update", "report_within")
    },
}


@pytest.mark.parametrize("place", LENGTHS)
def test_days_of_working_time_are_named_wherever_a_length_can_stand(tmp_path: Path, place: str) -> None:
    told = warnings(tmp_path, **OFFICES, **LENGTHS[place])

    assert [one for one in told if one.endswith("{working: 3d} are 72 open hours, not 3 working days")]


def test_every_place_of_a_pack_where_working_time_can_stand_is_among_them() -> None:
    schema = schema_of(PolicyPack)
    parts = [*schema["$defs"].values(), schema]
    named = {name for part in parts for name, of in part.get("properties", {}).items() if "/Working" in json.dumps(of)}

    assert {place.split(".")[-1] for place in LENGTHS} == named


def test_days_of_working_time_are_told_as_the_hours_that_are_meant(tmp_path: Path) -> None:
    report = found(tmp_path, pack(plans={"ordinary": plan(targets={"answer": {"working": "15d"}})}, **OFFICES))

    (meant,) = (one.expected for one in report.warnings if "working: 15d" in one.says)
    assert meant == "{working_days: 15}, or {working: 112.5h} for 15 days of 7.5 hours"


OFFICE_DAYS = {"working_days": 3}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "both kinds": ({"days": 3, "working_days": 3}, "either days or working_days"),
    "no number": ({"ends": "close"}, "either days or working_days"),
    "none at all": ({"days": 0}, "no days at all"),
    "none at all in short": ("0d", "no days at all"),  # type: ignore[dict-item]
    "whole days to the same time": (
        {"days": 3, "counted_from": "next_day", "ends": "same_time"},
        "it cannot end at the same time",
    ),
    "the close of a closed day": ({"days": 3, "ends": "close"}, "say closed_last_day: next_open"),
    "in one of several": ({"earlier_of": ["9d", {"working_days": 0}]}, "no days at all"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_length_in_days_that_contradicts_itself_is_refused_where_it_stands(tmp_path: Path, name: str) -> None:
    length, says = WRONG[name]
    report = found(tmp_path, pack(plans={"ordinary": plan(targets={"answer": length})}, **OFFICES))

    (fault,) = report.faults
    assert fault.says.startswith("plan ordinary: target answer: ") and says in fault.says
    assert dotted(fault.where).startswith("plans.ordinary.targets.answer")


@pytest.mark.parametrize("length", ["1.5d", {"days": -1}, {"days": 2.5}, {"earlier_of": ["3d"]}, {"daze": 3}, "3d 4h"])
def test_what_is_no_number_of_days_is_no_length_of_time(tmp_path: Path, length: Any) -> None:
    assert [
        one for one in faults(tmp_path, plans={"ordinary": plan(targets={"answer": length})}) if "is no length" in one
    ]


@pytest.mark.parametrize(
    "length",
    [
        OFFICE_DAYS,
        {"days": 3, "closed_last_day": "next_open"},
        {"days": 3, "counted_from": "opening"},
        {"later_of": ["3d", OFFICE_DAYS]},
    ],
)
def test_what_only_a_calendar_can_tell_needs_one(tmp_path: Path, length: Any) -> None:
    told = faults(tmp_path, plans={"ordinary": plan(targets={"answer": length})})

    assert [one for one in told if "need a calendar of the pack's own" in one]
    assert not faults(tmp_path, plans={"ordinary": plan(targets={"answer": length})}, **OFFICES)


def test_what_stands_before_a_date_is_a_number_and_nothing_else(tmp_path: Path) -> None:
    asked = {**EXTENSION, "at_most": "9d", "before": {"days": 1, "ends": "close", "closed_last_day": "next_open"}}

    assert any(
        "same clock time" in one for one in faults(tmp_path, plans={"ordinary": plan(extension=asked)}, **OFFICES)
    )


def test_what_counts_on_from_a_date_has_no_cut_off(tmp_path: Path) -> None:
    late = {"days": 1, "cut_off": "16:00"}
    steps = [*pack()["ladders"]["standard"]["steps"], step(None, after=late)]

    assert any("counts on from a date" in one for one in faults(tmp_path, ladders={"standard": {"steps": steps}}))


def test_a_reminder_is_not_repeated_at_the_same_moment_for_ever(tmp_path: Path) -> None:
    never = {"earlier_of": [{"days": 0, "ends": "end_of_day"}, "1d"]}
    ladder = {**pack()["ladders"]["standard"], "reminder": {"every": never, "role": "head"}}

    assert any("no days at all" in one for one in faults(tmp_path, ladders={"standard": ladder}))


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([step(100), step(None, before="1d")], "steps before the date stand below the one at 100 %"),
        ([step(None, before="1d"), step(None, before="2d"), step(100)], "the longest first"),
        ([step(None, at="next_opening"), step(100)], "steps after the date stand above"),
        ([step(100), step(None, at="next_opening", after="1d")], "either at_percent, before, after or at"),
    ],
)
def test_steps_stand_in_the_order_of_their_time(tmp_path: Path, steps: list[dict[str, Any]], says: str) -> None:
    assert any(says in one for one in faults(tmp_path, ladders={"standard": {"steps": steps}}, **OFFICES))


def test_a_time_of_the_day_may_stand_without_quotes(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = (policies.HERE / "demo.yaml").read_text("utf-8")
    file.write_text(text.replace("answer: 72h", "answer: {days: 3, cut_off: 16:00, ends: 08:30}"))

    length = policies.load(file).plans["ordinary"].targets["answer"]

    assert (length.cut_off, length.ends) == ("16:00", "08:30")  # type: ignore[union-attr]


EXTENSION = {"before": "1d", "approved_within": "4h"}


def test_a_length_that_nobody_can_mean_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = (policies.HERE / "demo.yaml").read_text("utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "extension:" in row)
    file.write_text(re.sub(r"(extension: &extension \{.*?at_most: )\w+", r"\g<1>3650000d", text, count=1))

    done = run("check", str(file))

    assert done.exit_code == 1
    assert "an extension lasts 3650000 days, longer than ten years" in done.output
    assert f"mine.yaml:{line}:" in done.output


@pytest.mark.parametrize(
    "changes",
    [
        {"plans": {"ordinary": plan(visit={"desk": "desk", "opens_after": "1d", "due_after": "4000000d"})}},
        {"plans": {"ordinary": plan(visit={"desk": "desk", "opens_after": "3999999d", "due_after": "4000000d"})}},
        {"plans": {"ordinary": plan(extension={**EXTENSION, "at_most": "9d", "before": "4000d"})}},
        {"assign_within": "3661d"},
    ],
    ids=["visit due", "visit opens", "asked before", "assigned"],
)
def test_no_length_of_a_pack_is_longer_than_ten_years(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert any("longer than ten years" in one for one in faults(tmp_path, **changes))


def reminded(every: str) -> dict[str, Any]:
    return {"ladders": {"standard": {"steps": [step(100)], "reminder": {"every": every, "role": "head"}}}}


def test_a_reminder_comes_at_most_once_a_minute(tmp_path: Path) -> None:
    says = "ladder standard: the reminder comes every 59 s, until somebody acts"

    assert any(says in one for one in faults(tmp_path, **reminded("59s")))
    assert faults(tmp_path, **reminded("1m")) == []
    assert PolicyPack.model_validate(pack(**reminded("59s"))), "a pack that was published before is loaded"


def hours(number: int) -> dict[str, Any]:
    """A pack whose plan takes as many open hours, of which an office has 37.5 in a week."""
    return {**OFFICES, "plans": {"ordinary": plan(targets={"answer": {"working": f"{number}h"}})}}


@pytest.mark.parametrize("number", [40, 400, 1_000, 2_000, 2_900, 3_000, 4_000, 20_000])
def test_check_refuses_exactly_what_the_door_would_refuse_of_every_complaint_of_today(
    tmp_path: Path, number: int
) -> None:
    content = pack(**hours(number))

    town = Town(policy=PolicyPack.model_validate(content))
    town.complaint("water/leak")

    door = [receipt.reasons[0].split(":")[0] for receipt in town.receipts() if receipt.kind == "refused"]
    check = [one for one in faults(tmp_path, **hours(number)) if "no complaint of today could be taken" in one]
    assert (door == ["not_countable"]) == bool(check), (door, check)


ROLLED = {"ends": "close", "closed_last_day": "next_open"}


@pytest.mark.parametrize(
    "length",
    [
        *({"working_days": number} for number in (30, 300, 340, 400, 2_000)),
        *({"days": number, **ROLLED} for number in (30, 400, 500, 600)),
        {"later_of": ["9d", {"working_days": 3_000}]},
        {"days": 3_000},
    ],
    ids=str,
)
def test_the_door_takes_a_complaint_exactly_where_check_lets_a_length_in_days_pass(tmp_path: Path, length: Any) -> None:
    changes = {**OFFICES, "plans": {"ordinary": plan(targets={"answer": length})}}

    town = Town(policy=PolicyPack.model_validate(pack(**changes)))
    complaint = town.complaint("water/leak")

    is_refused = [receipt.kind for receipt in town.receipts()] == ["refused"]
    check = [one for one in faults(tmp_path, **changes) if "no complaint of today could be taken" in one]
    assert is_refused == bool(check)
    assert is_refused or complaint.targets()


def test_what_no_complaint_of_today_can_be_counted_under_is_refused_at_its_longest_length(tmp_path: Path) -> None:
    report = found(tmp_path, pack(**hours(20_000)))

    (one,) = report.unwise
    assert dotted(one.where) == "plans.ordinary.targets.answer"
    assert "calendars count in the years 2010 to 2040" in one.says


def test_a_pack_that_counts_today_and_not_in_a_year_is_warned_of(tmp_path: Path) -> None:
    told = warnings(tmp_path, **hours(2_650))

    assert [one for one in told if "within a year from now" in one], told
