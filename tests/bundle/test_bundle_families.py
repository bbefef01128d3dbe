"""Every rulebook with a sample makes a bundle that holds, whatever its family."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.pure import load_edition, load_events
from appraisal.assess import assess
from appraisal.reading.rulebook import shipped_rulebooks
from reports.bundle.making import make
from reports.bundle.sources import from_files
from reports.bundle.verifying import verify

SAMPLES = {name: sorted(path.parent.glob("sample/*.csv")) for name, path in shipped_rulebooks().items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, files in SAMPLES.items() if files])
def test_the_sample_of_a_family_holds(name: str, tmp_path: Path) -> None:
    edition = load_edition(name)
    events = load_events(SAMPLES[name][:1], edition)
    assessment = assess(edition, events, edition.rulebook.default_span())
    bundle = make(from_files(shipped_rulebooks()[name], edition, events, assessment))
    path = tmp_path / "b.zip"
    path.write_bytes(bundle.content)
    found = verify(path)
    assert found.findings == ()
    assert found.remarks == ()
    assert found.events == len(events)
