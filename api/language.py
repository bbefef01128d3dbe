"""Which language a run of the program speaks: `--lang` anywhere on the line, else APPRAISAL_LANG, else Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar

from appraisal.errors import Lang, text

_LANGS: dict[str, Lang] = {"zh": "zh", "en": "en"}
_chosen: ContextVar[Lang] = ContextVar("lang", default="zh")


def lang() -> Lang:
    """Return the language of this run."""
    return _chosen.get()


def say(code: str, **args: str) -> str:
    """Return the message of this code in the language of this run."""
    return text(code, _chosen.get(), **args)


def choose(argv: Sequence[str], environ: Mapping[str, str]) -> tuple[list[str], str | None]:
    """Take `--lang` out of the arguments and set the language; also return a word given that is no language."""
    rest: list[str] = []
    wanted = environ.get("APPRAISAL_LANG", "")
    words = iter(argv)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--lang":
            wanted = next(words, "?")
        elif word.startswith("--lang="):
            wanted = word.removeprefix("--lang=")
        else:
            rest.append(word)
    _chosen.set(_LANGS.get(wanted, "zh"))
    return rest, wanted if wanted and wanted not in _LANGS else None
