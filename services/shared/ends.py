"""Where partitions end, asked of the broker over a connection of its own: a reader's waits until there is something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

ANSWER_MS = 2_000
"""How long the broker may take; whoever needs to know asks again."""


class Ends:
    """The ends of logs, as the broker knows them. Asked only when something is due, so connected only then."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._client: AIOKafkaConsumer | None = None

    async def look(self, partitions: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset after the last record of each; empty while the broker does not answer."""
        try:
            if self._client is None:
                client = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, request_timeout_ms=ANSWER_MS)
                try:
                    await client.start()
                except BaseException:
                    await client.stop()
                    raise
                self._client = client
            return await self._client.end_offsets(list(partitions))  # type: ignore[no-any-return]
        except Exception:  # the client has many errors for an absent broker
            return {}
