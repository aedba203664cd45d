"""Brings topics and policies into a fresh stack before its services start."""

from kafka.errors import KafkaError

from closedloop.stack.errors import StackError
from closedloop.stack.settings import Endpoints


def provision(endpoints: Endpoints) -> None:
    """Creates what is missing and leaves what is there; safe to repeat."""
    # Imported when needed: stopping or inspecting a stack must work where the services cannot be imported.
    try:
        from closedloop.provision import prepare
        from services.shared.provisioning import Mismatch
    except ImportError as reason:
        raise StackError(f"topics and policies cannot be prepared: {reason}") from reason
    try:
        prepare(endpoints.kafka)
    except (Mismatch, KafkaError) as reason:
        raise StackError(f"topics and policies are not as the services need them: {reason}") from reason
