"""The bugs that are put in on purpose: each stands where the code is, so that none is a bug no longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.bugs import BUGS, Bug

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_seeded_bug_still_changes_the_code_that_it_names(bug: Bug) -> None:
    for file, right, wrong in ((bug.file, bug.right, bug.wrong), *bug.besides):
        text = (ROOT / file).read_text("utf-8")

        assert text.count(right) == 1
        compile(text.replace(right, wrong), file, "exec")
