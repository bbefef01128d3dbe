"""What programs say with a deed: the line they saw last, why, and what the deed asks for besides."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.web.v1.shapes import FILE, Files, Short, Text, asked_as
from api.web.views.deeds import Deed
from appraisal.model.steps import Step

On = Annotated[str, Field(min_length=1, max_length=200, description="the line that was seen last: `last` of its page")]
Why = Annotated[str, Field(min_length=1, max_length=4000)]
SEEN = "e-1f0c2d3e4a5b6c7d8e9f"


class Act(BaseModel):
    """A step that needs no reason."""

    on: On
    reason: Text = ""
    files: Files = []

    model_config = asked_as({"on": SEEN})

    def told(self) -> dict[str, str]:
        """Return what is told as the form of its page tells it."""
        given = self.model_dump(exclude={"files"}, mode="json", exclude_none=True)
        return {name: str(value) for name, value in given.items() if value != ""}


class Reasoned(Act):
    """A step with its reason."""

    reason: Why

    model_config = asked_as({"on": SEEN, "reason": "示例：登记有误"})


class Filed(Reasoned):
    """A step with its reason and files."""

    model_config = asked_as({"on": SEEN, "reason": "示例：当天已按要求完成，附照片", "files": [FILE]})


class Attached(Act):
    """Files that are added to an entry."""

    files: Annotated[Files, Field(min_length=1)]

    model_config = asked_as({"on": SEEN, "files": [FILE]})


class Put(Act):
    """What stands in the place of an entry: the columns that are another, as text."""

    subject: Short | None = None
    date: Short | None = None
    period: Short | None = None
    level: Short | None = None
    part: Short | None = None
    value: Short | None = None
    benchmark: Short | None = None
    count: Short | None = None
    matter: Short | None = None
    note: Text | None = None

    model_config = asked_as({"on": SEEN, "note": "示例：补充了材料", "files": [FILE]})


class Corrected(Put):
    """A correction: what stands in the place of an entry, and why."""

    reason: Why

    model_config = asked_as({"on": SEEN, "reason": "示例：日期写错", "date": "2020-12-29"})


class Ruled(Put):
    """A ruling on an appeal; with `adjusted` the columns that are another."""

    reason: Why
    outcome: Literal["upheld", "adjusted", "withdrawn"]

    model_config = asked_as({"on": SEEN, "outcome": "withdrawn", "reason": "示例：申诉理由成立"})


class Decided(Act):
    """The record that an entry rests on: which body decided, on which day, under which number, in which files."""

    body: Annotated[str, Field(min_length=1, max_length=200)]
    decided_on: date
    number: Annotated[str, Field(min_length=1, max_length=200)]
    files: Annotated[Files, Field(min_length=1)]

    model_config = asked_as(
        {"on": SEEN, "body": "示例党工委", "decided_on": "2020-12-31", "number": "示例〔2020〕12号", "files": [FILE]}
    )


def shape_of(deed: Deed) -> type[Act]:
    """Return what a deed asks for."""
    if deed.record:
        return Decided
    if deed.moves == "rule":
        return Ruled
    if deed.cells:
        return Corrected if deed.reason_needed else Put
    if deed.files:
        return Filed if deed.reason_needed else Attached
    return Reasoned if deed.reason_needed else Act


# Periods

MOVES = Literal[Step.CUT_OFF, Step.DRAFTED, Step.DISPLAYED, Step.RECHECKED, Step.CLOSED, Step.ARCHIVED]


class Moving(BaseModel):
    """A move to the next stage."""

    step: MOVES
    on: On
    reason: Text = ""

    model_config = asked_as({"step": "cut_off", "on": "@houjiatang-2020/2020-12"})


class Publishing(BaseModel):
    """Who signs, and the document number."""

    on: On
    signer: Annotated[str, Field(min_length=1, max_length=200)]
    number: Annotated[str, Field(min_length=1, max_length=200)]

    model_config = asked_as({"on": "closed-1f0c2d3e4a5b", "signer": "示例签发人", "number": "示例〔2021〕1号"})


class Reopening(BaseModel):
    """Why a period is opened again."""

    on: On
    reason: Why

    model_config = asked_as({"on": "published-1f0c2d3e4a5b", "reason": "示例：漏登一条"})


class ReportIn(BaseModel):
    """What a department reports of its month; `on` is the line of its last report, if there is one."""

    department: Short
    entries: Annotated[int, Field(ge=0, le=1_000_000)]
    on: Short = ""

    model_config = asked_as({"department": "城市管理办", "entries": 0})


class Stay(BaseModel):
    """Which department may enter late, until which day, and why."""

    department: Short
    until: date
    reason: Why

    model_config = asked_as({"department": "城市管理办", "until": "2021-01-15", "reason": "示例：通报晚到"})


class Reason(BaseModel):
    """Why."""

    reason: Text = ""

    model_config = asked_as({"reason": "示例：已补登"})
