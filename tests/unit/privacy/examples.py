"""The rows of docs/privacy-examples.md: texts that are masked, with the result, and texts that stay."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "privacy-examples.md"


def rows(part: str) -> list[tuple[str, ...]]:
    """The rows of all tables of a part of the page, each cell as text."""
    section = PAGE.read_text("utf-8").split(f"\n## {part}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    cells = [tuple(cell.strip() for cell in line.strip("| ").split(" | ")) for line in lines]
    return [tuple(map(_written, row)) for row in cells if row[0] not in ("as written", "text") and "---" not in row[0]]


def _written(cell: str) -> str:
    """A cell as text: what cannot be seen or would end the cell is written as an escape."""
    return re.sub(r"\\u([0-9a-f]{4})|\\n", lambda m: chr(int(m[1], 16)) if m[1] else "\n", cell)


MASKED = rows("Masked")
KEPT = [text for (text,) in rows("Kept")]
