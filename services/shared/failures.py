"""What may go wrong, and the one policy for each kind.

Unreadable   bytes that are not what their place asks for   -> dead letter at once (schemas.envelope)
Refused      readable but not acceptable, without a case    -> dead letter at once
NotYet       something needed is not here yet (a policy)    -> retried in place, in order
(temporary)  database or broker out of reach                -> retried in place, in order
(any other)  an exception in a rule or in encoding: a bug   -> dead letter, the case is parked, a loud metric
Fatal        a send failed, a batch cannot be finished      -> the process exits and is restarted
"""

from __future__ import annotations

from pymongo.errors import AutoReconnect, NetworkTimeout, PyMongoError, ServerSelectionTimeoutError, WTimeoutError


class Refused(Exception):
    """An input that no case can take; `code` is stable, the text explains it to its sender."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


class NotYet(Exception):
    """Something that the input needs has not arrived: try again in place."""


class Fatal(Exception):
    """The process cannot go on in order: it exits, and its successor begins where this one stopped."""


TEMPORARY = (NotYet, AutoReconnect, NetworkTimeout, ServerSelectionTimeoutError, WTimeoutError)
_RETRYABLE_LABELS = ("RetryableWriteError", "TransientTransactionError")


def is_temporary(error: BaseException) -> bool:
    """Whether the same call may succeed later without anybody mending anything."""
    labelled = isinstance(error, PyMongoError) and any(error.has_error_label(label) for label in _RETRYABLE_LABELS)
    return isinstance(error, TEMPORARY) or labelled
