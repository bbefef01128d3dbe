"""Prints the hash of every kind of file that leaves the office, of the sample year's December: run by test_same_bytes.

Takes nothing from its surroundings that two machines may have different: a test runs it twice and compares.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

from appraisal.assess import assess
from appraisal.model.periods import Span
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook
from reports.bundle.making import make
from reports.bundle.sources import from_files
from reports.catalogue import Wish, exported
from reports.charts.png import png_bytes
from reports.charts.svg import svg_text
from reports.documents.workbook import bump, heat_map, trend
from reports.material import Imprint, Material
from reports.sets import Part, files_of, packed
from reports.site import site

HOUSE = Path(__file__).parents[2]


def hashes() -> dict[str, str]:
    """Return the sha256 of each file by its name."""
    path = find_rulebook("houjiatang-2020")
    edition = read_rulebook(path)
    events = read_events([path.parent / "sample" / "2020.csv"], edition)
    months = tuple(assess(edition, events, Span.month(2020, number)) for number in (10, 11, 12))
    bundle = make(from_files(path, edition, events, months[-1]))
    imprint = Imprint(office="示例街道", number="示〔2021〕1号", date=date(2021, 1, 8), seal=bundle.seal)
    material = Material(
        edition=edition,
        assessment=months[-1],
        events={event.id: event for event in events},
        lang="zh",
        imprint=imprint,
        before=months[-2],
        stages=months,
    )
    files = {name: file.data for name, file in files_of([Part(folder="2020-12", material=material)]).items()}
    one = Wish(document="subject", subject=edition.roster[0].id)
    made = {
        **files,
        "all.zip": packed(files),
        "bundle.zip": bundle.content,
        "subject.docx": exported(material, one, "docx").data,
        "subject.xlsx": exported(material, one, "xlsx").data,
        **{f"{figure.__name__}.svg": svg_text(figure(material)).encode() for figure in (trend, bump, heat_map)},
        **{f"{figure.__name__}.png": png_bytes(figure(material), width=700) for figure in (trend, bump, heat_map)},
        **{f"site/{name}": data for name, data in site(material, bundle).items()},
    }
    return {name: hashlib.sha256(data).hexdigest() for name, data in made.items()}


if __name__ == "__main__":
    print(json.dumps(hashes()))  # noqa: T201  it is what it is for
