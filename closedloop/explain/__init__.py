"""The origin of every date of a complaint, and the steps ahead; pure: facts, pack and a moment in, data out."""

from closedloop.explain.ahead import Ahead, ahead
from closedloop.explain.explanation import Explanation, NothingYet, explain

__all__ = ["Ahead", "Explanation", "NothingYet", "ahead", "explain"]
