"""Whatever stands in single rows of a history, it is replayed to its end, and facts and file say the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop.replay.in_memory import in_memory
from closedloop.replay.promises import pack_of
from closedloop.replay.records import history_of
from closedloop.replay.table import Row, Table
from closedloop.run import Progress
from tests.unit.replay.histories import HEADER, a_map, row

AUTUMN = datetime(2018, 11, 4)

nearby = st.timedeltas(timedelta(hours=-3), timedelta(hours=9)).map(lambda ahead: (AUTUMN + ahead).isoformat(" "))
times = nearby | st.sampled_from(["", "soon", "2018-11-04", "1900-01-01", "9999-12-31", "2018-11-04T02:00Z", "\ufffd"])
words = st.sampled_from(["", "Parks", "parks", "Parks/Trees", "centre", "*", "园林局", "a" * 300, "open", "\u200b"])
rows = st.builds(
    lambda no, opened, due, closed, office, about, by, end: Row(
        2, row(no, opened, due=due, closed=closed, office=office, about=about, by=by, end=end)
    ),
    st.sampled_from(["", "1", "2", "3", "9" * 400]),
    nearby | times,
    *(times, times, words, words, words, words),
)
VALUES = {"channel": {"parks": "phone"}, "ending": {"open": "open"}}


@given(st.lists(rows, max_size=5))
@settings(max_examples=20, deadline=None)
def test_no_row_is_so_dirty_that_a_history_is_not_replayed_to_its_end(dirty: list[Row]) -> None:
    clean = Row(1, row("clean", "2018-11-04 00:00:00", due="2018-11-05 00:00:00", closed="2018-11-04 12:00:00"))
    history = history_of(Table(HEADER, (clean, *dirty)), map := a_map(values=VALUES))

    result = in_memory(history, pack_of(history), Progress(quiet=True))

    left_out = {"no_opening", "bad_opening", "same_id", "after_the_end"}
    assert map.source == history.source
    assert result.good, (result.found, result.expected, result.verdict.red)
    assert result.found.accepted == 1 + len(dirty) - sum(dirt.kind in left_out for dirt in history.dirt)
