"""Masks data that identify a person: one pure function for every free text at every door."""

from services.shared.privacy.messages import without_private
from services.shared.privacy.text import Known, masked

__all__ = ["Known", "masked", "without_private"]
