"""Documents of the invented sample year, for every test of paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from appraisal.assess import assess
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.standing import Assessment
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook
from reports.material import Imprint, Material

SAMPLE = Path(__file__).parents[2] / "rulebooks" / "houjiatang-2020" / "sample" / "2020.csv"


@pytest.fixture(scope="session")
def edition() -> Edition:
    return read_rulebook(find_rulebook("houjiatang-2020"))


@pytest.fixture(scope="session")
def events(edition: Edition) -> dict[str, Event]:
    return {event.id: event for event in read_events([SAMPLE], edition)}


@pytest.fixture(scope="session")
def months(edition: Edition, events: dict[str, Event]) -> tuple[Assessment, ...]:
    return tuple(assess(edition, events.values(), Span.month(2020, number)) for number in range(10, 13))


@pytest.fixture(scope="session")
def december(edition: Edition, events: dict[str, Event], months: tuple[Assessment, ...]) -> Material:
    imprint = Imprint(office="示例街道党工委", number="示街考〔2021〕1号", signer="示例签发人", date=date(2021, 1, 8))
    return Material(
        edition=edition, assessment=months[-1], events=events, lang="zh", imprint=imprint, before=months[-2]
    )


@pytest.fixture(scope="session")
def year(edition: Edition, events: dict[str, Event]) -> Material:
    imprint = Imprint(office="示例街道党工委")
    return Material(
        edition=edition,
        assessment=assess(edition, events.values(), Span.whole(2020)),
        events=events,
        lang="zh",
        imprint=imprint,
    )
