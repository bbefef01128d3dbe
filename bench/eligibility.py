"""How long it takes to read and judge many applications, printed as rows a second.

python bench/eligibility.py [UNITS]
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

ID = "gd-smart-manufacturing-2024"


def main() -> None:
    """Repeat the sample's units under other names and time each step once."""
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    path = find_rulebook(ID)
    started = time.perf_counter()
    edition = read_rulebook(path)
    print(f"rulebook: {time.perf_counter() - started:.3f} s")
    sample = list(csv.DictReader((path.parent / "sample" / "2024.csv").read_text(encoding="utf-8").splitlines()))
    names = list(dict.fromkeys(row["单位"] for row in sample))
    rows = [{**row, "单位": f"{row['单位']}{n}"} for n in range(-(-units // len(names))) for row in sample]
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
    print(f"{len(rows)} rows of {number} units: read {read:.2f} s ({len(rows) / read:.0f} rows/s)")
    print(f"judged {judged:.2f} s ({number / judged:.0f} units/s, {1000 * judged / number:.2f} ms a unit)")


if __name__ == "__main__":
    main()
