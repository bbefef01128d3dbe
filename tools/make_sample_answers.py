"""Make the sample answers (示例) of sme-digital-2024: invented firms of every level, with figures and verified answers.

    python tools/make_sample_answers.py            writes rulebooks/sme-digital-2024/sample/2024.csv
    python tools/make_sample_answers.py FILE       writes it there

The same seed gives the same file. No firm in it exists.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from pathlib import Path

from appraisal.model.questionnaire import Questionnaire
from appraisal.model.questions import Band, Change, Multiple
from appraisal.reading.rulebook import find_rulebook, read_rulebook

SEED = 2024
RULEBOOK = "sme-digital-2024"
FIRMS = {  # how far a firm has come, from 0 to 4
    "示例云杉精密零件有限公司": 4,
    "示例朗拓自动化设备有限公司": 4,
    "示例海岚新材料有限公司": 3,
    "示例启明电子有限公司": 3,
    "示例青禾食品有限公司": 3,
    "示例百川阀门有限公司": 2,
    "示例松石包装有限公司": 2,
    "示例同心纺织有限公司": 2,
    "示例九里五金有限公司": 1,
    "示例长风模具有限公司": 1,
    "示例南屏家具有限公司": 0,
    "示例初晨玩具有限公司": 1,
}
UNFINISHED = "示例初晨玩具有限公司"
"""The firm that has not answered everything yet."""
VISITED = ("示例启明电子有限公司", "示例百川阀门有限公司")
"""Firms whose answers were verified on site."""
HEADER = ("企业", "题号", "答案", "来源", "备注")
Row = tuple[str, str, str, str, str]


def answer(dice: random.Random, question: object, far: int) -> str:
    """Return a likely answer of a firm that has come so far."""
    if isinstance(question, Multiple):
        most = question.size - 1
        count = min(most, max(0, round(most * far / 4) + dice.choice((-1, 0, 0, 0))))
        return ";".join(map(str, sorted(dice.sample(range(2, question.size + 1), count)))) or "1"
    if isinstance(question, Change):
        return str(min(3, 1 + (far + dice.choice((0, 1, 1))) // 2))
    size = getattr(question, "size", 1)
    return str(min(size, 1 + far + dice.choice((0, 0, 1))))


def levels(dice: random.Random, far: int) -> str:
    """Return which levels of a scenario such a firm meets."""
    level = max(0, min(4, far + dice.choice((-1, 0, 0, 0, 1))))
    return ";".join(map(str, range(1, level + 1))) or "0"


def figures(dice: random.Random, far: int) -> dict[str, str]:
    """Return figures as such a firm fills them in: counts, money of three years in 万元, energy as fuels."""
    equipment = dice.randint(40, 200)
    staff = dice.randint(30, 200)
    revenue = [dice.randint(2_000, 9_000)]
    revenue += [round(revenue[0] * 0.95), round(revenue[0] * 0.9)]
    power = dice.randint(20, 300)
    told = {
        "equipment": str(equipment),
        "equipment_digital": str(equipment * far // 5),
        "equipment_networked": str(equipment * far // 6),
        "staff_1": str(staff),
        "staff_2": str(staff),
        "energy_1": f"电力 {power} 万千瓦时; 高炉煤气 {dice.randint(1, 9) / 2:g} 万立方米",
        "energy_2": f"电力 {power} 万千瓦时; 高炉煤气 {dice.randint(10, 19) / 2:g} 万立方米",
        "quality_after": f"{95 + far}%",
        "quality_before": "95%",
    }
    for year, money in enumerate(revenue, start=1):
        told[f"revenue_{year}"] = str(money)
        told[f"investment_{year}"] = str(round(money * far * 0.04))
    return told | {"cost_1": str(round(revenue[0] * 0.8)), "cost_2": str(round(revenue[1] * 0.81))}


def firm(book: Questionnaire, name: str, far: int, dice: random.Random) -> list[Row]:
    """Return the rows of one firm: those that have come further give figures, and leave the options to them."""
    told = figures(dice, far) if far >= 2 else {}
    rows = [(name, question, text, "自报", "示例") for question, text in told.items()]
    asked = [q for q in book.questions() if not (told and isinstance(q, (Band, Change)))]
    rows += [(name, question.id, answer(dice, question, far), "自报", "示例") for question in asked]
    rows += [(name, scenario.id, levels(dice, far), "自报", "示例") for scenario in book.scenarios()]
    if name == UNFINISHED:
        rows = [row for row in rows if row[1] not in {"Q10", "S16", "Q13"}]
    if name in VISITED:
        seen = (("Q5", "3"), ("S7", "1;2"), ("Q1", "2;3"))
        rows += [(name, part, text, "核验", "示例：现场核验") for part, text in seen]
    return rows


def sample_text() -> str:
    """Return the whole file."""
    book = read_rulebook(find_rulebook(RULEBOOK)).as_a(Questionnaire)
    dice = random.Random(SEED)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for name, far in FIRMS.items():
        writer.writerows(firm(book, name, far, dice))
    return out.getvalue()


def main() -> None:
    """Write the sample where it belongs, or where the command says."""
    home = find_rulebook(RULEBOOK).parent / "sample" / "2024.csv"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else home
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(sample_text(), encoding="utf-8")
    print(target)


if __name__ == "__main__":
    main()
