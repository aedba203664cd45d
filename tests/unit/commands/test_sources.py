"""What can be the name of an upstream system."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from closedloop.app import app
from closedloop.commands.source import EXAMPLE
from schemas.edges import Submission


@pytest.mark.parametrize("name", ["", "CRM", "crm.north", "c r m", "客服", "c" * 65, "../crm"])
def test_a_name_that_no_topic_can_have_is_refused_and_nothing_is_made(name: str) -> None:
    done = CliRunner().invoke(app, ["source", "add", name, "--kafka", "127.0.0.1:1"])

    assert done.exit_code == 1
    assert "small letters, digits and -" in done.output


def test_the_name_of_the_http_door_is_no_upstream_systems_and_nothing_is_made() -> None:
    done = CliRunner().invoke(app, ["source", "add", "http", "--kafka", "127.0.0.1:1"])

    assert done.exit_code == 1
    assert (
        done.output
        == "http is not added: http is the HTTP door's own source: an upstream system needs one of its own\n"
    )


def test_the_submission_that_a_new_source_is_shown_is_one_that_counts() -> None:
    shown = Submission.model_validate_json(EXAMPLE)

    assert (shown.id, shown.category) == ("A-1", "water/quality")
