"""What people must know about a survey before they use its index; none of it moves a point."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from appraisal.methods.answers import Answers
from appraisal.methods.satisfaction import Fitted
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Say, Warn
from appraisal.model.survey import Survey
from appraisal.model.survey_figures import SurveyExhibits


def about_run(survey: Survey) -> Iterator[Warn]:
    """Say that another document has replaced this one."""
    if survey.superseded:
        yield _warn("V200", by=survey.superseded, name=survey.name)


def about_sample(survey: Survey, subject: Subject, answers: Answers, exhibits: SurveyExhibits) -> Iterator[Warn]:
    """Say where there are fewer respondents than the document asks for, and what was not compared."""
    who, sampling = subject.name, survey.sampling
    if len(answers) < sampling.least:
        yield _warn("V203", subject, who=who, number=str(len(answers)), least=str(sampling.least))
    for name, segment in exhibits.statistics.segments.items():
        small = [f"{label} {one.respondents}" for label, one in segment.items() if one.respondents < sampling.segment]
        if small:
            groups, least = "、".join(small), str(sampling.segment)
            yield _warn("V204", subject, who=who, column=name, groups=groups, least=least)
    if exhibits.statistics.unused:
        yield _warn("V210", subject, who=who, columns="、".join(exhibits.statistics.unused))


def about_model(survey: Survey, subject: Subject, fitted: Fitted, exhibits: SurveyExhibits) -> Iterator[Warn]:
    """Say what was filled in, which latents have no index, what could not be resampled, and what looks misread."""
    who, frame = subject.name, fitted.frame
    if fitted.prepared.gaps:
        args = {"who": who, "gaps": str(fitted.prepared.gaps), "how": f"@V21{_HOW[survey.estimation.missing]}"}
        yield _warn("V207", subject, **args)
    for n, latent in enumerate(frame.latents):
        if not np.isfinite(fitted.index[n]):
            yield _warn("V205", subject, who=who, latent=f"{latent.id} {latent.name}")
    if exhibits.model is not None and exhibits.model.resampling.failed:
        failed, all_ = exhibits.model.resampling.failed, exhibits.model.resampling.replicates
        yield _warn("V206", subject, who=who, failed=str(failed), all=str(all_))
    top = float(np.nanmax(fitted.answers.values - frame.lows))
    if top <= float(np.min(frame.highs - frame.lows)) / 2:
        highest = f"{float(np.nanmax(fitted.answers.values)):g}"
        yield _warn("V209", subject, who=who, highest=highest, high=f"{float(survey.scale.high):g}")


_HOW = {"mean": 1, "pairwise": 2, "listwise": 3}


def _warn(code: str, subject: Subject | None = None, **args: str) -> Warn:
    return Warn(code=code, say=Say(code, args), subject=subject.id if subject is not None else "")
