"""How a group deals out its partitions: in turn, and anew whenever a member asks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata


class Assignor(RoundRobinPartitionAssignor):  # type: ignore[misc]
    """Asks with other bytes at each joining: only then does the broker deal out a group whose members are the same."""

    @classmethod
    def metadata(cls, topics: Iterable[str]) -> ConsumerProtocolMemberMetadata:
        return ConsumerProtocolMemberMetadata(cls.version, sorted(topics), uuid.uuid4().bytes)
