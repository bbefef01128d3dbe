"""The result of a questionnaire: score and level, tree of scores, scenarios, every gate, the way to the next level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from appraisal.model.exact import show
from appraisal.model.levels import Answers, Way
from appraisal.model.standing import Standing
from reports.document import Document, handed_out
from reports.ledger import rest_tables, verdicts_table
from reports.material import Material
from reports.sheet import Cell, Kind, Paper, Section, Sheet, Table
from reports.standings import ranked, receipt_line
from reports.verdicts import MARKS, outcome_words
from reports.wording import column, numbered, span_words

_INDENT = "　"


def levels_document(material: Material, subject: str = "") -> Document:
    """Return the result of a firm, by its id; those of all firms where none is named."""
    found = [material.standing(subject)] if subject else ranked(material.assessment)
    sheets = tuple(_sheet(standing, material) for standing in found)
    return handed_out("levels", material.say("levels_title"), sheets, author=material.imprint.office)


def _sheet(standing: Standing, material: Material) -> Sheet:
    answers = standing.exhibits
    sections = [Section(title=material.say("levels_conclusion"), body=tuple(_conclusion(standing, material)))]
    if isinstance(answers, Answers):
        sections += _answers(answers, material)
    gates = verdicts_table([standing], material)
    if gates.rows:
        sections.append(Section(title=material.say("levels_gates"), body=(replace(gates, title=""),)))
    if isinstance(answers, Answers) and answers.way is not None:
        sections.append(Section(title=material.say("levels_way"), body=tuple(_way(answers.way, material))))
    rest = tuple(rest_tables(material, subject=standing.subject))
    if rest:
        sections.append(Section(title=material.say("levels_rest"), body=rest))
    return Sheet(
        name=standing.name,
        title=material.say(
            "levels_of", subject=standing.name, span=span_words(material.assessment.span, material.lang)
        ),
        subtitle=material.edition.rulebook.name,
        meta=(
            (material.say("meta_state"), material.imprint.state(material.lang)),
            *receipt_line(material.assessment, material.lang),
        ),
        sections=numbered(sections, material.lang),
        notes=(material.say("note_provisional"),) if standing.provisional else (),
        paper=Paper(mark=material.imprint.mark(material.lang)),
    )


def _conclusion(standing: Standing, material: Material) -> Iterator[str | Table]:
    told = {"total": show(standing.total), "grade": standing.grade or "—"}
    yield material.say("levels_words", subject=standing.name, **told)
    answers = standing.exhibits
    if isinstance(answers, Answers):
        lang = material.lang
        columns = (column("gate_level", lang), column("condition", lang), column("outcome", lang))
        rows = tuple(
            (gate.name, gate.title, f"{MARKS[gate.outcome]} {outcome_words(gate.outcome, lang)}")
            for gate in answers.gates
        )
        yield Table(columns=columns, rows=rows)


def _answers(answers: Answers, material: Material) -> Iterator[Section]:
    lang = material.lang
    columns = (
        column("node", lang),
        column("weight_percent", lang, kind=Kind.NUMBER),
        column("mark", lang, kind=Kind.NUMBER),
        column("score", lang, kind=Kind.NUMBER),
    )
    tree: list[tuple[Cell, ...]] = [
        (f"{_INDENT * (node.depth - 1)}{node.id} {node.name}", node.share * Fraction(100), node.mark, node.points)
        for node in answers.tree
    ]
    strong = frozenset(n for n, node in enumerate(answers.tree) if node.depth == 1)
    if tree:
        yield Section(
            title=material.say("levels_scores"), body=(Table(columns=columns, rows=tuple(tree), strong=strong),)
        )
    if answers.scenarios:
        heads = (column("scenario", lang), column("gate_level", lang), column("met_levels", lang))
        rows = tuple(
            (
                f"{s.id} {s.name}" + ("*" if s.starred else ""),
                material.say("pending_level") if s.pending else str(s.level),
                "、".join(map(str, s.met)),
            )
            for s in answers.scenarios
        )
        yield Section(title=material.say("levels_scenarios"), body=(Table(columns=heads, rows=rows),))


def _way(way: Way, material: Material) -> Iterator[str | Table]:
    told = {"level": way.gate, "steps": str(way.steps), "answers": str(len(way.changes))}
    yield material.say("way_head", **told, points=show(way.points), total=show(way.total))
    lang = material.lang
    columns = (
        column("node", lang),
        column("before", lang),
        column("after", lang),
        column("entry_points", lang, kind=Kind.NUMBER),
        column("sentence", lang),
    )
    rows = tuple(
        (f"{c.part} {c.name}", c.before or "—", c.after, c.points, "\n".join(c.sentences)) for c in way.changes
    )
    yield Table(columns=columns, rows=rows)
