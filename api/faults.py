"""Wrong usage of a command: exit status 2, as opposed to input that was understood and refused (1)."""

from __future__ import annotations

from collections.abc import Iterable

from appraisal.errors import AppraisalError, Lang, text

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


class UsageFaultError(AppraisalError):
    """The command cannot be understood as it was written: a message code and its arguments."""

    def __init__(self, code: str, **args: str) -> None:
        super().__init__(code)
        self.code = code
        self.args_given = args

    def render(self, lang: Lang) -> str:
        """Return what is wrong and, where there is one, the remedy."""
        what = text(self.code, lang, **self.args_given)
        remedy = text(self.code, lang, _section="remedy", **self.args_given)
        return f"{what}\n  {remedy}" if remedy else what


def nearest(word: str, known: Iterable[str], most: int = 3) -> str:
    """Return the known words that are most like this one; all of them where none is."""
    from difflib import get_close_matches  # noqa: PLC0415  only when something is wrong

    words = list(known)
    return ", ".join(get_close_matches(word, words, n=most, cutoff=0.4) or words)
