"""One broken example for each code of a survey: what is done, which is refused."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

from surveys import REFERENCES, Rows, assessed, changed, edition, even, rewritten, rows_of, written

from appraisal.methods.sample_plan import Wish, clients, companies, plan
from appraisal.model.rulebook import Subject
from appraisal.model.survey import Survey
from appraisal.reading.amounts import read_amounts

Break = Callable[[Path], object]
F = Fraction
SAMPLING = edition().as_a(Survey).sampling


def of(rows: Callable[[], Rows], changes: Mapping[str, str] | None = None, **readings: str) -> Break:
    """Return an example: these rows, in one file."""

    def broken(folder: Path) -> object:
        book = rewritten(changes, **readings) if changes else edition(**readings)
        return assessed(book, written(rows(), folder / "survey.csv"))

    return broken


def first(column: str, answer: str) -> Break:
    """Return an example: one answer of the first respondent."""
    return of(lambda: changed(column, lambda n, old: answer if n == 0 else old))


def nothing_said() -> Rows:
    rows = even()
    return [{"subject": "示例店"} | (dict.fromkeys(row, "") if n == 0 else row) for n, row in enumerate(rows)]


def two_files(folder: Path) -> object:
    (folder / "later").mkdir()
    paths = written(even(), folder / "survey.csv"), written([even()[0] | {"X11": "5"}], folder / "later" / "survey.csv")
    return assessed(edition(), *(path.relative_to(folder) for path in paths))


def gaps(share: float) -> Rows:
    chance = random.Random(1)  # noqa: S311
    return [{name: "" if chance.random() < share else cell for name, cell in row.items()} for row in even()]


def one_silent() -> Rows:
    rows = [{"subject": "甲（示例）"} | row for row in even()]
    return rows + [row | {"subject": "乙（示例）", "X21": ""} for row in rows]


def apart() -> Rows:
    """X41 and X42 as one, X42 and X43 as one, X41 and X43 as opposites, each seen in a third of the rows only."""
    rows = []
    for n, row in enumerate(even()):
        low, high = ("1", "5") if n % 2 else ("5", "1")
        third = [{"X41": low, "X42": low, "X43": ""}, {"X41": "", "X42": low, "X43": low}][n % 3 % 2]
        rows.append(row | (third if n % 3 < 2 else {"X41": low, "X42": "", "X43": high}))
    return rows


def without_answers(folder: Path) -> object:
    path = written([row | {"subject": "甲（示例）"} for row in even()], folder / "survey.csv")
    roster = (Subject(id="jia", name="甲（示例）"), Subject(id="yi", name="乙（示例）"))
    return assessed(edition(R05="pooled"), path, roster=roster)


def amounts(text: str) -> Break:
    """Return an example: a list of amounts."""

    def broken(folder: Path) -> object:
        (folder / "amounts.csv").write_text(text, encoding="utf-8")
        return read_amounts(Path("amounts.csv"))

    return broken


ASKED = {
    "    words: {是: low, 有: low, 'yes': low, 否: high, 没有: high, 'no': high}\n": "    asked: {of: X61, end: low}\n"
}
BROKEN: Mapping[str, Break] = {
    "V001": first("X11", "很好"),
    "V002": first("X11", "11"),
    "V003": first("X83", "15%"),
    "V004": of(nothing_said),
    "V005": of(lambda: changed("年龄", lambda n, _: "17" if n == 0 else "30")),
    "V006": of(lambda: changed("X14", lambda *_: "3")),
    "V007": of(lambda: changed("importance_X1", lambda n, _: "很重要" if n == 0 else "8")),
    "V008": two_files,
    "V020": of(lambda: changed("X21", lambda *_: "")),
    "V021": of(
        lambda: [row | ({"X71": "", "X72": "", "X73": ""} if n % 2 else {}) for n, row in enumerate(even())], ASKED
    ),
    "V022": of(lambda: gaps(0.02), R04="listwise"),
    "V023": of(lambda: even()[:20]),
    "V024": of(one_silent),
    "V025": of(lambda: changed("X73", lambda n, old: "" if n < 3 else old), R06="required"),
    "V026": of(lambda: changed("X52", lambda *_: "4")),
    "V027": of(lambda: [row | {"X12": row["X11"]} for row in even()]),
    "V028": of(apart, R04="pairwise"),
    "V029": of(lambda: rows_of(REFERENCES / "synthetic_sbt_8lv_n300.csv"), {"  steps: 300\n": "  steps: 2\n"}),
    "V031": of(lambda: changed("X62", lambda _, old: str(6 - int(old)))),
    "V032": without_answers,
    "V040": lambda _: plan(SAMPLING, Wish(expected=F(0))),
    "V041": lambda _: plan(SAMPLING, Wish(customers=-5)),
    "V042": lambda _: plan(SAMPLING, Wish(segments=("青年", "青年"))),
    "V043": lambda _: companies(SAMPLING, {"甲": F(3)}, F(3, 2)),
    "V044": lambda _: clients({"甲": F(3), "乙": F(0)}, 2, 1),
    "V045": lambda _: companies(SAMPLING, {"甲": F(3), "乙": F(-1)}),
    "V046": lambda _: companies(SAMPLING, {"甲": F(0)}),
    "V047": amounts("名称,营业额\n甲,1200\n乙,很多\n"),
    "V048": amounts("名称,营业额\n甲,1200\n甲,300\n"),
    "V049": amounts("名称,营业额\n甲,1200\n,300\n"),
    "V060": lambda _: rewritten({"- {from: X1, to: X6,": "- {from: X1, to: X2,"}),
    "V061": lambda _: rewritten({"target: X6": "target: X66"}),
    "V062": lambda _: rewritten({"lacks: X3-trade": "lacks: X3-trades"}),
    "V063": lambda _: rewritten({"asked: {of: X72, end: low}": "asked: {of: X79, end: low}"}),
    "V064": lambda _: rewritten({"- {from: X7, to: X8,": "- {from: X7, to: X1,"}),
    "V065": lambda _: rewritten(
        {"{from: X6, to: X7,": "{from: X2, to: X8,", "{from: X7, to: X8,": "{from: X4, to: X8,"}
    ),
    "V066": lambda _: rewritten({"target: X6": "target: X3"}, R09="hotel"),
    "V067": lambda _: rewritten({"scale: {id: scale, low: 1, high: 10}": "scale: {id: scale, low: 10, high: 10}"}),
}
