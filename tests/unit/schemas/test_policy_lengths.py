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
    assert meant == "{working: 112.5h} for 15 days of 7.5 hours"


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


def test_what_no_complaint_of_today_can_be_counted_under_is_refused_at_its_longest_length(tmp_path: Path) -> None:
    report = found(tmp_path, pack(**hours(20_000)))

    (one,) = report.unwise
    assert dotted(one.where) == "plans.ordinary.targets.answer"
    assert "calendars count in the years 2010 to 2040" in one.says


def test_a_pack_that_counts_today_and_not_in_a_year_is_warned_of(tmp_path: Path) -> None:
    told = warnings(tmp_path, **hours(2_650))

    assert [one for one in told if "within a year from now" in one], told
