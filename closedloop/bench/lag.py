"""The lag of each service's consumers, as the broker sees it."""

from __future__ import annotations

from schemas.topics import SPEAKING, group_of
from services.shared.broker.lag import LagMeter


async def behind(meter: LagMeter) -> dict[str, int]:
    """Records appended and not yet committed past, by service.

    Services commit once a second, so a second's worth is none.
    """
    places = {name: (await meter.of_group(group_of(name))).values() for name in SPEAKING}
    return {name: sum(at.left for at in found) for name, found in places.items()}
