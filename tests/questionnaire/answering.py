"""What tests of questionnaires share: the published one, a file of answers, and its assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from appraisal.assess import assess
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.levels import Answers
from appraisal.model.questionnaire import Questionnaire
from appraisal.model.standing import Assessment, Standing
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook

RULEBOOK = "sme-digital-2024"
SAMPLE = find_rulebook(RULEBOOK).parent / "sample" / "2024.csv"
QUIZ = Path(__file__).parents[1] / "rulebooks" / "quiz" / "rulebook.yaml"
LOWEST = {f"Q{n}": "1" for n in range(1, 16)} | {f"S{n}": "0" for n in range(1, 17)}


@cache
def edition(*readings: tuple[str, str]) -> Edition:
    return read_rulebook(find_rulebook(RULEBOOK), readings=dict(readings))


def book() -> Questionnaire:
    return edition().as_a(Questionnaire)


def file_of(folder: Path, rows: Iterable[tuple[str, ...]], head: str = "subject,question,answer,source") -> Path:
    path = folder / "answers.csv"
    path.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def events_of(folder: Path, answers: Mapping[str, str], subject: str = "示例甲", source: str = "") -> list[Event]:
    rows = [(subject, question, f'"{text}"', source) for question, text in answers.items()]
    return read_events([file_of(folder, rows)], edition())


def assessed(events: Iterable[Event], **how: Any) -> Assessment:
    return assess(edition(), events, edition().rulebook.default_span(), **how)


def the_answers(standing: Standing) -> Answers:
    assert isinstance(standing.exhibits, Answers)
    return standing.exhibits
