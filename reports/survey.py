"""A survey's rulebook and explanation: latents with their questions, paths with their sentences."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.exact import show
from appraisal.model.path_model import ModelFigures, Number, Spread
from appraisal.model.standing import Exhibits
from appraisal.model.survey import Indicator, Latent, Path, Survey
from appraisal.model.survey_figures import SurveyExhibits
from reports.explainer import Explainer
from reports.rulebooks import head_meta, reading_ids, reading_tables
from reports.sheet import Cell, Kind, Sheet, Table
from reports.tree import Node, Role
from reports.wording import column, listed


def survey_sheet(edition: Edition, lang: Lang) -> Sheet:
    """Return a survey whole: its latents and questions, its paths, its settings and its rules of sampling."""
    survey = edition.as_a(Survey)
    tables = (_questions(survey, edition, lang), _paths(survey, lang), _settings(survey, edition, lang))
    meta = head_meta(edition, lang)
    if survey.superseded:
        meta = (*meta, (text("survey_superseded", lang), survey.superseded))
    return Sheet(name=survey.id, title=survey.name, meta=meta, tables=tables)


def _questions(survey: Survey, edition: Edition, lang: Lang) -> Table:
    columns = (
        column("survey_latent", lang),
        column("name", lang),
        column("survey_scale", lang),
        column("sentence", lang),
        column("readings", lang, drop=1),
        column("line", lang, kind=Kind.WHOLE, drop=2),
    )
    rows: list[tuple[Cell, ...]] = []
    strong: set[int] = set()
    for latent in survey.latents:
        strong.add(len(rows))
        note = "" if latent.asked else text("survey_not_asked", lang)
        rows.append(
            (latent.id, latent.name, note, latent.text, reading_ids(edition.rulebook, latent.id, lang), latent.line)
        )
        rows += [
            (
                f"  {one.id}",
                one.name,
                scale_words(survey, one),
                one.text,
                reading_ids(edition.rulebook, one.id, lang),
                one.line,
            )
            for one in latent.indicators
        ]
    return Table(title=text("survey_model", lang), columns=columns, rows=tuple(rows), strong=frozenset(strong))


def scale_words(survey: Survey, one: Indicator) -> str:
    """Return an indicator's scale as people write it."""
    low, high = survey.bounds(one)
    words = f"{show(low)}–{show(high)}" + ("%" if one.percent else "")
    return f"{words} ↓" if one.reversed else words


def _paths(survey: Survey, lang: Lang) -> Table:
    names = {latent.id: latent.name for latent in survey.latents}
    columns = (
        column("survey_path", lang),
        column("survey_from", lang),
        column("survey_to", lang),
        column("sentence", lang),
        column("line", lang, kind=Kind.WHOLE, drop=2),
    )
    rows = tuple((arrow(p), names.get(p.start), names.get(p.end), p.text, p.line) for p in survey.paths)
    return Table(title=text("survey_paths", lang), columns=columns, rows=rows)


def arrow(path: Path) -> str:
    """Return a path as people write it."""
    return f"{path.start} → {path.end}"


def _settings(survey: Survey, edition: Edition, lang: Lang) -> Table:
    columns = (column("what", lang), column("value_of", lang), column("readings", lang, drop=1))
    told = survey.estimation.model_dump(exclude={"id"})
    rows = [
        (
            text(f"survey_set_{name}", lang),
            setting_words(name, plain(value), lang),
            _setting_reading(name, edition, lang),
        )
        for name, value in told.items()
    ]
    rows += [
        (text(f"survey_sampling_{name}", lang), plain(value), "")
        for name, value in survey.sampling.model_dump(exclude={"id", "statements"}).items()
    ]
    return Table(title=text("survey_settings", lang), columns=columns, rows=tuple(rows))


def plain(value: object) -> str:
    """Return a setting as people write it."""
    return show(value) if isinstance(value, Fraction) else str(value)


def setting_words(name: str, value: str, lang: Lang) -> str:
    """Return the value of a setting in words, where it is a word."""
    if name in {"scheme", "data", "missing", "weights"}:
        return text(f"survey_{name}_{value}", lang)
    return value


def _setting_reading(name: str, edition: Edition, lang: Lang) -> str:
    concerned = (
        reading.id
        for reading in edition.rulebook.readings
        if any(name in patch.set for way in reading.alternatives for patch in way.patch) and "estimation" in reading.of
    )
    return listed(concerned, lang)


def survey_part_sheet(edition: Edition, part: str, lang: Lang) -> Sheet:
    """Return one part of a survey with its sentence, its readings, and what belongs to it."""
    survey = edition.as_a(Survey)
    columns = (column("what", lang), column("value_of", lang))
    facts: list[tuple[Cell, ...]] = []
    sentence = next((s for s in survey.sentences() if s.id == part), None)
    if sentence is not None:
        facts += [(text("col_sentence", lang), sentence.text), (text("col_line", lang), sentence.line)]
    for latent in survey.latents:
        if latent.id == part:
            facts += _latent_facts(survey, latent, lang)
        facts += [fact for one in latent.indicators if one.id == part for fact in _question_facts(survey, one, lang)]
    tables = (Table(title=part, columns=columns, rows=tuple(facts)), *reading_tables(edition, (part,), lang))
    return Sheet(name=f"{survey.id} {part}", title=survey.name, meta=head_meta(edition, lang), tables=tables)


def _latent_facts(survey: Survey, latent: Latent, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    yield text("col_name", lang), latent.name
    yield text("survey_questions", lang), listed((f"{one.id} {one.name}" for one in latent.indicators), lang)
    yield text("survey_from", lang), listed((p.start for p in survey.paths if p.end == latent.id), lang)
    yield text("survey_to", lang), listed((p.end for p in survey.paths if p.start == latent.id), lang)


def _question_facts(survey: Survey, one: Indicator, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    yield text("col_name", lang), one.name
    yield text("col_survey_scale", lang), scale_words(survey, one)
    yield text("survey_question", lang), one.question
    if one.words:
        yield text("survey_words", lang), listed(one.words, lang)
    if one.asked is not None:
        yield text("survey_asked", lang), f"{one.asked.of} {text(f'survey_end_{one.asked.end}', lang)}"


def survey_nodes(about: Explainer, part: str) -> Iterator[Node]:
    """Yield how the figures came about, what acts on the target, and each latent with its questions."""
    exhibits: Exhibits | None = about.standing.exhibits
    survey = about.edition.as_a(Survey)
    if not isinstance(exhibits, SurveyExhibits):
        return
    if part in {"", survey.target}:
        yield _estimation(about, survey, exhibits)
    model = exhibits.model
    if model is None:
        return
    paths = [p for p in survey.paths if p.id in model.paths and part in {"", p.id, p.start, p.end}]
    if paths:
        children = tuple(_path(about, p, model) for p in paths)
        yield Node(words=about.say("survey_paths"), role=Role.CONCLUSION, children=children)
    for latent in survey.latents:
        members = {one.id for one in latent.indicators}
        wanted = part in {"", latent.id} or part in members
        if latent.id in model.index and wanted and (latent.id != survey.target or part in {latent.id, *members}):
            yield _latent(about, latent, model, part if part in members else "")


def _estimation(about: Explainer, survey: Survey, exhibits: SurveyExhibits) -> Node:
    said = survey.estimation
    settings = [
        Node(
            words=about.say(
                "survey_setting_line",
                name=about.say(f"survey_set_{name}"),
                value=setting_words(name, str(value), about.lang),
            )
        )
        for name, value in said.model_dump(include={"scheme", "data", "missing", "weights"}).items()
    ]
    model = exhibits.model
    if model is not None:
        told = {"steps": str(model.steps), "number": str(model.respondents)}
        drawn = {"all": str(model.resampling.replicates), "seed": str(model.resampling.seed)}
        settings.append(Node(words=about.say("survey_estimated", **told)))
        settings.append(Node(words=about.say("survey_resampled", failed=str(model.resampling.failed), **drawn)))
    words = about.say("survey_interval", interval=interval_words(exhibits.interval), level=show(said.confidence * 100))
    return Node(words=words, role=Role.CONCLUSION, children=tuple(settings))


def interval_words(spread: Spread) -> str:
    """Return the interval of an index as people write it."""
    return f"{places(spread.low, 2)} – {places(spread.high, 2)}"


def places(value: Number, number: int) -> str:
    """Return a figure with so many decimals; a dash where there is none."""
    return "—" if value is None else f"{value:.{number}f}"


def _path(about: Explainer, path: Path, model: ModelFigures) -> Node:
    found = model.paths[path.id]
    spread = found.coefficient
    told = {"value": places(spread.value, 4), "low": places(spread.low, 3), "high": places(spread.high, 3)}
    words = f"{arrow(path)}  {about.say('survey_coefficient', **told)}"
    return Node(words=words, role=Role.ENTRY, children=about.source(path.id))


def _latent(about: Explainer, latent: Latent, model: ModelFigures, only: str) -> Node:
    found = model.index[latent.id]
    told = {"index": places(found.index.value, 2), "interval": interval_words(found.index)}
    words = about.say("survey_latent", id=latent.id, name=latent.name, r2=places(model.r2.get(latent.id), 3), **told)
    described = about.standing.exhibits
    children = []
    for one in latent.indicators:
        if one.id not in found.weights or only not in {"", one.id}:
            continue
        mean: Number = None
        if isinstance(described, SurveyExhibits):
            mean = described.statistics.descriptives[one.id].figures["mean"]
        figures = {"weight": places(found.weights[one.id], 4), "loading": places(model.loadings[one.id].value, 4)}
        line = about.say("survey_indicator", id=one.id, name=one.name, mean=places(mean, 3), **figures)
        children.append(Node(words=line, role=Role.ENTRY, children=about.source(one.id)))
    return Node(words=words, role=Role.CONCLUSION, children=(*about.source(latent.id), *children))
