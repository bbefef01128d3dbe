"""A list of names with amounts, such as companies with their turnover, from any table file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from appraisal.errors import Finding, RefusedError
from appraisal.model.inputs import Measure
from appraisal.reading.cells import Wrong, parse_number
from appraisal.reading.event_columns import Column, Form, Need
from appraisal.reading.tables import open_tables

FORM = Form(
    columns=(
        Column("name", "名称", ("企业", "品牌", "公司", "客户", "company", "client")),
        Column("amount", "数额", ("营业额", "交易额", "购买量", "turnover", "size", "purchases")),
    ),
    needs=(Need(("name",)), Need(("amount",))),
    open_=True,
)


def read_amounts(path: Path) -> dict[str, Fraction]:
    """Return the amounts by name; RefusedError with everything that is wrong with the file."""
    faults: list[Finding] = []
    found: dict[str, Fraction] = {}
    for source in open_tables(path, faults, FORM):
        for line, (name, amount), _ in source.rows:
            place = source.layout.place(line, "amount")
            args = {"line": str(line), "name": name, "cell": amount}
            number = parse_number(amount, Measure.NUMBER, "amount") if amount else Wrong("V047", "amount")
            if not name:
                faults.append(Finding(code="V049", place=source.layout.place(line, "name"), args=args))
            elif isinstance(number, Wrong):
                faults.append(Finding(code="V047", place=place, args=args))
            elif name in found:
                faults.append(Finding(code="V048", place=source.layout.place(line, "name"), args=args))
            else:
                found[name] = number
    if faults:
        raise RefusedError(faults)
    return found
