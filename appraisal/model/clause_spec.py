"""What every clause has, whatever its method."""

from __future__ import annotations

from pydantic import Field

from appraisal.model.inputs import Inputs
from appraisal.model.periods import Every
from appraisal.model.spec import Flag, Id, Spec


class ClauseSpec(Spec):
    """What every clause has, whatever its method."""

    id: Id
    text: str = Field(min_length=1, description="the sentence of the document, verbatim")
    line: int = Field(ge=1, description="its line in the source text, counted from 1")
    unit: str = Field(default="", description="what is counted: 次, 条, 处")
    frequency: Every = Field(default=Every.ANY, description="how often it is judged; any: as it happens")
    applies_to: tuple[str, ...] = Field(default=(), description="ids of the subjects that it is for; empty: all")
    needs_confirmation: Flag = Field(default=False, description="counts only with status=confirmed")
    decision_needed: Flag = Field(default=False, description="counts only with a decision record; a veto always does")
    evidence_needed: Flag = Field(default=False, description="an entry must come with evidence")
    note_needed: Flag = Field(default=False, description="an event must say why in `note`")
    caution: str = Field(default="", description="a warning that a standing with an entry of this clause carries")
    remark: str = Field(default="", description="about the wording: a typo, a missing mark")
    gap: str = Field(default="", description="what the document leaves open here")
    typos: tuple[str, ...] = Field(default=(), description="misprints kept in the sentence")
    within: str = Field(default="", description="the clause whose sentence holds these words too")

    def inputs(self) -> Inputs:
        """Return which columns of an event this clause knows."""
        raise NotImplementedError  # pragma: no cover

    def for_now(self, word: str) -> bool:
        """Say whether an event with this word in `level` counts only until its outcome is known."""
        del word
        return False

    @property
    def required(self) -> bool:
        """Whether a due period without an input makes the clause pending."""
        return False
