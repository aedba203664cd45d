"""Each seeded bug still fits the code that it changes."""

from __future__ import annotations

import pytest

from tests.bugs import BUGS, Bug


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_seeded_bug_still_changes_the_code_that_it_names(bug: Bug) -> None:
    for file, text in bug.files().items():
        compile(text, file, "exec")
