"""A file that is no YAML is refused in the author's words: place, fault and expectation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from closedloop import policies
from tests.unit.schemas.packs import run

UNCLOSED = "the list that begins here with [ is not closed"
A_COLON = "a colon where none can stand"
BEYOND = "this line stands neither in nor beside what is above it"

SLIPS: dict[str, tuple[str | bytes, str, int, int, str]] = {
    "a list that is not closed": ("a: 1\nb: [x, y\n", UNCLOSED, 2, 4, "a ] before the end of the file"),
    "a list closed by a brace": ("b: {c: [x}\n", UNCLOSED, 1, 8, "a ] before line 1, column 10"),
    "a mapping that is not closed": (
        *("a: {b: c\nd: e\n", "the mapping that begins here with { is not closed", 1, 4),
        "a } before line 2, column 2",
    ),
    "a bracket too many": ("a: [b]]\n", "] closes nothing that is open", 1, 7, "as many ] and } as [ and {"),
    "a tab": ("a:\n\tb: 1\n", "a tab stands before the text", 2, 1, "blanks: YAML takes no tabs there"),
    "two documents": ("a: 1\n---\nb: 2\n", "a second document begins here", 2, 1, "one pack in one file: no line ---"),
    "what follows the end": ("a: 1\n...\nb: 2\n", "something stands behind the end of the pack", 3, 1, "nothing more"),
    "Chinese Windows": (
        *("name: 水务\n".encode("gb18030"), "the file is not in UTF-8: it looks like GBK (GB 18030)", 1, 7),
        "the file saved as UTF-8",
    ),
    "a file from Notepad": (
        *("name: x\n".encode("utf-16"), "the file is not in UTF-8: it looks like UTF-16", 1, 1),
        "the file saved as UTF-8",
    ),
    "two colons": ("name: a: b\n", A_COLON, 1, 8, "one `key: value` a line"),
    "a key too far right": ("name: x\n  centre: y\n", A_COLON, 2, 9, "one `key: value` a line"),
    "a key too far left": ("plans:\n    a: 1\n  b: 2\n", BEYOND, 3, 3, "every key of one mapping below the other"),
    "a list beside keys": ("a: 1\n- b\n", BEYOND, 2, 1, "each entry of one list with its - below the other"),
    "a line without a colon": ("a: 1\ncentre\nb: 2\n", "this line has no colon", 2, 1, "`key: value`"),
    "a full-width colon": (
        *("name：x\ncentre: y\n", "a full-width colon does not part a key from its value", 1, 5),
        "an ordinary colon and a blank",
    ),
    "quotes that are not closed": (
        'a: "x\nb: y\n',
        'the text that begins here with " is not closed',
        1,
        4,
        'another "',
    ),
    "text behind quotes": (
        'a: "x" y\n',
        "something stands behind the end of a text in quotes",
        1,
        8,
        "quotes around the",
    ),
    "an unknown escape": ('a: "\\d"\n', "\\d means nothing in a text in double quotes", 1, 6, "'single quotes'"),
    "a star": (
        "category: [*/leak]\n",
        "* without quotes does not stand for itself",
        1,
        12,
        'begins with this sign: "*…"',
    ),
    "a star and a word": ("category: *leak\n", "* without quotes does not stand for itself", 1, 11, '"*…"'),
    "a sign of YAML's own": ("a: @b\n", "no text without quotes begins with @", 1, 4, '"@…"'),
    "an exclamation mark": ("a: !b c\n", "! without quotes does not stand for itself", 1, 4, '"!…"'),
    "a bar": ("a: |b\n", "| without quotes begins a text of several lines", 1, 4, '"|…"'),
    "a question mark": ("a: ? b\n", "? without quotes does not stand for itself", 1, 4, '"?…"'),
    "a value that is missing": ("a: , b\n", ", stands where a value should", 1, 4, "a value"),
    "an entry in a line": ("a: - b\n", "- begins an entry of a list and cannot stand here", 1, 4, "a line of its own"),
    "a list as a key": (
        "? [a]\n: b\n",
        "a list or a mapping stands where a key should",
        1,
        3,
        "a name before the colon",
    ),
    "an anchor twice": ("a: &x 1\nb: &x 2\n", "the name behind & stands there twice", 2, 4, "each name behind & once"),
    "a merge of no mapping": ("<<: 5\n", "what << brings in is no mapping", 1, 5, "<<: *name"),
    "a day there is not": (
        *("a: 1\nb: 2026-02-30\n", "2026-02-30 looks like a date, a time or a number, and there is none such", 2, 4),
        "quotes around it",
    ),
    "a control character": (
        *("a: b\nc: \x07\n", "a control character that no text file holds stands here (U+0007)", 2, 4),
        "text alone",
    ),
    "nothing but brackets": ("[" * 1_100, "brackets stand within brackets, hundreds deep", 1, 1, "a pack"),
    "a list instead of a pack": (
        "- a\n- b\n",
        "the file holds ['a', 'b'], and that is no pack",
        1,
        1,
        "`key: value` lines",
    ),
    "an empty file": ("", "nothing stands in the file", 1, 1, "`key: value` lines"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_what_is_no_yaml_is_told_with_its_place_and_what_was_expected(tmp_path: Path, slip: str) -> None:
    content, says, line, column, expected = SLIPS[slip]
    file = tmp_path / "mine.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())

    people, programs = run("check", str(file)), run("check", "--json", str(file))

    (found,) = json.loads(programs.output)[0]["findings"]
    assert people.exit_code == programs.exit_code == 1
    assert (found["says"], found["line"], found["column"]) == (says, line, column)
    assert expected in found["expected"] and found["grade"] == "fault" and found["file"] == str(file)
    assert f"  - {says}\n      {file}:{line}:{column}; expected {found['expected']}\n" in people.output
    assert "<unicode string>" not in people.output + programs.output


def test_a_pack_that_is_loaded_and_is_no_yaml_is_refused_with_the_same_words(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("a: 1\nb: [x, y\n")

    with pytest.raises(policies.BadPack) as refused:
        policies.load(file)

    assert refused.value.reasons == (f"{UNCLOSED} mine.yaml:2:4; expected a ] before the end of the file",)


def test_a_pack_with_the_mark_that_windows_puts_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + (policies.HERE / "demo.yaml").read_bytes())

    assert policies.load(file).hash == policies.load("demo").hash
