"""The results of a survey as one table: a row a subject, its index with the interval, in a file every latent's too."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from appraisal.errors import Lang
from appraisal.model.edition import Edition
from appraisal.model.exact import half_up
from appraisal.model.standing import Assessment, Standing
from appraisal.model.survey import Survey
from appraisal.model.survey_figures import SurveyExhibits
from reports.sheet import Cell, Column, Kind, Table
from reports.standings import ranked
from reports.survey_model_part import number
from reports.wording import column

_SHOWN = Fraction(1, 100)
_PLACES = 9


def results_table(assessment: Assessment, edition: Edition, lang: Lang, *, items: bool = False) -> Table:
    """Return the ranking by index; on a screen with two decimals, in a file (`items`) with all of them."""
    survey = edition.as_a(Survey)
    latents = [latent for latent in survey.asked() if items and _has(assessment, latent.id)]
    places = _PLACES if items else 2
    who = column("subject", lang)
    columns = (
        column("rank", lang, kind=Kind.WHOLE),
        replace(who, title=survey.subject_noun) if lang == "zh" else who,
        column("survey_index", lang, kind=Kind.NUMBER),
        number("survey_low", lang, places),
        number("survey_high", lang, places),
        column("survey_n", lang, kind=Kind.WHOLE),
        *(Column(title=f"{one.id} {one.name}", key=one.id, kind=Kind.NUMBER, places=places) for one in latents),
    )
    rows = tuple(_row(standing, [one.id for one in latents], whole=items) for standing in ranked(assessment))
    return Table(columns=columns, rows=rows)


def _has(assessment: Assessment, latent: str) -> bool:
    shown = (standing.exhibits for standing in assessment.standings)
    return any(isinstance(one, SurveyExhibits) and latent in one.statistics.index for one in shown)


def _row(standing: Standing, latents: list[str], *, whole: bool) -> tuple[Cell, ...]:
    total = standing.total if whole else half_up(standing.total, _SHOWN)
    shown = standing.exhibits
    if not isinstance(shown, SurveyExhibits):
        return (standing.rank, standing.name, total, None, None, None, *(None for _ in latents))
    index = shown.statistics.index
    respondents = next((int(one.figures["n"] or 0) for one in index.values()), None)
    parts = (index[name].figures["mean"] if name in index else None for name in latents)
    return (standing.rank, standing.name, total, shown.interval.low, shown.interval.high, respondents, *parts)
