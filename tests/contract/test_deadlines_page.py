"""docs/deadlines.md is right: its tables are those of the code, its pack loads, its replies are legal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

import pytest
import yaml

from schemas.calendars import CalendarSpec
from schemas.edges import Reply
from schemas.facts import Fact, ReplyRefused
from schemas.history import HistoryMap
from schemas.policy import PolicyPack
from schemas.targets import TARGETS, Kind
from services.router.rules import legality, replies
from tests import forgotten
from tests.builders import TOWN, Complaint, Town
from tests.contract.pages import DOCUMENTS, ROOT, quoted, rows, section
from tests.story.refusals import reasons_in

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
def test_what_a_document_shows_of_a_pack_a_calendar_or_a_map_can_be_loaded(fragment: str) -> None:
    content = yaml.safe_load(fragment)

    if "columns" in content:
        assert HistoryMap.model_validate(content)
    elif "zone" in content:
        assert CalendarSpec.model_validate(content)
    else:
        assert pack_of(fragment) != TOWN


def test_a_mistake_in_a_documents_pack_is_found() -> None:
    (fragment,) = blocks(PAGE, "yaml")

    with pytest.raises(ValueError, match="no ladder named comand"):
        pack_of(fragment.replace("ladder: command", "ladder: comand"))


# --- targets ------------------------------------------------------------------------------------------------------


OUTLIVES = {"department": "without a department", "plan": "under another plan", "cycle": "in the next cycle"}

LADDERS = {"plan": "the plan's", "centre": "the centre's", "incidents": "the incidents'"}


def test_every_column_of_a_targets_row_stands_on_the_page() -> None:
    """Two tables divide them by `dated_by`; the words are what people read elsewhere."""
    words = {"en", "zh"}
    shown = {"met_by", "counts_from", "whose", "dated_by", "ladder", "outlives", "orders"}
    shown |= {"ends_at_its_date", "ends_with_the_answer"}

    assert {field.name for field in fields(Kind)} == shown | words


def cells(name: str, kind: Kind) -> list[str]:
    """What the page says of a target, column by column."""
    goes_on = [words for what, words in OUTLIVES.items() if what in kind.outlives]
    goes_on += ["until the answer"] if kind.ends_with_the_answer else []
    met_by = ", ".join(f"`{fact.__name__}`" for fact in kind.met_by)
    ladder = LADDERS[kind.ladder] + (", to its date" if kind.ends_at_its_date else "")
    orders = ", ".join(f"`{order}`" for order in kind.orders)
    return [f"`{name}`", ", ".join(kind.whose), kind.counts_from, ", ".join(goes_on), ladder, orders, met_by]


@pytest.mark.parametrize(("part", "dated_by"), [(0, "plan"), (1, "event")])
def test_the_page_says_of_every_target_what_its_row_says(part: int, dated_by: str) -> None:
    told = rows(section(PAGE, "Targets").split("a plan may not name them")[part])

    right = [cells(name, kind) for name, kind in TARGETS.items() if kind.dated_by == dated_by]
    wanted = [f"| {' | '.join(row)} |" for row in right if row not in told]
    forgotten.nothing(forgotten.each(wanted, "a row of docs/deadlines.md should read: {}"))
    assert told == right


# --- replies ------------------------------------------------------------------------------------------------------

EXAMPLES = [json.loads(line) for block in blocks(PAGE, "json") for line in block.splitlines()]
KINDS = get_args(Reply.model_fields["reply"].annotation)


def replied(examples: list[dict[str, Any]], brought: dict[str, set[type[Fact]]]) -> Complaint:
    """A complaint under the page's pack about which all this was replied, and the facts that each reply brought."""
    (fragment,) = blocks(PAGE, "yaml")
    town = Town(policy=pack_of(fragment))
    complaint = town.complaint("housing/water")
    for n, reply in enumerate(examples, start=1):
        town.at(n / 4)
        before = len(complaint.facts())
        complaint.reply(reply["department"], **{k: v for k, v in reply.items() if k != "complaint_id"})
        said = {type(fact) for fact in complaint.facts()[before:] if fact.said_by == "router"}
        brought.setdefault(reply["reply"], set()).update(said - {ReplyRefused})
    return complaint


def test_every_kind_of_reply_is_shown() -> None:
    shown = [reply["reply"] for reply in EXAMPLES]
    says = "docs/deadlines.md shows no reply `{}`: add a line to its examples in JSON"

    forgotten.nothing(forgotten.beyond(KINDS, shown, says))
    assert set(shown) == set(KINDS)


def test_the_replies_on_the_page_count_under_the_pack_on_the_page() -> None:
    assert replied(EXAMPLES, {}).refusals() == []


def test_every_reply_that_the_contract_knows_has_a_row_and_no_other() -> None:
    place = "REPLIES of services/router/rules/replies.py"

    forgotten.nothing(
        forgotten.beyond(KINDS, replies.REPLIES, f"the reply `{{}}` has no effect: it needs a row in {place}"),
        forgotten.beyond(replies.REPLIES, KINDS, f"`{{}}` has a row in {place}, but is no Reply of schemas/edges.py"),
    )


def told_of_replies() -> dict[str, list[str]]:
    return {quoted(row[0])[0]: row for row in rows(section(PAGE, "What a department replies"))}


def test_the_page_has_every_reply_in_the_order_of_its_row() -> None:
    shown, says = told_of_replies(), "the row of `{}` in docs/deadlines.md stands elsewhere than its row in REPLIES"

    forgotten.nothing(
        forgotten.beyond(shown, replies.REPLIES, "docs/deadlines.md has a row for `{}`, which is no reply"),
        forgotten.out_of_order(shown, replies.REPLIES, says),
    )


@pytest.mark.parametrize(("name", "kind"), replies.REPLIES.items())
def test_the_page_says_of_every_reply_what_its_row_says(name: str, kind: replies.Kind) -> None:
    told = told_of_replies()
    forgotten.nothing(forgotten.beyond([name], told, "docs/deadlines.md has no row for the reply `{}`"))
    _, who, needs, answered, unless, follows = told[name]

    assert who == ", ".join(kind.who)
    assert quoted(needs.partition(";")[0]) == [legality.NEEDS[rule] for rule in kind.unless if rule in legality.NEEDS]
    assert answered == ("may come" if kind.after_the_answer else "")
    assert quoted(unless) == [code for rule in kind.unless for code in sorted(reasons_in(rule))]
    assert quoted(follows) == [fact.__name__ for fact in kind.says]


def test_each_reply_on_the_page_brings_the_facts_of_its_row_and_no_others() -> None:
    brought: dict[str, set[type[Fact]]] = {}
    replied(EXAMPLES, brought)
    replied([{**reply, "reply": "approved"} if reply["id"] == "c-2" else reply for reply in EXAMPLES], brought)

    for name, kind in replies.REPLIES.items():
        forgotten.nothing(
            forgotten.beyond(
                kind.says, brought[name], f"by its row {{}} follows from `{name}`; it does not on the page"
            ),
            forgotten.beyond(
                brought[name], kind.says, f"{{}} follows from `{name}`; its row in REPLIES does not say so"
            ),
        )


# --- refusals -----------------------------------------------------------------------------------------------------


NO_REPLY = {"crowded", "unreadable", "unknown_subject", "conflict"}
"""Why no complaint takes a reply at all: said before any rule of legality is asked."""


def test_the_page_explains_every_reason_for_which_a_reply_does_not_count() -> None:
    text = section(PAGE, "Why a reply does not count")
    explained: Mapping[str, str] = {quoted(row[0])[0]: row[2] for row in rows(text)}

    assert set(explained) == NO_REPLY | {
        code for kind in replies.REPLIES.values() for rule in kind.rules for code in reasons_in(rule)
    }
    assert all(explained.values())
    assert "The first four are no fact" in text and set(list(explained)[:4]) == NO_REPLY
