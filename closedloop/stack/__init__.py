"""A whole closedloop on this machine: real broker, real database, all services, without docker."""

from closedloop.stack.errors import StackError
from closedloop.stack.provisioning import clock_of, provision
from closedloop.stack.settings import DEFAULT_DATA, DEFAULT_PORTS, SERVICES, Endpoints, ServiceSpec, StackSettings
from closedloop.stack.supervisor import Stack

__all__ = [
    "DEFAULT_DATA",
    "DEFAULT_PORTS",
    "SERVICES",
    "Endpoints",
    "ServiceSpec",
    "Stack",
    "StackError",
    "StackSettings",
    "clock_of",
    "provision",
]
