"""What is read from a file of old requests by a map, and what is wrong in single rows of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from closedloop.replay.dirt import KINDS, by_kind, listed
from closedloop.replay.records import named
from closedloop.replay.table import BadHistory
from tests.unit.replay.histories import as_csv, dirt, history, objects, row


def test_times_without_a_zone_are_those_of_the_map(tmp_path: Path) -> None:
    winter, summer = row("1", "2018-01-15 09:30:00"), row("2", "2018-07-15 21:30:00")

    found = history(tmp_path, [winter, summer])

    assert [request.opened_at for request in found.requests] == [
        datetime(2018, 1, 15, 14, 30, tzinfo=UTC),
        datetime(2018, 7, 16, 1, 30, tzinfo=UTC),
    ]


def test_a_time_that_names_its_zone_is_that_moment(tmp_path: Path) -> None:
    found = history(tmp_path, [row(opened="2018-01-15T09:30:00+08:00")])

    assert found.begin == datetime(2018, 1, 15, 1, 30, tzinfo=UTC)


def test_formats_are_tried_in_their_order(tmp_path: Path) -> None:
    rows = [row("1", "03/04/2018 10:00"), row("2", "2018-07-01 10:00:00"), row("3", "13.05.2018 10:00")]

    found = history(tmp_path, rows, zone="UTC", dates=["%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M", "iso"])

    assert [(request.id, request.opened_at.month) for request in found.requests] == [("1", 4), ("3", 5), ("2", 7)]
    assert found.dirt == ()


def test_what_is_not_there_is_no_time(tmp_path: Path) -> None:
    request = history(tmp_path, [row()]).requests[0]

    assert (request.closed_at, request.due_at) == (None, None)


def test_requests_come_in_the_order_in_which_they_were_made(tmp_path: Path) -> None:
    later, sooner = row("1", "2018-07-02 10:00:00"), row("2", "2018-07-01 10:00:00")

    assert [request.id for request in history(tmp_path, [later, sooner]).requests] == ["2", "1"]


@pytest.mark.parametrize(
    ("written", "channel"), [("Phone", "phone"), ("PHONE ", "phone"), ("Citizens App", "app"), ("", "other")]
)
def test_a_channel_is_what_the_map_says_whatever_its_letter_case(tmp_path: Path, written: str, channel: str) -> None:
    found = history(tmp_path, [row(by=written)], values={"channel": {"phone": "phone", "*app": "app"}})

    assert found.requests[0].channel == channel
    assert found.dirt == ()


def test_an_open_request_has_no_closing_time_whatever_stands_in_that_column(tmp_path: Path) -> None:
    rows = [row("1", closed="2018-07-02 10:00:00", end="open"), row("2", closed="2018-07-02 10:00:00", end="Closed")]

    found = history(tmp_path, rows, values={"ending": {"closed": "ended", "*": "open"}})

    assert [request.closed_at is None for request in found.requests] == [True, False]


def test_a_request_belongs_to_its_department_and_its_category_names_it(tmp_path: Path) -> None:
    request = history(tmp_path, [row(office="Parks & Trees")]).requests[0]

    assert (request.category, request.department) == ("Parks & Trees/Trees", "parks-trees")


def test_the_map_may_call_a_department_otherwise(tmp_path: Path) -> None:
    found = history(tmp_path, [row()], values={"department": {"parks": "green-spaces"}})

    assert found.requests[0].department == "green-spaces"


@pytest.mark.parametrize(
    ("written", "name"), [("GEN_", "gen"), ("NYPD", "nypd"), ("", "unnamed"), ("水务局", "d-5771d68b90c1")]
)
def test_every_department_has_a_name_that_a_topic_can_have(written: str, name: str) -> None:
    assert named(written) == name


def test_a_missing_id_is_made_of_the_row_and_stays_the_same_wherever_the_row_stands(tmp_path: Path) -> None:
    one, other = row("", about="Trees"), row("", about="Benches")

    found, turned = history(tmp_path, [one, other]), history(tmp_path, [other, one])

    ids = {request.category: request.id for request in found.requests}
    assert ids == {request.category: request.id for request in turned.requests}
    assert len({*ids.values()}) == 2
    assert dirt(found) == [("no_id", 2), ("no_id", 3)]


def test_rows_that_are_the_same_and_have_no_id_are_requests_of_their_own(tmp_path: Path) -> None:
    found = history(tmp_path, [row(""), row("")])

    assert len({request.id for request in found.requests}) == 2


def test_a_file_without_a_column_of_ids_has_them_all_made(tmp_path: Path) -> None:
    found = history(tmp_path, [row("7")], columns={"opened": "opened"})

    assert found.requests[0].id.startswith("row-")


DIRTY: dict[str, tuple[list[dict[str, str]], int]] = {
    "no_opening": ([row(), row("2", "")], 1),
    "bad_opening": ([row(), row("2", "yesterday")], 1),
    "bad_opening, the zero of a calendar": ([row(), row("2", "1970-01-01 00:00:00")], 1),
    "same_id": ([row(), row()], 1),
    "too_long": ([row(), row("2", about="T" * 201)], 2),
    "no_id": ([row(), row("")], 2),
    "bad_due": ([row(), row("2", due="soon")], 2),
    "far_due": ([row(), row("2", due="9999-12-31 00:00:00")], 2),
    "bad_closing": ([row(), row("2", closed="done")], 2),
    "due_first": ([row(), row("2", due="2018-06-30 10:00:00")], 2),
    "closed_first": ([row(), row("2", closed="2018-06-30 10:00:00")], 2),
    "no_department": ([row(), row("2", office="")], 2),
    "unknown_channel": ([row(), row("2", by="pigeon")], 2),
    "unknown_ending": ([row(), row("2", closed="2018-07-02 10:00:00", end="eaten")], 2),
    "undecodable": ([row(), row("2", about="Tr\ufffdes")], 2),
}
VALUES: dict[str, Any] = {"channel": {"phone": "phone"}, "ending": {"done": "ended"}}


@pytest.mark.parametrize("kind", DIRTY)
def test_what_is_wrong_in_one_row_is_counted_with_its_line_and_stops_nothing(tmp_path: Path, kind: str) -> None:
    rows, left = DIRTY[kind]

    found = history(tmp_path, rows, values=VALUES)

    assert dirt(found) == [(kind.partition(",")[0], 3)]
    assert len(found.requests) == left


def test_a_row_of_another_shape_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    text = as_csv([row()]) + "2,2018-07-01 10:00:00\n" + "3,2018-07-01 10:00:00,,,Parks,Trees,,,more\n"

    found = history(tmp_path, text)

    assert dirt(found) == [("short_row", 3), ("no_department", 3), ("long_row", 4)]
    assert len(found.requests) == 3


def test_what_was_opened_after_the_end_is_left_out_and_what_was_closed_after_it_is_open(tmp_path: Path) -> None:
    rows = [row("1", closed="2018-07-20 10:00:00"), row("2", "2018-07-11 10:00:00")]

    found = history(tmp_path, rows, until=datetime(2018, 7, 10, tzinfo=UTC))

    assert [(request.id, request.closed_at) for request in found.requests] == [("1", None)]
    assert dirt(found) == [("after_the_end", 3)]


def test_a_file_was_drawn_when_the_map_says_and_never_before_what_stands_in_it(tmp_path: Path) -> None:
    rows = [row("1", closed="2018-07-20 10:00:00")]

    later, earlier = (history(tmp_path, rows, drawn_at=day) for day in ("2018-07-22", "2018-07-10"))

    assert later.until == datetime(2018, 7, 22, 4, tzinfo=UTC)
    assert earlier.until > datetime(2018, 7, 20, 14, tzinfo=UTC)


def test_every_kind_of_dirt_is_told_with_all_its_places(tmp_path: Path) -> None:
    found = history(tmp_path, [row(), row("2", ""), row("3", ""), row("4", due="soon")])

    told = listed(found.dirt, "zh")

    assert [kind for kind, _ in by_kind(found.dirt)] == ["no_opening", "bad_due"]
    assert told["no_opening"]["count"] == 2
    assert told["bad_due"]["rows"] == [{"line": 5, "column": "due", "value": "soon"}]
    assert told["bad_due"]["says"] == KINDS["bad_due"]["zh"]


@pytest.mark.parametrize("lines", [False, True], ids=["a JSON list", "a JSON object a line"])
def test_a_file_of_objects_is_read_like_one_of_rows(tmp_path: Path, lines: bool) -> None:
    rows = [row("1", due="2018-07-04 10:00:00"), row("2", closed="2018-07-02 10:00:00")]

    assert history(tmp_path, objects(rows, lines)).requests == history(tmp_path, rows).requests


@pytest.mark.parametrize(
    "text", ["", "no,opened\n", "[]", as_csv([row(opened="")])], ids=["empty", "header", "[]", "dirt"]
)
def test_a_file_without_a_single_request_cannot_be_replayed(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadHistory, match="no request"):
        history(tmp_path, text)
