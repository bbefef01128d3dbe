"""The notices about one entry: how an appeal was ruled on, and what a body decided."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.standing import Assessment, Standing
from appraisal.model.steps import Step
from appraisal.office.workflow import Case
from reports.document import Document
from reports.ledger import sentences
from reports.material import Material, day_words
from reports.sheet import Letter, Paper, Section, Sheet, Table
from reports.wording import column, numbered, said, span_words


def ruling_document(material: Material, case: Case | None) -> Document:
    """Return the notice of a ruling; RefusedError P040 where the entry has no appeal that was ruled on.

    `material.without` is the result without the ruling: the notice says what it changed.
    """
    ruled = _last(case, Step.RULED)
    appeal = case.appeal if case else None
    if case is None or ruled is None or appeal is None:
        raise RefusedError([Finding(code="P040", args={"id": case.entry.id if case else "-"})])
    answer = _last(case, Step.ANSWERED)
    outcome = material.say(f"ruling_{ruled.facts.get('outcome')}")
    sections = (
        Section(title=material.say("ruling_matter"), body=(*_entry_words(material, case), _said(material, appeal))),
        *([Section(title=material.say("ruling_answer"), body=(_said(material, answer),))] if answer else []),
        Section(
            title=material.say("ruling_result"),
            body=(
                material.say("ruling_words", outcome=outcome, reason=_note(ruled), by=_by(material, ruled)),
                *_effect(material, case),
            ),
        ),
    )
    return _letter(material, case, "ruling", sections, ruled)


def decision_document(material: Material, case: Case | None) -> Document:
    """Return the notice of a decision; RefusedError P041 where nothing was decided about the entry."""
    decided = _last(case, Step.DECIDED)
    if case is None or decided is None:
        raise RefusedError([Finding(code="P041", args={"id": case.entry.id if case else "-"})])
    told = {name: str(decided.facts.get(name, "")) for name in ("body", "decided_on", "number")}
    sections = (
        Section(title=material.say("decision_matter"), body=tuple(_entry_words(material, case))),
        Section(
            title=material.say("decision_result"),
            body=(material.say("decision_words", **told, reason=_note(decided)), *_effect(material, case)),
        ),
    )
    return _letter(material, case, "decision", sections, decided)


def _letter(material: Material, case: Case, kind: str, sections: tuple[Section, ...], line: Event) -> Document:
    imprint, lang = material.imprint.checked(), material.lang
    subject = material.standing(case.entry.subject)
    on = imprint.date or line.known_at.date()
    letter = Letter(
        issuer=imprint.office,
        number=imprint.number,
        signer=imprint.signer if imprint.final else "",
        to=imprint.to or material.say("letter_to", subject=subject.name),
        closing=material.say("letter_closing" if imprint.final else "letter_draft_closing"),
        signed=day_words(on, lang),
        copies=imprint.copies,
    )
    title = material.say(f"{kind}_title", subject=subject.name)
    sheet = Sheet(
        name=material.say(f"{kind}_name"),
        title=title,
        opening=(material.say(f"{kind}_opening", rulebook=material.edition.rulebook.name),),
        sections=numbered(sections, lang),
        letter=letter,
        paper=Paper(mark=imprint.mark(lang), code=imprint.seal.block(lang) if imprint.seal else None),
    )
    return Document(name=kind, title=title, sheets=(sheet,), author=imprint.office)


def _last(case: Case | None, step: Step) -> Event | None:
    steps = case.steps if case else ()
    return next((line for taken, line in reversed(steps) if taken is step), None)


def _note(line: Event) -> str:
    """Return why a step was taken; one in the place of an entry has the entry's words as its note."""
    return str(line.facts.get("x_reason") or line.note).rstrip("。.； ") or "—"


def _by(material: Material, line: Event) -> str:
    role = str(line.facts.get("role", ""))
    return material.say(f"role_{role}") if role else material.imprint.office or "—"


def _said(material: Material, line: Event) -> str:
    told = {"day": day_words(line.known_at.date(), material.lang), "by": _by(material, line), "words": _note(line)}
    return material.say("step_words", **told)


def _entry_words(material: Material, case: Case) -> Iterator[str]:
    entry = case.entry
    told = (day_words(entry.date, material.lang), entry.level, entry.matter, _note(entry))
    record = material.say("listing_parts").join(filter(None, told))
    yield material.say("entry_words", record=record, clause=entry.clause)
    if sentence := sentences(material).get(entry.clause, ""):
        yield material.say("entry_sentence", sentence=sentence)
    yield material.say("entry_id", id=entry.id)


def _effect(material: Material, case: Case) -> Iterator[str | Table]:
    """Yield how the subject stands now, beside how it stood before where that is known."""
    now = _found(material.assessment, case.entry.subject)
    before = _found(material.without, case.entry.subject)
    if now is None:
        return
    span = span_words(material.assessment.span, material.lang)
    lang = material.lang
    columns = (column("what", lang), column("before", lang), column("after", lang))
    if before is not None:
        rows = (
            (material.say("col_total"), show(before.total), show(now.total)),
            *([(material.say("col_rank"), str(before.rank), str(now.rank))] if material.ranked else []),
        )
        yield Table(title=material.say("effect_title", span=span), columns=columns, rows=rows)
    else:
        code = "effect_now" if material.ranked else "effect_now_unranked"
        yield material.say(code, span=span, total=show(now.total), rank=str(now.rank))
    own = {case.entry.id, *(line.id for line in case.lines)}
    lines = [e for i in now.items for e in i.entries if own & set(e.events) and e.points]
    for entry in lines:
        counted = entry.points if entry.counted is None else entry.counted
        yield material.say("effect_line", clause=entry.clause, reason=said(entry.reason, lang), points=show(counted))


def _found(assessment: Assessment | None, subject: str) -> Standing | None:
    standings = assessment.standings if assessment else ()
    return next((s for s in standings if s.subject == subject), None)
