"""What can go wrong, by what it breaks."""

from tests.unit.verify.faults import effects, endings, order, time
from tests.unit.verify.faults.fault import Fault

FAULTS = (*effects.FAULTS, *time.FAULTS, *order.FAULTS, *endings.FAULTS)

__all__ = ["FAULTS", "Fault"]
