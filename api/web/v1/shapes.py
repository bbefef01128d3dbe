"""What the API takes and gives beside the view models of pages: pages of a list, problems, a posted event."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.web.views.events import EventRow
from api.web.views.model import View
from api.web.views.periods import PeriodBrief
from api.web.views.queues import Waiting
from api.web.views.rulebook import AdoptionView

EVENT: dict[str, Any] = {
    "id": "e-1f0c2d3e4a5b",
    "position": 2128,
    "date": "2020-12-30",
    "period": "2020-12",
    "subject": "ziyuan",
    "subject_name": "梓园社区",
    "department": "城市管理办",
    "clause": "CG-A1",
    "clause_text": "1、未按要求完成街道安排的日常性工作任务，每次扣0.2分；",
    "level": "",
    "note": "示例：日常任务未按要求完成",
    "state": "counts",
    "points": "-0.2",
    "counted": "-0.2",
}


class Events(View):
    """A page of events, the latest first; `next` is the cursor of the following page, empty at the end."""

    items: tuple[EventRow, ...]
    next: str
    total: int

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"items": [EVENT], "next": "2078", "total": 173}]},
    )


class Waitings(View):
    """A page of a queue, the latest entry first; `next` is the cursor of the following page, empty at the end."""

    items: tuple[Waiting, ...]
    next: str
    total: int


class Rulebooks(View):
    """A page of adopted rulebooks, the latest first."""

    items: tuple[AdoptionView, ...]
    next: str
    total: int


class Periods(View):
    """The months of a year and the year itself, with the stage of each."""

    rulebook: str
    items: tuple[PeriodBrief, ...]
    next: str
    total: int


class Fault(BaseModel):
    """One of several faults."""

    code: str
    place: str = ""
    what: str
    remedy: str = ""


class Problem(BaseModel):
    """Why a request was not accepted (RFC 9457); `code` has a page in docs/findings."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[Fault] = []

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:appraisal:O001",
                    "title": "您没有这项权限：登记（城市管理办）。",
                    "status": 403,
                    "code": "O001",
                }
            ]
        }
    )


ROW = {"date": "2020-12-30", "subject": "梓园社区", "clause": "CG-A1", "note": "示例：日常任务未按要求完成"}
CLAIM = {"date": "2020-12-28", "subject": "麻园湾社区", "clause": "DJ-JF1", "note": "示例：获得表彰"}
FILE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def asked_as(example: dict[str, Any]) -> ConfigDict:
    """Return the settings of what a request brings: no unknown names, and an example."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


def answered_as(example: dict[str, Any]) -> ConfigDict:
    """Return the settings of what an answer holds."""
    return ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [example]})


Text = Annotated[str, Field(max_length=4000)]
Short = Annotated[str, Field(max_length=200)]
Files = Annotated[
    list[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]],
    Field(max_length=20, description="hashes of files that were handed in as evidence"),
]
MOST_EVENTS = 1000
"""Events of one batch."""


class Row(BaseModel):
    """An event: the columns of an event table, all as text; what the clause does not know is refused."""

    date: Short = ""
    period: Short = ""
    subject: Short
    clause: Short
    count: Short = ""
    level: Short = ""
    value: Short = ""
    benchmark: Short = ""
    part: Short = ""
    matter: Short = ""
    note: Text = ""

    model_config = asked_as(ROW)

    def cells(self) -> dict[str, str]:
        """Return what was given by the names of columns."""
        told = self.model_dump(exclude={"rulebook", "not_duplicate", "files"})
        return {name: value for name, value in told.items() if value}


class Entry(Row):
    """An event to log under a rulebook, with the hashes of its files."""

    rulebook: Short
    files: Files = []
    not_duplicate: Annotated[Text, Field(description="why it is none of the entries that it resembles")] = ""

    model_config = asked_as({"rulebook": "houjiatang-2020", **ROW})


class Application(Row):
    """An application for bonus points, with the hashes of its files."""

    rulebook: Short
    files: Files = []

    model_config = asked_as({"rulebook": "houjiatang-2020", **CLAIM})


class Logged(View):
    """An event as it was logged: its place in the log, and the line to name when acting on it."""

    id: str
    position: int
    rulebook: str
    last: str

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"id": EVENT["id"], "position": 2128, "rulebook": "houjiatang-2020", "last": EVENT["id"]},
            ]
        },
    )


class Batch(BaseModel):
    """Events to log together, one to a thousand: all of them, or none."""

    rulebook: Short
    events: Annotated[list[Row], Field(min_length=1, max_length=MOST_EVENTS)]
    not_duplicate: Annotated[Text, Field(description="why none of them is an entry that it resembles")] = ""

    model_config = asked_as({"rulebook": "houjiatang-2020", "events": [ROW, {**ROW, "subject": "活力社区"}]})


class BatchedEvent(View):
    """An event of a batch and its place in the log."""

    id: str
    position: int


class Batched(View):
    """The events of a batch in their order, as they were logged."""

    rulebook: str
    events: tuple[BatchedEvent, ...]

    model_config = answered_as(
        {"rulebook": "houjiatang-2020", "events": [{"id": "e-1f0c2d3e4a5b6c7d8e9f-1", "position": 2128}]}
    )


class Evidence(View):
    """A file that was handed in: the hash that names it, its media type, its size in bytes."""

    sha256: str
    type: str
    size: int

    model_config = answered_as({"sha256": FILE, "type": "image/png", "size": 48211})


class TakenIn(View):
    """What became of rows handed in: how many are new, and how many were there already."""

    rulebook: str
    appended: int
    there: int

    model_config = answered_as({"rulebook": "houjiatang-2020", "appended": 12, "there": 0})


class Rows(BaseModel):
    """Rows by the names of their columns, English or Chinese."""

    rows: Annotated[list[dict[Short, Text]], Field(min_length=1, max_length=5000)]

    model_config = asked_as({"rows": [{"subject": "示例纺织有限公司", "question": "Q1", "answer": "2"}]})


class Me(View):
    """Whose token it is, at which office, and what it may do there."""

    account: str
    name: str
    office: str
    roles: tuple[str, ...]
    actions: tuple[str, ...]

    model_config = answered_as(
        {
            "account": "u1f0c2d3e4a5b",
            "name": "示例登记员",
            "office": "houjiatang",
            "roles": ["officer"],
            "actions": ["read_rankings", "log"],
        }
    )
