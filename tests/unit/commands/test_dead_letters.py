"""`closedloop dlq` shows the dead letters, and says so if there are none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from closedloop.app import app
from closedloop.commands import dlq
from closedloop.dead_letters.letters import STORY, Letter
from schemas.topics import SUBMISSIONS

WHY = "subject: " + "a reason as long as reasons are, " * 12 + "the end"
SOURCE = "a-source-with-the-longest-name-that-a-topic-of-an-upstream-system-may-have"


def letter(offset: int) -> Letter:
    story = {
        "original-topic": SUBMISSIONS.of(SOURCE),
        "original-partition": "0",
        "original-offset": "1234567",
        "original-timestamp": "0",
        "failed-at": "2026-09-14T00:00:00.123456Z",
        "reason": "unreadable",
        "exception-message": WHY,
    }
    return Letter("intake", offset, b"key", b"{", tuple((STORY + name, text.encode()) for name, text in story.items()))


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """intake has two letters, the rest has none; nobody answers in its place."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(dlq, "read", lambda kafka, service: [letter(3), letter(5)] if service == "intake" else [])


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["dlq", *arguments])


def test_of_an_offset_that_is_gone_replay_says_so_and_fails() -> None:
    done = run("replay", "intake", "7", "--url", "http://127.0.0.1:1")

    assert done.exit_code == 1
    assert done.output == "letter 7: intake has none at this offset\n"


def test_an_offset_that_is_gone_keeps_no_other_from_being_tried() -> None:
    done = run("replay", "intake", "4", "5", "--url", "http://127.0.0.1:1", "--json")

    tried, gone = json.loads(done.output)
    assert done.exit_code == 1
    assert (tried["what"], tried["taken"]) == ("letter 5", False)
    assert tried["outcome"].startswith("http://127.0.0.1:1 does not answer")
    assert gone == {"what": "letter 4", "taken": False, "outcome": "intake has none at this offset"}


@pytest.mark.parametrize("content", ["<html>", "", "[]", '"no"'])
def test_what_another_program_answers_in_the_services_place_is_no_letter_taken(content: str) -> None:
    answer = httpx.Response(502, text=content)

    assert dlq._outcome(answer.status_code, dlq._told(answer), "en") == {
        "taken": False,
        "outcome": "the service answers 502",
    }


def test_in_a_pipe_each_letter_is_one_line_with_all_that_is_known_however_long() -> None:
    listed = run("list").output

    rows = [line for line in listed.splitlines() if " intake " in line]
    assert len(rows) == 2 and "…" not in listed
    for row in rows:
        assert len(row) > 400
        assert WHY in row and f"{SUBMISSIONS.of(SOURCE)} 0-1234567" in row and "2026-09-14T00:00:00.123456Z" in row


@pytest.mark.parametrize("columns", [40, 80])
def test_on_a_narrow_terminal_a_letter_is_folded_and_nothing_is_cut(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dlq, "WIDE", columns)

    listed = run("list").output

    kept = "".join(listed.split())
    assert "…" not in listed and max(map(len, listed.splitlines())) <= columns
    assert all(kept.count(sign) >= 2 * WHY.replace(" ", "").count(sign) for sign in set(WHY) - {" "})


STOP: dict[str, Any] = {
    "topic": "closedloop.replies.water",
    "partition": 0,
    "offset": 107,
    "since": "2026-09-14T08:30:00Z",
}


class Router(BaseHTTPRequestHandler):
    """Stands for router's own port: it has stopped reading one topic."""

    def do_GET(self) -> None:
        self._answer(200, [{**STOP, "why": "unreadable"}])

    def do_POST(self) -> None:
        is_known = self.path == f"/stopped/{STOP['topic']}/go-on"
        self._answer(200 if is_known else 404, {"topic": STOP["topic"], "told": [STOP]} if is_known else {})

    def _answer(self, status: int, told: object) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def router() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Router) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_operators_read_which_topic_is_not_read_on_from_where_and_why(router: str) -> None:
    done = run("stopped", "--service", "router", "--url", router)

    assert done.exit_code == 0
    said = "router: closedloop.replies.water 0 is not read on from 107, since 2026-09-14T08:30:00Z: unreadable"
    assert " ".join(done.output.split()) == said


def test_operators_have_a_topic_read_on(router: str) -> None:
    done = run("go-on", "router", STOP["topic"], "--url", router)

    assert done.exit_code == 0
    assert " ".join(done.output.split()) == "router reads on in closedloop.replies.water 0, from 107"


def test_whoever_names_a_topic_that_is_read_is_told(router: str) -> None:
    done = run("go-on", "router", "closedloop.replies.power", "--url", router)

    assert done.exit_code == 1
    assert "has not stopped reading" in done.output


@pytest.mark.parametrize(
    "asked", [("stopped", "--service", "router"), ("go-on", "router", "x"), ("stopped", "--service", "nobody")]
)
def test_where_nobody_answers_it_is_said_that_nothing_can_be_told(asked: tuple[str, ...]) -> None:
    assert run(*asked, "--url", "http://127.0.0.1:1").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list",), "来自"),
        (("list", "--service", "router"), "没有死信"),
        (("show", "intake", "7"), "intake 在位点 7 处没有死信"),
        (("replay", "intake"), "请给出位点"),
        (("replay", "intake", "7"), "死信 7：intake 在此位点没有死信"),
        (("replay", "intake", "3", "--url", "http://127.0.0.1:1"), "没有答复"),
        (("stopped", "--service", "nobody"), "“nobody”不是服务"),
        (("go-on", "intake", "any", "--url", "http://127.0.0.1:1"), "没有答复"),
    ],
)
def test_what_operators_read_of_dead_letters_is_in_chinese_where_they_ask_for_it(
    arguments: tuple[str, ...], said: str
) -> None:
    assert said in run(*arguments, "--language", "zh").output
