"""A tree of sentences before it has a format, and its writer for the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.text import Text

from reports.wrapping import fold


class Role(StrEnum):
    """What a line of a tree is, which decides how it looks."""

    CONCLUSION = "conclusion"
    ENTRY = "entry"
    SOURCE = "source"
    EVENT = "event"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Node:
    """One line of a tree and what stands below it."""

    words: str
    role: Role = Role.NOTE
    children: tuple[Node, ...] = ()


def node_json(node: Node) -> dict[str, Any]:
    """Return a line and what stands below it as plain values."""
    found: dict[str, Any] = {"words": node.words, "role": node.role.value}
    return found | ({"children": [node_json(child) for child in node.children]} if node.children else {})


_STYLES = {Role.CONCLUSION: "bold", Role.ENTRY: "", Role.SOURCE: "italic", Role.EVENT: "cyan", Role.NOTE: "dim"}


def write_tree(root: Node, to: Console) -> None:
    """Write a tree with its branches drawn, folded to the width of the terminal."""
    to.print(Text(root.words, style="bold"))
    _write(root.children, "", to)


def _write(nodes: tuple[Node, ...], stem: str, to: Console) -> None:
    for place, node in enumerate(nodes):
        last = place == len(nodes) - 1
        branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        going_on = below + ("│  " if node.children else "   ")
        for number, line in enumerate(fold(node.words, max(to.width - len(stem) - 6, 20))):
            lead = branch if number == 0 else going_on
            to.print(Text.assemble((stem + lead, "dim"), (line, _STYLES[node.role])))
        _write(node.children, stem + below, to)
