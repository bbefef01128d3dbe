"""Amounts of fuels in one cell, in standard coal: `电力 310 万千瓦时; 高炉煤气 1.5 万立方米`."""

from __future__ import annotations

import re

from appraisal.model.event import Scalar
from appraisal.model.exact import show
from appraisal.model.fuels import Amount, standard_coal
from appraisal.model.inputs import Measure
from appraisal.model.questionnaire import Questionnaire
from appraisal.reading.cells import Wrong, even, parse_number
from appraisal.reading.nearest import Nearest, plain

_LIST = re.compile(r"[;；]")
_AMOUNT = re.compile(r"(?P<fuel>.+?)\s*(?P<amount>\d[\d.]*)\s*(?P<unit>\D*)")
_KINDS = {"加工转换产出": "transformed", "回收利用": "recovered", "工业生产消费": "consumed"}


def parse_fuels(book: Questionnaire, text: str) -> dict[str, Scalar] | Wrong:
    """Read fuels with amounts and units; what 加工转换产出: or 回收利用: stands before is taken off.

    The fact is the energy in tons of standard coal, and the arithmetic that led to it.
    """
    sides: dict[str, list[Amount]] = {"consumed": [], "transformed": [], "recovered": []}
    shown: list[str] = []
    for piece in filter(None, (part.strip() for part in _LIST.split(text))):
        head, mark, rest = even(piece).partition(":")
        kind = _KINDS.get(head.strip(), "") if mark else "consumed"
        amount = _amount(book, rest.strip() if mark and kind else even(piece))
        if isinstance(amount, Wrong):
            return amount
        sides[kind or "consumed"].append(amount)
        sign = "" if kind in {"", "consumed"} and not shown else "＋" if kind in {"", "consumed"} else "－"
        shown.append(f"{sign}{show(amount.amount)}×{show(book.fuel_by_name[amount.fuel].coal)}")
    total = standard_coal(
        book.fuel_by_name, sides["consumed"], transformed=sides["transformed"], recovered=sides["recovered"]
    )
    if not sides["consumed"] or total < 0:
        return Wrong("Q014", "answer", {"total": show(total)})
    named = dict.fromkeys(book.fuel_by_name[one.fuel].name for amounts in sides.values() for one in amounts)
    return {"value": total, "fuels": f"{''.join(shown)}={show(total)}", "named": "、".join(named)}


def _amount(book: Questionnaire, text: str) -> Amount | Wrong:
    match = _AMOUNT.fullmatch(text)
    names = {plain(name): name for name in book.fuel_by_name}
    fuel = names.get(plain(match["fuel"]) if match else "", "")
    if not match or not fuel:
        near = Nearest(list(book.fuel_by_name)).shown(match["fuel"] if match else text)
        return Wrong("Q013", "answer", {"fuel": match["fuel"] if match else text, "near": near})
    unit = book.fuel_by_name[fuel].unit
    if plain(match["unit"]) != plain(unit):
        return Wrong("Q015", "answer", {"fuel": fuel, "unit": unit, "found": match["unit"] or "—"})
    number = parse_number(match["amount"], Measure.NUMBER, "answer")
    return number if isinstance(number, Wrong) else Amount(fuel, number, unit)
