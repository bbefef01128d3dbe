"""Explanations: sentence, arithmetic, event, what a cap left, and how else the clause could be read."""

from __future__ import annotations

import io
import json
from datetime import date
from fractions import Fraction

import pytest
from rich.cells import cell_len

from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.standing import Assessment, Entry, EntryKind, ItemScore, Say, Standing, State, Swallowed
from appraisal.reading.rulebook import find_rulebook, read_rulebook
from reports.explainer import Explainer
from reports.explanation import explanation_json, explanation_tree, signed
from reports.json import dumps
from reports.terminal import console
from reports.tree import Node, write_tree

EDITION = read_rulebook(find_rulebook("houjiatang-2020"))
EVENTS = {
    e.id: e
    for e in (
        Event(id="e1", date=date(2020, 3, 2), subject="ziyuan", clause="CG-A2", note="示例：超时"),
        Event(id="raw", date=date(2020, 3, 3), subject="ziyuan", kind="case", note="示例：线索"),
        Event(id="e2", date=date(2020, 3, 3), subject="ziyuan", clause="CG-A2", derived_from="raw"),
    )
}


def about() -> Explainer:
    """Nine cases of 0.5 are 4.5; the group has 4 points, so 0.5 comes back: 6 − 4 − 0.5 + 0.5 = 2."""
    say = Say("C034", {"path": "9 × 0.5"})
    swallowed = Swallowed(event="e2", clause="CG-A2", points=Fraction(1, 2), of=Fraction(1, 2))
    entries = (
        Entry(
            clause="CG-A2", kind=EntryKind.CLAUSE, points=Fraction(-4), reason=say, events=("e1",),
            counted=Fraction(-4), provisional=True,
        ),
        Entry(
            clause="CG-A2", kind=EntryKind.CLAUSE, points=Fraction(-1, 2), reason=say, events=("e2",),
            counted=Fraction(0), used_up_by="城市管理工作",
        ),
        Entry(
            clause="CG-A", kind=EntryKind.CAP, points=Fraction(1, 2), reason=say, events=("e2",),
            swallowed=(swallowed,),
        ),
    )  # fmt: skip
    item = ItemScore(
        id="CG", name="城市管理", points=Fraction(6), base=Fraction(6), score=Fraction(2), state=State.ASSESSED,
        entries=entries,
    )  # fmt: skip
    other = ItemScore(
        id="WG",
        name="网格化工作",
        points=Fraction(4),
        base=Fraction(0),
        score=Fraction(0),
        state=State.PENDING,
        reasons=(say,),
    )
    standing = Standing(
        subject="ziyuan", name="梓园社区", rank=12, rank_without_veto=3, total=Fraction(2), provisional=True,
        departments=(), items=(item, other), vetoed=True,
    )  # fmt: skip
    assessment = Assessment(
        rulebook="houjiatang-2020", rulebook_hash="sha256:0", engine="1", span=Span.whole(2020), input_hash="sha256:1",
        known=None, day=None, provisional=True, standings=(standing,),
    )  # fmt: skip
    return Explainer(assessment=assessment, standing=standing, edition=EDITION, events=EVENTS, lang="zh")


def shown(width: int = 200, item: str = "") -> str:
    out = io.StringIO()
    write_tree(explanation_tree(about(), item), console(out, width=width))
    return out.getvalue()


def test_an_entry_leads_to_the_sentence_and_to_its_line() -> None:
    assert "“2、数字化工作出现超时、返工回退案卷，每条扣0.5分；”  source.txt:7" in shown()


def test_an_entry_leads_to_the_event_and_a_derived_one_to_the_incident_behind_it() -> None:
    assert "e1  2020-03-02  示例：超时" in shown()
    assert "e2  2020-03-03  示例：线索" in shown()


def test_what_a_cap_left_is_said_with_what_used_it_up() -> None:
    assert "（0.5 分中计 0 分），“城市管理工作”的分值已用完" in shown()
    assert "CG-A2  −4.5（封顶后实计 −4）" in shown()


def test_the_arithmetic_of_the_item_is_written_out() -> None:
    assert "6 − 4.5 + 0.5 = 2" in shown()


def test_the_head_names_rank_veto_and_that_it_is_provisional() -> None:
    head = shown().splitlines()[0]
    assert "第 12 名" in head
    assert "不计否决第 3 名" in head
    assert "暂定" in head


def test_the_reading_of_the_clause_is_named() -> None:
    assert "口径 R29" in shown()


def test_one_item_alone_can_be_asked_for() -> None:
    assert "网格化工作" in shown()
    assert "网格化工作" not in shown(item="CG")
    assert [i["id"] for i in explanation_json(about(), "CG")["items"]] == ["CG"]


@pytest.mark.parametrize("width", [50, 80, 140])
def test_a_tree_is_never_wider_than_the_terminal(width: int) -> None:
    assert max(cell_len(line) for line in shown(width).splitlines()) <= width


def test_the_document_holds_sentence_source_readings_and_records() -> None:
    document = json.loads(dumps(explanation_json(about())))
    clause, second, cap = document["items"][0]["entries"]
    assert clause["source"] == "source.txt:7"
    assert clause["sentence"].startswith("2、数字化工作")
    assert [record["id"] for record in (*clause["records"], *second["records"])] == ["e1", "e2"]
    assert clause["readings"][0]["id"] == "R29"
    assert cap["sentence"] is None
    assert cap["swallowed"] == [{"event": "e2", "clause": "CG-A2", "points": "0.5", "of": "0.5"}]


def test_points_carry_their_sign() -> None:
    assert [signed(Fraction(n, 2)) for n in (1, 0, -1)] == ["+0.5", "0", "−0.5"]


def test_a_tree_of_one_line_is_one_line() -> None:
    out = io.StringIO()
    write_tree(Node(words="x"), console(out, width=80))
    assert out.getvalue() == "x\n"
