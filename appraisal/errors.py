"""What is wrong in a user's file or request, where, and what would be right; the exceptions that carry it.

AppraisalError
├── RefusedError      input that was understood and refused; carries every finding at once
└── InternalError     a law of the product was broken; never the user's fault
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

Lang = Literal["zh", "en"]

_MESSAGES = Path(__file__).parent / "messages"


class AppraisalError(Exception):
    """The root of what this product raises on purpose."""


class InternalError(AppraisalError):
    """A law of the product was broken; a defect, never the user's fault."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in a user's file: line and column count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`file:line:column` without the parts that are unknown."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing wrong in a user's file: a code, a place, what is wrong, and what would be right."""

    code: str
    place: Place | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    excerpt: str = ""
    severity: Literal["error", "warning"] = "error"
    also: tuple[Place, ...] = ()

    def what(self, lang: Lang = "zh") -> str:
        """Return what is wrong, in the language asked for."""
        return text(self.code, lang, **self.args)

    def remedy(self, lang: Lang = "zh") -> str:
        """Return what would be right, in the language asked for; may be empty."""
        return text(self.code, lang, _section="remedy", **self.args)

    def render(self, lang: Lang = "zh") -> str:
        """Return `place  code  what`, then the excerpt, then the remedy, one under the other."""
        head = f"{self.place or '-'}  {self.code}  {self.what(lang)}"
        also = [f"  → {place}" for place in self.also]
        lines = [head, *also, *self.excerpt.splitlines(), *filter(None, [self.remedy(lang)])]
        return "\n".join([lines[0], *(f"  {line.removeprefix('  ')}" for line in lines[1:])])

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        """Order of report: by file, line, column, code."""
        place = self.place or Place(file="")
        return (place.file, place.line, place.column, self.code)


class RefusedError(AppraisalError):
    """Input that was understood and refused; carries every finding, in order of place."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda f: f.sort_key))
        super().__init__("\n".join(f.render("en") for f in self.findings))


@cache
def messages() -> Mapping[str, Mapping[str, str]]:
    """Return every message of the product by code: `zh`, `en`, and optionally `zh_remedy`, `en_remedy`."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(_MESSAGES.glob("*.toml")):
        for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in found:
                raise InternalError(f"message {code} is written twice")
            found[code] = entry
    return found


def text(code: str, lang: Lang = "zh", *, _section: str = "", **args: str) -> str:
    """Return the message of this code in this language with its arguments filled in; an unknown code is a defect.

    An argument `@S035` stands for another message, filled in with the same arguments; `@` alone for nothing; several
    (`@role_group @role_leader`) for a list of them.
    """
    entry = messages().get(code)
    if entry is None:
        raise InternalError(f"no message {code}")
    template = entry.get(f"{lang}_{_section}" if _section else lang, "")
    nested = {name: _nested(value, lang, {**args, name: ""}) for name, value in args.items() if value.startswith("@")}
    return template.format_map({**args, **nested})


def _nested(value: str, lang: Lang, args: Mapping[str, str]) -> str:
    codes = [word[1:] for word in value.split() if word.startswith("@")]
    if value == "@":
        return ""
    if len(codes) != len(value.split()) or not all(code in messages() for code in codes):
        return value
    return ("、" if lang == "zh" else ", ").join(text(code, lang, **args) for code in codes)
