"""Text folded to a width in terminal cells as Chinese is set: no number split, no line that begins with a full stop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, chop_cells

_CLOSING = re.escape("，。；：、！？）】》”’％")
_OPENING = re.escape("（【《“‘")
_PIECE = re.compile(rf"[{_OPENING}]*(?:[!-~]+|.)[{_CLOSING}]*[ ]*")


def fold(text: str, width: int) -> list[str]:
    """Return the lines of a text, none wider than the width."""
    return [line for paragraph in text.split("\n") for line in _fold(paragraph, width)]


def _fold(text: str, width: int) -> Iterator[str]:
    if cell_len(text) <= width:
        yield text
        return
    indent = text[: len(text) - len(text.lstrip(" "))]
    line = indent
    for piece in _PIECE.findall(text[len(indent) :]):
        if cell_len(line) + cell_len(piece.rstrip(" ")) <= width:
            line += piece
            continue
        if line.strip(" "):
            yield line.rstrip(" ")
        *whole, line = chop_cells(piece, width) or [""]
        yield from whole
    if line.strip(" "):
        yield line.rstrip(" ")


def shares(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Return how wide each column gets: its natural width where that fits, the widest ones cut down alike otherwise."""
    given = list(natural)
    while sum(given) > room:
        loose = [i for i, n in enumerate(given) if n > least[i]]
        if not loose:
            break
        widest = max(given[i] for i in loose)
        at_widest = [i for i in loose if given[i] == widest]
        next_down = max([given[i] for i in loose if given[i] < widest] + [max(least[i] for i in at_widest)])
        over = sum(given) - room
        step = max(1, min(widest - next_down, -(-over // len(at_widest))))
        for i in at_widest:
            given[i] = max(least[i], given[i] - step)
    return given
