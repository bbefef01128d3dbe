"""What makes a document official (正式): the workflow closed its period, and the signature that published it.

An office that leads months through the workflow says by it what is final; nobody else can. One that never moved a month
of that year, or a family of rulebooks without months, states it by name: issuer, number, signer and date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from api.export import Asked, imprint_of, span_of, stages_of
from appraisal.errors import Finding, RefusedError
from appraisal.model.periods import Period, Span, SpanKind
from appraisal.model.roles import Actor
from appraisal.model.steps import Step
from appraisal.office.installation import Installation
from appraisal.office.months import Month, month
from appraisal.office.office import Office
from appraisal.office.workflow import MOVES
from reports.material import Imprint

_MOVES = frozenset(move.step for move in MOVES)


def official(house: Installation, office: Office, asked: Asked, imprint: Imprint) -> Imprint:
    """Return the imprint with what publication says; RefusedError where a final document may not be made.

    P010: a part is lacking. P012: a period is not closed. P013: another number or signer than published. P014: as of
    another moment than it was closed.
    """
    if not imprint.final:
        return imprint
    name, span = span_of(office, asked)
    _, edition = office.edition(span, name)
    if edition.rulebook.family != "scorecard" or not _worked(house, office, name, span.year):
        return imprint.checked()
    desk = house.desk(office.id, Actor(id=""))
    found = [month(desk, name, period) for period in _periods(span)]
    findings = [_open(at) for at in found if not at.closed]
    if asked.known is not None:
        findings.append(Finding(code="P014"))
    own = edition.rulebook.source.publisher or house.log.offices()[office.id]
    imprint = replace(imprint, office=imprint.office or own)
    line = found[0].since(Step.PUBLISHED) if len(found) == 1 else None
    if line is not None:
        said = {key: str(line.facts[key]) for key in ("number", "signer")}
        findings += _other(imprint, said)
        day = imprint.date or line.known_at.date()
        imprint = replace(imprint, number=said["number"], signer=said["signer"], date=day)
    if findings:
        raise RefusedError(findings)
    return imprint.checked()


def imprints(house: Installation, office: Office, asked: Asked, stated: Imprint) -> Callable[[Span], Imprint]:
    """Return what gives the imprint of a span: the one asked for as `stated`, a month beside it as it was published."""
    name, asked_for = span_of(office, asked)
    rulebook = office.edition(asked_for, name)[1].rulebook

    def imprint(span: Span) -> Imprint:
        if span == asked_for or not stated.final:
            return stated
        return imprint_of(stages_of(house, office, span, rulebook), stated.office)

    return imprint


def _worked(house: Installation, office: Office, name: str, year: int) -> bool:
    """Say whether the office leads the months of a year through the workflow: whether it ever moved one."""
    return any(line.kind in _MOVES for line in house.yearbook(office.id, name, year).steps)


def _periods(span: Span) -> list[Period]:
    """Return the periods whose closing makes a span final: the year itself, else each of its months."""
    if span.kind is SpanKind.YEAR:
        return [Period(span.year)]
    return [Period(span.year, number) for number in span.months]


def _open(at: Month) -> Finding:
    return Finding(code="P012", args={"period": str(at.period), "stage": f"@stage_{at.stage}"})


def _other(imprint: Imprint, said: dict[str, str]) -> Iterator[Finding]:
    """Find what is given otherwise than it was published."""
    for key, word in said.items():
        given = getattr(imprint, key)
        if given and given != word:
            yield Finding(code="P013", args={"field": f"@imprint_{key}", "published": word, "given": given})
