"""What is read from a file of service requests, and what is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from closedloop.replay.records import BadHistory, moment, read

HEADER = (
    "unique_key,created_local,closed_local,due_local,updated_local,agency,agency_name,complaint_type,"
    "descriptor,location_type,borough,status,channel,resolution\n"
)


def row(
    key: str = "1",
    created: str = "07/01/2018 10:00:00 AM",
    closed: str = "",
    due: str = "",
    channel: str = "PHONE",
) -> str:
    return f'{key},{created},{closed},{due},,NYPD,Police,Noise,"Loud, very",Street,QUEENS,Open,{channel},\n'


def written(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "history.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def test_times_are_those_of_new_york(tmp_path: Path) -> None:
    winter, summer = row("1", "01/15/2018 09:30:00 AM"), row("2", "07/15/2018 09:30:00 PM")

    found = read(written(tmp_path, winter, summer))

    assert [request.created_at for request in found] == [
        datetime(2018, 1, 15, 14, 30, tzinfo=UTC),
        datetime(2018, 7, 16, 1, 30, tzinfo=UTC),
    ]


def test_of_an_hour_that_comes_twice_its_first_coming_is_taken() -> None:
    assert moment("11/04/2018 01:30:00 AM") == datetime(2018, 11, 4, 5, 30, tzinfo=UTC)


def test_an_hour_that_spring_leaves_out_counts_from_winter_time() -> None:
    assert moment("03/11/2018 02:30:00 AM") == datetime(2018, 3, 11, 7, 30, tzinfo=UTC)


def test_what_is_not_there_is_no_time(tmp_path: Path) -> None:
    request = read(written(tmp_path, row()))[0]

    assert (request.closed_at, request.due_at) == (None, None)


def test_requests_come_in_the_order_in_which_they_were_made(tmp_path: Path) -> None:
    later, sooner = row("1", "07/02/2018 10:00:00 AM"), row("2", "07/01/2018 10:00:00 AM")

    assert [request.id for request in read(written(tmp_path, later, sooner))] == ["2", "1"]


@pytest.mark.parametrize(
    ("written_as", "channel"), [("PHONE", "phone"), ("ONLINE", "web"), ("MOBILE", "app"), ("UNKNOWN", "other")]
)
def test_channels_have_our_names(tmp_path: Path, written_as: str, channel: str) -> None:
    assert read(written(tmp_path, row(channel=written_as)))[0].channel == channel


def test_a_request_belongs_to_its_agency(tmp_path: Path) -> None:
    request = read(written(tmp_path, row()))[0]

    assert (request.category, request.department) == ("NYPD/Noise", "nypd")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "no request"),
        ([row(created="")], "line 2.*created_local is empty"),
        ([row(), row(created="2018-07-01")], "line 3"),
        (["1,07/01/2018 10:00:00 AM\n"], "line 2"),
    ],
    ids=["empty", "no time", "another way of writing time", "half a line"],
)
def test_a_file_that_cannot_be_replayed_is_refused_with_its_line(tmp_path: Path, rows: list[str], reason: str) -> None:
    with pytest.raises(BadHistory, match=reason):
        read(written(tmp_path, *rows))
