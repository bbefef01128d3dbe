"""The sheet of a rulebook's coverage: where each character of the source went, and what no case exercises yet."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from appraisal.errors import Lang, text
from appraisal.model.exact import half_up
from appraisal.reading.coverage import Coverage
from reports.sheet import Kind, Sheet, Table
from reports.wording import column, listed

_HUNDREDTH = Fraction(1, 100)


def percent(part: int, whole: int) -> Fraction:
    """Return a share in percent, to two decimals."""
    return half_up(Fraction(100 * part, whole or 1), _HUNDREDTH)


def coverage_sheet(rulebook: str, found: Coverage, exercised: Collection[str], lang: Lang) -> Sheet:
    """Return the coverage of a rulebook; `exercised` is what its cases reach."""
    columns = (
        column("what", lang),
        column("characters", lang, kind=Kind.WHOLE),
        column("share", lang, kind=Kind.NUMBER),
    )
    kinds = [*found.counts.items(), ("total", found.total)]
    rows = tuple((text(f"coverage_{kind}", lang), n, percent(n, found.total)) for kind, n in kinds)
    tables = [Table(columns=columns, rows=rows), *_places(found, lang)]
    tables += [_targets(found, exercised, lang), *_missing(found, exercised, lang)]
    return Sheet(name=rulebook, title=text("title_coverage", lang, rulebook=rulebook), tables=tuple(tables))


def _places(found: Coverage, lang: Lang) -> list[Table]:
    columns = (column("place", lang), column("sentence", lang), column("of", lang))
    rows = [(str(s.place), s.text, listed(s.owners, lang)) for s in (*found.unaccounted, *found.double)]
    rows += [(name, "", text("coverage_not_found", lang)) for name in found.not_found]
    return [Table(title=text("sheet_places", lang), columns=columns, rows=tuple(rows))] if rows else []


def _targets(found: Coverage, exercised: Collection[str], lang: Lang) -> Table:
    columns = (
        column("what", lang),
        column("exercised", lang, kind=Kind.WHOLE),
        column("all", lang, kind=Kind.WHOLE),
        column("share", lang, kind=Kind.NUMBER),
    )
    sorts = sorted({target.partition(":")[0] for target in found.targets})
    rows: list[tuple[str, int, int, Fraction]] = []
    for sort in sorts:
        wanted = {target for target in found.targets if target.startswith(f"{sort}:")}
        reached = len(wanted & set(exercised))
        rows.append((text(f"target_{sort}", lang), reached, len(wanted), percent(reached, len(wanted))))
    return Table(title=text("sheet_targets", lang), columns=columns, rows=tuple(rows))


def _missing(found: Coverage, exercised: Collection[str], lang: Lang) -> list[Table]:
    rows = tuple((target,) for target in sorted(found.targets - set(exercised)))
    return [Table(title=text("sheet_missing", lang), columns=(column("what", lang),), rows=rows)] if rows else []
