"""What documents are made from: a result, what it rests on, and how far it is official."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from appraisal.errors import Finding, Lang, RefusedError, text
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.standing import Assessment, Standing
from reports.bundle.code import Seal


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """How far a document is official: a draft, or final with its number, its signer and its date.

    `office` issues it; `to` is whom it goes to; `seal` is that of the bundle of the same result.
    """

    final: bool = False
    office: str = ""
    number: str = ""
    signer: str = ""
    date: date | None = None
    to: str = ""
    copies: str = ""
    seal: Seal | None = None

    def checked(self) -> Imprint:
        """Return itself; RefusedError P010 where a final document lacks what makes it one, all of it at once."""
        lacking = [name for name in ("office", "number", "signer", "date") if not getattr(self, name)]
        if self.final and lacking:
            raise RefusedError([Finding(code="P010", args={"field": f"@imprint_{name}"}) for name in lacking])
        return self

    def mark(self, lang: Lang) -> str:
        """Return what is written across the pages: nothing on a final document."""
        return "" if self.final else text("draft", lang)

    @property
    def code(self) -> str:
        """The verification code, where there is a bundle to verify."""
        return self.seal.code if self.seal else ""

    def state(self, lang: Lang) -> str:
        """Return the word for its state."""
        return text("final" if self.final else "draft", lang)


@dataclass(frozen=True, kw_only=True)
class Material:
    """One result and all that a document says of it; `before` is the period before, `stages` are the months so far.

    `without` is the same result without the step that a notice is about; `ranked`: whether ranks may be told.
    """

    edition: Edition
    assessment: Assessment
    events: Mapping[str, Event]
    lang: Lang
    imprint: Imprint = Imprint()
    before: Assessment | None = None
    stages: tuple[Assessment, ...] = ()
    without: Assessment | None = None
    ranked: bool = True

    def say(self, code: str, **args: str) -> str:
        """Return a message in the language of the document."""
        return text(code, self.lang, **args)

    def standing(self, subject: str) -> Standing:
        """Return the standing of a subject of this result, by its id."""
        return next(s for s in self.assessment.standings if s.subject == subject)

    def displayed(self, hidden: Collection[str]) -> Material:
        """Return what may be told to who may not read the ranking of these spans yet: nothing of others in them."""
        shown = str(self.assessment.span) not in hidden
        earlier = self.before if self.before and shown and str(self.before.span) not in hidden else None
        stages = tuple(stage for stage in self.stages if str(stage.span) not in hidden)
        return replace(self, ranked=shown, before=earlier, stages=stages)

    def rank_before(self, subject: str) -> int | None:
        """Return the rank that a subject had in the period before, where there was one."""
        found: Iterator[Standing] = iter(self.before.standings if self.before else ())
        return next((s.rank for s in found if s.subject == subject), None)


def day_words(day: date, lang: Lang) -> str:
    """Return a day as letters write it: 2020年12月31日."""
    digits = "02d" if lang == "en" else "d"
    return text("day_words", lang, year=str(day.year), month=f"{day.month:{digits}}", day=f"{day.day:{digits}}")
