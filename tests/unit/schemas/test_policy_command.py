"""`closedloop policy`: every reason is told, and the exit code says whether it worked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from closedloop import policies
from closedloop.commands import policy
from closedloop.policies.published import Shelf
from schemas.policy import PolicyPack
from tests.unit.schemas.packs import run

BAD = "name: bad\ncentre: 7\nplans: []\n"


def test_a_valid_pack_is_called_valid_with_its_hash() -> None:
    done = run("check", "demo", "nyc311")

    assert done.exit_code == 0
    assert policies.load("demo").hash in done.output and policies.load("nyc311").hash in done.output


def test_every_reason_against_a_pack_is_told_on_a_line_of_its_own(tmp_path: Path) -> None:
    text = (policies.HERE / "demo.yaml").read_text("utf-8")
    file = tmp_path / "pack.yaml"
    file.write_text(
        text.replace("assign_within: 4h", "assign_within: 0h").replace("centre: centre\n", "centre: gone\n")
    )

    done = run("check", str(file))

    assert done.exit_code == 1
    assert "  - assign_within must be more than zero\n" in done.output
    assert "  - gone is not a department of the pack\n" in done.output


@pytest.mark.parametrize("content", [BAD, "a: [", "", "just text", "\x00"])
def test_a_file_that_is_no_pack_is_refused_with_a_reason(tmp_path: Path, content: str) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(content)

    done = run("check", "--json", str(file), "demo")
    bad, good = json.loads(done.output)

    assert done.exit_code == 1
    assert not bad["valid"] and bad["reasons"]
    assert good["valid"] and good["reasons"] == []


def test_a_file_that_is_not_there_is_refused_with_the_names_there_are() -> None:
    done = run("check", "nowhere.yaml")

    assert done.exit_code == 1
    assert "demo, nyc311" in done.output


@pytest.mark.parametrize("name", policies.names())
def test_a_pack_is_shown_for_people_and_for_programs(name: str) -> None:
    people, programs = run("show", name, "--packaged"), run("show", name, "--packaged", "--json")

    assert people.exit_code == programs.exit_code == 0
    assert policies.load(name).hash in people.output
    assert json.loads(programs.output)["hash"] == policies.load(name).hash


def test_a_pack_is_published_to_the_stack_of_this_machine_unless_other_brokers_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def publish(pack: PolicyPack, kafka: str) -> tuple[int, int]:
        asked.append(kafka)
        return 0, 0

    monkeypatch.setattr(policy.published, "read", lambda kafka, bound: Shelf((), (), bound))
    monkeypatch.setattr(policy.provision, "publish", publish)

    codes = [run("publish", "demo", *where).exit_code for where in ((), ("--kafka", "elsewhere:9092"))]

    assert (codes, asked) == ([0, 0], ["127.0.0.1:19092", "elsewhere:9092"])


def test_a_bad_pack_is_not_published(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(BAD)

    assert run("publish", str(file), "--kafka", "127.0.0.1:1").exit_code == 1


def with_calendar(tmp_path: Path, calendar: str) -> str:
    text = (policies.HERE / "demo.yaml").read_text("utf-8").replace("assign_within: 4h", "assign_within: {working: 4h}")
    file = tmp_path / "pack.yaml"
    file.write_text(f"{text}\ncalendar: office\ncalendars:\n  office: {calendar}\n")
    return str(file)


def test_a_year_without_an_official_list_of_holidays_is_said_aloud(tmp_path: Path) -> None:
    file = with_calendar(tmp_path, '{version: "1", zone: UTC, hours: {mon-fri: ["08:00-16:00"]}, holidays: FR}')

    done = run("check", file)

    assert done.exit_code == 0
    assert "  ! calendar office: FR has published no holidays of" in done.output
    assert json.loads(run("check", "--json", file).output)[0]["warnings"]


def test_working_time_that_never_passes_is_refused_before_it_is_published(tmp_path: Path) -> None:
    once = '[{date: 2015-01-01, open: ["08:00-09:00"], reason: "-", authority: "-"}]'
    file = with_calendar(tmp_path, '{version: "1", zone: UTC, hours: {}, overrides: ' + once + "}")

    done = run("check", file)

    assert done.exit_code == 1
    assert "assign_within: 4:00:00 of working time never pass for centre, by calendar office" in done.output
    assert run("publish", file, brokers="localhost:1").exit_code == 1


def test_a_pack_is_shown_with_its_calendars_and_what_counts(tmp_path: Path) -> None:
    shown = run("show", with_calendar(tmp_path, '{version: "1", zone: UTC, hours: {mon-fri: ["08:00-16:00"]}}')).output

    assert "assigns within 4 h of working time" in shown
    assert "mon-fri 08:00-16:00" in shown


def test_a_ladder_that_falls_silent_is_warned_of() -> None:
    done = run("check", "nyc311")

    assert done.exit_code == 0
    assert "ladder stated: nobody is reminded above its last step" in done.output


def test_a_pack_is_shown_with_its_people_and_with_what_may_wait_or_move() -> None:
    shown = run("show", "demo", "--packaged").output

    for words in ("jiang-hua", "yu-min", "pause: parts", "extension", "category */danger"):
        assert words in shown
