"""What is kept as a dead letter can be listed, and handed back to its service as it came."""

from __future__ import annotations

import json

import pytest

from closedloop.dead_letters.letters import Letter
from schemas.topics import DEAD_LETTERS, SUBMISSIONS
from services.shared.process.http import Letter as HandedBack
from tests.bad_records import BAD
from tests.builders import Town

STORY = "dlq-"


@pytest.mark.parametrize("what", BAD)
def test_every_dead_letter_can_be_listed_and_handed_back_as_it_came(what: str) -> None:
    town = Town()
    value, headers = BAD[what]
    town.world.send(SUBMISSIONS.of("app"), value, headers=headers)  # type: ignore[arg-type]

    (kept,) = town.on(DEAD_LETTERS.of("intake"))
    letter = Letter("intake", 0, kept.key, kept.value or b"", kept.headers)

    shown = json.loads(json.dumps(letter.as_json()))
    back = HandedBack.model_validate_json(json.dumps(letter.as_origin()))
    own = tuple((name, content) for name, content in headers if not name.startswith(STORY))
    assert (shown["reason"], shown["original-topic"]) == ("unreadable", SUBMISSIONS.of("app"))
    assert (back.key, back.value) == (kept.key, kept.value)
    assert back.headers == own or "original-bytes" in letter.story
