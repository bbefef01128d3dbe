"""The application forms of a selection, and the summary with which a city recommends: the layout of 附件2 and 附件3.

Form ── title, for which options of the field that chooses it
└── Section ── title, hint, what its conditions ask
    ├── Entry ── a field, its label, rows to fill in
    └── columns, rows ── a table to fill in that no condition reads
Minimum ── how much of something a form wants written up at least
Summary ── the lists of the recommended, in the city's order
"""

from __future__ import annotations

from pydantic import ConfigDict, Field

from appraisal.model.exact import Exact
from appraisal.model.fields import Whole
from appraisal.model.rulebook import LineRange
from appraisal.model.spec import Flag, Id, Spec


class Entry(Spec):
    """A field in a form: how the form calls it, where it stands there, and how many rows it has."""

    field: Id
    label: str = Field(min_length=1)
    lines: LineRange | None = Field(default=None, description="where the form asks for it, if it does")
    slots: Whole = Field(default=1, ge=1, description="rows for a field that takes several options")


class Section(Spec):
    """A part of a form."""

    title: str = Field(min_length=1)
    lines: LineRange | None = None
    hint: str = Field(default="", description="what the form says is to be filled in")
    narrative: Flag = Field(default=False, description="true: a text is to be written")
    pledge: Flag = Field(default=False, description="true: the unit pledges its hint under seal")
    asks: tuple[Id, ...] = Field(default=(), description="ids of conditions whose fields stand here too")
    columns: tuple[str, ...] = Field(default=(), description="a table to fill in")
    rows: Whole = Field(default=0, ge=0)
    entries: tuple[Entry, ...] = ()


class Form(Spec):
    """An application form."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    scope: str = ""
    lines: LineRange | None = None
    options: tuple[str, ...] = Field(
        min_length=1, description="ids of the options, of the field that chooses, it is for"
    )
    sections: tuple[Section, ...] = Field(min_length=1)


class Minimum(Spec):
    """How much of something an application must write up at least; no condition, but reported."""

    id: Id
    field: Id
    least: Exact
    options: tuple[str, ...] = Field(min_length=1, alias="for", description="ids of the options that it is for")
    text: str = Field(min_length=1)
    line: int = Field(ge=1)
    beside: str = Field(default="", description="the condition that asks another number of the same")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Column(Spec):
    """A column of the summary, filled from a field."""

    title: str = Field(min_length=1)
    field: Id


class ListOf(Spec):
    """One list of the summary: the units that took a route."""

    title: str = Field(min_length=1)
    route: Id
    head: LineRange | None = None


class Rule(Spec):
    """A sentence of the document that is no condition, and its line."""

    line: int = Field(ge=1)
    text: str = Field(min_length=1)


class Summary(Spec):
    """The summary of the recommended; `from` holds {city}, `priority` is the field of the city's order."""

    title: str = Field(min_length=1)
    head: LineRange | None = None
    sender: str = Field(default="", alias="from")
    priority: Id
    rule: Rule | None = Field(default=None, description="the sentence that demands it")
    columns: tuple[Column, ...] = Field(min_length=1)
    lists: tuple[ListOf, ...] = Field(min_length=1)

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
