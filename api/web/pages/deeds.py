"""What is done to an entry: withdraw, correct, appeal, answer, rule, review, send back, confirm, decide.

Each deed has an address of its own below the entry, with a form that shows what would come of it; the workflow says
which deeds an entry's state allows, and the table of rights who takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.web.forms import ACCEPT, CELLS, MOST_BYTES, Form, handed_in, texts
from api.web.guard import Guard
from api.web.parts import sentence_of
from api.web.views.deeds import DEEDS, Deed, DeedPage, effect_view
from api.web.views.entry import Choice, Field, fields, with_faults
from api.web.views.events import files_of_case
from api.web.visit import Visit
from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event
from appraisal.model.steps import Step
from appraisal.office import appeals, claims, entries
from appraisal.office.consequence import Effect, replaced, withdrawn, would_change
from appraisal.office.desk import Desk
from appraisal.office.workflow import Case
from appraisal.store.lines import Line

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class Try:
    """A deed about to be done: at whose desk, to which entry, with what is filled in."""

    visit: Visit
    desk: Desk
    deed: Deed
    line: Line
    case: Case
    told: Mapping[str, str]
    kept: tuple[Choice, ...] = ()

    @classmethod
    def of(cls, visit: Visit, deed: Deed, event: str, told: Mapping[str, str], kept: tuple[Choice, ...] = ()) -> Try:
        """Return the deed at the entry; refused where it is not there or not for whoever asks."""
        desk = visit.house.installation.desk(visit.office_id, visit.actor)
        line = desk.line(event)
        desk.require(deed.action, **desk.place(line))
        return cls(visit=visit, desk=desk, deed=deed, line=line, case=desk.case(event), told=told, kept=kept)

    @property
    def on(self) -> str:
        """The line that the form was made on; what is newer is told before anything is done."""
        return self.told.get("on") or self.case.last

    @property
    def reason(self) -> str:
        """Why, in the actor's words."""
        return self.told.get("reason", "").strip()

    @property
    def files(self) -> list[str]:
        """The hashes of the files handed in."""
        return [one.id for one in self.kept]

    @property
    def cells(self) -> dict[str, str]:
        """What stands in the place of the entry: its own cells, with what is filled in over them."""
        given = {name: self.told[name].strip() for name in CELLS if name in self.told}
        return {**entries.shown(self.line.event), **given}

    def do(self) -> Event:
        """Do it and return the new line."""
        return _DO[self.deed.key](self)

    def effects(self) -> dict[str, tuple[Effect, ...]]:
        """Return what the outcomes of the deed would change, by outcome; nothing where it moves no points."""
        now, event = self.visit.now, self.line.event
        changes: dict[str, Event] = {}
        if self.deed.moves in {"withdraw", "rule"}:
            changes["withdrawn"] = withdrawn(event, now=now)
        if self.deed.moves == "rule" and any(name in self.told for name in CELLS):
            changes["adjusted"] = self._adjusted()
        if self.deed.moves == "correct" and any(name in self.told for name in CELLS):
            changes["corrected"] = self._adjusted()
        at = (self.desk, self.line.rulebook, event)
        return {name: would_change(*at, change, now=now) for name, change in changes.items()}

    def _adjusted(self) -> Event:
        event = self.line.event
        return replaced(event, appeals.ruled(self.desk, event.id, self.cells), now=self.visit.now)

    def page(self, findings: tuple[Finding, ...] = ()) -> DeedPage:
        """Return the form with what is wrong with it and what it would do."""
        rows: tuple[Field, ...] = ()
        faults = tuple((f.what(self.visit.lang), f.remedy(self.visit.lang)) for f in findings)
        adoption, edition = entries.adopted(self.desk, self.line.rulebook)
        roster = adoption.roster if adoption.roster is not None else edition.roster
        names = {s.id: s.name for s in roster}
        if self.deed.cells:
            clause = entries.clause_of(edition, self.line.event.clause)
            noun = edition.rulebook.subject_noun
            found = fields(clause, roster, noun, self.cells) if clause else []
            rows, faults = with_faults(found, findings, self.visit.lang)
        try:
            effects = self.effects()
        except RefusedError:
            effects = {}
        event, sentence = self.line.event, sentence_of(edition, self.line.event.clause)
        return DeedPage(
            deed=self.deed,
            event=event.id,
            on=self.case.last,
            state=self.case.state,
            subject=names.get(event.subject, event.subject),
            clause=event.clause,
            sentence=sentence.text if sentence else "",
            date=event.date.isoformat(),
            note=event.note,
            appeal=self.case.appeal.note if self.case.appeal else "",
            said=tuple((step, one.note) for step, one in self.case.steps[1:] if one.note and step is not Step.APPEALED),
            evidence=tuple(dict.fromkeys(files_of_case(self.case))),
            fields=rows,
            faults=faults,
            kept=self.kept,
            told={key: value for key, value in self.told.items() if key != "csrf"},
            effects={name: effect_view(found, event.subject, self.visit.lang) for name, found in effects.items()},
        )


def _decision(at: Try) -> claims.Decision:
    told = at.told
    try:
        day = date.fromisoformat(told.get("decided_on", ""))
    except ValueError:
        raise RefusedError([Finding(code="O024", args={"lacking": "decided_on"})]) from None
    return claims.Decision(body=told.get("body", ""), day=day, number=told.get("number", ""), files=tuple(at.files))


def _withdraw(at: Try) -> Event:
    return entries.withdraw(at.desk, at.line.event.id, at.reason, on=at.on, now=at.visit.now)


def _correct(at: Try) -> Event:
    return entries.correct(at.desk, at.line.event.id, at.cells, at.reason, on=at.on, now=at.visit.now)


def _evidence(at: Try) -> Event:
    return entries.add_evidence(at.desk, at.line.event.id, at.files, on=at.on, now=at.visit.now, reason=at.reason)


def _appeal(at: Try) -> Event:
    return appeals.appeal(at.desk, at.line.event.id, at.reason, on=at.on, now=at.visit.now, files=at.files)


def _answer(at: Try) -> Event:
    return appeals.answer(at.desk, at.line.event.id, at.reason, on=at.on, now=at.visit.now, files=at.files)


def _rule(at: Try) -> Event:
    word = at.told.get("outcome", "")
    if word not in set(appeals.Outcome):
        raise RefusedError([Finding(code="O024", args={"lacking": "outcome"})])
    cells = at.cells if word == appeals.Outcome.ADJUSTED else None
    outcome, now = appeals.Outcome(word), at.visit.now
    return appeals.rule(at.desk, at.line.event.id, outcome, at.reason, on=at.on, now=now, cells=cells, files=at.files)


def _review(at: Try) -> Event:
    return claims.review(at.desk, at.line.event.id, on=at.on, now=at.visit.now, reason=at.reason)


def _send_back(at: Try) -> Event:
    return claims.send_back(at.desk, at.line.event.id, at.reason, on=at.on, now=at.visit.now)


def _decline(at: Try) -> Event:
    return claims.decline(at.desk, at.line.event.id, at.reason, on=at.on, now=at.visit.now)


def _declare_again(at: Try) -> Event:
    return claims.declare_again(at.desk, at.line.event.id, at.cells, on=at.on, now=at.visit.now, files=at.files)


def _confirm(at: Try) -> Event:
    return claims.confirm(at.desk, at.line.event.id, on=at.on, now=at.visit.now, reason=at.reason)


def _decide(at: Try) -> Event:
    return claims.decide(at.desk, at.line.event.id, _decision(at), on=at.on, now=at.visit.now, reason=at.reason)


_DO: Mapping[str, Callable[[Try], Event]] = {
    "withdraw": _withdraw,
    "correct": _correct,
    "evidence": _evidence,
    "withdraw-claim": _withdraw,
    "appeal": _appeal,
    "answer": _answer,
    "rule": _rule,
    "review": _review,
    "send-back": _send_back,
    "send-back-reviewed": _send_back,
    "decline": _decline,
    "decline-reviewed": _decline,
    "declare-again": _declare_again,
    "confirm": _confirm,
    "decide": _decide,
}


def allowed(visit: Visit, case: Case, place: Mapping[str, str]) -> Iterator[Deed]:
    """Yield the deeds that the state of an entry allows and whoever asks has the right to, in the order of the table.

    Who took a step that the next one must not share is shown the deed all the same: the page says why not.
    """
    open_steps = {(t.step, t.action) for t in case.may_follow()}
    for deed in DEEDS:
        if (deed.step, deed.action) in open_steps and visit.may(deed.action, **place):
            yield deed


def _routes(deed: Deed) -> None:
    """Add the two routes of a deed: its form, and doing it."""
    asked = Depends(Guard(deed.action))

    def show(event: str, visit: Visit = asked) -> Response:
        return _shown(Try.of(visit, deed, event, dict(visit.request.query_params)))

    def do(event: str, form: Form, visit: Visit = asked) -> Response:
        return _done(visit, deed, event, form)

    path = f"/events/{{event}}/{deed.key}"
    router.get(path, name=f"show {deed.key}")(show)
    router.post(path, name=deed.key, max_body_size=MOST_BYTES)(do)


def _shown(at: Try, findings: tuple[Finding, ...] = (), status: int = 200) -> Response:
    largest = at.visit.house.settings.upload_mb
    context = {"view": at.page(findings), "accept": ACCEPT, "largest": largest}
    return at.visit.show("deed.html", context, status=status)


def _done(visit: Visit, deed: Deed, event: str, form: FormData) -> Response:
    told = texts(form)
    kept, findings = handed_in(visit, form)
    at = Try.of(visit, deed, event, told, kept)
    if findings:
        return _shown(at, findings, status=422)
    if told.get("preview"):
        return _shown(at)
    try:
        at.do()
    except RefusedError as refused:
        overtaken = any(f.code == "L017" for f in refused.findings)
        return _shown(Try.of(visit, deed, event, told, kept), refused.findings, status=409 if overtaken else 422)
    return RedirectResponse(f"/events/{event}?done={deed.key}", status_code=303)


for _deed in DEEDS:
    _routes(_deed)
