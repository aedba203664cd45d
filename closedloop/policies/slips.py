"""Why a file is not YAML at all, told to a pack's author: the place, the fault and the expected text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.nodes import Node, ScalarNode

Position = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True)
class Slip:
    """The first place from which a file cannot be read on."""

    at: Position
    says: str
    expected: str


SAME_INDENT = "every key of one mapping below the other, each entry of one list with its - below the other"
QUOTES = 'quotes around a text that begins with this sign: "{sign}…"'

ONE_A_LINE = "one `key: value` a line, below a line that is whole; quotes around a text with a colon"

KNOWN: tuple[tuple[str, bool, str, str], ...] = (
    (
        r"flow sequence: expected ',' or ']'",
        True,
        "the list that begins here with [ is not closed",
        "a ] before {noticed}",
    ),
    (
        r"flow mapping: expected ',' or '}'",
        True,
        "the mapping that begins here with {{ is not closed",
        "a }} before {noticed}",
    ),
    (
        r"quoted scalar: found unexpected",
        True,
        "the text that begins here with {sign} is not closed",
        "another {sign} at its end",
    ),
    (
        r"found character '\\t'|found character '\t'",
        False,
        "a tab stands before the text",
        "blanks: YAML takes no tabs there",
    ),
    (
        r"unknown escape character",
        False,
        "\\{sign} means nothing in a text in double quotes",
        "'single quotes', or \\\\ for the sign \\",
    ),
    (r"found character '.' that cannot start", False, "no text without quotes begins with {sign}", QUOTES),
    (
        r"scanning an? (alias|anchor)|undefined alias|mapping keys are not",
        True,
        "{sign} without quotes does not stand for itself",
        QUOTES,
    ),
    (r"for the tag|scanning a tag|a directive", True, "{sign} without quotes does not stand for itself", QUOTES),
    (r"another document", False, "a second document begins here", "one pack in one file: no line ---"),
    (r"expected '<document start>'", False, "something stands behind the end of the pack", "nothing more"),
    (r"mapping values are not allowed", False, "a colon where none can stand", ONE_A_LINE),
    (
        r"sequence entries are not allowed",
        False,
        "- begins an entry of a list and cannot stand here",
        "a line of its own for each entry, or [one, another]",
    ),
    (r"could not find expected ':'", True, "this line has no colon", "`key: value`"),
    (
        r"<block end>, but found '<scalar>'",
        False,
        "something stands behind the end of a text in quotes",
        "quotes around the whole text, or a line of its own",
    ),
    (r"<block end>, but found '[\]},]'", False, "{sign} closes nothing that is open", "as many ] and }} as [ and {{"),
    (
        r"node content, but found",
        False,
        "{sign} stands where a value should",
        "a value; quotes around a text that begins with this sign",
    ),
    (r"<block end>, but found", False, "this line stands neither in nor beside what is above it", SAME_INDENT),
    (r"block scalar", True, "{sign} without quotes begins a text of several lines", QUOTES),
    (r"unhashable key", False, "a list or a mapping stands where a key should", "a name before the colon"),
    (r"duplicate anchor", False, "the name behind & stands there twice", "each name behind & once"),
    (r"for merging", False, "what << brings in is no mapping", "<<: *name, where &name stands before a mapping"),
)
"""What PyYAML says, whether the place is where the part begins (else where it is noticed), and what we say."""


def of_yaml(error: yaml.MarkedYAMLError, text: str) -> Slip:
    """What PyYAML objects to."""
    noticed = error.problem_mark or error.context_mark
    told = f"{error.context or ''}: {error.problem or ''}"
    row = next((row for row in KNOWN if re.search(row[0], told)), None)
    begins = row is not None and row[1] and error.context_mark
    mark = error.context_mark if begins else noticed
    at = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if row is None:
        return Slip(at, f"this cannot be read on from here: {error.problem or error.context}", "YAML")
    if "mapping values" in row[0] and (wide := _wide_colon(text, at)):
        return Slip(
            wide, "a full-width colon does not part a key from its value", "an ordinary colon and a blank, `key: value`"
        )
    gaps = {"sign": _sign(text, at), "noticed": _noticed(noticed, text)}
    return Slip(at, row[2].format(**gaps), row[3].format(**gaps))


def of_signs(error: yaml.reader.ReaderError, text: str) -> Slip:
    """A sign that no YAML file may hold."""
    says = f"a control character that no text file holds stands here (U+{ord(text[error.position]):04X})"
    return Slip(_place(text[: error.position]), says, "text alone")


def of_bytes(content: bytes, error: UnicodeDecodeError) -> Slip:
    """A file of another encoding: Chinese Windows saves GBK unless it is told otherwise."""
    named = next((name for code, name in ENCODINGS if _reads(content, code)), "another encoding")
    # What is no UTF-8 as a whole may look like it for a few signs.
    plain = content[: error.start].decode("ascii", "surrogateescape")
    before = re.split("[\udc80-\udcff]", plain)[0]
    return Slip(_place(before), f"the file is not in UTF-8: it looks like {named}", "the file saved as UTF-8")


def of_values(root: Node | None) -> Slip:
    """A date or a number that there is none of; YAML reads what looks like one as one."""
    loader = yaml.SafeLoader("")
    for node in _scalars(root, set()):
        try:
            loader.construct_object(node)
        except ValueError:
            at = (node.start_mark.line + 1, node.start_mark.column + 1)
            return Slip(
                at,
                f"{node.value} looks like a date, a time or a number, and there is none such",
                "a real one, or quotes around it",
            )
    return Slip((1, 1), "a value cannot be read", "YAML")


TOO_DEEP = Slip((1, 1), "brackets stand within brackets, hundreds deep", "a pack")

ENCODINGS = (("utf-16", "UTF-16"), ("gb18030", "GBK (GB 18030)"), ("cp1252", "Windows-1252"))


def _reads(content: bytes, code: str) -> bool:
    if code == "utf-16":
        return content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        content.decode(code)
    except UnicodeDecodeError:
        return False
    return True


def _scalars(node: Node | None, seen: set[int]) -> Iterator[ScalarNode]:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        yield node
        return
    for part in node.value:
        for one in part if isinstance(part, tuple) else (part,):
            yield from _scalars(one, seen)


def _place(before: str) -> Position:
    lines = re.split(r"\r\n|[\n\r]", before)
    return len(lines), len(lines[-1]) + 1


def _line(text: str, line: int) -> str:
    lines = text.splitlines()
    return lines[line - 1] if line <= len(lines) else ""


def _sign(text: str, at: Position) -> str:
    return _line(text, at[0])[at[1] - 1 : at[1]]


def _noticed(mark: yaml.Mark | None, text: str) -> str:
    """Before what a bracket has to be closed, as its author sees it."""
    if mark is None or mark.line >= len(text.splitlines()):
        return "the end of the file"
    return f"line {mark.line + 1}, column {mark.column + 1}"


def _wide_colon(text: str, at: Position) -> Position | None:
    """Where a full-width colon took an ordinary one's place: in this line, or in the one above that goes on in it."""
    for line in (at[0], at[0] - 1):
        column = _line(text, line).find("：") + 1 if line else 0
        if column and (line < at[0] or column < at[1]):
            return line, column
    return None
