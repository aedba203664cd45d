"""Lengths in days the slow way: the wall is read minute by minute, a calendar's file day by day, days are ticked off.

It shares no line with what it judges; `docs/working-time.md` says the rules that it follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tests.unit.shared.minute_oracle import DAY, MIDNIGHT, MINUTE, as_delta, hours_of, stretches

HOUR = 60 * MINUTE

Days = Mapping[str, Any]
Length = Days | timedelta
"""As a pack's file says it; all of the time as a `timedelta`."""
Pauses = Iterable[tuple[datetime, datetime]]


class End(NamedTuple):
    """The date that is promised, and the one before a closed last day was rolled."""

    promised: datetime
    counted_to: datetime


@lru_cache(maxsize=4_000)
def minutes_of(zone: str, day: date) -> list[tuple[datetime, datetime]]:
    """The minutes of a day of UTC: each as a moment, and what the wall shows then."""
    moments = [datetime.combine(day, MIDNIGHT, UTC) + n * MINUTE for n in range(1440)]
    return [(moment, moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for moment in moments]


def minutes(zone: str, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Minute after minute in which a zone may show these times and what lies between; none is 15 hours off."""
    first, last = first - 15 * HOUR, last + 15 * HOUR
    days = (first.date() + n * DAY for n in range((last.date() - first.date()).days + 1))
    skipped = first - datetime.combine(first.date(), MIDNIGHT)
    walked = chain.from_iterable(minutes_of(zone, day) for day in days)
    return islice(walked, skipped // MINUTE, (skipped + (last - first)) // MINUTE)


class DayWalk:
    """Counts days by one calendar, as it stands in a file."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw, self.zone = raw, str(raw["zone"])
        self.opened: dict[date, list[tuple[datetime, datetime]]] = {}

    # --- one length ---------------------------------------------------------------------------------------------------

    def end(
        self, length: Length, start: datetime, *, times: int = 1, from_a_date: bool = False, pauses: Pauses = ()
    ) -> End:
        """Where a length ends that begins here, or where so many of them one behind another do."""
        for several, choose in (("earlier_of", min), ("later_of", max)):
            if not isinstance(length, timedelta) and several in length:
                parts = length[several]
                ends = [self.end(one, start, times=times, from_a_date=from_a_date, pauses=pauses) for one in parts]
                return choose(ends, key=lambda end: end.promised)
        if isinstance(length, timedelta):
            return self._in_hours(start, start + times * length, pauses, works=False)
        if "working" in length:
            return self._in_hours(start, self.work(start, times * length["working"]), pauses, works=True)
        return self._in_days(length, start, times, from_a_date, pauses)

    def _in_hours(self, start: datetime, end: datetime, pauses: Pauses, works: bool) -> End:
        for begins, until in pauses:
            if begins < end:
                end = self._later(end, max(begins, start), until, works)
        return End(end, end)

    def _in_days(self, length: Days, start: datetime, times: int, from_a_date: bool, pauses: Pauses) -> End:
        works = "working_days" in length
        left = times * (length["working_days"] if works else length["days"])
        begins = start
        if from_a_date:
            day, clock = self.day_and_clock_of_an_end(start, works)
        else:
            begins, day, clock = self._day_zero(length, start, works)
        if length.get("counted_from") == "next_day":
            clock = DAY
        while left:
            day += DAY
            left -= not works or self.is_working(day)
        end = self._ending(length, begins, day, clock)
        same_clock = max(begins, self.first_showing(midnight(day) + clock))
        is_ahead = self._is_ahead(day, clock, same_clock, works)
        for from_, until in pauses:
            later = self._later(same_clock, max(from_, start), until, works) if from_ < end.promised else same_clock
            if later != same_clock:
                same_clock = later
                day, clock = self._day_after_a_pause(same_clock, is_ahead, works)
                end = self._ending(length, begins, day, clock, same_clock)
        return end

    def _is_ahead(self, day: date, clock: timedelta, same_clock: datetime, works: bool) -> bool:
        """Whether something of the last day is still to come at the clock time of the start."""
        return self.opened_on(self.next_opening(same_clock)) == day if works else clock < DAY

    def _day_after_a_pause(self, moment: datetime, is_ahead: bool, works: bool) -> tuple[date, timedelta]:
        day, clock = self.day_and_clock_of_an_end(moment, works)
        if is_ahead:
            opens = self.next_opening(moment)
            day = (works and self.opened_on(opens)) or self.wall(moment).date()
            clock = self.wall(moment) - midnight(day)
        return day, clock

    def _day_zero(self, length: Days, start: datetime, works: bool) -> tuple[datetime, date, timedelta]:
        """From when it counts, which day is day zero, and how far the wall stands behind that day's midnight."""
        if "cut_off" in length and self.wall(start).time() >= clock_time(length["cut_off"]):
            start = self.first_showing(midnight(self.wall(start).date() + DAY))
        day = self.wall(start).date()
        if length.get("counted_from", "opening" if works else "moment") == "opening":
            start = self.next_opening(start)
            day = self.opened_on(start) or day
        return start, day, self.wall(start) - midnight(day)

    def _ending(
        self,
        length: Days,
        begins: datetime,
        day: date,
        clock: timedelta,
        same_clock: datetime | None = None,
    ) -> End:
        """The end on this day; where a closed last day is rolled, on the next working day."""
        last = day
        while length.get("closed_last_day") == "next_open" and not self.is_working(last):
            last += DAY
        ends = [self._on(on, length, clock) for on in (last, day)]
        if same_clock is not None and ending(length) == "same_time":
            ends = [same_clock if last == day else ends[0], same_clock]
        return End(*(max(begins, end) for end in ends))

    def _on(self, day: date, length: Days, clock: timedelta) -> datetime:
        how = ending(length)
        if how == "same_time":
            return self.first_showing(midnight(day) + clock)
        if how == "close" and self.is_working(day):
            return self.closing(day)
        if how in ("end_of_day", "close"):
            return self.first_showing(midnight(day) + DAY)
        return self.first_showing(datetime.combine(day, clock_time(how)))

    def _later(self, end: datetime, begins: datetime, until: datetime, works: bool) -> datetime:
        """An end with all of a pause behind it that would have counted."""
        if until <= begins:
            return end
        return self.work(end, self.worked(begins, until)) if works else end + (until - begins)

    def before(self, length: Length, moment: datetime) -> datetime:
        """So long before a moment."""
        if isinstance(length, timedelta):
            return moment - length
        if "earlier_of" in length or "later_of" in length:
            choose = min if "earlier_of" in length else max
            return choose(self.before(one, moment) for one in length.get("earlier_of", length.get("later_of")))
        if "working" in length:
            return self.work_back(moment, length["working"])
        day, clock = self.day_and_clock_of_an_end(moment, "working_days" in length)
        left = length.get("days", length.get("working_days"))
        while left:
            day -= DAY
            left -= "days" in length or self.is_working(day)
        return self.first_showing(midnight(day) + clock)

    def day_and_clock_of_an_end(self, moment: datetime, works: bool) -> tuple[date, timedelta]:
        """The day of the last instant before it, and how far the wall then stands behind that day's midnight."""
        instant = moment - datetime.resolution
        day = self.wall(instant).date()
        if works:
            day = self.opened_on(instant) or day
        return day, self.wall(moment) - midnight(day)

    # --- the wall and the hours ---------------------------------------------------------------------------------------

    def wall(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def first_showing(self, wall: datetime) -> datetime:
        """The first moment that shows this time; where it is skipped, the first that shows a later one."""
        minute = wall.replace(second=0, microsecond=0)
        for moment, shown in minutes(self.zone, minute, minute + 2 * DAY):
            if shown >= minute:
                return moment + (wall - minute) if shown == minute else moment
        raise LookupError(f"{wall} is never shown")

    def is_working(self, day: date) -> bool:
        return bool(hours_of(self.raw, day))

    def hours(self, day: date) -> list[tuple[datetime, datetime]]:
        """The moments between which the hours that open on a day hold: from the first to the last minute in them."""
        if day not in self.opened:
            found = []
            for opens, closes in stretches(self.raw, day):
                theirs = [moment for moment, shown in minutes(self.zone, opens, closes) if opens <= shown < closes]
                found += [(theirs[0], theirs[-1] + MINUTE)] if theirs else []
            self.opened[day] = sorted(found)
        return self.opened[day]

    def closing(self, day: date) -> datetime:
        """When the last hours of a day end; where the clock skips all of them, at its jump."""
        if found := self.hours(day):
            return max(closes for _, closes in found)
        return self.first_showing(max(closes for _, closes in stretches(self.raw, day)))

    def opened_on(self, moment: datetime) -> date | None:
        """On which day the hours opened in which a moment lies; of two, the earlier."""
        today = self.wall(moment).date()
        for day in (today + n * DAY for n in range(-2, 3)):
            if any(opens <= moment < closes for opens, closes in self.hours(day)):
                return day
        return None

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself where it is in some hours, else when the first hours after it open."""
        if self.opened_on(moment):
            return moment
        day = self.wall(moment).date() - 2 * DAY
        while True:
            later = [opens for opens, _ in [*self.hours(day), *self.hours(day + DAY)] if opens > moment]
            if later:
                return min(later)
            day += DAY

    def work(self, start: datetime, span: timedelta) -> datetime:
        """When so much has been worked."""
        if not span:
            return start
        for opens, closes in self.open_after(start):
            if span <= closes - opens:
                return opens + span
            span -= closes - opens
        raise AssertionError

    def worked(self, a: datetime, b: datetime) -> timedelta:
        """How much is worked between two moments."""
        found = timedelta(0)
        for opens, closes in self.open_after(a):
            if opens >= b:
                break
            found += min(closes, b) - opens
        return found

    def work_back(self, end: datetime, span: timedelta) -> datetime:
        """The latest moment from which so much is worked."""
        if not span:
            return end
        far = end
        while self.worked(far, end) < span:
            far -= DAY
        # Going on from there until only so much is left: the last stretch that still holds more than that ends it.
        over = self.worked(far, end) - span
        for opens, closes in self.open_after(far):
            if over < closes - opens:
                return opens + over
            over -= closes - opens
        raise AssertionError

    def open_after(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is open from a moment on, stretch by stretch, each moment once."""
        day = self.wall(moment).date() - 2 * DAY
        while True:
            for opens, closes in self.hours(day):
                if closes > moment:
                    yield max(opens, moment), closes
                    moment = closes
            day += DAY


def ending(length: Days) -> str:
    return str(length.get("ends", "end_of_day" if length.get("counted_from") == "next_day" else "same_time"))


def midnight(day: date) -> datetime:
    return datetime.combine(day, MIDNIGHT)


def clock_time(text: str) -> time:
    return (datetime.min + as_delta(text)).time()
