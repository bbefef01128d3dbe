"""What comes out: tables, JSON, explanations, warnings and the summary, from files and from the log."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from commanding import Done, Run

from appraisal.errors import text
from eligibility.applying import FOLDER, ID, full, judge, write

SAMPLE = str(FOLDER / "sample" / "2024.csv")


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def standings(done: Done) -> dict[str, dict[str, Any]]:
    assert done.status == 0
    return {one["subject"]: one for one in json.loads(done.out)["standings"]}


# JSON and tables


def test_json_has_criteria_with_figures_and_thresholds_and_what_to_supply(run: Run) -> None:
    found = standings(run("score", ID, SAMPLE, "--format", "json"))
    lathes = found["示例精密机床有限公司"]
    assert (lathes["grade"], lathes["total"], lathes["provisional"]) == ("不符合", "0", False)
    criteria = {one["id"]: one for one in lathes["criteria"]}
    # (1400 + 1500 + 1599) / 3 = 4499 / 3 = 1499 2/3
    mean = criteria["D1-3-2"]
    assert (mean["outcome"], mean["figure"], mean["figure_exact"]) == ("not_met", "1499.666667", "4499/3")
    assert (mean["threshold"], mean["of"]) == ("1500", "D1-3")
    assert mean["what"] == "主营业务收入：(1400 + 1500 + 1599) / 3 = 1499.666667万元 < 1500万元"
    assert "verdicts" not in lathes
    robots = found["示例机器人股份有限公司"]
    assert (robots["grade"], robots["provisional"]) == ("待补充", True)
    assert robots["supply"] == [
        {"field": "main_revenue_2022", "name": "2022年主营业务收入", "unit": "万元", "evidence": ["近3年审计报告"]}
    ]
    assert {one["outcome"] for one in robots["criteria"]} == {"met", "unknown"}
    assert found["示例人工智能有限公司"]["routes"][0] == {"id": "direct", "outcome": "met", "claimed": True}


def test_equal_input_gives_equal_bytes(run: Run) -> None:
    assert run("score", ID, SAMPLE, "--format", "json") == run("score", ID, SAMPLE, "--format", "json")


def test_the_table_and_the_csv_say_what_fails_and_what_is_missing(run: Run) -> None:
    done = run("score", ID, SAMPLE, "--format", "csv")
    rows = {row["单位"]: row for row in csv.DictReader(io.StringIO(done.out.lstrip("\ufeff")))}
    assert rows["示例家电制造有限公司"]["不满足的条件"].startswith("D8-2-2 ")
    assert rows["示例家电制造有限公司"]["不满足的条件"].endswith("：4个 < 5个")
    assert rows["示例老伙伴有限公司"]["不满足的条件"] == "EX 已入选的批次：第二批，要求无"
    assert rows["示例机器人股份有限公司"]["待补充"] == "2022年主营业务收入（万元）〔近3年审计报告〕"
    assert rows["示例创新中心有限公司"]["待补充"].count("〔") == 6  # the route that lacks least: safety and credit
    table = run("score", ID, SAMPLE)
    assert "示例职业技术学院" in table.out
    assert "Y011" in table.err


def test_a_reading_changes_the_grade_and_is_in_the_receipt(run: Run) -> None:
    done = run("score", ID, SAMPLE, "--format", "json", "--reading", "R03=three")
    assert standings(done)["示例家电制造有限公司"]["grade"] == "符合遴选条件"
    assert json.loads(done.out)["readings"] == {"R03": "three"}


# Explanations


def test_an_explanation_leads_from_the_grade_to_the_sentence_and_the_row(run: Run) -> None:
    done = run("explain", ID, SAMPLE, "--subject", "示例智能制造协会")
    for words in (
        "等级：待补充",
        "途径 direct：没有申请，不判",
        "途径 selection：还不能判定",
        "本科以上学历或中级以上技术职称的科技人员数在 41.666667% 到 66.666667% 之间，要求 ≥ 50%",
        "“其中本科以上学历或中级以上技术职称的科技人员达到50%以上”  source.txt:97",
        "示例智能制造协会/degree_staff  2024-01-01  10",
        "口径 R05：",
        "请补充：本科以上学历或中级以上技术职称的科技人员数（人）",
    ):
        assert words in done.out, words


def test_one_condition_alone_and_the_reading_of_the_conflict(run: Run) -> None:
    done = run("explain", ID, SAMPLE, "--subject", "示例家电制造有限公司", "--item", "D8-2-2")
    assert "4个 < 5个" in done.out
    assert "口径 R03：5个是条件；3个是申报书里至少写明的个数" in done.out
    assert "three: 以申报书为准，3个即可。" in done.out
    assert run("explain", ID, SAMPLE, "--subject", "示例家电制造有限公司", "--item", "D9").status == 2


def test_a_unit_that_joined_by_one_route_is_not_judged_by_the_other(run: Run) -> None:
    done = run("explain", ID, SAMPLE, "--subject", "示例人工智能有限公司")
    assert "途径 direct：满足" in done.out
    assert "途径 selection：已按 direct 加入，不必再判" in done.out
    assert "其余 8 项不满足或不知道，不影响" in done.out


def test_the_explanation_as_json_has_sentences_and_records(run: Run) -> None:
    done = run("explain", ID, SAMPLE, "--subject", "示例家电制造有限公司", "--item", "D8-2-2", "--format", "json")
    (verdict,) = json.loads(done.out)["criteria"]
    assert verdict["sentence"] == "近三年在广东省内有5个（含）以上典型案例"
    assert verdict["source"] == "source.txt:121"
    assert [record["clause"] for record in verdict["records"]] == ["cases_in_province"]


# Warnings


def test_warnings_name_their_events_and_are_told_in_both_languages(tmp_path: Path) -> None:
    units = {
        "示例三": {**full("machine"), "cases_in_province": "3", "written_cases": "2"},
        "示例缺": {k: v for k, v in full("equipment").items() if k != "main_revenue_2023"},
    }
    found = judge(tmp_path / "a.csv", units)
    told = [(w.code, w.subject, w.events) for w in found.warnings]
    assert told == [
        ("Y503", "示例三", ("示例三/written_cases",)),
        ("Y504", "示例三", ("示例三/cases_in_province",)),
        ("Y502", "示例缺", ("示例缺/main_revenue_2021", "示例缺/main_revenue_2022")),
    ]
    for warning in found.warnings:
        assert text(warning.say.code, "zh", **warning.say.args) != text(warning.say.code, "en", **warning.say.args)


# The rulebook


def test_the_rulebook_shows_fields_with_units_and_parts_with_readings(run: Run) -> None:
    whole = run("rulebook", "show", ID).out
    for words in (
        "main_revenue_2021",
        "万元",
        "比率（写 92% 或 0.92）",
        "近3年审计报告",
        "申报书（appraisal rulebook form）",
    ):
        assert words in whole, words
    part = run("rulebook", "show", ID, "--clause", "D1-3-2").out
    assert "source.txt:69" in part
    assert "R04=since-founded" in part
    assert (
        "main_revenue_2021、main_revenue_2022、main_revenue_2023"
        in run("rulebook", "show", ID, "--clause", "main_revenue").out
    )
    assert run("rulebook", "show", ID, "--clause", "D1-3-9").status == 2


# Forms and the summary


def test_a_form_is_written_and_wrong_names_are_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run("rulebook", "form", ID, "--form", "2.1", "-o", "a.xlsx").status == 0
    assert (tmp_path / "a.xlsx").stat().st_size > 5000
    assert run("rulebook", "form", ID, "--form", "2.4", "-o", "b.xlsx").status == 2
    assert run("rulebook", "form", ID, "--form", "2.1", "-o", "b.docx").status == 2
    assert run("rulebook", "form", "houjiatang-2020", "--form", "2.1", "-o", "b.xlsx").status == 2
    assert not (tmp_path / "b.xlsx").exists()


def test_the_summary_is_in_the_order_of_priority_route_by_route(run: Run) -> None:
    found = json.loads(run("recommend", ID, SAMPLE, "--city", "示例", "--format", "json").out)
    assert found["title"] == "2024年广东省智能制造生态合作伙伴推荐汇总表"
    assert found["from"] == "推荐单位：示例市工业和信息化局（盖章）"
    selected, direct = found["lists"]
    assert (selected["title"], direct["title"]) == ("遴选加入单位", "直接认定单位")
    assert [row["priority"] for row in selected["rows"]] == ["1", "2", "3", "4", "5", "6"]
    assert [row["number"] for row in selected["rows"]] == [1, 2, 3, 4, 5, 6]
    assert selected["rows"][0] == {
        "number": 1, "unit": "示例工业软件有限公司", "domain": "关键软件", "contact": "示例联系人4",
        "contact_phone": "000-00000004", "priority": "1",
    }  # fmt: skip
    assert [row["unit"] for row in direct["rows"]] == ["示例人工智能有限公司", "示例公共技术平台有限公司"]
    assert {one["grade"] for one in found["left_out"]} == {"不符合", "待补充"}


def test_units_without_a_priority_or_with_the_same_one_are_told(run: Run, tmp_path: Path) -> None:
    units = {
        f"示例{n}": {**full("software"), **extra} for n, extra in enumerate([{}, {"priority": "2"}, {"priority": "2"}])
    }
    done = run("recommend", ID, str(write(tmp_path / "a.csv", units)))
    assert done.out.index("示例1") < done.out.index("示例2") < done.out.index("示例0")
    assert "没有推荐优先顺序，排在最后：示例0。" in done.out
    assert "推荐优先顺序相同（2）：示例1、示例2，按名称排。" in done.out


def test_the_summary_as_files(run: Run, tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.pdf", "a.csv", "a.json"):
        assert run("recommend", ID, SAMPLE, "--city", "示例", "-o", name).status == 0
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    cells = {str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None}
    assert {"遴选加入单位", "直接认定单位", "序号", "申报单位名称", "申报领域", "企业联系人", "联系电话"} <= cells
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert "遴选加入单位,1,示例工业软件有限公司" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert run("recommend", ID, SAMPLE, "-o", "a.doc").status == 2
    assert (
        run("recommend", "houjiatang-2020", str(FOLDER.parent / "houjiatang-2020" / "sample" / "2020.csv")).status == 2
    )


# The log


def test_applications_in_the_log_as_of_a_past_moment_corrected_and_recommended(run: Run, tmp_path: Path) -> None:
    early = tmp_path / "early.csv"
    first = [f"示例甲,{field},{value},2024-05-01" for field, value in full("software").items() if field != "rd_staff"]
    early.write_text("\n".join(["单位,字段,数值,记录时间", *first]), encoding="utf-8")
    assert run("log", "import", str(early), "--rulebook", ID).status == 0
    late = tmp_path / "late.csv"
    rows = [
        "编号,单位,字段,数值,来源,记录时间,冲销",
        "k1,示例甲,rd_staff,19,,2024-06-01,",
        "k2,示例甲,contact,示例人,,2024-06-01,",
    ]
    late.write_text("\n".join(rows), encoding="utf-8")
    assert run("log", "import", "late.csv", "--rulebook", ID).status == 0
    later = tmp_path / "later.csv"
    later.write_text("编号,单位,字段,数值,记录时间,冲销\nk3,示例甲,rd_staff,20,2024-07-01,k1\n", encoding="utf-8")
    assert run("log", "import", "later.csv", "--rulebook", ID).status == 0

    def grade(*words: str) -> str:
        done = run("standings", "--rulebook", ID, "--period", "2024", "--format", "json", *words)
        return str(standings(done)["示例甲"]["grade"])

    assert grade("--known", "2024-05-31") == "待补充"
    assert grade("--known", "2024-06-30") == "不符合"
    assert grade() == "符合遴选条件"
    assert run("log", "verify").status == 0
    found = json.loads(run("recommend", ID, "--format", "json").out)
    assert [row["contact"] for row in found["lists"][0]["rows"]] == ["示例人"]
    assert "示例人" not in run("recommend", ID, "--format", "json", "--known", "2024-05-31").out


def test_documents_from_the_log_show_a_selection_without_points_and_persons_stay_out_of_bundles(
    run: Run, tmp_path: Path
) -> None:
    assert run("log", "import", SAMPLE, "--rulebook", ID).status == 0
    wish = ("export", "--rulebook", ID, "--period", "2024", "--format")
    assert run(*wish, "csv", "-o", "a.csv").status == 0
    head = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert head == "单位,等级,申报领域,不满足的条件,待补充"
    assert run(*wish, "bundle", "-o", "a.zip").status == 0
    assert run("verify", "a.zip").status == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert not any("示例联系人".encode() in archive.read(name) for name in archive.namelist())
