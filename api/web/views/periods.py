"""A month, or the year, on its way to 定稿: stages, reports, what stands in the way, exceptions, what changed since."""

from __future__ import annotations

from collections.abc import Iterable

from api.web.found import CHIPS, Chip, stage_of
from api.web.views.model import View
from appraisal.errors import Finding, Lang
from appraisal.model.exact import Exact
from appraisal.model.periods import Period
from appraisal.model.steps import Step
from appraisal.office.months import Month, span_of
from appraisal.office.restatement import Restatement
from appraisal.office.rights import Action
from appraisal.office.workflow import Stage
from appraisal.office.yearbook import Yearbook
from reports.wording import span_words


class StageView(View):
    """One stage: whether the period has passed it, stands at it, or comes to it yet."""

    stage: Stage
    place: str


class ReportView(View):
    """What a department said of its month, beside what the log holds."""

    department: str
    said: int | None
    now: int
    stands: bool
    mine: bool
    on: str


class MoveView(View):
    """A move that may be made now: its form asks for a reason, or for who signs and the document number."""

    step: Step
    reason: bool
    signed: bool
    back: bool


class BlockerView(View):
    """Something that stands in the way of closing, and the page where it is dealt with."""

    code: str
    what: str
    remedy: str
    href: str


class LateView(View):
    """A named exception: which department may still enter, until when, why."""

    id: str
    department: str
    until: str
    reason: str
    revoked: bool


class HistoryLine(View):
    """A line in the life of the period."""

    step: str
    at: str
    role: str
    note: str
    signer: str
    number: str


class Changed(View):
    """A subject whose score or rank is another than published, with the lines since that caused it."""

    subject: str
    name: str
    total: Exact
    total_after: Exact
    rank: int
    rank_after: int
    items: tuple[str, ...]
    because: tuple[str, ...]


class Published(View):
    """The closing that stands: its number, its seal, where in the log, and what is different today."""

    number: int
    sha256: str
    position: int
    changed: tuple[Changed, ...]
    since: int
    rules_changed: bool


class PeriodPage(View):
    """What the page of a period shows."""

    rulebook: str
    period: str
    name: str
    chip: Chip
    stage: Stage
    stages: tuple[StageView, ...]
    on: str
    appeals_until: str
    reports: tuple[ReportView, ...]
    blockers: tuple[BlockerView, ...]
    moves: tuple[MoveView, ...]
    late: tuple[LateView, ...]
    departments: tuple[str, ...]
    history: tuple[HistoryLine, ...]
    published: Published | None
    faults: tuple[tuple[str, str], ...]
    told: dict[str, str]


class PeriodBrief(View):
    """A period in a list: how far it is."""

    period: str
    name: str
    chip: Chip
    stage: Stage


def brief(book: Yearbook, when: Period, lang: Lang) -> PeriodBrief:
    """Return a period of a year as a list shows it."""
    span = span_of(when)
    stage = stage_of(book, span)
    return PeriodBrief(period=str(when), name=span_words(span, lang), chip=CHIPS[stage], stage=stage)


def stages(at: Month) -> tuple[StageView, ...]:
    """Return all stages in their order."""
    order = list(Stage)
    here = order.index(at.stage)
    places = ["done" if i < here else "here" if i == here else "ahead" for i in range(len(order))]
    return tuple(StageView(stage=stage, place=place) for stage, place in zip(order, places, strict=True))


def moves(at: Month, may: frozenset[Action]) -> tuple[MoveView, ...]:
    """Return the moves that the stage allows and whoever asks may make; a month is published once."""
    once = at.since(Step.PUBLISHED) is not None
    return tuple(
        MoveView(
            step=move.step, reason=move.reason, signed=move.step is Step.PUBLISHED, back=move.step is Step.REOPENED
        )
        for move in at.moves()
        if move.action in may and not (move.step is Step.PUBLISHED and once)
    )


def blocker(finding: Finding, lang: Lang) -> BlockerView:
    """Return a blocker with the page where it is dealt with: its entry, or the queue of its kind."""
    event = finding.args.get("id", "")
    return BlockerView(
        code=finding.code,
        what=finding.what(lang),
        remedy=finding.remedy(lang),
        href=f"/events/{event}" if event else "",
    )


def history(at: Month, roles: dict[str, str], steps: dict[str, str]) -> Iterable[HistoryLine]:
    """Yield the lines of the period, oldest first."""
    for line in at.lines:
        yield HistoryLine(
            step=steps.get(line.kind, line.kind),
            at=line.known_at.isoformat(sep=" ", timespec="minutes"),
            role=roles.get(str(line.facts.get("role", "")), ""),
            note=line.note,
            signer=str(line.facts.get("signer", "")),
            number=str(line.facts.get("number", "")),
        )


def published(found: Restatement, subjects: frozenset[str] | None) -> Published:
    """Return the closing and what is different today, of these subjects; None: of all."""
    return Published(
        number=found.closing.number,
        sha256=found.closing.sha256,
        position=found.closing.anchor.position,
        since=len(found.since),
        rules_changed=found.rules_changed,
        changed=tuple(
            Changed(
                subject=d.subject,
                name=d.name,
                total=d.before.total,
                total_after=d.after.total,
                rank=d.before.rank,
                rank_after=d.after.rank,
                items=tuple(f"{i.item} {i.name}" for i in d.items),
                because=tuple(line.event.id for line in d.because),
            )
            for d in found.differences
            if subjects is None or d.subject in subjects
        ),
    )


def chip(at: Month) -> Chip:
    """Return what pages say of the period: 开放, 初稿 or 正式."""
    return CHIPS[at.stage]
