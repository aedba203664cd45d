"""A rate limit for each caller: some requests at once, then a steady rate; kept in this process alone."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

MOST_CALLERS = 10_000
"""How many callers are remembered; of more, those who have not asked for the longest time may ask anew."""


class Limit:
    """A bucket for each caller: `calls` fit, and in `seconds` as many come back."""

    def __init__(self, calls: int, seconds: float, now: Callable[[], float] = monotonic) -> None:
        self._calls, self._per_second, self._now = calls, calls / seconds, now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> int:
        """Count a call: 0 where it may be answered, else after how many whole seconds the next one will be."""
        now = self._now()
        left, at = self._left.pop(caller, (float(self._calls), now))
        left = min(self._calls, left + (now - at) * self._per_second)
        allowed = left >= 1
        self._left[caller] = (left - 1 if allowed else left, now)
        if len(self._left) > MOST_CALLERS:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) / self._per_second))


def caller(address: str) -> str:
    """Whom an address counts as: a household's or an office's network of version 6 is one caller."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return address.strip()[:64]
    if isinstance(found, ipaddress.IPv6Address):
        own = found.ipv4_mapped
        return str(own) if own else str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
