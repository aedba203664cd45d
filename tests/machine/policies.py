"""The policies under which the machines live, and how long a step of theirs may take."""

from __future__ import annotations

from hypothesis import strategies as st

from schemas.policy import PolicyPack
from tests.builders import TOWN, pack

HOURS = st.sampled_from([0.25, 1, 4, 10, 25, 49, 100])


def working() -> PolicyPack:
    """The town with opening hours: what may last ten hours lasts longer over a weekend; one step overtakes another."""
    content = TOWN.model_dump(mode="json", exclude={"calendar", "calendars"})
    office = {"version": "1", "zone": "Europe/Berlin", "hours": {"mon-fri": ["08:00-12:00", "13:00-17:00"]}}
    content["calendar"], content["calendars"] = "office", {"office": office}
    patient = content["plans"]["patient"]
    again = {"contact": {"every": {"working": "6h"}}, "progress": {"every": {"working": "8h"}}}
    patient["targets"] = {"answer": {"working": "24h"}, **again, "total": "1000h"}
    patient["holding"]["meets"] = ["answer", "progress"]
    patient["pauses"]["customer"]["at_most"] = {"working": "12h"}
    patient["extension"] |= {"before": {"working": "2h"}, "at_most": {"working": "16h"}}
    above = {"after": {"working": "2h"}, "level": 4, "role": "mayor", "queue": "centre", "action": "report"}
    content["ladders"]["standard"]["steps"].append(above)
    content["plans"]["ordinary"]["targets"] = {"accept": {"working": "4h"}, "answer": {"working": "16h"}}
    return pack(**content)


POLICIES = (TOWN, working())
