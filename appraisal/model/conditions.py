"""Inference rules as data: which incident falls under which clause, and which events belong together.

Conditions compare one declared fact with constants; all conditions of a rule must hold. Rules of one kind are tried
in the order of the file, special before general, and the first that holds answers.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from appraisal.model.spec import Id, Spec

FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
WholeNumber = Annotated[
    int, BeforeValidator(lambda raw: int(raw) if isinstance(raw, str) and raw.lstrip("-").isdigit() else raw)
]


class FactSpec(Spec):
    """A fact that incidents of a kind carry: a column of the event table (`level`, `part`, `count`, `x_topic` …)."""

    type: Literal["text", "whole"] = "text"
    words: tuple[str, ...] = Field(default=(), description="the words that it may hold; empty: any")
    needed: Literal["true", "false"] = Field(default="false", description="true: an incident without it is refused")
    default: str = Field(default="", description="what an absent fact counts as")
    name: str = Field(default="", description="what people call it")


class Kind(Spec):
    """A kind of raw incident and the facts that it carries."""

    id: FactName
    name: str
    facts: dict[FactName, FactSpec] = Field(default_factory=dict)


class Condition(Spec):
    """One comparison of a fact with constants; exactly one operator is given."""

    fact: FactName
    equals: str | None = Field(default=None, alias="is")
    is_not: str | None = None
    one_of: tuple[str, ...] = ()
    contains: str | None = None
    at_least: WholeNumber | None = None
    at_most: WholeNumber | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Outcome(Spec):
    """The event that a satisfied rule makes of an incident.

    `level` is a word of the clause; `level_from` copies the word of a fact. `count_from` copies a whole number.
    """

    clause: str
    level: str = ""
    level_from: str = ""
    count_from: str = ""
    status: str = ""


class Rule(Spec):
    """If an incident of this kind meets all conditions, it becomes an event under a clause."""

    id: Id
    kind: FactName
    when: tuple[Condition, ...] = ()
    then: Outcome
    why: str = Field(default="", description="for people: what the rule reads out of the document")


class Join(Spec):
    """Which counted events of one subject and one matter belong together; gives a warning, never points.

    `first` and `second` name clauses (empty: any); the two events have different clauses. Pairs that `overlaps`
    already settle are left out.
    """

    id: Id
    warn: str = Field(description="what the warning says, for people")
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()


class Repeat(Spec):
    """An alert at the n-th event of a clause for one subject in one month."""

    id: Id
    warn: str
    clauses: tuple[str, ...]
    times: int = Field(ge=2)


class Inference(Spec):
    """All inference of a rulebook."""

    kinds: tuple[Kind, ...] = ()
    rules: tuple[Rule, ...] = ()
    joins: tuple[Join, ...] = ()
    repeats: tuple[Repeat, ...] = ()
