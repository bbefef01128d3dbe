"""How long it takes to read and judge many answers of firms, the way to the next level included.

python bench/questionnaire.py [FIRMS]
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

ID = "sme-digital-2024"


def main() -> None:
    """Repeat the sample's firms under other names and time each step once."""
    firms = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    path = find_rulebook(ID)
    started = time.perf_counter()
    edition = read_rulebook(path)
    print(f"rulebook: {time.perf_counter() - started:.3f} s")
    sample = list(csv.DictReader((path.parent / "sample" / "2024.csv").read_text(encoding="utf-8").splitlines()))
    names = list(dict.fromkeys(row["企业"] for row in sample))
    rows = [{**row, "企业": f"{row['企业']}{n}"} for n in range(-(-firms // len(names))) for row in sample]
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
    print(f"{len(rows)} rows of {number} firms: read {read:.2f} s ({len(rows) / read:.0f} rows/s)")
    print(f"judged {judged:.2f} s ({number / judged:.0f} firms/s, {1000 * judged / number:.2f} ms a firm)")


if __name__ == "__main__":
    main()
