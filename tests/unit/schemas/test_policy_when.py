"""A promise is tried without a complaint: its date, and each day until then with whether it counts and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from closedloop.app import app
from closedloop.policies import HERE

OFFICE = {"version": "1", "zone": "Asia/Shanghai", "hours": {"mon-fri": ["08:30-12:00", "14:00-18:00"]}}
NIGHT = {"version": "1", "zone": "Asia/Shanghai", "hours": {"mon-sun": ["22:00-06:00"]}}
TO_THE_END = {"days": 3, "ends": "end_of_day", "closed_last_day": "next_open"}


def a_file(tmp_path: Path, answer: Any) -> str:
    content = yaml.safe_load((HERE / "demo.yaml").read_text("utf-8"))
    content["calendar"], content["calendars"] = "office", {"office": {**OFFICE, "holidays": "CN"}, "night": NIGHT}
    content["departments"]["water"]["calendar"] = "night"
    content["plans"]["ordinary"]["targets"] = {"answer": answer}
    file = tmp_path / "pack.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return str(file)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["policy", *arguments])


def days(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(day["day"][5:], day["how"]) for day in told["days"]]


def asked(file: str, since: str, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("when", file, "--from", since, "--json", *more).output)
    return found


def test_each_working_day_on_the_way_to_a_date_counts_or_says_why_it_does_not(tmp_path: Path) -> None:
    file = a_file(tmp_path, {"working_days": 3, "cut_off": "16:00", "ends": "close"})

    told = asked(file, "2026-09-29T16:30")

    assert told["due_at"] == "2026-10-10T10:00:00.000Z"
    assert days(told)[:3] == [("09-29", "before"), ("09-30", "from_here"), ("10-01", "does_not_count")]
    assert days(told)[-3:] == [("10-08", "counts"), ("10-09", "counts"), ("10-10", "counts")]
    whys = {day["day"][5:]: (day["why"]["zh"], day["why"]["en"]) for day in told["days"]}
    assert whys["10-01"] == ("国庆节", "National Day")
    assert whys["10-10"] == ("调休上班", "make-up working day")


def test_a_last_day_that_is_closed_is_shown_running_on_to_the_next_open_one(tmp_path: Path) -> None:
    told = asked(a_file(tmp_path, TO_THE_END), "2026-09-23T10:00")

    assert days(told)[-2:] == [("09-27", "rolled"), ("09-28", "due_here")]
    assert (told["counted_to"], told["due_at"]) == ("2026-09-26T16:00:00.000Z", "2026-09-28T16:00:00.000Z")


def test_three_days_are_no_seventy_two_hours_and_that_is_said_aloud(tmp_path: Path) -> None:
    three_days, hours = asked(a_file(tmp_path, "3d"), "2026-09-23"), asked(a_file(tmp_path, "72h"), "2026-09-23")

    assert three_days["length"] == {
        "en": "3 days, until the same time by the wall clock",
        "zh": "3个自然日，至末日同一钟点",
    }
    assert hours["length"] == {"en": "72 h", "zh": "72小时"}


@pytest.mark.parametrize(
    ("answer", "by"), [("3d", None), ("72h", None), ({"working": "8h"}, "office"), (TO_THE_END, "office")]
)
def test_a_calendar_is_named_only_where_it_counts(tmp_path: Path, answer: Any, by: str | None) -> None:
    told = asked(a_file(tmp_path, answer), "2026-09-28T16:30")

    assert (told["calendar"], told["zone"]) == (by, "Asia/Shanghai")


def test_a_department_is_dated_by_its_own_calendar(tmp_path: Path) -> None:
    told = asked(a_file(tmp_path, {"working_days": 1}), "2026-09-26T12:00", "--department", "water")

    assert (told["calendar"], told["due_at"]) == ("night", "2026-09-27T14:00:00.000Z")


@pytest.mark.parametrize(("language", "says"), [("en", "day 2"), ("zh", "第2日")])
def test_people_read_it_in_their_language(tmp_path: Path, language: str, says: str) -> None:
    shown = run("when", a_file(tmp_path, {"working_days": 2}), "--from", "2026-09-23T10:00", "--language", language)

    assert shown.exit_code == 0
    assert says in shown.output


@pytest.mark.parametrize("more", [("--target", "nothing"), ("--plan", "nothing"), ("--department", "nobody")])
def test_what_the_pack_does_not_have_is_refused_with_its_name(tmp_path: Path, more: tuple[str, str]) -> None:
    done = run("when", a_file(tmp_path, "3d"), "--from", "2026-09-23", *more)

    assert done.exit_code == 1
    assert more[1] in done.output


def test_the_tables_of_a_pack_say_its_lengths_in_days_in_both_languages(tmp_path: Path) -> None:
    file = a_file(tmp_path, {"working_days": 15, "ends": "close"})

    shown = " ".join(run("show", "--packaged", file).output.replace("│", " ").split())

    assert "15个工作日" in shown
    assert "15 working days, from the next opening" in shown
