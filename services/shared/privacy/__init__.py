"""What identifies a person is taken out of what people write: one function for every free text at every door, pure."""

from services.shared.privacy.messages import without_private
from services.shared.privacy.text import Known, masked

__all__ = ["Known", "masked", "without_private"]
