"""Working time: moments and lengths of time as a calendar counts them; pure, exact, the same for whoever asks.

What holds on a local day, the first that applies:

1. an **override** of that day: its hours, or closed;
2. a **make-up working day** (调休) of the authority: the hours of the weekday that `makeup_hours` names;
3. a **holiday** of the authority, or a Saturday or Sunday of its published break: closed;
4. the weekday's own hours, or none: a day of rest.

Hours are **half-open**, `[opens, closes)`, and belong to the day on which they open: a night shift from the eve of a
holiday runs to its end in the morning, the one that would begin on the holiday's evening falls away. Where two days'
hours overlap, the time counts once.

**Daylight saving.** Hours are wall time; the stretch that they stand for is the unbroken one from the first to the last
moment at which the wall shows a time in `[opens, closes)`. So a bound that the wall skips (the gap) moves to the moment
of the skip; of a time shown twice (the overlap) an opening takes the first, and hours that end within what is
shown twice last until the second showing. A length of time is elapsed seconds, whatever the wall shows: a night shift
has an hour less in spring and one more in autumn.

Years are the calendar's own from `FIRST_YEAR` to `LAST_YEAR`; whatever would leave them is `YearOutOfRange`.
"""

from services.shared.timing.worktime.calendar import FIRST_YEAR, LAST_YEAR, Calendar, Segment, YearOutOfRange
from services.shared.timing.worktime.days import Why
from services.shared.timing.worktime.official import OFFICIAL, Official, is_official

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "OFFICIAL",
    "Calendar",
    "Official",
    "Segment",
    "Why",
    "YearOutOfRange",
    "is_official",
]
