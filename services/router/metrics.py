"""What router counts beside what every service counts; `service.py` says which facts raise them."""

from __future__ import annotations

from prometheus_client import Counter

ROUTED = Counter("closedloop_routed", "Complaints given to a department, by whom", ["department", "by"])
UNROUTABLE = Counter("closedloop_unroutable", "Complaints that no route fits")
RETURNED = Counter("closedloop_returned", "Complaints that a department gave back (退单)", ["department"])
ANSWERED = Counter("closedloop_answered", "Answers given to customers", ["department"])
REFUSED = Counter("closedloop_replies_refused", "Replies that were not legal", ["department", "reason"])
PAUSED = Counter("closedloop_paused", "Pauses begun, by what the work waits for", ["department", "reason"])
APPROVALS = Counter(
    "closedloop_approvals",
    "Consent that was requested, granted or refused, to an extension or a pause",
    ["what", "outcome"],
)
DECLARED = Counter(
    "closedloop_incidents_declared", "Major incidents declared by policy, department or centre, again included", ["by"]
)
REPORTED = Counter("closedloop_incidents_reported", "Reports of major incidents")
LAPSED = Counter("closedloop_plans_lapsed", "Complaints that ended while something was still asked for")
