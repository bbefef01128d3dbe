"""What the sheets of rulebooks share, whatever the family: the list of rulebooks, the head, the readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.rulebook import Reading, Rulebook
from reports.sheet import Kind, Table
from reports.wording import column, in_force, listed


def rulebooks_table(editions: Mapping[str, Edition], lang: Lang) -> Table:
    """Return the rulebooks that come with the product."""
    columns = (
        column("id", lang),
        column("name", lang),
        column("family", lang),
        column("valid", lang),
        column("subjects", lang, kind=Kind.WHOLE),
        column("clauses", lang, kind=Kind.WHOLE),
        column("hash", lang, drop=1),
    )
    rows = tuple(
        (
            e.rulebook.id,
            e.rulebook.name,
            text(f"family_{e.rulebook.family}", lang),
            f"{e.rulebook.valid_from} … {e.rulebook.valid_to}",
            len(e.roster),
            sum(1 for _ in e.rulebook.parts()),
            e.hash.removeprefix("sha256:")[:12],
        )
        for e in editions.values()
    )
    return Table(columns=columns, rows=rows)


def concerned(rulebook: Rulebook, part: str) -> Iterator[Reading]:
    """Yield the readings that concern this clause, item or limit by name."""
    for reading in rulebook.readings:
        if part in reading.of:
            yield reading


def reading_ids(rulebook: Rulebook, part: str, lang: Lang) -> str:
    """Return the ids of the readings that concern a part, as an enumeration."""
    return listed((reading.id for reading in concerned(rulebook, part)), lang)


def head_meta(edition: Edition, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return what identifies a rulebook: id, dates, document, hash."""
    rulebook = edition.rulebook
    return (
        (text("meta_rulebook", lang), rulebook.id),
        (text("meta_valid", lang), f"{rulebook.valid_from} … {rulebook.valid_to}"),
        (text("meta_source", lang), rulebook.source.title),
        (text("meta_hash", lang), edition.hash.removeprefix("sha256:")),
    )


def reading_tables(edition: Edition, parts: tuple[str, ...], lang: Lang) -> Iterator[Table]:
    """Yield a table for each reading of these parts: the question, what is in force and why, and the alternatives."""
    columns = (column("what", lang), column("value_of", lang))
    seen = {r.id: r for part in parts for r in concerned(edition.rulebook, part)}
    for reading in seen.values():
        facts = [
            (text("col_question", lang), reading.question),
            (text("col_in_force", lang), in_force(reading, edition)),
            (text("col_why", lang), reading.why),
            *((f"{text('col_else', lang)} {reading.id}={a.id}", a.text) for a in reading.alternatives),
        ]
        yield Table(title=text("reading_named", lang, id=reading.id), columns=columns, rows=tuple(facts))
