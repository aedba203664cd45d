"""Whose work a fact is: the checker says it in its own table, and means the same as the rows of replies."""

from __future__ import annotations

from closedloop.verify.tables.facts import FACTS
from schemas.facts import Work
from services.router.rules.replies import REPLIES
from tests import forgotten


def test_the_checker_knows_who_may_send_the_reply_that_brings_a_fact() -> None:
    """The first fact of a row is what its reply means; the others may follow from it."""
    rows = {kind.says[0]: (name, set(kind.who)) for name, kind in REPLIES.items() if issubclass(kind.says[0], Work)}
    wrong = [
        f"{fact.__name__}: the reply `{name}` may be sent by {', '.join(sorted(who))};"
        f" `who` in closedloop/verify/tables/facts.py says {FACTS[fact.__name__].who!r}"
        for fact, (name, who) in rows.items()
        if set(FACTS[fact.__name__].who.split()) != who
    ]

    forgotten.nothing(wrong)
    assert len(rows) > 12
