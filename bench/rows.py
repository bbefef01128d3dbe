"""How long it takes to read and judge many applications of a selection, or answers of a questionnaire.

python bench/rows.py [ID] [SUBJECTS]
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from pathlib import Path

from appraisal.assess import assess
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook

NAMED = {"gd-smart-manufacturing-2024": "单位", "sme-digital-2024": "企业"}
"""The column of a sample in which its subjects stand, by rulebook."""


def measure(rulebook: str, subjects: int) -> None:
    """Repeat the sample's subjects under other names and time each step once."""
    path, column = find_rulebook(rulebook), NAMED[rulebook]
    started = time.perf_counter()
    edition = read_rulebook(path)
    print(f"{rulebook}: {time.perf_counter() - started:.3f} s")
    sample = list(csv.DictReader((path.parent / "sample" / "2024.csv").read_text(encoding="utf-8").splitlines()))
    names = list(dict.fromkeys(row[column] for row in sample))
    rows = [{**row, column: f"{row[column]}{n}"} for n in range(-(-subjects // len(names))) for row in sample]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(sample[0]))
            writer.writeheader()
            writer.writerows(rows)
        started = time.perf_counter()
        events = read_events([file], edition)
        read = time.perf_counter() - started
    started = time.perf_counter()
    found = assess(edition, events, edition.rulebook.default_span())
    judged = time.perf_counter() - started
    number = len(found.standings)
    print(f"{len(rows)} rows of {number} subjects: read {read:.2f} s ({len(rows) / read:.0f} rows/s)")
    print(f"judged {judged:.2f} s ({number / judged:.0f} subjects/s, {1000 * judged / number:.2f} ms a subject)")


def main() -> None:
    """Measure the rulebook named, or each in turn."""
    words = sys.argv[1:]
    for rulebook in words[:1] or NAMED:
        measure(rulebook, int(words[1]) if len(words) > 1 else 2000)


if __name__ == "__main__":
    main()
