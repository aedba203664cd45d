"""The kinds of failure, each with its one policy.

Unreadable   bytes that are no message of their topic       -> dead letter at once (schemas.envelope)
Refused      readable but not acceptable to any case        -> dead letter at once, its sender hears why
TooLarge     a message would be larger than a record        -> likewise for an input from outside; else a bug
Temporary    database out of reach, a step-down             -> retried in place, in order
  NotYet     something needed is not here yet (a policy)    -> likewise
Fatal        a send failed                                  -> the process exits and is restarted
(any other)  an exception in a rule or in encoding: a bug   -> dead letter, the case is parked, a loud metric
Damaged      a stored document that cannot be read          -> likewise parked, as it is, until it is repaired
"""

from __future__ import annotations

from schemas.refusals import Explained


class Refused(Explained):
    """An input that no case can take; `why` has the stable code, and explains it to its sender in either language."""


class TooLarge(Explained, ValueError):
    """The messages that follow from an input are larger than a message may be."""


class Temporary(Exception):
    """The same call may succeed later without anybody mending anything."""


class NotYet(Temporary):
    """Something that the input needs has not arrived."""


class Damaged(Exception):
    """A stored document cannot be read; the text says which and why."""


class Fatal(Exception):
    """The process cannot go on in order: it exits, and its successor begins where this one stopped."""
