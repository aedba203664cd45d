"""What docs/deadlines.md tells those who write packs and those who reply is so: its pack loads, its replies count."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import chain
from typing import Any, get_args

import pytest
import yaml

from schemas.calendars import CalendarSpec
from schemas.edges import Reply
from schemas.policy import SET_BY_REPLIES, PolicyPack
from schemas.targets import MET_BY
from services.router.rules import legality
from services.router.rules.replies import EFFECTS
from tests.builders import TOWN, Complaint, Town
from tests.contract.test_documents import DOCUMENTS, ROOT, quoted, rows, section
from tests.story.test_refusals import reasons_in

PAGE = (ROOT / "docs/deadlines.md").read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def together(base: Any, more: Any) -> Any:
    """A pack with a fragment laid over it: mappings are joined, everything else is replaced."""
    if not isinstance(base, dict) or not isinstance(more, dict):
        return more
    return {**base, **{key: together(base.get(key), value) for key, value in more.items()}}


def pack_of(fragment: str) -> PolicyPack:
    """The town's pack with a document's fragment in it."""
    town = json.loads(TOWN.model_dump_json(exclude_none=True, exclude_defaults=True))
    return PolicyPack.model_validate(together(town, yaml.safe_load(fragment)))


# --- packs --------------------------------------------------------------------------------------------------------

FRAGMENTS = [
    pytest.param(block, id=f"{path.relative_to(ROOT)}-{n}")
    for path in DOCUMENTS
    for n, block in enumerate(blocks(path.read_text("utf-8"), "yaml"), start=1)
]


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_what_a_document_shows_of_a_pack_or_a_calendar_can_be_loaded(fragment: str) -> None:
    content = yaml.safe_load(fragment)

    if "zone" in content:
        assert CalendarSpec.model_validate(content)
    else:
        assert pack_of(fragment) != TOWN


def test_a_mistake_in_a_documents_pack_is_found() -> None:
    (fragment,) = blocks(PAGE, "yaml")

    with pytest.raises(ValueError, match="no ladder named comand"):
        pack_of(fragment.replace("ladder: command", "ladder: comand"))


# --- targets ------------------------------------------------------------------------------------------------------


def told_to_meet() -> dict[str, set[str]]:
    """By target, what the page says meets it."""
    return {quoted(row[0])[0]: set(quoted(row[-1])) for row in rows(section(PAGE, "Targets"))}


def test_the_page_knows_every_target_and_what_meets_it() -> None:
    known = {target for meets in MET_BY.values() for target in meets} | {"resume"}
    meeting = {target: {fact for fact, meets in MET_BY.items() if target in meets} for target in known}

    assert told_to_meet() == meeting


def test_the_page_says_which_targets_a_plan_may_not_name() -> None:
    first, second = (rows(part) for part in section(PAGE, "Targets").split("a plan may not name them", 1))

    assert {quoted(row[0])[0] for row in second} == set(SET_BY_REPLIES)
    assert not {quoted(row[0])[0] for row in first} & set(SET_BY_REPLIES)


# --- replies ------------------------------------------------------------------------------------------------------

REPLIES = [json.loads(line) for block in blocks(PAGE, "json") for line in block.splitlines()]
KINDS = get_args(Reply.model_fields["reply"].annotation)


def replied() -> Complaint:
    """A complaint under the page's pack about which everything on the page was replied, one after another."""
    (fragment,) = blocks(PAGE, "yaml")
    town = Town(policy=pack_of(fragment))
    complaint = town.complaint("housing/water")
    for n, reply in enumerate(REPLIES, start=1):
        town.at(n / 4)
        complaint.reply(reply["department"], **{k: v for k, v in reply.items() if k != "complaint_id"})
    return complaint


def test_every_kind_of_reply_is_shown() -> None:
    assert {reply["reply"] for reply in REPLIES} == set(KINDS)


def test_the_replies_on_the_page_count_under_the_pack_on_the_page() -> None:
    assert replied().refusals() == []


def test_the_page_says_what_follows_from_each_reply() -> None:
    said = {quoted(row[0])[0]: quoted(row[3]) for row in rows(section(PAGE, "What a department replies"))}
    happened = {type(fact).__name__ for fact in replied().facts()}

    assert list(said) == list(EFFECTS)
    assert {name for names in said.values() for name in names} <= happened


# --- refusals -----------------------------------------------------------------------------------------------------


NO_REPLY = {"unreadable", "unknown_subject", "conflict"}
"""Why no complaint takes a reply at all: said before any rule of legality is asked."""


def test_the_page_explains_every_reason_for_which_a_reply_does_not_count() -> None:
    explained: Mapping[str, str] = {
        quoted(row[0])[0]: row[2] for row in rows(section(PAGE, "Why a reply does not count"))
    }

    assert set(explained) == NO_REPLY | {
        code for rule in (*legality.LEGALITY, *chain(*legality.OF_REPLY.values())) for code in reasons_in(rule)
    }
    assert all(explained.values())
