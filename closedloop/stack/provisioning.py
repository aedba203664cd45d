"""Brings topics and policies into a fresh stack before its services start."""

from typing import Any

from kafka.errors import KafkaError

from closedloop.stack.errors import StackError
from closedloop.stack.settings import Endpoints


def clock_of(endpoints: Endpoints) -> Any:
    """The clock of a data directory with virtual time, stopped for good; None for real time. Raises StackError."""
    from closedloop.provision import stop_clock

    try:
        return stop_clock(endpoints.kafka, endpoints.mongodb)
    except KafkaError as reason:
        raise StackError(f"the clock cannot be read: {reason}") from reason


def provision(endpoints: Endpoints) -> None:
    """Creates missing topics and publishes missing packs; safe to repeat. Raises StackError."""
    # Imported when needed: stopping or inspecting a stack must work where the services cannot be imported.
    try:
        from closedloop.provision import check_marks, prepare
        from services.shared.broker.provisioning import Mismatch
        from services.shared.process.belonging import Stranger
    except ImportError as reason:
        raise StackError(f"topics and policies cannot be prepared: {reason}") from reason
    try:
        check_marks(endpoints.kafka, endpoints.mongodb)
        prepare(endpoints.kafka)
    except Stranger as reason:
        raise StackError(str(reason)) from reason
    except (Mismatch, KafkaError) as reason:
        raise StackError(f"topics and policies are not as the services need them: {reason}") from reason
