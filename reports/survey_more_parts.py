"""The other parts of a survey's report: answers, auxiliary analyses, and who the respondents are."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.errors import Lang, text
from appraisal.model.path_model import Number
from appraisal.model.survey import Indicator, Survey
from appraisal.model.survey_figures import Compared, Described, Matrix, SurveyExhibits
from reports.figures import Point, Scatter
from reports.sheet import Cell, Column, Kind, Section, Table
from reports.survey_model_part import number
from reports.wording import column

QUADRANTS = ("keep", "enough", "later", "improve")
INDEX = "index_"


def answers_part(survey: Survey, exhibits: SurveyExhibits, lang: Lang) -> Section:
    """Return how often each answer was given, and means and spread of each question."""
    told = exhibits.statistics.descriptives
    asked = [one for one in survey.indicators() if one.id in told]
    body: list[Table] = [_described([(one.id, one.name, told[one.id]) for one in asked], lang)]
    body += _frequencies(asked, exhibits, lang)
    apart = exhibits.statistics.apart
    if apart:
        named = {one.id: one.name for one in survey.indicators()}
        table = _described([(name, named[name], one) for name, one in apart.items()], lang)
        body.append(Table(title=text("survey_tab_not_all", lang), columns=table.columns, rows=table.rows))
    return Section(title=text("survey_part_1", lang), body=tuple(body))


def _described(told: list[tuple[str, str, Described]], lang: Lang) -> Table:
    keys = ("mean", "sd", "var", "median", "q1", "q3", "min", "max", "top2_pct")
    columns = (
        column("survey_item", lang),
        column("name", lang),
        Column(title=text("col_survey_n", lang), key="n", kind=Kind.WHOLE),
        *(number(f"survey_{key}", lang, 2) for key in keys),
    )
    rows: list[tuple[Cell, ...]] = [
        (id_, name, int(one.figures["n"] or 0), *(one.figures.get(key) for key in keys)) for id_, name, one in told
    ]
    return Table(title=text("survey_tab_described", lang), columns=columns, rows=tuple(rows))


def _frequencies(asked: list[Indicator], exhibits: SurveyExhibits, lang: Lang) -> Iterator[Table]:
    """Yield a table of percentages for the questions that share a scale."""
    scales: dict[tuple[str, ...], list[Indicator]] = {}
    for one in asked:
        scales.setdefault(tuple(exhibits.statistics.descriptives[one.id].table), []).append(one)
    for values, questions in scales.items():
        if not values:
            continue
        columns = (
            column("survey_item", lang),
            *(Column(title=value, key=value, kind=Kind.NUMBER, places=1) for value in values),
        )
        rows: list[tuple[Cell, ...]] = [
            (one.id, *_shares(exhibits.statistics.descriptives[one.id])) for one in questions
        ]
        yield Table(title=text("survey_tab_frequencies", lang), columns=columns, rows=tuple(rows))


def _shares(one: Described) -> Iterator[float]:
    everybody = sum(one.table.values())
    yield from (100 * count / everybody if everybody else 0.0 for count in one.table.values())


def auxiliary_part(survey: Survey, exhibits: SurveyExhibits, lang: Lang) -> Section:
    """Return comparisons between segments, correlations, and importance against performance both ways."""
    statistics = exhibits.statistics
    body: list[str | Table | Scatter] = []
    for segment, variables in statistics.anova.items():
        indexes = {name: one for name, one in variables.items() if name.startswith(INDEX)}
        body.append(_anova(survey, segment, indexes, lang))
        pairs = list(_pairs(survey, indexes))
        if pairs:
            body.append(_tukey(segment, pairs, lang))
    if statistics.pearson:
        body.append(_correlations(exhibits, lang))
    body.append(text("survey_ipma_words", lang))
    body += _matrix(exhibits.ipma, text("survey_fig_ipma", lang), text("survey_axis_effect", lang), lang)
    if exhibits.stated is not None:
        body += _matrix(exhibits.stated, text("survey_fig_stated", lang), text("survey_axis_stated", lang), lang)
    return Section(title=text("survey_part_3", lang), body=tuple(body))


def _anova(survey: Survey, segment: str, variables: dict[str, Compared], lang: Lang) -> Table:
    columns = (
        column("survey_latent", lang),
        column("survey_groups", lang),
        number("survey_f", lang, 2),
        number("survey_p", lang, 4),
        number("survey_eta2", lang),
        number("survey_welch_p", lang, 4),
        number("survey_kruskal_p", lang, 4),
        number("survey_levene_p", lang, 4),
    )
    keys = ("F", "p", "eta2", "welch_p", "kruskal_p", "levene_brown_forsythe_p")
    rows = tuple((_name(survey, name), _means(one), *(one.figures[k] for k in keys)) for name, one in variables.items())
    title = text("survey_tab_anova", lang, segment=segment_words(segment, lang))
    return Table(title=title, columns=columns, rows=rows)


def segment_words(segment: str, lang: Lang) -> str:
    """Return what a segment is called: the column's own header, or the word for subjects."""
    return text("col_subject", lang) if segment == "subject" else segment


def _name(survey: Survey, variable: str) -> str:
    names = {latent.id: latent.name for latent in survey.latents}
    latent = variable.removeprefix(INDEX)
    return f"{latent} {names.get(latent, '')}".strip()


def _means(one: Compared) -> str:
    told = (f"{label} {mean:.1f}" for label, mean in one.means.items() if mean is not None)
    return "  ".join(told)


def _pairs(survey: Survey, variables: dict[str, Compared]) -> Iterator[tuple[Cell, ...]]:
    """Yield the pairs of groups that differ more than chance explains."""
    for name, one in variables.items():
        for pair, figures in one.pairs.items():
            p = figures["p adj"]
            if p is not None and p < 0.05:  # noqa: PLR2004  the usual level
                yield _name(survey, name), pair, figures["diff"], figures["lwr"], figures["upr"], p


def _tukey(segment: str, rows: list[tuple[Cell, ...]], lang: Lang) -> Table:
    columns = (
        column("survey_latent", lang),
        column("survey_pair", lang),
        number("survey_diff", lang, 2),
        number("survey_low", lang, 2),
        number("survey_high", lang, 2),
        number("survey_p", lang, 4),
    )
    title = text("survey_tab_tukey", lang, segment=segment_words(segment, lang))
    return Table(title=title, columns=columns, rows=tuple(rows))


def _correlations(exhibits: SurveyExhibits, lang: Lang) -> Table:
    """Return Pearson's correlations below the diagonal and Spearman's above it."""
    pearson, spearman = exhibits.statistics.pearson["r"], exhibits.statistics.spearman["r"]
    names = list(pearson)
    columns = (column("survey_latent", lang), *(Column(title=name, key=name, kind=Kind.NUMBER) for name in names))
    rows = tuple(
        (one, *((pearson if at <= row else spearman)[one][other] for at, other in enumerate(names)))
        for row, one in enumerate(names)
    )
    return Table(title=text("survey_tab_correlations", lang), columns=columns, rows=rows)


def _matrix(matrix: Matrix, title: str, axis: str, lang: Lang) -> Iterator[Scatter | Table]:
    placed = [(pair, pair.importance, pair.performance) for pair in matrix.pairs]
    points = tuple(
        Point(label=pair.id, x=importance, y=performance)
        for pair, importance, performance in placed
        if importance is not None and performance is not None
    )
    if points:
        cross = None if matrix.cross[0] is None or matrix.cross[1] is None else (matrix.cross[0], matrix.cross[1])
        keep, enough, later, improve = (text(f"survey_quadrant_{name}", lang) for name in QUADRANTS)
        yield Scatter(
            title=title,
            x=axis,
            y=text("survey_axis_performance", lang),
            points=points,
            cross=cross,
            quadrants=(keep, enough, later, improve),
        )
    columns = (
        column("survey_latent", lang),
        column("name", lang),
        number("survey_importance", lang),
        number("survey_performance", lang, 2),
        column("survey_quadrant", lang),
    )
    rows = tuple((p.id, p.name, i, done, _quadrant(p.quadrant, lang)) for p, i, done in placed)
    yield Table(title=title, columns=columns, rows=rows)


def _quadrant(name: str, lang: Lang) -> str:
    return text(f"survey_quadrant_{name}", lang) if name else ""


def background_part(survey: Survey, exhibits: SurveyExhibits, lang: Lang) -> Section:
    """Return who the respondents are, and the index of the target in each of their groups."""
    columns = (
        column("survey_group", lang),
        Column(title=text("col_survey_n", lang), key="n", kind=Kind.WHOLE),
        number("survey_share", lang, 1),
        number("survey_index", lang, 2),
        number("survey_sd", lang, 2),
    )
    body: list[str | Table] = []
    for segment, groups in exhibits.statistics.segments.items():
        rows = tuple(
            (label, g.respondents, _percent(g.share), g.index.get(survey.target), g.sd.get(survey.target))
            for label, g in groups.items()
        )
        body.append(Table(title=segment_words(segment, lang), columns=columns, rows=rows))
    return Section(title=text("survey_part_4", lang), body=tuple(body) or (text("survey_no_segments", lang),))


def _percent(share: Number) -> Number:
    return None if share is None else 100 * share
