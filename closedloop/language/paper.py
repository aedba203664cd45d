"""The console for everything that people read. It prints text as it is: no markup, no emoji codes."""

from __future__ import annotations

from string import Formatter
from typing import IO, Any

from rich.console import Console
from rich.text import Text

PIPE_COLUMNS = 120
"""A pipe has no width of its own: wide enough for a table."""

SHOWN = {n: f"\\x{n:02x}" for n in (*range(0x20), *range(0x7F, 0xA0)) if n not in (0x09, 0x0A)}
"""Control characters would move the cursor or colour what follows: they are written out."""


class Paper(Console):
    """A console for text from anywhere. What is to stand out is a `styled` text and never markup within a text."""

    def __init__(
        self,
        *,
        columns: int = PIPE_COLUMNS,
        file: IO[str] | None = None,
        stderr: bool = False,
        soft_wrap: bool = False,
        quiet: bool = False,
    ) -> None:
        plain = {"markup": False, "emoji": False, "highlight": False}
        super().__init__(file=file, stderr=stderr, soft_wrap=soft_wrap, quiet=quiet, **plain)  # type: ignore[arg-type]
        if not self.is_terminal:
            self.width = columns

    def render_str(self, text: str, **options: Any) -> Text:
        """Every text that is printed, and every text in a table, becomes signs on paper here."""
        plain = {"markup": False, "emoji": False, "highlight": False}
        return super().render_str(shown(text), **{**options, **plain})


def shown(text: str) -> str:
    """A text with its control characters written out, except tabs and line breaks."""
    return text.translate(SHOWN)


def styled(text: object, style: str) -> Text:
    """A text that stands out."""
    return Text(shown(str(text)), style)


def filled(template: str, /, **values: object) -> Text:
    """A template with its gaps filled, as `str.format` does, where what fills a gap may be styled."""
    parts = list[Text]()
    for before, gap, form, _ in Formatter().parse(template):
        parts.append(Text(before))
        if gap is not None:
            value = values[gap]
            parts.append(value if isinstance(value, Text) else Text(shown(format(value, form or ""))))
    return Text.assemble(*parts)


def say(line: str, err: bool = False) -> None:
    """One line for people on stdout, else on stderr; it is never wrapped."""
    Paper(stderr=err, soft_wrap=True).print(line)
