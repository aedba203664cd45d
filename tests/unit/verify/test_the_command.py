"""What `closedloop verify` says before it ever asks a broker."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from closedloop.commands import verify as command
from closedloop.commands.verify import CANNOT_TELL, register
from closedloop.language import Language
from closedloop.language.paper import Paper
from closedloop.verify import CHECKS
from closedloop.verify.saying.show import show
from closedloop.verify.tables.invariants import INVARIANTS
from tests.unit.verify.tales import healthy
from tests.unit.verify.topics import NOW, Topics, at


def said(outcome: Result) -> str:
    """What was printed, without the frame and the line breaks around it."""
    return " ".join(outcome.output.replace("│", " ").split())


def run(*arguments: str) -> Result:
    app = Typer()
    register(app)
    return CliRunner().invoke(app, list(arguments))


def test_an_invariant_that_does_not_exist_is_refused() -> None:
    outcome = run("--only", "once,twice")

    assert outcome.exit_code == CANNOT_TELL
    assert "there is no twice" in said(outcome)


@pytest.mark.parametrize("text", ["", "{}", '{"v0": "now", "r0": "now", "rate": 1}'])
def test_a_clock_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    clock = tmp_path / "clock.json"
    clock.write_text(text)

    outcome = run("--clock", str(clock))

    assert outcome.exit_code == CANNOT_TELL
    assert "holds no clock" in said(outcome)


@pytest.mark.parametrize("text", ["{", '{"id": "7"}'])
def test_a_list_of_accepted_complaints_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    accepted = tmp_path / "accepted"
    accepted.write_text(text)

    outcome = run("--accepted", str(accepted))

    assert outcome.exit_code == CANNOT_TELL
    assert "holds no ids" in said(outcome)


def test_a_moment_that_is_none_is_refused() -> None:
    assert run("--until", "tomorrow").exit_code == CANNOT_TELL


def test_where_nothing_was_checked_yet_nothing_is_wrong_unless_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        command, "check", lambda kafka, given, **asked: Topics().judge(may_be_empty=asked["may_be_empty"])
    )

    relaxed, strict = run(), run("--strict")

    assert (relaxed.exit_code, strict.exit_code) == (0, 1)
    assert "nothing to check yet" in said(relaxed)
    assert run("--strict", "--may-be-empty", ",".join(CHECKS)).exit_code == 0


def printed(settle: float = 0, language: Language = "en") -> str:
    out = StringIO()
    show(healthy().judge(settle=settle, now=at(NOW)), Paper(columns=200, file=out), language)
    return out.getvalue()


def test_the_table_says_what_each_row_checked_and_what_its_numbers_mean() -> None:
    text = printed()

    assert re.search(r"accepted +no accepted complaint is lost or doubled +\d+ accepted ids +0 +holds", text)
    assert "kept: 7 complaints are open; 16 have ended; 3 records were turned away as dead letters" in text
    assert "在办投诉 7 件" in printed(language="zh") and "告知 told" in printed(language="zh")


def test_what_is_still_on_its_way_is_said_to_be_no_fault() -> None:
    topics = Topics()
    topics.put("closedloop.submissions.hotline", {"id": "young", "subject": "no water"}, hours=NOW)
    out = StringIO()

    show(topics.judge(settle=5_000, may_be_empty=CHECKS), Paper(columns=200, file=out))

    assert "1 still on their way: too young to judge, which is no fault" in out.getvalue()


def test_every_invariant_that_is_checked_has_its_words() -> None:
    assert list(INVARIANTS) == list(CHECKS)
    assert all(row.word["en"] == name and row.word["zh"] != name for name, row in INVARIANTS.items())


def test_the_page_has_the_invariants_as_the_table_says_them() -> None:
    page = (Path(__file__).parents[3] / "docs/verify.md").read_text("utf-8")

    for name, row in INVARIANTS.items():
        cells = (f"`{name}`", row.word["zh"], row.title["en"], row.title["zh"], row.counted["en"])
        assert f"| {' | '.join(cells)} |" in page
