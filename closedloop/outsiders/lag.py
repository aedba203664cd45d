"""Whether the services have read everything, as any operator sees it: by what their groups have committed."""

from __future__ import annotations

from collections.abc import Mapping

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from schemas.topics import COMPLAINTS, REPLIES, SPEAKING, SUBMISSIONS, VISITS, group_of
from services.shared.broker import groups

READ = (COMPLAINTS, SUBMISSIONS, REPLIES, VISITS)


class Lag:
    """How far the services are behind the ends of the topics that they read."""

    def __init__(self, kafka: str) -> None:
        self._admin = KafkaAdminClient(bootstrap_servers=kafka)
        self._consumer = KafkaConsumer(bootstrap_servers=kafka, isolation_level="read_committed")
        topics = {name: row for name in self._consumer.topics() for row in READ if row.member(name) is not None}
        self._readers = {TopicPartition(t, p): row.readers for t, row in topics.items() for p in range(row.partitions)}

    def look(self) -> int:
        """The number of records that a service has not settled yet, summed over services."""
        return self.behind(self.ends())

    def ends(self) -> Mapping[TopicPartition, int]:
        """Up to where each of those topics is written now."""
        ends: Mapping[TopicPartition, int] = self._consumer.end_offsets(list(self._readers))
        return ends

    def behind(self, ends: Mapping[TopicPartition, int]) -> int:
        """How many of the records before these ends are not settled yet, summed over services."""
        return sum(self._behind(service, ends) for service in SPEAKING)

    def close(self) -> None:
        """Leave the broker."""
        self._consumer.close()
        self._admin.close()

    def _behind(self, service: str, ends: Mapping[TopicPartition, int]) -> int:
        committed = groups.once_ready(lambda: groups.offsets(self._admin, group_of(service)))
        read = {partition: found.offset for partition, found in committed.items()}
        return sum(max(0, end - read.get(p, 0)) for p, end in ends.items() if service in self._readers[p])
