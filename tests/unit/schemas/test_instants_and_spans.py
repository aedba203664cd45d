"""Instants and lengths of time: what is read, how it is kept, and what is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict, TypeAdapter, ValidationError

from schemas.base import Instant, Span

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
SPAN: TypeAdapter[timedelta] = TypeAdapter(Span)
PATTERN = SPAN.json_schema()["pattern"]

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=OFFSETS)


@given(MOMENTS)
def test_an_instant_is_kept_in_utc_and_in_whole_milliseconds(moment: datetime) -> None:
    kept = INSTANT.validate_python(moment)

    assert kept.tzinfo is UTC
    assert kept.microsecond % 1000 == 0
    assert timedelta(0) <= moment - kept < timedelta(milliseconds=1)


@given(MOMENTS)
def test_an_instant_reads_back_as_it_was_written(moment: datetime) -> None:
    kept = INSTANT.validate_python(moment)

    assert INSTANT.validate_json(INSTANT.dump_json(kept)) == kept


@pytest.mark.parametrize(
    "text",
    ["2026-03-02T08:15:00", "2026-03-02", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00"],
    ids=["no offset", "a date", "no instant", "before the year 1 in UTC", "after the year 9999 in UTC"],
)
def test_what_is_no_instant_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        INSTANT.validate_python(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("250ms", timedelta(milliseconds=250)),
        ("30s", timedelta(seconds=30)),
        ("90m", timedelta(minutes=90)),
        ("1.5h", timedelta(minutes=90)),
        ("24 h", timedelta(hours=24)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(weeks=2)),
        ("PT24H", timedelta(hours=24)),
        ("P1DT2H", timedelta(hours=26)),
        ("P1Y35D", timedelta(days=400)),
    ],
)
def test_a_length_of_time_is_written_short_or_in_iso_8601(text: str, span: timedelta) -> None:
    assert SPAN.validate_python(text) == span


@pytest.mark.parametrize(
    "text", ["24", 24, 1.5, True, "24 hours", "10:00:00", "1 day", "", "h", "P", "PT", "２４h", "24h\n", None]
)
def test_a_length_of_time_without_its_unit_is_refused(text: Any) -> None:
    with pytest.raises(ValidationError):
        SPAN.validate_python(text)


@pytest.mark.parametrize("text", ["99999999999d", f"{'9' * 400}h", "P9999999999D"])
def test_a_length_of_time_that_no_calendar_holds_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        SPAN.validate_python(text)


@given(st.timedeltas(min_value=timedelta(0)))
def test_a_length_of_time_reads_back_as_it_was_written(span: timedelta) -> None:
    written = TypeAdapter(Span, config=ConfigDict(ser_json_timedelta="iso8601")).dump_json(span)

    assert SPAN.validate_json(written) == span


@given(
    st.from_regex(re.compile(PATTERN, re.ASCII), fullmatch=True).filter(lambda text: len(re.sub(r"\D", "", text)) < 6)
)
def test_what_the_schema_calls_a_length_of_time_is_read(text: str) -> None:
    assert SPAN.validate_python(text) >= timedelta(0)


@given(st.text(alphabet="0123456789.,:+PTYMWDHSmshdw \n", max_size=12))
def test_what_the_schema_does_not_call_a_length_of_time_is_refused(text: str) -> None:
    if re.fullmatch(PATTERN, text):
        return

    with pytest.raises(ValidationError):
        SPAN.validate_python(text)
