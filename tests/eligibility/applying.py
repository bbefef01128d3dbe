"""Applications for tests: the sets of answers that the cases of the guide begin with, as files and as results."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from appraisal.assess import assess
from appraisal.model.edition import Edition
from appraisal.model.eligibility import Eligibility
from appraisal.model.event import Event
from appraisal.model.standing import Assessment, Standing
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook

ID = "gd-smart-manufacturing-2024"
HOUSE = Path(__file__).parents[2]
FOLDER = HOUSE / "rulebooks" / ID
Answers = Mapping[str, str]


@cache
def edition(**readings: str) -> Edition:
    return read_rulebook(find_rulebook(ID), readings=readings)


def guide(**readings: str) -> Eligibility:
    return edition(**readings).as_a(Eligibility)


@cache
def sets() -> dict[str, dict[str, str]]:
    """Return every set of the cases by its name."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((FOLDER / "cases").glob("*.yaml")):
        found |= yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["sets"]  # noqa: S506  text only
    return found


DOMAINS = ("equipment", "software", "network", "solution", "association", "school", "institute", "firm", "finance")
TABLES = ("process", "discrete", "machine", "product", "smart", "logistics", "energy", "customising", "collaboration")
FULL: dict[str, tuple[str, ...]] = {
    **{name: ("basic", name) for name in DOMAINS},
    **{name: ("basic", "pilot", name) for name in (*TABLES, "shop")},
}
"""For each domain, kind of unit and table the sets that together meet every condition, thresholds just so."""


def full(name: str) -> dict[str, str]:
    return {field: value for part in FULL[name] for field, value in sets()[part].items()}


def write(path: Path, units: Mapping[str, Answers], *, source: str = "") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["单位", "字段", "数值", "来源"])
        writer.writerows([unit, field, value, source] for unit, told in units.items() for field, value in told.items())
    return path


def read(path: Path, **readings: str) -> list[Event]:
    return read_events([path], edition(**readings))


def judge(path: Path, units: Mapping[str, Answers], **readings: str) -> Assessment:
    used = edition(**readings)
    return assess(used, read(write(path, units), **readings), used.rulebook.default_span())


def by_name(assessment: Assessment) -> dict[str, Standing]:
    return {standing.name: standing for standing in assessment.standings}


def grades(assessment: Assessment) -> dict[str, str | None]:
    return {standing.name: standing.grade for standing in assessment.standings}
