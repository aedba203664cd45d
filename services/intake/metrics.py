"""What intake counts beside what every service counts; `service.py` says which facts raise them."""

from __future__ import annotations

from prometheus_client import Counter

RECEIVED = Counter("closedloop_received", "Complaints received", ["source", "channel"])
