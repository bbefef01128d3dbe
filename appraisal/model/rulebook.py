"""What every published document has as data, whatever its family: identity, dates, source, readings, passages.

Rulebook ── id, family, validity, source, subjects, readings, passages
├── Scorecard       departments, items, clauses, limits, ranks (`scorecard.py`)
└── …               a file for each further family (`families.py` lists them)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.spec import Flag, Id, Spec

LineRange = Annotated[str, Field(pattern=r"^\d+(-\d+)?$")]


class Source(Spec):
    """The document behind the rulebook, a text file beside it."""

    file: str
    title: str
    publisher: str = ""


class Subject(Spec):
    """Who is scored."""

    id: Id
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()

    @classmethod
    def named(cls, name: str) -> Subject:
        """Return a subject of an open roster, which has nothing but its name."""
        return cls.model_construct(id=name, name=name)


class Patch(Spec):
    """A change of parameters of named parts; null takes a parameter away."""

    clauses: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()
    parts: tuple[str, ...] = Field(default=(), description="ids of any other parts: questions, gates, criteria")
    set: dict[str, Any]


class Alternative(Spec):
    """Another way to read it: a named patch."""

    id: Id
    text: str
    patch: tuple[Patch, ...] = Field(min_length=1)


class Reading(Spec):
    """How an unclear place of the document is read, why, and how else it could be.

    `use` names the alternative in force; `stated` is what the rulebook's own text says.
    """

    id: Id
    of: tuple[str, ...] = Field(
        min_length=1, description="ids of the clauses, items or limits concerned; * for the whole"
    )
    question: str
    stated: str = Field(description="the reading that the rulebook's own parameters give")
    why: str
    use: str = "stated"
    alternatives: tuple[Alternative, ...] = ()


class Passage(Spec):
    """A part of the source that no clause, item or department encodes: informational, or a gap with its reason."""

    lines: LineRange
    text: str = Field(default="", description="verbatim; empty: the lines whole")
    each: Flag = Field(default=False, description="every place of the text on these lines, such as the boxes of a form")
    kind: Literal["informational", "gap"] = Field(alias="as")
    reason: str = Field(min_length=1)

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """Words of the document that a part of the rulebook encodes: `where` is the part's path inside the rulebook.

    `rest` are its further pieces, each with its line, where a page break of a table has torn it. `within` names the
    sentence whose words hold these too, so that the source is not claimed twice.
    """

    id: str
    text: str
    line: int
    where: tuple[str | int, ...] = ()
    rest: tuple[tuple[str, int], ...] = ()
    within: str = ""

    @property
    def whole(self) -> str:
        """The words in one piece."""
        return "".join((self.text, *(text for text, _ in self.rest)))


class Rulebook(Spec):
    """The head of every rulebook; a family's own type adds what it judges by."""

    format: Annotated[Literal[1], BeforeValidator(lambda raw: int(raw) if raw == "1" else raw)]
    id: Id
    family: str
    name: str
    valid_from: date
    valid_to: date
    source: Source
    subject_noun: str = "单位"
    subjects: tuple[Subject, ...] = Field(
        default=(), description="who is scored; empty: an open roster, whoever the events are about"
    )
    readings: tuple[Reading, ...] = ()
    passages: tuple[Passage, ...] = ()
    superseded: str = Field(default="", description="which document has replaced it, where one has")
    remark: str = ""

    def default_span(self) -> Span:
        """Return the year that a standing is asked for when nothing is said."""
        return Span.whole(self.valid_from.year)

    def usual_span(self, events: Iterable[Event]) -> Span:
        """Return what is asked for when nothing is said and these events are at hand.

        That is the rulebook's own span; where its roster is open and all events lie outside, the year of the last.
        """
        own = self.default_span()
        years = {event.when.year for event in events}
        if self.subjects or not years or own.year in years:
            return own
        return Span.whole(max(years))

    def sentences(self) -> Iterator[Sentence]:
        """Yield everything that an explanation can cite, in the order of the document."""
        raise NotImplementedError  # pragma: no cover

    def parts(self) -> Iterator[str]:
        """Yield the ids of the parts that a person can ask to see or have explained."""
        for sentence in self.sentences():
            yield sentence.id

    def explained(self) -> Iterator[str]:
        """Yield the ids of what an explanation can be asked for: items, groups of verdicts, parts."""
        yield from self.parts()

    def judges(self, event: Event) -> bool:
        """Say whether the event says something that is judged; one that does not only counters or awaits a rule."""
        return bool(event.clause or event.kind)

    def needs_confirmation(self, event: Event) -> bool:
        """Say whether the event counts only once it is confirmed."""
        del event
        return False

    def once(self, event: Event) -> tuple[str, ...] | None:
        """Return the key under which only one event may count; None where several may stand."""
        del event
        return None
