"""How long documents take: a year of all of them for twelve communities; two hundred communities' sheets as one PDF.

Each figure is printed with the bound that the product sets itself: 15 seconds, 1 GB.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from pypdf import PdfReader

from appraisal.assess import assess
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Assessment
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook
from reports.catalogue import Wish, exported
from reports.material import Imprint, Material
from reports.sets import Part, files_of

SAMPLE = Path(__file__).parent.parent / "rulebooks" / "houjiatang-2020" / "sample" / "2020.csv"
IMPRINT = Imprint(office="示例街道党工委", number="示街考〔2020〕1号", date=date(2020, 12, 31))


def sample() -> tuple[Edition, dict[str, Event]]:
    """Return the invented year."""
    edition = read_rulebook(find_rulebook("houjiatang-2020"))
    return edition, {event.id: event for event in read_events([SAMPLE], edition)}


def year() -> None:
    """Make every document of every month and of the year; print how long it took."""
    edition, events = sample()
    begun = time.perf_counter()
    spans = [Span.month(2020, month) for month in range(1, 13)]
    months = [assess(edition, events.values(), span) for span in spans]
    print(f"assessing twelve months and the year: {time.perf_counter() - begun:.1f} s")
    whole = Span.whole(2020)
    for name, asked in (("the year", [whole]), ("twelve months and the year", [*spans, whole])):
        at, burnt = time.perf_counter(), time.process_time()
        made = files_of([_part(edition, events, span, spans, months) for span in asked])
        took, work, load = time.perf_counter() - at, time.process_time() - burnt, os.getloadavg()[0]
        pages = sum(len(PdfReader(io.BytesIO(m.data)).pages) for n, m in made.items() if n.endswith(".pdf"))
        print(f"all documents of twelve communities, {name}: {took:.1f} s (bound 15 s for a year)")
        print(
            f"  {len(made)} files, {pages} pages of PDF, {work:.1f} s of processors; the machine's load was {load:.1f}"
        )


def _part(edition: Edition, events: dict[str, Event], span: Span, spans: list[Span], months: list[Assessment]) -> Part:
    number = spans.index(span) if span in spans else None
    material = Material(
        edition=edition,
        assessment=assess(edition, events.values(), span),
        events=events,
        lang="zh",
        imprint=IMPRINT,
        before=months[number - 1] if number else None,
        stages=tuple(months if number is None else months[: number + 1]),
    )
    return Part(folder=str(span), material=material)


def many(number: int = 200) -> None:
    """Make the year's sheets of many communities as one PDF; print time, size and the most memory."""
    edition, events = sample()
    roster = [Subject(id=f"c{n:03d}", name=f"示例第{n}社区") for n in range(number)]
    own = edition.roster
    copies: list[Event] = []
    for n, subject in enumerate(roster):
        like = own[n % len(own)].id
        copies += [
            replace(
                e,
                id=f"{e.id}-{n}",
                subject=subject.id,
                matter=e.matter and f"{e.matter}-{n}",
                derived_from="",
                counters="",
            )
            for e in events.values()
            if e.subject == like
        ]
    found = assess(edition, copies, Span.whole(2020), roster=roster)
    material = Material(edition=edition, assessment=found, events={e.id: e for e in copies}, lang="zh", imprint=IMPRINT)
    begun = time.perf_counter()
    made = exported(material, Wish(document="subject"), "pdf")
    took = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = len(made.data) / 1e6
    print(f"{number} communities' sheets as one PDF: {took:.1f} s, {size:.1f} MB, memory {peak:.0f} MB (bound 1024 MB)")


PARTS: dict[str, Callable[[], None]] = {"year": year, "many": many}


def main() -> None:
    """Run the parts named, or each in a process of its own, so that memory is told apart."""
    if sys.argv[1:]:
        for name in sys.argv[1:]:
            PARTS[name]()
        return
    for name in PARTS:
        subprocess.run([sys.executable, __file__, name], check=True)


if __name__ == "__main__":
    main()
