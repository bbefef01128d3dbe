"""The report of a survey in the structure of section 19 of the document: one sheet that every writer can set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.exact import half_up, show
from appraisal.model.standing import Assessment, Standing
from appraisal.model.survey import Survey
from appraisal.model.survey_figures import SurveyExhibits
from reports.figures import Bar, Bars
from reports.sheet import Cell, Kind, Paper, Section, Sheet, Table
from reports.survey import interval_words, places, plain, setting_words
from reports.survey_desk import questionnaire_section
from reports.survey_model_part import model_part
from reports.survey_more_parts import answers_part, auxiliary_part, background_part
from reports.wording import column, listed, said


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a report is made from: a run, whose respondents (None: all), how many questionnaires went out."""

    assessment: Assessment
    edition: Edition
    exhibits: SurveyExhibits
    lang: Lang
    standing: Standing | None = None
    sent: int | None = None

    @property
    def survey(self) -> Survey:
        """The rulebook."""
        return self.edition.as_a(Survey)

    @property
    def who(self) -> str:
        """Whose report it is."""
        return self.standing.name if self.standing is not None else self.say("survey_all")

    def say(self, code: str, **args: str) -> str:
        """Return a message in the reader's language."""
        return text(code, self.lang, **args)


def survey_report(report: Report) -> Sheet:
    """Return the report: summary, preface, four parts, and the questionnaire as its annex."""
    title = report.say("survey_report_title", who=report.who)
    sections = (
        _summary(report),
        _preface(report),
        answers_part(report.survey, report.exhibits, report.lang),
        *([model_part(report.survey, report.exhibits.model, report.lang)] if report.exhibits.model is not None else []),
        auxiliary_part(report.survey, report.exhibits, report.lang),
        background_part(report.survey, report.exhibits, report.lang),
        questionnaire_section(report.survey, report.lang),
    )
    meta = (
        (report.say("meta_rulebook"), report.edition.rulebook.id),
        (report.say("meta_hash"), report.edition.hash.removeprefix("sha256:")),
        (report.say("survey_input"), report.assessment.input_hash.removeprefix("sha256:")),
        (report.say("survey_engine"), report.assessment.engine),
    )
    name = f"{report.edition.rulebook.id} {report.who}"
    return Sheet(name=name, title=title, subtitle=report.survey.name, meta=meta, sections=sections, paper=Paper())


def _summary(report: Report) -> Section:
    """Return the main conclusions: the index, what moves it most, what is done worst, and what to beware of."""
    exhibits, survey = report.exhibits, report.survey
    names = {latent.id: latent.name for latent in survey.latents}
    index = places(exhibits.interval.value, 2)
    lines = [report.say("survey_sum_index", who=report.who, index=index, interval=interval_words(exhibits.interval))]
    moving = sorted(exhibits.ipma.pairs, key=lambda pair: -(pair.importance or 0.0))
    if moving:
        first = moving[0]
        lines.append(
            report.say("survey_sum_moves", name=f"{first.id} {first.name}", effect=places(first.importance, 3))
        )
    improve = [f"{pair.id} {pair.name}" for pair in moving if pair.quadrant == "improve"]
    if improve:
        lines.append(report.say("survey_sum_improve", names=listed(improve, report.lang)))
    bars = tuple(
        Bar(
            label=f"{name} {names[name]}",
            value=round(one.figures["mean"] or 0.0, 2),
            strong=name == survey.target,
            low=_bound(exhibits, name, low=True),
            high=_bound(exhibits, name, low=False),
        )
        for name, one in exhibits.statistics.index.items()
    )
    figure = Bars(title=report.say("survey_fig_index"), bars=bars, unit="0–100")
    warnings = [said(w.say, report.lang) for w in report.assessment.warnings if _concerns(report, w.subject)]
    cautions = [report.say("survey_sum_beware", what=listed_warnings(warnings, report.lang))] if warnings else []
    ranking = [_ranking(report)] if len(report.assessment.standings) > 1 else []
    return Section(title=report.say("survey_part_summary"), body=(*lines, figure, *ranking, *cautions))


def listed_warnings(warnings: list[str], lang: Lang) -> str:
    """Return warnings as one sentence."""
    return ("；" if lang == "zh" else "; ").join(warnings)


def _concerns(report: Report, subject: str) -> bool:
    return not subject or (report.standing is not None and subject == report.standing.subject)


def _bound(exhibits: SurveyExhibits, name: str, *, low: bool) -> float | None:
    if exhibits.model is None or name not in exhibits.model.index:
        return None
    spread = exhibits.model.index[name].index
    bound = spread.low if low else spread.high
    return None if bound is None else round(bound, 2)


def _ranking(report: Report) -> Table:
    columns = (
        column("rank", report.lang, kind=Kind.WHOLE),
        column("subject", report.lang),
        column("survey_index", report.lang, kind=Kind.NUMBER),
        column("survey_interval", report.lang),
    )
    rows = tuple(_ranked(report))
    strong = frozenset(n for n, row in enumerate(rows) if row[1] == report.who)
    return Table(title=report.say("survey_tab_ranking"), columns=columns, rows=rows, strong=strong)


def _ranked(report: Report) -> Iterator[tuple[Cell, ...]]:
    for standing in sorted(report.assessment.standings, key=lambda s: (s.rank, s.name)):
        shown = standing.exhibits
        interval = interval_words(shown.interval) if isinstance(shown, SurveyExhibits) else ""
        yield standing.rank, standing.name, half_up(standing.total, Fraction(1, 100)), interval


def _preface(report: Report) -> Section:
    """Return what was surveyed: the document, the sample with its rate of return, and the settings."""
    survey, model = report.survey, report.exhibits.model
    respondents = sum(int(one.figures["n"] or 0) for one in list(report.exhibits.statistics.index.values())[:1])
    number = model.respondents if model is not None else respondents
    facts: list[tuple[Cell, ...]] = [(report.say("survey_respondents"), number)]
    if report.sent is not None and report.sent >= number:
        facts.append((report.say("survey_sent"), report.sent))
        rate = half_up(Fraction(number * 100, report.sent), Fraction(1, 10))
        facts.append((report.say("survey_returned"), f"{show(rate)}%"))
    if model is not None:
        facts.append((report.say("survey_gaps"), model.gaps))
    facts.append((report.say("survey_period"), str(report.assessment.span)))
    facts.append((report.say("survey_months"), survey.sampling.months))
    facts.append((report.say("survey_age"), survey.sampling.age))
    for name, value in survey.estimation.model_dump(exclude={"id"}).items():
        facts.append((report.say(f"survey_set_{name}"), setting_words(name, plain(value), report.lang)))
    columns = (column("what", report.lang), column("value_of", report.lang))
    table = Table(title=report.say("survey_tab_sample"), columns=columns, rows=tuple(facts))
    background = report.say("survey_background", document=survey.source.title, latents=str(len(survey.latents)))
    return Section(title=report.say("survey_part_preface"), body=(background, table))
