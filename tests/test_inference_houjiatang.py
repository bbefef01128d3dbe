"""The Houjiatang rulebook's inference rules, by the words of the document and its readings. 示例."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from appraisal.inference.checks import problems
from appraisal.inference.engine import classify
from appraisal.inference.joins import joins
from appraisal.inference.plan import inference_problems
from appraisal.model.conditions import Inference
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.reading.rulebook import find_rulebook, read_rulebook

pytestmark = pytest.mark.inference

DOCS = Path(__file__).parents[1] / "docs" / "inference.md"

# kind, facts → clause, level, count (readings 6, 13, 14, 19, 29), or None where no sentence fits
EXPECTED: list[tuple[str, dict[str, str | int], tuple[str, str, int] | None]] = [
    ("ticket", {"x_visit": "不满意"}, ("RX-1", "", 1)),
    ("ticket", {"x_visit": "不满意", "level": "申诉成功"}, ("RX-1", "申诉成功", 1)),
    ("ticket", {"level": "申诉中", "count": 3}, ("RX-1", "申诉中", 3)),
    ("ticket", {"x_visit": "满意"}, None),
    ("case", {"level": "超时"}, ("CG-A2", "", 1)),
    ("case", {"level": "返工回退", "count": 2}, ("CG-A2", "", 2)),
    ("case", {"level": "正常"}, None),
    ("bulletin", {"level": "市", "x_topic": "城市管理"}, ("CG-A5", "", 1)),
    ("bulletin", {"level": "街道", "x_topic": "城市管理"}, None),
    ("bulletin", {"level": "区", "x_topic": "环境保护"}, ("HB-A8", "", 1)),
    ("bulletin", {"level": "区", "x_topic": "食品安全"}, ("SC-2", "区", 1)),
    ("bulletin", {"level": "市", "x_topic": "食品安全", "x_campaign": "迎国检"}, ("SC-3", "市", 1)),
    ("bulletin", {"level": "市", "x_topic": "物业管理", "x_effect": "不良影响"}, ("WY-4", "市", 1)),
    ("bulletin", {"level": "街道", "x_topic": "其他", "x_written": "是"}, ("ZH-7", "", 1)),
    (
        "bulletin",
        {"level": "区", "x_topic": "其他", "x_written": "是", "x_effect": "不良影响"},
        ("ZH-7", "不良影响", 1),
    ),
    ("bulletin", {"level": "区", "x_topic": "城市管理", "x_written": "是"}, ("CG-A5", "", 1)),
    ("inspection", {"level": "区", "x_topic": "食品安全", "x_scored": "是"}, ("SC-2", "区", 1)),
    ("inspection", {"level": "区", "x_topic": "食品安全", "x_campaign": "迎国检"}, ("SC-3", "区", 1)),
    ("inspection", {"level": "区", "x_topic": "文明创建", "x_scored": "是"}, ("WM-3", "", 1)),
    ("inspection", {"level": "区", "x_topic": "办公秩序"}, ("LZ-4", "", 1)),
    ("inspection", {"level": "区", "x_topic": "民政事务", "x_subsidy": "高龄津贴"}, ("MZ-2", "", 1)),
    ("inspection", {"level": "区", "x_topic": "民政事务"}, ("MZ-1", "", 1)),
    ("media", {"x_topic": "城市管理"}, ("CG-A5", "", 1)),
    ("media", {"x_topic": "环境保护", "level": "国家"}, ("HB-A8", "", 1)),
    ("lead", {"x_finding": "无证办学", "x_penalised": "是", "x_place": "住宅小区"}, ("JY-3", "", 1)),
    ("lead", {"x_finding": "无证办学", "x_penalised": "是"}, ("JY-2", "", 1)),
    ("lead", {"x_finding": "超前教学", "x_verified": "是"}, ("JY-1", "", 1)),
    ("lead", {"x_finding": "有偿补课", "x_discipline": "辞退"}, ("JY-5", "", 1)),
    ("lead", {"x_finding": "无证办学"}, None),
]


@pytest.fixture(scope="module")
def houjiatang() -> Edition:
    """Return the rulebook as shipped."""
    return read_rulebook(find_rulebook("houjiatang-2020"))


def test_its_rules_are_sound_and_fit_the_engine(houjiatang: Edition) -> None:
    assert inference_problems(houjiatang.rulebook) == []


def test_incidents_fall_under_the_clauses_that_the_document_says(houjiatang: Edition) -> None:
    told = [
        Event(id=f"示例{n:02}", date=date(2020, 3, 9), subject="S1", kind=kind, facts=facts)
        for n, (kind, facts, _) in enumerate(EXPECTED)
    ]
    result = classify(houjiatang, told)
    made = {event.derived_from: (event.clause, event.level, event.count) for event in result.events}
    assert {f"示例{n:02}": made.get(f"示例{n:02}") for n in range(len(told))} == {
        f"示例{n:02}": answer for n, (_, _, answer) in enumerate(EXPECTED)
    }
    assert result.quarantined == ()


def test_one_matter_under_two_clauses_warns_unless_the_readings_settle_it(houjiatang: Edition) -> None:
    def event(name: str, clause: str, matter: str) -> Event:
        return Event(id=name, date=date(2020, 3, 9), subject="S1", clause=clause, matter=matter)

    told = [
        event("a1", "CG-A5", "露天烧烤"),
        event("a2", "HB-A8", "露天烧烤"),
        event("b1", "XC-1", "舆情"),  # reading 14: once together
        event("b2", "XC-3", "舆情"),
        event("c1", "LZ-4", "脱岗"),  # reading 14: LZ-4 prevails
        event("c2", "ZH-2", "脱岗"),
        event("d1", "SC-2", "食安"),  # reading 13: SC-3 prevails
        event("d2", "SC-3", "食安"),
        event("e1", "JF-1", "表彰"),  # a bonus charges nothing
        event("e2", "ZH-1", "表彰"),
    ]
    warnings = joins(houjiatang, told)
    assert [(warn.code, warn.subject, warn.events) for warn in warnings] == [("W101", "S1", ("a1", "a2"))]
    assert {warnings[0].say.args[side] for side in ("first", "second")} == {"CG-A5", "HB-A8"}


def test_the_example_of_the_documentation_is_sound(houjiatang: Edition) -> None:
    example = re.search(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    inference = Inference.model_validate(yaml.load(example[1], Loader=yaml.CBaseLoader)["inference"])  # noqa: S506  builds texts only
    book = houjiatang.rulebook.model_copy(update={"inference": inference})
    assert problems(book) == []
