"""What can be wrong across a survey's rulebook: ids, references, circles, scales; and what its cases must exercise."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.errors import Finding, InternalError
from appraisal.model.event import Event
from appraisal.model.standing import Assessment
from appraisal.model.survey import RESPONSE, Survey
from appraisal.reading.checks_head import readings_of, twice
from appraisal.reading.checks_parts import Book
from appraisal.reading.yaml_places import PathTo


def _survey(book: Book) -> Survey:
    if not isinstance(book.rulebook, Survey):
        raise InternalError(f"{book.rulebook.id} is no survey")
    return book.rulebook


def ids(book: Book) -> Iterator[Finding]:
    """Find ids that two parts share, and paths that stand twice."""
    survey = _survey(book)
    parts: list[tuple[PathTo, str]] = [(("statements", n), s.id) for n, s in enumerate(survey.statements)]
    for n, latent in enumerate(survey.latents):
        parts.append((("latents", n), latent.id))
        parts += [(("latents", n, "indicators", i), one.id) for i, one in enumerate(latent.indicators)]
    yield from twice(book, "parts", parts)
    seen: dict[str, PathTo] = {}
    for n, path in enumerate(survey.paths):
        first = seen.setdefault(path.id, ("paths", n))
        if first != ("paths", n):
            yield book.finding("V060", ("paths", n), also=(first,), name=path.id)


def references(book: Book) -> Iterator[Finding]:
    """Find latents, indicators and sentences that are named and are none."""
    survey = _survey(book)
    latents = [latent.id for latent in survey.latents]
    indicators = [one.id for one in survey.indicators()]
    sentences = [*latents, *indicators, *(statement.id for statement in survey.statements)]
    yield from book.unknown("V061", ("target",), survey.target, latents)
    for n, path in enumerate(survey.paths):
        where: PathTo = ("paths", n)
        yield from book.unknown("V061", (*where, "from"), path.start, latents)
        yield from book.unknown("V061", (*where, "to"), path.end, latents)
        if path.within:
            yield from book.unknown("V062", (*where, "within"), path.within, sentences)
    for n, latent in enumerate(survey.latents):
        if latent.lacks:
            yield from book.unknown("V062", ("latents", n, "lacks"), latent.lacks, sentences)
        for i, one in enumerate(latent.indicators):
            if one.asked is not None:
                asked: PathTo = ("latents", n, "indicators", i, "asked", "of")
                yield from book.unknown("V063", asked, one.asked.of, [other for other in indicators if other != one.id])
    for key, name in survey.sampling.statements.items():
        yield from book.unknown("V062", ("sampling", "statements", key), name, sentences)
    yield from readings_of(book, {*sentences, "scale", "estimation", "sampling", *(p.id for p in survey.paths)})


def model(book: Book) -> Iterator[Finding]:
    """Find paths in a circle, latents that no path touches, a target that is not asked or that nothing acts on."""
    survey = _survey(book)
    asked = {latent.id for latent in survey.asked()}
    paths = [(n, p) for n, p in enumerate(survey.paths) if p.start in asked and p.end in asked]
    known = {latent.id for latent in survey.latents}
    if survey.target in known and survey.target not in asked:
        yield book.finding("V066", ("target",), name=survey.target)
    for n, latent in enumerate(survey.latents):
        if latent.id in asked and not any(latent.id in {p.start, p.end} for _, p in paths):
            yield book.finding("V065", ("latents", n, "id"), name=latent.id)
    for n, path in paths:
        if path.start == path.end or _reaches(path.end, path.start, [p.id for _, p in paths]):
            yield book.finding("V064", ("paths", n), name=path.id)
            return


def _reaches(start: str, end: str, paths: list[str]) -> bool:
    arrows = [tuple(path.split("->")) for path in paths]
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        for one, other in arrows:
            if one == here and other not in seen:
                seen.add(other)
                todo.append(other)
    return end in seen


def scales(book: Book) -> Iterator[Finding]:
    """Find scales that end where they begin or before."""
    survey = _survey(book)
    if survey.scale.low >= survey.scale.high:
        yield book.finding("V067", ("scale", "high"), name="scale")
    for n, latent in enumerate(survey.latents):
        for i, one in enumerate(latent.indicators):
            low, high = survey.bounds(one)
            if low >= high and (one.low is not None or one.high is not None):
                yield book.finding("V067", ("latents", n, "indicators", i), name=one.id)


CHECKS = (ids, references, model, scales)


def headings(survey: Survey) -> Iterator[tuple[str, str]]:
    """Yield latents and indicators with the lines on which they are named."""
    for latent in survey.latents:
        yield from ((latent.id, lines) for lines in latent.headings)
        for one in latent.indicators:
            yield from ((one.id, lines) for lines in one.headings)


def targets(survey: Survey) -> set[str]:
    """Name what cases must exercise: every indicator answered, and left out where it may be."""
    found = {f"indicator:{one.id}" for one in survey.indicators()}
    found |= {f"apart:{one.id}" for one in survey.indicators() if one.asked is not None}
    return found | {f"lacks:{latent.id}" for latent in survey.latents if latent.may_lack}


def exercised(survey: Survey, events: list[Event], assessment: Assessment) -> set[str]:
    """Return which targets a case reaches."""
    answers = [event for event in events if event.kind == RESPONSE]
    there = {name for event in answers for name in event.facts}
    codes = {warning.code for warning in assessment.warnings}
    found = {f"indicator:{one.id}" for one in survey.indicators() if one.id in there}
    if "V202" in codes:
        found |= {f"apart:{one.id}" for one in survey.indicators() if one.asked is not None}
    lacking = {latent.id for latent in survey.latents if not any(one.id in there for one in latent.indicators)}
    return found | {f"lacks:{name}" for name in lacking}
