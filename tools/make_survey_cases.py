"""Make the surveys of the satisfaction rulebook's cases: answers so even that their index follows by hand.

Every invented row stands in the file twelve times, the answers of each block moved on by one place each time (a block
of three, four or six goes round whole times). So the questions of a block cannot be told apart: any estimation must
give them equal weights, and the index is that of the plain mean. Run: python tools/make_survey_cases.py
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from appraisal.model.survey import Survey
from appraisal.reading.rulebook import find_rulebook, read_rulebook

RULEBOOK = "customer-satisfaction-2007"
SEED = 12
TURNS = 12
BASE = 12
SUMS = (84, 72)  # of the X6 answers of the first and of the second six rows: means 3.5 and 3, together 3.25
Row = dict[str, list[int]]


def main() -> None:
    """Write the surveys beside the cases."""
    path = find_rulebook(RULEBOOK)
    survey = read_rulebook(path).as_a(Survey)
    folder = path.parent / "cases"
    blocks = {latent.id: [one.id for one in latent.indicators] for latent in survey.latents}
    base = list(drawn(blocks, random.Random(SEED)))
    whose = ["甲（示例）" if n < BASE // 2 else "乙（示例）" for n in range(BASE)]
    even = [row for answers in base for row in turned(blocks, answers)]
    write(folder / "even.csv", even)
    named = zip((name for name in whose for _ in range(TURNS)), even, strict=True)
    write(folder / "two.csv", [{"subject": name} | row for name, row in named])
    write(folder / "hotel.csv", [{k: v for k, v in row.items() if k not in blocks["X3"]} for row in even])
    gap = list(turned(blocks, base[0] | {"X6": [4, 4, 4, 0]}))
    write(folder / "gaps.csv", [*even, *gap])
    write(folder / "coded.csv", list(coded(blocks, base, random.Random(SEED))))


def drawn(blocks: dict[str, list[str]], chance: random.Random) -> Iterator[Row]:
    """Yield rows of answers from 1 to 5 that hang together, the sums of X6 as wanted."""
    for half, total in enumerate(SUMS):
        rows = []
        for _ in range(BASE // 2):
            level = chance.gauss(3.4 - 0.4 * half, 0.9)
            rows.append({
                latent: [clipped(level + chance.gauss(0, 0.7) + chance.gauss(0, 0.6)) for _ in columns]
                for latent, columns in blocks.items()
            })  # fmt: skip
        _settle([row["X6"] for row in rows], total, chance)
        yield from rows


def clipped(value: float) -> int:
    """Return an answer from 1 to 5."""
    return min(max(round(value), 1), 5)


def _settle(answers: Sequence[list[int]], total: int, chance: random.Random) -> None:
    """Move single answers by one until they add up as wanted."""
    while (off := total - sum(map(sum, answers))) != 0:
        step = 1 if off > 0 else -1
        row = chance.choice(answers)
        at = chance.randrange(len(row))
        if 1 <= row[at] + step <= 5:
            row[at] += step


def turned(blocks: dict[str, list[str]], answers: Row) -> Iterator[dict[str, str]]:
    """Yield a row twelve times, each block's answers moved on by one; 0 is no answer."""
    for turn in range(TURNS):
        row: dict[str, str] = {}
        for latent, columns in blocks.items():
            values = answers[latent]
            row |= {c: str(values[(n + turn) % len(values)] or "") for n, c in enumerate(columns)}
        yield row


def coded(blocks: dict[str, list[str]], base: Sequence[Row], chance: random.Random) -> Iterator[dict[str, str]]:
    """Yield the same rows with complaints as 1 and 0, X73 of complainants only, and X83 in per cent."""
    for number, answers in enumerate(base):
        pair = [(0, 0), (1, 0), (1, 1)][number % 3]
        handled, bearable = chance.randint(1, 5), chance.choice(["-20", "-5", "5%", "10%", "15%", "30%"])
        for turn, row in enumerate(turned(blocks, answers)):
            said = (pair[turn % 2], pair[(turn + 1) % 2])
            yield row | {
                "X71": str(said[0]),
                "X72": str(said[1]),
                "X73": str(handled) if said[1] else "",
                "X83": bearable,
            }


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write one survey."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    print(path, len(rows))


if __name__ == "__main__":
    main()
