"""The time that counts for an input: its arrival, or the stated time within the policy's trust window."""

from __future__ import annotations

from datetime import datetime, timedelta

from schemas.policy import PolicyPack

FUTURE = timedelta(minutes=5)
"""How far ahead of its arrival a stated time may lie: two hosts' clocks differ; beyond it the input is refused."""


def judged(
    stated: datetime | None, arrived: datetime, policy: PolicyPack, begun: datetime | None = None
) -> tuple[datetime, bool]:
    """The time that counts, and whether it is the stated one; a stated time never counts as later than the arrival.

    What came before its case had `begun` counts from then.
    """
    if begun is not None and arrived < begun:
        return begun, False
    if stated is None or stated > arrived:
        return arrived, False
    trusted = policy.trust == "unlimited" or arrived - stated <= policy.trust
    return (stated, True) if trusted else (arrived, False)
