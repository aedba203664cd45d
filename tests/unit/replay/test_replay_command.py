"""`closedloop replay FILE --map MAP`: what it says in either language and as JSON, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from closedloop.app import app
from tests.unit.replay.histories import as_csv, row

MAP = """source: town
zone: America/New_York
columns: {id: "no", opened: opened, due: due, closed: closed, department: office, category: about}
"""
ROWS = [
    row("1", due="2018-07-02 10:00:00", closed="2018-07-01 11:00:00"),
    row("2", due="2018-07-02 10:00:00", closed="2018-07-03 11:00:00"),
    row("3", due="soon"),
    row("4", ""),
]


def replay(tmp_path: Path, *options: str, map: str = MAP, rows: str = as_csv(ROWS)) -> Result:
    (tmp_path / "town.yaml").write_text(map, encoding="utf-8")
    (tmp_path / "town.csv").write_text(rows, encoding="utf-8")
    files = [str(tmp_path / "town.csv"), "--map", str(tmp_path / "town.yaml")]
    return CliRunner().invoke(app, ["replay", *files, "--in-memory", *options])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "3 received, 2 answered, 1 met, 1 missed, 1 breached (1 late, 0 open), 1 without a date"),
        (
            "zh",
            "受理 3 件，答复 2 件，按时完成 1 件，逾期完成 1 件，超时 1 件（逾期完成 1 件，未办结 0 件），无期限 1 件",
        ),
    ],
)
def test_a_history_of_anybody_is_told_in_one_sentence(tmp_path: Path, language: str, said: str) -> None:
    done = replay(tmp_path, "--language", language)

    assert done.exit_code == 0, done.output
    assert said in done.stdout


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "a due date that cannot be read, taken as none: 1 (line 4)"),
        ("zh", "期限无法读取，视为没有期限：1 行（第 4 行）"),
    ],
)
def test_what_is_dirty_is_told_with_its_lines(tmp_path: Path, language: str, said: str) -> None:
    assert said in replay(tmp_path, "--language", language).stdout


def test_programs_get_the_figures_and_every_place_of_dirt(tmp_path: Path) -> None:
    told = json.loads(replay(tmp_path, "--json").stdout)

    assert told["good"]
    assert told["found"] == told["expected"]
    assert told["history"]["dirt"]["bad_due"]["rows"] == [{"line": 4, "column": "due", "value": "soon"}]
    assert (told["history"]["rows"], told["history"]["requests"]) == (4, 3)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", 'town.yaml:3:42: columns.due: the file has no column "dew"; it has no, opened, due'),
        ("zh", "town.yaml:3:42：columns.due：文件没有名为“dew”的列"),
    ],
)
def test_a_map_that_names_no_such_column_is_refused(tmp_path: Path, language: str, said: str) -> None:
    done = replay(tmp_path, "--language", language, map=MAP.replace("due: due", "due: dew"))

    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_without_requests_and_one_that_is_not_there_are_refused(tmp_path: Path) -> None:
    empty, missing = replay(tmp_path, rows=""), CliRunner().invoke(app, ["replay", str(tmp_path / "gone.csv")])

    assert (empty.exit_code, missing.exit_code) == (2, 2)
    assert "town.csv: there is no request in it" in empty.stderr
    assert "gone.csv: No such file or directory" in missing.stderr


def test_a_history_may_be_judged_by_a_pack_instead_of_its_own_dates(tmp_path: Path) -> None:
    done = replay(tmp_path, "--policy", "nowhere", "--json")

    assert done.exit_code == 2
    assert "packs by name" in done.stderr
