"""The source document as a stream of printed characters: white space is layout and never tells two texts apart."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def printed(text: str) -> str:
    """Return a text without its white space and invisible marks."""
    return "".join(char for char in text if _is_printed(char))


def _is_printed(char: str) -> bool:
    return not char.isspace() and char not in "\ufeff\u200b\u00ad"


@dataclass(frozen=True)
class SourceText:
    """All printed characters of a document, and the line and column of each (counted from 1)."""

    chars: str
    lines: tuple[int, ...]
    columns: tuple[int, ...]
    line_count: int

    @classmethod
    def of(cls, text: str) -> SourceText:
        """Take a text apart."""
        found = [
            (char, number, column)
            for number, line in enumerate(_BREAK.split(text), start=1)
            for column, char in enumerate(line, start=1)
            if _is_printed(char)
        ]
        return cls(
            chars="".join(char for char, _, _ in found),
            lines=tuple(number for _, number, _ in found),
            columns=tuple(column for _, _, column in found),
            line_count=len(_BREAK.split(text)),
        )

    def span(self, first: int, last: int | None = None) -> range:
        """Return the positions of the characters of these lines, both included."""
        return range(bisect_left(self.lines, first), bisect_left(self.lines, (last or first) + 1))

    def line(self, number: int) -> str:
        """Return the printed characters of one line."""
        span = self.span(number)
        return self.chars[span.start : span.stop]

    def find(self, sentence: str, line: int) -> list[range]:
        """Return where a sentence begins on this line, every occurrence; it may run on into further lines."""
        wanted, span = printed(sentence), self.span(line)
        if not wanted:
            return []
        found, at = [], self.chars.find(wanted, span.start)
        while at != -1 and at < span.stop:
            found.append(range(at, at + len(wanted)))
            at = self.chars.find(wanted, at + 1)
        return found

    def lines_with(self, sentence: str) -> list[int]:
        """Return the lines on which a sentence begins."""
        wanted, at, found = printed(sentence), -1, []
        while wanted and (at := self.chars.find(wanted, at + 1)) != -1:
            found.append(self.lines[at])
        return found


def bounds(lines: str) -> tuple[int, int]:
    """Read `12` or `12-15` as a first and a last line."""
    first, _, last = lines.partition("-")
    return int(first), int(last or first)
