"""Working time: moments and lengths of time as a calendar counts them; pure, exact, the same for whoever asks.

The hours of a local day come from the first of these that applies.

1. An **override** of that day: its hours, or closed.
2. A **make-up working day** (调休) of the authority: the hours of the weekday that `makeup_hours` names.
3. A **holiday** of the authority, or a Saturday or Sunday of its published break: closed.
4. The weekday's own hours, or none: a day of rest.

Hours are **half-open**, `[opens, closes)`, and belong to the day on which they open. So a night shift from the eve of a
holiday runs to its end in the morning. The shift that would begin on the holiday's evening falls away. Where the hours
of two days overlap, the time counts once.

**Daylight saving.** Hours are wall time. They stand for the unbroken stretch from the first to the last moment when the
clock shows a time in `[opens, closes)`. So a bound in the gap of a change moves to the moment of the change. At a time
that is shown twice (the overlap), hours open at the first showing and close at the second. Lengths are elapsed seconds:
a night shift has an hour less in spring and one more in autumn.

Years are the calendar's own from `FIRST_YEAR` to `LAST_YEAR`; whatever would leave them is `YearOutOfRange`.
"""

from services.shared.timing.worktime.calendar import FIRST_YEAR, LAST_YEAR, Calendar, Segment, YearOutOfRange
from services.shared.timing.worktime.day_counting import Counted, LocalDays
from services.shared.timing.worktime.days import Why
from services.shared.timing.worktime.official import OFFICIAL, Official, is_official
from services.shared.timing.worktime.working_days import WorkingDays

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "OFFICIAL",
    "Calendar",
    "Counted",
    "LocalDays",
    "Official",
    "Segment",
    "Why",
    "WorkingDays",
    "YearOutOfRange",
    "is_official",
]
