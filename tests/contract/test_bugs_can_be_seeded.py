"""The bugs that are put in on purpose: each stands where the code is, so that none is a bug no longer."""

from __future__ import annotations

import pytest

from tests.bugs import BUGS, Bug


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_seeded_bug_still_changes_the_code_that_it_names(bug: Bug) -> None:
    for file, text in bug.files().items():
        compile(text, file, "exec")
