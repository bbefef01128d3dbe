"""What every view model is: frozen, without unknown names, points exact and written as decimal text."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from appraisal.model.standing import Assessment


class View(BaseModel):
    """A part of a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Receipt(View):
    """What a result came from: the same receipt gives the same standings."""

    rulebook: str
    rulebook_hash: str
    engine: str
    period: str
    input_hash: str
    position: int
    day: str

    @classmethod
    def of(cls, assessment: Assessment, position: int) -> Receipt:
        """Return the receipt of an assessment made at a position of the log."""
        return cls(
            rulebook=assessment.rulebook,
            rulebook_hash=assessment.rulebook_hash,
            engine=assessment.engine,
            period=str(assessment.span),
            input_hash=assessment.input_hash,
            position=position,
            day=assessment.day.isoformat() if assessment.day else "",
        )
