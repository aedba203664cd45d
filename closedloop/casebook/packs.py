"""The policy packs of a topic as services use them: the rules of each, the people of the newest one of its name."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.policy import PolicyPack
from services.shared.machine.letters import Origin
from services.shared.machine.policies import PolicyBook


def staffed(records: Iterable[Origin]) -> dict[str, PolicyPack]:
    """Every readable pack by content hash; what cannot be read is passed over, as by every service."""
    book, hashes = PolicyBook(), set[str]()
    for record in records:
        try:
            hash, pack = (record.key or b"").decode(), PolicyPack.model_validate_json(record.value or b"")
        except ValueError:
            continue
        # A complaint pins the key: another version of this software may compute another hash from the same words.
        book.learn(hash, pack.model_copy(update={"hash": hash}), record.offset)
        hashes.add(hash)
    return {hash: book.pack(hash) for hash in hashes}
