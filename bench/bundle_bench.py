"""How long bundles, verifying them, charts and the static site take: a year of one street, and of a busy one."""

from __future__ import annotations

import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from api.pure import load_edition, load_events
from appraisal.assess import assess
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import Every, Span
from appraisal.reading.rulebook import find_rulebook
from reports.bundle.making import make
from reports.bundle.sources import from_files
from reports.bundle.verifying import verify
from reports.charts.png import png_bytes
from reports.charts.svg import svg_text
from reports.documents.workbook import bump, heat_map, trend
from reports.material import Material
from reports.site import site

RULEBOOK = "houjiatang-2020"
TIMES = 20


def many(events: tuple[Event, ...], edition: Edition, times: int) -> tuple[Event, ...]:
    """Return the events of clauses that count as it happens several times over, the others as they are."""
    counted = {
        c.id for c in edition.scorecard.clauses() if c.method == "occurrence" and c.inputs().one_per is Every.ANY
    }
    own = [e for e in events if e.clause in counted and not e.counters and not e.derived_from and not e.status]
    return (*events, *(replace(e, id=f"{e.id}-{n}", matter="") for n in range(1, times) for e in own))


def bundles(times: int, folder: Path) -> None:
    """Print size and times of a bundle of the sample year, taken several times."""
    path, edition = find_rulebook(RULEBOOK), load_edition(RULEBOOK)
    events = many(load_events([path.parent / "sample" / "2020.csv"], edition), edition, times)
    assessment = assess(edition, events, Span.whole(2020))
    began = time.perf_counter()
    bundle = make(from_files(path, edition, events, assessment))
    made = time.perf_counter() - began
    file = folder / "b.zip"
    file.write_bytes(bundle.content)
    began = time.perf_counter()
    found = verify(file)
    verified = time.perf_counter() - began
    if found.findings:
        raise SystemExit(found.findings[0].render("en"))
    size = len(bundle.content) / 1024**2
    print(f"bundle of {len(events):>7,} events: {size:5.1f} MB, made in {made:.2f} s, verified in {verified:.2f} s")


def pages() -> None:
    """Print the times of the static site of a month, and of its figures."""
    path, edition = find_rulebook(RULEBOOK), load_edition(RULEBOOK)
    events = load_events([path.parent / "sample" / "2020.csv"], edition)
    stages = tuple(assess(edition, events, Span.month(2020, month)) for month in range(1, 13))
    material = Material(
        edition=edition,
        assessment=stages[-1],
        events={event.id: event for event in events},
        lang="zh",
        before=stages[-2],
        stages=stages,
    )
    bundle = make(from_files(path, edition, events, stages[-1]))
    began = time.perf_counter()
    files = site(material, bundle)
    took = time.perf_counter() - began
    print(f"static site of a month: {len(files)} files, {sum(map(len, files.values())) / 1024**2:.1f} MB, {took:.2f} s")
    for name, figure in (("heat map", heat_map(material)), ("trend", trend(material)), ("bump chart", bump(material))):
        began = time.perf_counter()
        svg_text(figure)
        drawn = time.perf_counter() - began
        png_bytes(figure, width=1200)
        print(f"  {name}: SVG {drawn * 1000:.0f} ms, PNG {(time.perf_counter() - began - drawn) * 1000:.0f} ms")


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as folder:
        for times in (1, TIMES):
            bundles(times, Path(folder))
    pages()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
