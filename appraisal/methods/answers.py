"""Respondents' answers in columns: which indicators are in the model, and who answered what.

Answers are turned so that high is favourable. What nobody was asked leaves the model; what not everybody was asked is
kept apart, never filled with a mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event
from appraisal.model.standing import Say, Warn
from appraisal.model.survey import IMPORTANCE, Indicator, Latent, Survey
from appraisal.statistics.arrays import Flags, Floats
from appraisal.statistics.pls import Structure

FREE = "x_"
_TWICE = 2.0


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What the model of a run consists of: latents, their indicators in columns, who acts on whom, and the scales."""

    latents: tuple[Latent, ...]
    columns: tuple[Indicator, ...]
    structure: Structure
    lows: Floats
    highs: Floats
    target: int
    apart: tuple[Indicator, ...] = ()
    warnings: tuple[Warn, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the columns."""
        return tuple(indicator.id for indicator in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of the latents."""
        return tuple(latent.id for latent in self.latents)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Respondents in rows, by date and id: answers (NaN = none) in the columns of the frame, high is favourable."""

    values: Floats
    apart: Mapping[str, Floats]
    importance: Mapping[str, Floats] = field(default_factory=lambda: MappingProxyType({}))
    segments: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        """How many respondents there are."""
        return len(self.values)


def favourable(values: Floats, indicator: Indicator, bounds: tuple[float, float]) -> Floats:
    """Return answers turned so that high is favourable (or back as they were given)."""
    return bounds[0] + bounds[1] - values if indicator.reversed else values


def column(events: Sequence[Event], name: str) -> Floats:
    """Return one fact of all events as numbers, NaN where there is none."""
    nan = float("nan")
    return np.array([nan if (v := e.facts.get(name)) is None else float(v) for e in events], dtype=np.float64)


def frame_of(survey: Survey, events: Sequence[Event]) -> Frame:
    """Decide from all answers of a run what the model consists of; RefusedError where it cannot be."""
    there = {name for event in events for name in event.facts}
    warnings: list[Warn] = []
    latents: list[Latent] = []
    for latent in survey.asked():
        if latent.may_lack and not any(one.id in there for one in latent.indicators):
            said = {"latent": f"{latent.id} {latent.name}", "clause": latent.lacks or latent.id}
            warnings.append(Warn(code="V201", say=Say("V201", said)))
        else:
            latents.append(latent)
    apart = [one for latent in latents for one in latent.indicators if _not_for_all(survey, one, events)]
    for one in apart:
        number = int(np.isfinite(column(events, one.id)).sum())
        said = {"indicator": f"{one.id} {one.name}", "answers": str(number), "of": str(len(events))}
        warnings.append(Warn(code="V202", say=Say("V202", said)))
    left_out = {one.id for one in apart}
    columns = [(n, one) for n, latent in enumerate(latents) for one in latent.indicators if one.id not in left_out]
    _must_be_there(latents, [one for _, one in columns], there)
    bounds = [survey.bounds(one) for _, one in columns]
    return Frame(
        latents=tuple(latents),
        columns=tuple(one for _, one in columns),
        structure=Structure(tuple(n for n, _ in columns), _arrows(survey, latents)),
        lows=np.array([float(low) for low, _ in bounds]),
        highs=np.array([float(high) for _, high in bounds]),
        target=[latent.id for latent in latents].index(survey.target),
        apart=tuple(apart),
        warnings=tuple(warnings),
    )


def _must_be_there(latents: Iterable[Latent], columns: Sequence[Indicator], there: set[str]) -> None:
    """Refuse an indicator of the model that nobody answered, and a latent that was left without any."""
    ids = {one.id for one in columns}
    findings = [
        Finding(code="V020", args={"indicator": f"{one.id} {one.name}"}) for one in columns if one.id not in there
    ]
    findings += [
        Finding(code="V021", args={"latent": f"{latent.id} {latent.name}"})
        for latent in latents
        if not any(one.id in ids for one in latent.indicators)
    ]
    if findings:
        raise RefusedError(findings)


def _not_for_all(survey: Survey, one: Indicator, events: Sequence[Event]) -> bool:
    """Say whether answers are missing because not everybody was asked.

    Where the question that decides was answered by its two ends only (yes or no), it is so if anybody else lacks an
    answer; else if more are missing than a gap here and there, and more than twice as many as elsewhere.
    """
    if one.asked is None or one.required:
        return False
    missing = np.isnan(column(events, one.id))
    if not missing.any():
        return False
    deciding = next(other for other in survey.indicators() if other.id == one.asked.of)
    low, high = (float(end) for end in survey.bounds(deciding))
    said = favourable(column(events, deciding.id), deciding, (low, high))
    asked = low if one.asked.end == "low" else high
    two_ended = bool(np.isin(said[np.isfinite(said)], [low, high]).all()) and bool((said == asked).any())
    if two_ended:
        return bool((missing & np.isfinite(said) & (said != asked)).any())
    elsewhere = [np.isnan(column(events, other.id)).mean() for other in _others(survey, one)]
    share = float(missing.mean())
    return share > float(survey.estimation.most_unasked) and share > _TWICE * float(np.mean(elsewhere))


def _others(survey: Survey, one: Indicator) -> Iterator[Indicator]:
    """Yield the questions that everybody is asked."""
    for latent in survey.asked():
        if not latent.may_lack:
            yield from (other for other in latent.indicators if other.asked is None and other.id != one.id)


def _arrows(survey: Survey, latents: Sequence[Latent]) -> Flags:
    place = {latent.id: n for n, latent in enumerate(latents)}
    arrows = np.zeros((len(latents), len(latents)), dtype=bool)
    for path in survey.paths:
        if path.start in place and path.end in place:
            arrows[place[path.start], place[path.end]] = True
    return arrows


def answers_of(survey: Survey, frame: Frame, events: Sequence[Event]) -> Answers:
    """Return the answers of some respondents in the columns of the frame."""
    values = np.column_stack(
        [
            favourable(column(events, one.id), one, (low, high))
            for one, low, high in zip(frame.columns, frame.lows, frame.highs, strict=True)
        ]
    )
    known = {one.id for one in survey.indicators()}
    names = sorted({name for event in events for name in event.facts} - known)
    free = [name for name in names if not name.startswith((FREE, IMPORTANCE))]
    return Answers(
        values=values,
        apart={one.id: column(events, one.id) for one in frame.apart},
        importance={
            name.removeprefix(IMPORTANCE): column(events, name) for name in names if name.startswith(IMPORTANCE)
        },
        segments={name: tuple(str(event.facts.get(name, "")) for event in events) for name in free},
    )
