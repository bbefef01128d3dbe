"""What the API takes and gives beside the view models of pages: pages of a list, problems, a posted event."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.web.views.events import EventRow
from api.web.views.model import View

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


Text = Annotated[str, Field(max_length=4000)]
Short = Annotated[str, Field(max_length=200)]


class Entry(BaseModel):
    """An event to log: the columns of an event table, all as text; what the clause does not know is refused."""

    rulebook: Short
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
    not_duplicate: Annotated[Text, Field(description="why it is none of the entries that it resembles")] = ""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "rulebook": "houjiatang-2020",
                    "date": "2020-12-30",
                    "subject": "梓园社区",
                    "clause": "CG-A1",
                    "note": "示例：日常任务未按要求完成",
                }
            ]
        },
    )

    def cells(self) -> dict[str, str]:
        """Return what was given by the names of columns."""
        told = self.model_dump(exclude={"rulebook", "not_duplicate"})
        return {name: value for name, value in told.items() if value}


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


class Withdrawal(BaseModel):
    """Why an event is withdrawn, and the line that was seen last (`last` of its page)."""

    reason: Annotated[str, Field(min_length=1, max_length=4000)]
    on: Short

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "示例：登记有误", "on": "e-1f0c2d3e4a5b"}]}
    )


class Me(View):
    """Whose token it is, at which office, and what it may do there."""

    account: str
    name: str
    office: str
    roles: tuple[str, ...]
    actions: tuple[str, ...]
