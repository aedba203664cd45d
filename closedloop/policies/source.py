"""A pack's YAML file as its author sees it: its content, with line and column of each part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode
from yaml.reader import ReaderError

from closedloop.policies import slips
from closedloop.policies.slips import Position, Slip

Where = tuple[str | int, ...]
"""The way to a part of a pack: names of keys, and numbers of entries from 0."""


@dataclass(frozen=True)
class Source:
    """One file: its content as plain data, its nodes, and the keys that stand in one mapping more than once."""

    content: Any
    root: Node | None
    twice: tuple[tuple[Where, Position, Position], ...]
    """The way to the key, where it stands again, and where it stood first."""
    slip: Slip | None = None
    """What keeps the file from being YAML at all."""

    def position(self, where: Where) -> Position:
        """The place of a part in the file; for a missing part, the place of its parent."""
        node, mark = self.root, self.root
        for part in where:
            key, value = _child(node, part)
            if value is None:
                break
            node, mark = value, key if isinstance(value, MappingNode | SequenceNode) and key is not None else value
        return _at(mark) if mark is not None else (1, 1)

    def key_position(self, where: Where) -> Position:
        """Where the key itself stands, and not what it says."""
        node = self.root
        for part in where[:-1]:
            node = _child(node, part)[1]
        key, _ = _child(node, where[-1]) if where else (None, None)
        return _at(key) if key is not None else self.position(where)

    def written(self, where: Where) -> Any:
        """What the file says there; None where nothing stands."""
        found = self.content
        for part in where:
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                return None
        return found


def read(path: Path) -> Source:
    """Read a file; raises OSError. Of a file that is no YAML the source says only what is wrong."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _unreadable(slips.of_bytes(content, error))
    try:
        return _parsed(yaml.SafeLoader(text))
    except ReaderError as error:
        return _unreadable(slips.of_signs(error, text))
    except yaml.MarkedYAMLError as error:
        return _unreadable(slips.of_yaml(error, text))
    except RecursionError:
        return _unreadable(slips.TOO_DEEP)


def _parsed(loader: yaml.SafeLoader) -> Source:
    try:
        root = loader.get_single_node()
        twice = tuple(_twice(root, (), set())) if root is not None else ()
        try:
            return Source(loader.construct_document(root) if root is not None else None, root, twice)
        except ValueError:
            return _unreadable(slips.of_values(root))
    finally:
        loader.dispose()


def _unreadable(slip: Slip) -> Source:
    return Source(None, None, (), slip)


def _twice(node: Node, where: Where, seen: set[int]) -> Iterator[tuple[Where, Position, Position]]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, MappingNode):
        first: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in first:
                yield (*where, name), _at(key), _at(first[name])
            first.setdefault(name, key)
            yield from _twice(value, (*where, name), seen)
    elif isinstance(node, SequenceNode):
        for n, value in enumerate(node.value):
            yield from _twice(value, (*where, n), seen)


def _child(node: Node | None, part: str | int) -> tuple[Node | None, Node | None]:
    """The key and the value of an entry; no key in a list, nothing where there is no such entry."""
    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in reversed(node.value) if str(key.value) == str(part)), (None, None))
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return None, node.value[part]
    return None, None


def _at(node: Node) -> Position:
    return node.start_mark.line + 1, node.start_mark.column + 1
