"""A process that takes over a static member name removes its predecessor from the group, if that one read other topics.

Otherwise the broker gives it the predecessor's partitions, whatever it subscribes itself (KAFKA-12759).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kafka.admin import MemberToRemove

from services.shared.broker import groups


def succeed(bootstrap: str, group: str, instance: str, topics: Iterable[str]) -> bool:
    """Make the group ready for `instance` to join with these topics; True where a predecessor was in the way."""
    topics = list(topics)

    def make_room(admin: Any) -> bool:
        if not is_in_the_way(groups.members(admin, group), instance, topics):
            return False
        admin.remove_group_members(group, [MemberToRemove(group_instance_id=instance)])
        return True

    return groups.asked(bootstrap, make_room)


def is_in_the_way(members: Iterable[Mapping[str, Any]], instance: str, topics: Iterable[str]) -> bool:
    """Whether somebody of this name is there still, and what the group reads is not all of what is to be read."""
    members = list(members)
    if not any(member["group_instance_id"] == instance for member in members):
        return False
    return not set(topics) <= {topic for member in members for topic in _reads(member)}


def _reads(member: Mapping[str, Any]) -> Iterable[str]:
    dealt = member["member_assignment"]
    return (one["topic"] for one in dealt["assigned_partitions"]) if isinstance(dealt, Mapping) else ()
