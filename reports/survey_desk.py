"""The sampling desk and the questionnaire as sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from appraisal.errors import Lang, text
from appraisal.methods.sample_plan import Quota, SamplePlan
from appraisal.model.edition import Edition
from appraisal.model.exact import half_up
from appraisal.model.survey import Survey
from appraisal.statistics.sampling import Drawn, Ranked
from reports.rulebooks import head_meta
from reports.sheet import Cell, Column, Kind, Section, Sheet, Table
from reports.survey import scale_words
from reports.wording import column, said


def plan_sheet(
    edition: Edition, found: SamplePlan, lang: Lang, *, ranked: Sequence[Ranked] = (), drawn: Sequence[Drawn] = ()
) -> Sheet:
    """Return a plan: census or sample, how many to ask, companies chosen and clients drawn, each with its rule."""
    survey = edition.as_a(Survey)
    tables = [_sizes(survey, found, lang)]
    if ranked:
        tables.append(_companies(survey, ranked, lang))
    if drawn:
        tables.append(_clients(survey, drawn, lang))
    notes = [said(caution, lang) for caution in found.cautions]
    sampling = survey.sampling
    notes.append(text("survey_plan_who", lang, age=str(sampling.age), months=str(sampling.months)))
    title = text("survey_plan_title", lang)
    opening = (said(found.why, lang),)
    meta = head_meta(edition, lang)
    return Sheet(
        name=f"{survey.id} plan", title=title, meta=meta, opening=opening, tables=tuple(tables), notes=tuple(notes)
    )


def _sentence(survey: Survey, name: str) -> str:
    return next((s.text for s in survey.sentences() if s.id == name), "")


def _sizes(survey: Survey, found: SamplePlan, lang: Lang) -> Table:
    columns = (
        column("survey_for", lang),
        Column(title=text("col_survey_required", lang), key="required", kind=Kind.WHOLE),
        Column(title=text("col_survey_to_ask", lang), key="asked", kind=Kind.WHOLE),
        column("sentence", lang),
    )
    whole = text("survey_plan_census" if found.census else "survey_plan_company", lang)
    rows: list[tuple[Cell, ...]] = [(whole, found.required, found.asked, _sentence(survey, found.clause))]
    for word, quotas in (("survey_plan_segment", found.segments), ("survey_plan_branch", found.branches)):
        rows += [(text(word, lang, name=q.name), *_quota(survey, q)) for q in quotas]
    inflation = _sentence(survey, survey.sampling.statements.get("inflation", ""))
    notes = (inflation,) if inflation and not found.census else ()
    return Table(title=text("survey_tab_sizes", lang), columns=columns, rows=tuple(rows), notes=notes)


def _quota(survey: Survey, quota: Quota) -> tuple[int, int, str]:
    return quota.required, quota.asked, _sentence(survey, quota.clause)


def _percent(value: Fraction) -> Fraction:
    return half_up(value * 100, Fraction(1, 100))


def _companies(survey: Survey, ranked: Sequence[Ranked], lang: Lang) -> Table:
    columns = (
        Column(title=text("col_rank", lang), key="rank", kind=Kind.WHOLE),
        column("name", lang),
        column("survey_turnover", lang, kind=Kind.NUMBER),
        column("survey_share", lang, kind=Kind.NUMBER),
        column("survey_reached", lang, kind=Kind.NUMBER),
        column("survey_chosen", lang),
    )
    rows = tuple(
        (n, r.name, r.size, _percent(r.share), _percent(r.reached), "✓" if r.chosen else "")
        for n, r in enumerate(ranked, start=1)
    )
    strong = frozenset(n for n, r in enumerate(ranked) if r.chosen)
    notes = tuple(
        filter(None, (_sentence(survey, survey.sampling.statements.get(k, "")) for k in ("companies", "turnover")))
    )
    return Table(title=text("survey_tab_companies", lang), columns=columns, rows=rows, strong=strong, notes=notes)


def _clients(survey: Survey, drawn: Sequence[Drawn], lang: Lang) -> Table:
    columns = (
        column("name", lang),
        column("survey_size", lang, kind=Kind.NUMBER),
        column("survey_probability", lang, kind=Kind.NUMBER),
    )
    rows = tuple((d.name, d.size, half_up(d.probability, Fraction(1, 10**6))) for d in drawn)
    notes = tuple(filter(None, (_sentence(survey, survey.sampling.statements.get("pps", "")),)))
    return Table(title=text("survey_tab_clients", lang), columns=columns, rows=rows, notes=notes)


def questionnaire_sheet(edition: Edition, lang: Lang) -> Sheet:
    """Return the skeleton of a questionnaire: who is asked, every question with its scale, who the respondent is."""
    survey = edition.as_a(Survey)
    title = text("survey_questionnaire_title", lang)
    months, age = str(survey.sampling.months), str(survey.sampling.age)
    opening = (
        text("survey_questionnaire_opening", lang),
        text("survey_questionnaire_who", lang, age=age, months=months),
    )
    tables = tuple(_question_tables(survey, lang))
    closing = (text("survey_questionnaire_note", lang), text("survey_questionnaire_thanks", lang))
    return Sheet(
        name=f"{survey.id} questionnaire",
        title=title,
        meta=((text("survey_questionnaire_number", lang), "________"),),
        opening=opening,
        tables=(*tables, _background(lang)),
        notes=closing,
    )


def questionnaire_section(survey: Survey, lang: Lang) -> Section:
    """Return the questions as the annex of a report."""
    return Section(title=text("survey_part_annex", lang), body=tuple(_question_tables(survey, lang)), new_page=True)


def _question_tables(survey: Survey, lang: Lang) -> Iterator[Table]:
    columns = (
        column("survey_item", lang),
        column("survey_question", lang),
        column("survey_scale", lang),
        column("survey_low_word", lang),
        column("survey_high_word", lang),
        column("survey_answer", lang),
    )
    for latent in survey.asked():
        rows = tuple(
            (
                one.id,
                one.question or one.name,
                scale_words(survey, one),
                one.low_word,
                one.high_word,
                text("survey_if_asked", lang, of=one.asked.of) if one.asked is not None else "",
            )
            for one in latent.indicators
        )
        yield Table(title=f"{latent.id} {latent.name}", columns=columns, rows=rows)


def _background(lang: Lang) -> Table:
    columns = (column("what", lang), column("value_of", lang))
    keys = ("sex", "age", "branch", "often")
    rows = tuple(
        (text(f"survey_background_{key}", lang), text(f"survey_background_{key}_answers", lang)) for key in keys
    )
    return Table(title=text("survey_tab_background", lang), columns=columns, rows=rows)
