"""How a questionnaire looks: its tree of questions, scenarios and gates, and what an explanation adds to verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.exact import exact_form, show
from appraisal.model.fuels import Fuel
from appraisal.model.levels import Answers, NodeScore, ScenarioLevel, Step, Way
from appraisal.model.questionnaire import Gate, Questionnaire, Scenario
from appraisal.model.questions import Figure, Question
from reports.explainer import Explainer
from reports.rulebooks import head_meta, reading_ids, reading_tables
from reports.sheet import Cell, Kind, Sheet, Table
from reports.tree import Node, Role
from reports.wording import column

_STAR = "★"


def percent(share: Fraction) -> str:
    """Return a weight as people write it."""
    return f"{show(share * 100)}%"


def exactly(value: Fraction) -> str:
    """Return a number, with its fraction where no finite decimal is exact."""
    exact = exact_form(value)
    return show(value) if exact is None else f"{show(value)}（{exact}）"


def questionnaire_sheet(edition: Edition, lang: Lang) -> Sheet:
    """Return a questionnaire in tables: questions by dimension, figures, scenarios, gates, fuels."""
    book = edition.as_a(Questionnaire)
    tables = (
        *_question_tables(book, lang),
        _figures(book, lang),
        *_scenario_tables(book, lang),
        _gates(book, lang),
        _fuels(book, lang),
    )
    return Sheet(name=book.id, title=book.name, meta=head_meta(edition, lang), tables=tables)


def _question_tables(book: Questionnaire, lang: Lang) -> Iterator[Table]:
    columns = (
        column("question_id", lang),
        column("topic", lang),
        column("weight", lang),
        column("sentence", lang),
        column("options", lang),
        column("readings", lang, drop=1),
    )
    for dimension in book.dimensions:
        rows: list[tuple[Cell, ...]] = []
        strong: set[int] = set()
        for topic in dimension.topics:
            strong.add(len(rows))
            rows.append(("", topic.name, percent(topic.weight), "", "", ""))
            rows += [
                (
                    question.id,
                    question.topic,
                    f"{percent(question.weight)} → {percent(book.weights[question.id])}",
                    question.text,
                    _options(question),
                    reading_ids(book, question.id, lang),
                )
                for question in topic.questions
            ]
        title = text("dimension_weight", lang, name=dimension.name, weight=percent(dimension.weight))
        yield Table(title=title, columns=columns, rows=tuple(rows), strong=frozenset(strong))


def _options(question: Question) -> str:
    shown = []
    for number, option in enumerate(question.options, start=1):
        mark = question.score((number,))
        shown.append(f"{number} {option.text} [{show(mark)}]")
    return "；".join(shown)


def _figures(book: Questionnaire, lang: Lang) -> Table:
    columns = (
        column("figure_id", lang),
        column("name", lang),
        column("counted_in", lang),
        column("serves", lang),
    )
    serves = {figure.id: question.id for question in book.questions() for figure in question.figures}
    rows = tuple((f.id, f.name, f.unit, serves[f.id]) for f in book.figure_by_id.values())
    return Table(title=text("sheet_figures", lang), columns=columns, rows=rows)


def _scenario_tables(book: Questionnaire, lang: Lang) -> Iterator[Table]:
    columns = (
        column("question_id", lang),
        column("name", lang),
        column("level", lang, kind=Kind.WHOLE),
        column("sentence", lang),
    )
    for area in book.areas:
        rows = tuple(
            (
                scenario.id if level == 1 else "",
                f"{scenario.name}{_STAR if scenario.starred else ''}" if level == 1 else "",
                level,
                spec.whole,
            )
            for scenario in area.scenarios
            for level, spec in enumerate(scenario.levels, start=1)
        )
        yield Table(title=area.name, columns=columns, rows=rows)


def _gates(book: Questionnaire, lang: Lang) -> Table:
    columns = (
        column("question_id", lang),
        column("level", lang),
        column("score", lang),
        column("scenarios", lang),
    )
    rows = tuple((g.id, f"{g.name}（{g.title}）", g.score_text, g.scenarios_text) for g in book.gates)
    return Table(title=text("sheet_gates", lang), columns=columns, rows=rows)


def _fuels(book: Questionnaire, lang: Lang) -> Table:
    columns = (
        column("name", lang),
        column("counted_in", lang),
        column("coal", lang, kind=Kind.NUMBER),
    )
    rows = tuple((fuel.name, fuel.unit, fuel.coal) for fuel in book.fuels)
    return Table(title=text("sheet_fuels", lang), columns=columns, rows=rows)


def part_sheet(edition: Edition, name: str, lang: Lang) -> Sheet:
    """Return one question, figure, scenario, gate or fuel with its sentences and readings."""
    book = edition.as_a(Questionnaire)
    places = {sentence.id: f"{book.source.file}:{sentence.line}" for sentence in book.sentences()}
    found: Question | Figure | Scenario | Gate | Fuel | None = (
        book.question_by_id.get(name) or book.figure_by_id.get(name) or book.scenario_by_id.get(name)
    )
    if found is None:
        found = next((gate for gate in book.gates if gate.id == name), None) or book.fuel_by_name[name]
    facts = [(text("col_line", lang), places.get(name, ""))]
    if isinstance(found, Figure):
        facts += [(text("col_name", lang), found.name), (text("col_counted_in", lang), found.unit)]
        facts += [(text("col_sentence", lang), found.text)]
    elif isinstance(found, Fuel):
        facts += [(text("col_counted_in", lang), found.unit), (text("col_coal", lang), show(found.coal))]
        facts += [(text("col_sentence", lang), found.text)]
    elif isinstance(found, Gate):
        facts += [(found.name, found.text), (text("col_score", lang), found.score_text)]
        facts += [(text("col_scenarios", lang), found.scenarios_text)]
    elif isinstance(found, Scenario):
        facts += [(text("col_name", lang), f"{found.name}{_STAR if found.starred else ''}")]
        for number, level in enumerate(found.levels, start=1):
            facts.append((f"{number}", level.whole))
            facts += [(f"{number} {text('any_of', lang)}", way) for way in level.any_of]
    else:
        facts += _question_facts(book, found, lang)
    columns = (column("what", lang), column("value_of", lang))
    rows = tuple((label, value) for label, value in facts if value)
    tables = (Table(columns=columns, rows=rows), *reading_tables(edition, (name,), lang))
    return Sheet(name=name, title=f"{book.name}  {name}", tables=tables)


def _question_facts(book: Questionnaire, question: Question, lang: Lang) -> list[tuple[str, str]]:
    facts = [
        (text("col_sentence", lang), question.text),
        (text("col_topic", lang), question.topic),
        (text("col_weight", lang), f"{percent(question.weight)} → {percent(book.weights[question.id])}"),
        (text("col_method", lang), text(f"method_{question.method}", lang)),
    ]
    facts += [
        (f"{number} [{show(question.score((number,)))}]", option.text)
        for number, option in enumerate(question.options, start=1)
    ]
    facts += [(f"{figure.id}", f"{figure.name}（{figure.unit}）") for figure in question.figures]
    return [*facts, (text("col_remark", lang), question.remark), (text("col_gap", lang), question.gap)]


def nodes(about: Explainer, part: str) -> Iterator[Node]:
    """Yield the scenarios, the tree of scores and the way to the next level; of one scenario alone if it is named."""
    answers = about.standing.exhibits
    if not isinstance(answers, Answers):
        return
    for scenario in answers.scenarios:
        if part in {"", scenario.id}:
            yield _scenario(about, scenario)
    if part:
        return
    yield Node(
        words=about.say("tree_head"),
        role=Role.CONCLUSION,
        children=(*about.source("scores"), *about.source("total"), *_branches(about, list(answers.tree), 1)),
    )
    if answers.way is not None:
        yield _way(about, answers.way)


def _scenario(about: Explainer, scenario: ScenarioLevel) -> Node:
    star = _STAR if scenario.starred else ""
    level = about.say("pending_level") if scenario.pending else str(scenario.level)
    words = about.say("scenario_level", id=scenario.id, name=f"{scenario.name}{star}", level=level)
    source = about.source(f"{scenario.id}.{scenario.level}") if scenario.level else ()
    events = tuple(Node(words=about.event(name), role=Role.EVENT) for name in scenario.events)
    rule = about.source("prefix") if scenario.met and max(scenario.met) > scenario.level else ()
    return Node(words=words, role=Role.CONCLUSION, children=(*source, *rule, *events))


def _branches(about: Explainer, tree: list[NodeScore], depth: int) -> Iterator[Node]:
    """Yield the nodes of one depth with those below them; the tree is written outer before inner."""
    starts = [n for n, node in enumerate(tree) if node.depth == depth]
    for start, stop in zip(starts, [*starts[1:], len(tree)], strict=False):
        node = tree[start]
        numbers = {"mark": exactly(node.mark), "share": percent(node.share), "points": exactly(node.points)}
        words = about.say("tree_node", id=node.id, name=node.name, **numbers)
        inner = tuple(_branches(about, tree[start + 1 : stop], depth + 1))
        yield Node(words=words, role=Role.ENTRY, children=inner)


def _way(about: Explainer, way: Way) -> Node:
    told = {"level": way.gate, "steps": str(way.steps), "answers": str(len(way.changes))}
    words = about.say("way_head", **told, points=exactly(way.points), total=exactly(way.total))
    return Node(words=words, role=Role.CONCLUSION, children=tuple(_step(about, step) for step in way.changes))


def _step(about: Explainer, step: Step) -> Node:
    told = {"before": step.before or "—", "after": step.after, "points": exactly(step.points)}
    words = about.say("way_step" if step.points else "way_level", id=step.part, name=step.name, **told)
    cited = [node for name in step.cites for node in about.source(name)]
    return Node(words=words, role=Role.ENTRY, children=tuple(cited))
