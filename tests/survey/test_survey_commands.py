"""The survey at the terminal: plan, questionnaire, report, explanation, and the log as of a past moment."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from surveys import HOME, changed, even, written

from api.main import main

BOOK = "customer-satisfaction-2007"
SAMPLE = str(HOME / "sample" / "survey.csv")
EVEN = str(HOME / "cases" / "even.csv")


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def out(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(words) == status, capsys.readouterr().err
    told = capsys.readouterr()
    return told.out if status == 0 else told.err


def table(document: Any, title: str) -> list[dict[str, Any]]:
    (found,) = [table for table in document["tables"] if table["title"].startswith(title)]
    rows: list[dict[str, Any]] = found["rows"]
    return rows


def test_a_plan_with_companies_and_clients(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "shops.csv").write_text("企业,营业额\n甲,25\n乙,15\n丙,60\n", encoding="utf-8")
    (tmp_path / "clients.csv").write_text("客户,交易额\n" + "".join(f"客户{n},{n}\n" for n in range(1, 21)), "utf-8")
    words = ["survey", "plan", "--customers", "800", "--branch", "东店", "--branch", "西店", "--branch", "南店"]
    words += ["--return-rate", "75%", "--companies", "shops.csv", "--clients", "clients.csv", "--draw", "4"]
    found = json.loads(out(capsys, *words, BOOK, "--format", "json"))
    assert [(r["required"], r["asked"]) for r in table(found, "样本量")] == [(300, 400)] + [(100, 134)] * 3
    assert [r["name"] for r in table(found, "按营业额") if r["survey_chosen"]] == ["丙"]
    drawn = [r["name"] for r in table(found, "机构客户")]
    assert len(drawn) == 4
    again = json.loads(out(capsys, *words, "--format", "json", "--seed", "1"))
    assert [r["name"] for r in table(again, "机构客户")] == drawn
    assert "不少于100个" in out(capsys, *words)


def test_wrong_wishes_are_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert "V040" in out(capsys, "survey", "plan", "--return-rate", "0", status=1)
    assert "--return-rate" in out(capsys, "survey", "plan", "--return-rate", "多半", status=2)
    assert "没有" in out(capsys, "survey", "plan", "--companies", "nowhere.csv", status=2)
    assert "houjiatang-2020" in out(capsys, "survey", "plan", "houjiatang-2020", status=2)
    assert ".pdf" in out(capsys, "survey", "report", BOOK, EVEN, "--out", "r.doc", status=2)


def test_the_questionnaire_has_every_question_with_its_scale(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.reader(io.StringIO(out(capsys, "survey", "questionnaire", "--format", "csv"))))
    asked = {row[0]: row for row in rows if row and row[0].startswith("X")}
    assert len(asked) == 29
    assert asked["X61"][2] == "1–10"
    five = out(capsys, "survey", "questionnaire", "--reading", "R01=five", "--reading", "R09=hotel")
    assert "1–5" in five
    assert "X31" not in five


PARTS = ["摘要", "前言", "第一部分", "第二部分", "第三部分", "第四部分", "附录"]


def test_the_report_has_the_structure_of_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    told = out(capsys, "survey", "report", BOOK, SAMPLE, "--sent", "1000")
    heads = [line for line in told.splitlines() if line.split(" ")[0] in PARTS]
    assert [head.split(" ")[0] for head in heads] == PARTS
    for words in (
        "有效回收率                     72%",
        "Tukey",
        "HTMT",
        "顾客自己的评价",
        "性别",
        "没有问到每一个人的题",
    ):
        assert words in told, words


def test_the_report_of_one_shop_speaks_of_that_shop(capsys: pytest.CaptureFixture[str]) -> None:
    told = out(capsys, "--lang", "en", "survey", "report", BOOK, SAMPLE, "--subject", "示例·云岭超市")
    assert "Customer satisfaction report: 示例·云岭超市" in told
    assert "示例·梧桐便利：" not in told


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
def test_the_report_becomes_a_file(ending: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert out(capsys, "survey", "report", BOOK, EVEN, "--out", f"r.{ending}") == ""
    magic = b"%PDF" if ending == "pdf" else b"PK"
    assert (tmp_path / f"r.{ending}").read_bytes().startswith(magic)


def test_an_explanation_goes_from_the_index_to_the_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    told = out(capsys, "explain", BOOK, EVEN, "--subject", "全体受访者")
    for words in (
        "X6 顾客满意度  25",
        "权重 0.250000 ×（均值 3.250000 − 1）÷（10 − 1）× 100，144 份答卷",
        "0 + 6.25 + 6.25 + 6.25 + 6.25 = 25",
        "X4 → X6",
        "对价值感知和顾客满意度有着直接影响",
        "内部权重方案：路径",
    ):
        assert words in told, words
    words = ["explain", BOOK, EVEN, "--subject", "全体受访者", "--item", "X5", "--format", "json"]
    paths, latent = json.loads(out(capsys, *words))["more"]
    assert {path["words"].split("  ")[0] for path in paths["children"]} == {"X2 → X5", "X3 → X5", "X4 → X5", "X5 → X6"}
    assert all(path["children"][0]["role"] == "source" for path in paths["children"])
    assert latent["words"].startswith("X5 价值感知")
    only = out(capsys, "explain", BOOK, EVEN, "--subject", "全体受访者", "--item", "X42")
    assert "X42 有形性质量感知" in only
    assert "X43" not in only


def test_the_log_is_asked_as_of_a_past_moment(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A second wave, recorded later and much more content, counts from then on only; a withdrawal likewise."""
    first = [row | {"recorded": "2024-03-01"} for row in even()]
    second = changed("X61", lambda *_: "5", even())
    second = [row | {"recorded": "2024-06-01", "X61": "5" if n % 2 else "4"} for n, row in enumerate(second)]
    written(first, tmp_path / "first.csv")
    written(second, tmp_path / "second.csv")
    for name in ("first.csv", "second.csv"):
        out(capsys, "log", "import", name, "--rulebook", BOOK)
    words = ["standings", "--rulebook", BOOK, "--period", "2007", "--format", "json"]
    before = json.loads(out(capsys, *words, "--known", "2024-04-01"))
    after = json.loads(out(capsys, *words))
    assert before["standings"][0]["total"] == 25
    assert before["model"]["n"] == 144
    assert after["model"]["n"] == 288
    assert after["standings"][0]["total"] > 26
    pure = json.loads(out(capsys, "score", BOOK, "first.csv", "second.csv", "--format", "json"))
    assert pure["standings"] == after["standings"]


def test_a_survey_of_a_later_year_is_judged_for_its_year(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [row | {"date": f"2024-05-{n % 28 + 1:02}"} for n, row in enumerate(even())]
    written(rows, tmp_path / "may.csv")
    found = json.loads(out(capsys, "score", BOOK, "may.csv", "--format", "json"))
    assert (found["period"], found["standings"][0]["total"]) == ("2024", 25)
    assert "2024" in out(capsys, "explain", BOOK, "may.csv", "--subject", "全体受访者").splitlines()[0]
    assert "2024" in out(capsys, "survey", "report", BOOK, "may.csv")
    written([row | {"所属期": "2024-05"} for row in rows], tmp_path / "wave.csv")
    asked = json.loads(out(capsys, "score", BOOK, "wave.csv", "--period", "2024-05", "--format", "json"))
    assert asked["standings"][0]["total"] == 25


def test_survey_rows_come_from_json_lines_and_workbooks_alike(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from openpyxl import Workbook

    rows = even()
    (tmp_path / "even.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    book = Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append([int(cell) for cell in row.values()])
    book.save(tmp_path / "even.xlsx")
    totals = {
        name: json.loads(out(capsys, "score", BOOK, name, "--format", "json"))["standings"][0]["total"]
        for name in (EVEN, "even.jsonl", "even.xlsx")
    }
    assert set(totals.values()) == {25}
