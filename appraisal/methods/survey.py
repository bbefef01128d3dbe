"""The customer satisfaction index: each subject's respondents, a path model, the target's index as its standing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from scipy import special

from appraisal.errors import Finding, RefusedError
from appraisal.methods.answers import Answers, Frame, answers_of, frame_of
from appraisal.methods.family import Judged, Judgement, Sitting
from appraisal.methods.satisfaction import Fitted, fit, refuse
from appraisal.methods.survey_model import in_points, model_figures
from appraisal.methods.survey_statistics import Scored, matrix, stated_pairs, statistics_of
from appraisal.methods.survey_warnings import about_model, about_run, about_sample
from appraisal.model.path_model import Spread
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Entry, EntryKind, ItemScore, Say, State, Warn
from appraisal.model.survey import Survey
from appraisal.model.survey_figures import Pair, SurveyExhibits
from appraisal.statistics.arrays import Flags, Floats, figure
from appraisal.statistics.indexing import added_up, contributions, respondents
from appraisal.statistics.missing import Missing, prepare
from appraisal.statistics.pls import total_effects

PLACES = 9
"""Decimals to which an indicator's part of the index is rounded; the total is the sum of the parts."""
EVERYBODY = "@survey_all"
"""A message of its own, so that it is said in the reader's language."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """One subject's answers, and its model: its own, or that of all respondents (`borrowed`)."""

    subject: Subject
    answers: Answers
    fitted: Fitted
    borrowed: bool = False


class SurveyFamily:
    """Judges surveys."""

    def judge(self, sitting: Sitting) -> Judged:
        """Judge every subject of the sitting; RefusedError where a model cannot be estimated, with every reason."""
        survey = sitting.edition.as_a(Survey)
        if not sitting.roster:
            return Judged(judgements=(), warnings=tuple(about_run(survey)))
        frame = frame_of(survey, sitting.events)
        events = sitting.by_subject()
        answers = {subject.id: answers_of(survey, frame, events[subject.id]) for subject in sitting.roster}
        together, troubles = _together(survey, frame, sitting)
        groups = list(_groups(survey, frame, sitting, answers, together))
        exhibits = [_exhibits(survey, group) for group in groups]
        if len(groups) == 1:
            whole: SurveyExhibits | None = exhibits[0]
        else:
            whole = _exhibits(survey, together) if together is not None else None
        return Judged(
            judgements=[_judgement(group, shown) for group, shown in zip(groups, exhibits, strict=True)],
            warnings=(
                *about_run(survey),
                *frame.warnings,
                *troubles,
                *_warnings(survey, groups, exhibits),
                *_borrowed(survey, groups, together, whole),
            ),
            exhibits=whole,
        )


def _together(survey: Survey, frame: Frame, sitting: Sitting) -> tuple[Group | None, list[Warn]]:
    """Return all respondents as one group, with who is whose as a segment; none needed where there is one subject."""
    if len(sitting.roster) == 1:
        return None, []
    everybody = answers_of(survey, frame, sitting.events)
    names = {subject.id: subject.name for subject in sitting.roster}
    whose = tuple(names[event.subject] for event in sitting.events)
    everybody = replace(everybody, segments={"subject": whose, **everybody.segments})
    try:
        fitted = fit(everybody, frame, survey.estimation, EVERYBODY)
    except RefusedError as error:
        if survey.estimation.weights == "pooled":
            raise
        first = error.findings[0]
        return None, [Warn(code="V208", say=Say("V208", {**first.args, "reason": f"@{first.code}"}))]
    return Group(subject=Subject.model_construct(id="", name=EVERYBODY), answers=everybody, fitted=fitted), []


def _groups(
    survey: Survey, frame: Frame, sitting: Sitting, answers: Mapping[str, Answers], together: Group | None
) -> Iterator[Group]:
    """Yield each subject with its model; RefusedError with what is wrong with any of them."""
    findings: list[Finding] = []
    for subject in sitting.roster:
        if survey.estimation.weights == "pooled" and together is not None:
            if not len(answers[subject.id]):
                findings.append(Finding(code="V032", args={"who": subject.name}))
            else:
                own = answers[subject.id]
                yield Group(subject=subject, answers=own, fitted=together.fitted, borrowed=True)
            continue
        try:
            fitted = fit(answers[subject.id], frame, survey.estimation, subject.name)
        except RefusedError as error:
            findings += error.findings
        else:
            yield Group(subject=subject, answers=answers[subject.id], fitted=fitted)
    refuse(findings)


def _scored(survey: Survey, group: Group) -> Scored:
    """Return a group's respondents with their own indexes."""
    fitted, confidence = group.fitted, float(survey.estimation.confidence)
    if not group.borrowed:
        kept, own = fitted.prepared.kept, fitted.own
        return Scored(frame=fitted.frame, answers=group.answers, kept=kept, own=own, confidence=confidence)
    filled = _filled(group)
    own = respondents(fitted.weights, filled, fitted.frame.lows, fitted.frame.highs, fitted.frame.structure)
    kept = np.ones(len(filled), dtype=bool)
    return Scored(frame=fitted.frame, answers=group.answers, kept=kept, own=own, confidence=confidence)


def _filled(group: Group) -> Floats:
    """Return a group's answers, gaps filled with the group's means, or with everybody's where it has none."""
    values = group.answers.values
    everybody = group.fitted.moments.means[0]
    empty: Flags = np.asarray(np.isnan(values).all(axis=0))
    patched = np.where(empty[None, :], everybody[None, :], values)
    return prepare(patched, Missing.MEAN).filled


def _added(group: Group) -> Floats:
    """Return what each indicator adds to its latent's index in a group."""
    fitted = group.fitted
    if not group.borrowed:
        return fitted.added
    means = _filled(group).mean(axis=0)
    return contributions(fitted.weights, means, fitted.frame.lows, fitted.frame.highs, fitted.frame.structure)


def _exhibits(survey: Survey, group: Group) -> SurveyExhibits:
    """Return what is shown of a group."""
    fitted, scored = group.fitted, _scored(survey, group)
    model = None if group.borrowed else model_figures(fitted, survey.estimation)
    indexes = added_up(_added(group), fitted.frame.structure)
    stated = stated_pairs(scored)
    return SurveyExhibits(
        target=survey.target,
        interval=model.index[survey.target].index if model is not None else _interval(scored, indexes),
        model=model,
        statistics=statistics_of(scored),
        ipma=matrix(list(_by_effects(fitted, indexes))),
        stated=matrix(stated) if stated else None,
    )


def _by_effects(fitted: Fitted, indexes: Floats) -> Iterator[Pair]:
    """Yield what acts on the target: its total effect, and how well it is done."""
    frame = fitted.frame
    total, points = total_effects(fitted.estimates.paths[0])[:, frame.target], in_points(fitted)[:, frame.target]
    for n, latent in enumerate(frame.latents):
        if total[n]:
            yield Pair(
                id=latent.id,
                name=latent.name,
                importance=figure(float(total[n])),
                performance=figure(float(indexes[n])),
                in_points=figure(float(points[n])),
            )


def _interval(scored: Scored, indexes: Floats) -> Spread:
    """Return the target's index with the interval of a mean, for weights that are given."""
    own = scored.own[:, scored.frame.target]
    value = float(indexes[scored.frame.target])
    if len(own) < 2:  # noqa: PLR2004
        return Spread(value=figure(value))
    error = float(own.std(ddof=1) / np.sqrt(len(own)))
    reach = float(special.stdtrit(len(own) - 1, (1 + scored.confidence) / 2)) * error
    return Spread(value=figure(value), error=figure(error), low=figure(value - reach), high=figure(value + reach))


def _judgement(group: Group, exhibits: SurveyExhibits) -> Judgement:
    item = _item(group)
    shown = replace(exhibits, total=float(item.score))
    return Judgement(subject=group.subject, total=item.score, items=(item,), exhibits=shown)


def _item(group: Group) -> ItemScore:
    """Return the target with what each of its indicators adds to the index."""
    frame = group.fitted.frame
    added = _added(group)
    means = _filled(group).mean(axis=0) if group.borrowed else group.fitted.moments.means[0]
    number = len(group.answers) if group.borrowed else group.fitted.number
    members = frame.structure.members(frame.target)
    entries = tuple(
        Entry(
            clause=frame.ids[at],
            kind=EntryKind.CLAUSE,
            points=exact(added[at]),
            counted=exact(added[at]),
            reason=_reason(group, int(at), float(means[at]), number),
        )
        for at in members
    )
    latent = frame.latents[frame.target]
    return ItemScore(
        id=latent.id,
        name=latent.name,
        points=Fraction(100),
        base=Fraction(0),
        score=sum((entry.points for entry in entries), Fraction(0)),
        state=State.ASSESSED,
        entries=entries,
    )


def _reason(group: Group, at: int, mean: float, number: int) -> Say:
    """Return the arithmetic of one indicator's part of the index."""
    frame, weights = group.fitted.frame, group.fitted.weights
    members = frame.structure.members(frame.target)
    ranges = (frame.highs - frame.lows)[members]
    args = {"weight": f"{weights[at]:.6f}", "mean": f"{mean:.6f}", "number": str(number), "low": f"{frame.lows[at]:g}"}
    if (ranges == ranges[0]).all():
        return Say("V101", args | {"high": f"{frame.highs[at]:g}"})
    return Say("V102", args | {"width": f"{float(weights[members] @ ranges):.6f}"})


def exact(value: float) -> Fraction:
    """Return a figure rounded to the decimals of a standing, exactly."""
    return Fraction(f"{value:.{PLACES}f}")


def _borrowed(
    survey: Survey, groups: Sequence[Group], together: Group | None, whole: SurveyExhibits | None
) -> Iterator[Warn]:
    """Yield what is to be known about the model of all respondents where every subject has its weights."""
    if together is not None and whole is not None and any(group.borrowed for group in groups):
        yield from about_model(survey, together.subject, together.fitted, whole)


def _warnings(survey: Survey, groups: Sequence[Group], exhibits: Sequence[SurveyExhibits]) -> Iterator[Warn]:
    for group, shown in zip(groups, exhibits, strict=True):
        yield from about_sample(survey, group.subject, group.answers, shown)
        if not group.borrowed:
            yield from about_model(survey, group.subject, group.fitted, shown)
