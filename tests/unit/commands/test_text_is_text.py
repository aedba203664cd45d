"""Whatever somebody wrote is printed as it was written: no command takes it for markup, emoji or a cursor's order."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from closedloop.app import app
from closedloop.commands import asking, dlq, policy
from closedloop.commands import demo as demo_command
from closedloop.commands import verify as verify_command
from closedloop.dead_letters.letters import STORY, Letter
from closedloop.demo.result import Result
from closedloop.language.paper import Paper, filled, styled
from closedloop.outsiders.rest import Rest
from closedloop.policies.published import Shelf, shelved
from closedloop.stack import process, state
from closedloop.verify import Verdict
from closedloop.verify.saying.verdict import failure
from closedloop.verify.saying.words import REASONS
from schemas.policy import PolicyPack
from schemas.topics import POLICIES
from services.shared.machine.letters import Origin
from tests.builders import TOWN, Town
from tests.cases import file_of
from tests.unit.schemas.packs import pack, plan
from tests.unit.verify.topics import Topics

WORDS = ("[/b]", "[phone]", "[red]", ":phone:", "\\x1b[2J")
"""A closing tag without its opening, a mask's own word, a colour, an emoji's name, and what clears a screen."""
HOSTILE = " ".join(WORDS).replace("\\x1b", "\x1b")

Put = Callable[[pytest.MonkeyPatch, Path], list[str]]
"""Puts the text where a command finds it; gives what is to be run."""


def told(*arguments: str) -> str:
    done = CliRunner().invoke(app, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def a_pack() -> PolicyPack:
    """The text everywhere where a pack takes any text."""
    steps = [
        {"at_percent": 100, "level": 0, "role": HOSTILE, "action": HOSTILE},
    ]
    people = {"li": {"zh": HOSTILE, "en": HOSTILE}}
    departments = pack()["departments"] | {"water": {"zh": HOSTILE, "en": HOSTILE, "offices": {HOSTILE: "li"}}}
    routes = [{"category": [HOSTILE], "area": [HOSTILE], "department": "water", "plan": "ordinary"}]
    changed = {"version": HOSTILE, "routes": routes, "ladders": {"standard": {"steps": steps}}}
    return PolicyPack.model_validate(pack(**changed, people=people, departments=departments))


def in_a_file(path: Path, content: PolicyPack) -> str:
    file = path / "pack.yaml"
    file.write_text(yaml.safe_dump(content.model_dump(mode="json"), allow_unicode=True))
    return str(file)


def published(patch: pytest.MonkeyPatch, *packs: PolicyPack) -> None:
    found = [Origin(POLICIES.name, 0, n, n, p.hash.encode(), p.model_dump_json().encode()) for n, p in enumerate(packs)]
    patch.setattr(policy.published, "read", lambda kafka, bound: Shelf(shelved(found), ("app",), bound))
    patch.setattr(policy.provision, "publish", lambda pack, kafka: (0, len(packs)))


def policy_show(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    return ["policy", "show", in_a_file(path, a_pack())]


def policy_list(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    published(patch, a_pack())
    return ["policy", "list"]


def policy_publish(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    published(patch, PolicyPack.model_validate(pack()))
    return ["policy", "publish", in_a_file(path, a_pack())]


def policy_check(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    file = path / "bad.yaml"
    file.write_text(yaml.safe_dump(pack(plans={"ordinary": plan(ladder=HOSTILE)}), allow_unicode=True))
    return ["policy", "check", str(file)]


def letters(patch: pytest.MonkeyPatch) -> None:
    story = {
        "original-topic": "closedloop.submissions.app",
        "original-partition": "0",
        "original-offset": "7",
        "failed-at": "2026-09-14T00:00:00Z",
        "reason": "unreadable",
        "exception-message": HOSTILE,
    }
    headers = tuple((STORY + name, value.encode()) for name, value in story.items())
    one = Letter("intake", 3, b"key", HOSTILE.encode(), headers)
    patch.setattr(dlq, "read", lambda kafka, service: [one] if service == "intake" else [])


def dlq_list(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    letters(patch)
    return ["dlq", "list"]


def dlq_show(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    letters(patch)
    return ["dlq", "show", "intake", "3"]


def a_life(patch: pytest.MonkeyPatch) -> None:
    """The text is what a department is called, what a role is called, and why the work was given away."""
    content = TOWN.model_dump(mode="json")
    for department in content["departments"].values():
        department |= {"zh": HOSTILE, "en": HOSTILE}
    for ladder in content["ladders"].values():
        for step in ladder["steps"]:
            step["action"] = HOSTILE
    town = Town(policy=PolicyPack.model_validate(content))
    complaint = town.complaint("nobody/knows")
    complaint.reply("centre", "assigned", assign_to="water", note=HOSTILE)
    file = file_of(complaint)
    patch.setattr(asking, "opened", lambda kafka, id: file)


def explain(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    a_life(patch)
    return ["explain", "c", "--at", "2026-09-15T00:00:00Z"]


def explain_in_tables(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    return [*explain(patch, path), "--table"]


def whatif(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    a_life(patch)
    return ["whatif", "c", "--at", "2026-09-14T00:00:00Z"]


def a_verdict() -> Verdict:
    """Red, because of a record whose name is the text."""
    judged, code = Topics().judge(), next(code for code, words in REASONS.items() if "{" not in words["en"])
    first, *others = judged.rows
    return replace(judged, rows=(replace(first, failures=(failure(HOSTILE, code),)), *others))


def verify(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    patch.setattr(verify_command, "check", lambda kafka, *terms, **more: a_verdict())
    return ["verify"]


def demo(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    town = Town()
    complaint = town.complaint("water/leak", subject=HOSTILE)
    rest = Rest(datetime.now(UTC), True, 0.0)
    life = tuple(complaint.facts())
    result = Result(1, {}, life, {}, Topics().judge(), rest, 1.0, 1.0, 1.0, 1.0, {}, f"/tmp/{HOSTILE}/logs")
    patch.setattr(demo_command, "play", lambda cast, settings, progress: result)
    return ["demo"]


def status(patch: pytest.MonkeyPatch, path: Path) -> list[str]:
    me = process.Identity.of(os.getpid())
    part = state.PartState("kafka", HOSTILE, "127.0.0.1:1", "", "log", me.pid, me.started, 0, HOSTILE)
    state.write(path, state.StackState(me, "ready", "127.0.0.1:1", "-", (part,)))
    return ["status", "--data", str(path)]


PRINTS: dict[str, Put] = {
    "policy show": policy_show,
    "policy list": policy_list,
    "policy publish": policy_publish,
    "policy check": policy_check,
    "dlq list": dlq_list,
    "dlq show": dlq_show,
    "explain": explain,
    "explain --table": explain_in_tables,
    "whatif": whatif,
    "verify": verify,
    "demo": demo,
    "status": status,
}


@pytest.mark.parametrize("command", PRINTS)
def test_text_from_outside_is_printed_as_it_was_written(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    arguments = PRINTS[command](monkeypatch, tmp_path)

    printed = told(*arguments)

    assert [word for word in WORDS if word not in printed] == []
    assert "\x1b" not in printed


def test_what_stands_out_is_styled_and_never_written_into_the_text() -> None:
    out = StringIO()

    Paper(file=out).print(filled("{name}: {n:,} of [red]", name=styled("[b]", "bold"), n=1000))

    assert out.getvalue() == "[b]: 1,000 of [red]\n"
