"""`appraisal rulebook form`: an application form of a selection as a workbook, which `score` reads back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.faults import UsageFaultError, nearest
from api.language import lang, say
from api.options import RulebookArgument

NameOption = Annotated[str, typer.Option("--form", metavar="N", help=say("opt_form"))]
OutOption = Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help=say("opt_form_out"))]


def form(rulebook: RulebookArgument, *, name: NameOption, out: OutOption) -> None:
    """Write an application form to fill in."""
    from api.output import tell  # noqa: PLC0415
    from api.pure import load_edition  # noqa: PLC0415
    from appraisal.model.eligibility import Eligibility  # noqa: PLC0415
    from reports.form_xlsx import form_xlsx  # noqa: PLC0415

    book = load_edition(rulebook).rulebook
    forms = {found.id: found for found in book.forms} if isinstance(book, Eligibility) else {}
    if not isinstance(book, Eligibility) or not forms:
        raise UsageFaultError("no_forms", rulebook=book.id)
    if name not in forms:
        raise UsageFaultError("form_unknown", name=name, rulebook=book.id, near=nearest(name, forms))
    if out.suffix.lower() != ".xlsx":
        raise UsageFaultError("form_suffix", path=str(out), known=".xlsx")
    out.write_bytes(form_xlsx(book, forms[name], lang()))
    tell(say("form_written", path=str(out)))
