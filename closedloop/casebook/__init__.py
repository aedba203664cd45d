"""One complaint as its topic has it: found by its id or reference, its facts in order, the pack that holds for it."""

from closedloop.casebook.casefile import CaseFile, NoPack
from closedloop.casebook.finding import Ambiguous, NotFound, begins_with
from closedloop.casebook.reader import read

__all__ = ["Ambiguous", "CaseFile", "NoPack", "NotFound", "begins_with", "read"]
