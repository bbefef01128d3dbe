"""`appraisal log add`: one event, with an option for each column of the event table."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from api.faults import UsageFaultError
from api.language import say
from api.options import DatabaseOption, OfficeOption, RulebookOption

if TYPE_CHECKING:
    from appraisal.model.edition import Edition


def _option(name: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        f"--{name.replace('_', '-')}", metavar="TEXT", help=say(f"add_{name}")
    )
    return option


Id = Annotated[str, _option("id")]
Date = Annotated[str, _option("date")]
Period = Annotated[str, _option("period")]
Subject = Annotated[str, _option("subject")]
Clause = Annotated[str, _option("clause")]
Kind = Annotated[str, _option("kind")]
Count = Annotated[str, _option("count")]
Level = Annotated[str, _option("level")]
Value = Annotated[str, _option("value")]
Benchmark = Annotated[str, _option("benchmark")]
Part = Annotated[str, _option("part")]
Matter = Annotated[str, _option("matter")]
Status = Annotated[str, _option("status")]
Note = Annotated[str, _option("note")]
Recorded = Annotated[str, _option("recorded")]
Counters = Annotated[str, _option("counters")]
DerivedFrom = Annotated[str, _option("derived_from")]
SourceOf = Annotated[str, _option("source")]
Fact = Annotated[list[str], typer.Option("--x", metavar="x_NAME=TEXT", help=say("add_x"))]


def add(
    *,
    rulebook: RulebookOption = "",
    date: Date,
    subject: Subject = "",
    clause: Clause = "",
    kind: Kind = "",
    count: Count = "",
    level: Level = "",
    value: Value = "",
    benchmark: Benchmark = "",
    part: Part = "",
    matter: Matter = "",
    period: Period = "",
    status: Status = "",
    note: Note = "",
    counters: Counters = "",
    recorded: Recorded = "",
    derived_from: DerivedFrom = "",
    source: SourceOf = "",
    id: Id = "",  # noqa: A002  the column's name
    x: Fact = [],  # noqa: B006  typer copies it
    office: OfficeOption = "",
    db: DatabaseOption = "",
) -> None:
    """Append one event, checked as a row of a file is."""
    row = {
        "id": id or f"e-{uuid4().hex[:12]}", "date": date, "period": period, "subject": subject, "clause": clause,
        "kind": kind, "count": count, "level": level, "value": value, "benchmark": benchmark, "part": part,
        "matter": matter, "status": status, "note": note, "recorded": recorded, "counters": counters,
        "derived_from": derived_from, "source": source,
    }  # fmt: skip
    _append({key: cell for key, cell in {**row, **_free(x)}.items() if cell}, rulebook, office, db)


def _free(words: list[str]) -> dict[str, str]:
    free: dict[str, str] = {}
    for word in words:
        key, _, cell = word.partition("=")
        if not key.startswith("x_") or not cell:
            raise UsageFaultError("C042", word=word)
        free[key] = cell
    return free


def _as_family(row: dict[str, str], edition: Edition) -> dict[str, str]:
    """Return a row under the family's own columns: its clause is a field or a question, its value an answer."""
    from appraisal.reading.desks import desk_of  # noqa: PLC0415

    make = desk_of(edition.rulebook).rows
    if make is None:
        return row
    rows = make(edition.rulebook)
    names = dict(zip(("clause", "value"), rows.own, strict=False))
    return {names.get(key, key) if key not in rows.form.names else key: cell for key, cell in row.items()}


def _append(row: dict[str, str], rulebook: str, office: str, db: str) -> None:
    from api.logbook import at_office, checked_rulebook, now, tell_taken  # noqa: PLC0415
    from api.output import tell  # noqa: PLC0415
    from appraisal.errors import Place, RefusedError  # noqa: PLC0415
    from appraisal.reading.events import read_events  # noqa: PLC0415

    with at_office(db, office, make=True) as at, tempfile.TemporaryDirectory() as folder:
        adoption = at.adopted(checked_rulebook(at, rulebook), now=now())
        row = _as_family(row, at.log.edition(adoption))
        file = Path(folder) / "add.jsonl"
        file.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
        known = at.log.known_ids(at.id)
        try:
            (event,) = read_events([file], at.log.edition(adoption), roster=adoption.roster, existing=known)
        except RefusedError as refused:  # the person wrote options, not a file
            places = [replace(f, place=Place(file="log add"), excerpt="", also=()) for f in refused.findings]
            raise RefusedError(places) from refused
        taken = at.record(event, rulebook=adoption.rulebook, now=now())
    tell(say("log_added", id=row["id"]))
    tell_taken(taken)
