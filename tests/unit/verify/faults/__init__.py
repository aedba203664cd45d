"""What can go wrong, by what it breaks."""

from tests.unit.verify.faults import allowances, effects, endings, order, plans, queues, time, verdicts
from tests.unit.verify.faults.fault import Fault

FAULTS = (
    *effects.FAULTS,
    *time.FAULTS,
    *plans.FAULTS,
    *allowances.FAULTS,
    *order.FAULTS,
    *verdicts.FAULTS,
    *endings.FAULTS,
    *queues.FAULTS,
)

__all__ = ["FAULTS", "Fault"]
