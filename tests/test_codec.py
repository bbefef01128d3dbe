"""An assessment comes back from its bytes as it was: of every family, with all that it shows beside points."""

from __future__ import annotations

import pytest

from appraisal.assess import assess
from appraisal.model.codec import decode, encode
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import read_rulebook, shipped_rulebooks
from reports.json import assessment_json

SAMPLES = {
    name: found[0]
    for name, path in sorted(shipped_rulebooks().items())
    if (found := sorted((path.parent / "sample").glob("*.csv")))
}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_kept_of_a_sample_is_all_of_it(name: str) -> None:
    edition = read_rulebook(shipped_rulebooks()[name])
    events = read_events([SAMPLES[name]], edition)
    if edition.rulebook.family == "survey":
        events = events[:120]
    found = assess(edition, events, edition.rulebook.usual_span(events))
    back = decode(encode(found))
    assert encode(back) == encode(found)
    for lang in ("zh", "en"):
        assert assessment_json(back, lang) == assessment_json(found, lang)
    for before, after in zip(found.standings, back.standings, strict=True):
        assert type(after.exhibits) is type(before.exhibits)
        assert after.verdicts == before.verdicts


def test_bytes_that_show_what_no_family_has_are_none_of_an_assessment() -> None:
    path = shipped_rulebooks()["sme-digital-2024"]
    edition = read_rulebook(path)
    events = read_events([path.parent / "sample" / "2024.csv"], edition)
    document = encode(assess(edition, events, edition.rulebook.usual_span(events)))
    with pytest.raises(ValueError, match="no exhibits"):
        decode(document.replace(b'"questionnaire"', b'"other"'))
