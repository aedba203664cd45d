"""The verifier can fail: rules that are wrong on purpose are found by it, each by the promise that it breaks."""

from __future__ import annotations

import sys

import pytest

from services.escalation import rules
from tests.bugs import BUGS, Bug
from tests.rehearsed import imported_with, verdict_with

SEEN_IN_MEMORY = [bug for bug in BUGS if not bug.of_processes]


def test_without_a_bug_every_promise_is_kept() -> None:
    verdict = verdict_with({})

    assert verdict.green, verdict.as_json()


@pytest.mark.parametrize("bug", SEEN_IN_MEMORY, ids=lambda bug: bug.name)
def test_the_verifier_finds_it_when(bug: Bug) -> None:
    assert bug.breaks in verdict_with(bug.files()).red


def test_a_bug_is_gone_with_the_services_that_have_it() -> None:
    before = {name: (module, dict(vars(module))) for name, module in sys.modules.items() if is_ours(name)}

    with imported_with(BUGS[1].files()):
        assert sys.modules["services.escalation.rules"] is not rules

    after = {name: (sys.modules[name], vars(sys.modules[name])) for name in before}
    assert [name for name, found in before.items() if after[name] != found] == []


def is_ours(module: str) -> bool:
    return module.startswith(("services", "closedloop", "schemas"))
