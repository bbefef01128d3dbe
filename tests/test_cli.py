"""The commands as a person or a script meets them: words in, exit status, results and messages out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commanding import Run

HEADER = "id,date,subject,clause,count,level,value,matter,status,note,period,counters\n"
GOOD = HEADER + "e1,2020-03-09,梓园社区,CG-A2,1,,,,,示例,,\ne2,2020-03-10,梓园社区,JF-3,1,,,,declared,示例,,\n"
FAULTY = (
    HEADER
    + "e1,2020-03-09,梓园,CG-A2,1,,,,,,,\n"
    + "e2,2020-03-10,梓园社区,CG-A99,1,,,,,,,\n"
    + "e3,2020-03-10,梓园社区,CG-A1,-1,,,,,,,\n"
)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "faulty.csv").write_text(FAULTY, encoding="utf-8")


# Usage: status 2, and the nearest names


def test_an_unknown_rulebook_is_wrong_usage_and_the_nearest_is_named(run: Run) -> None:
    done = run("score", "houjiatan-2020", "good.csv")
    assert done.status == 2
    assert done.out == ""
    assert "houjiatang-2020" in done.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--period", "2020-03", "--through", "2020-03"), "只能写一个"),
        (("--period", "2020-13"), "2020-13"),
        (("--period", "march"), "march"),
        (("--through", "2020"), "2020"),
        (("--period", "2021-01"), "2020-12-31"),
        (("--known", "yesterday"), "yesterday"),
        (("--known", "2020-01-01T00:00+08:00"), "--known"),
        (("--day", "2020-02-30"), "2020-02-30"),
        (("--reading", "R03"), "R03"),
        (("--reading", "R03=klip"), "clip"),
        (("--reading", "R99=clip"), "R99"),
        (("--perid", "2020"), "--period"),
        (("--format", "xml"), "table, json, csv"),
    ],
)
def test_wrong_options_are_wrong_usage_and_say_what_would_be_right(run: Run, words: tuple[str, ...], told: str) -> None:
    done = run("score", "houjiatang-2020", "good.csv", *words)
    assert done.status == 2, done
    assert done.out == ""
    assert told in done.err
    assert "Traceback" not in done.err


def test_a_missing_file_is_wrong_usage(run: Run) -> None:
    assert run("score", "houjiatang-2020", "nowhere.csv").status == 2
    assert run("score", "nowhere.yaml", "good.csv").status == 2
    assert run("log", "import", "nowhere.csv", "--rulebook", "houjiatang-2020").status == 2


def test_a_folder_is_not_taken_for_a_missing_file(run: Run, tmp_path: Path) -> None:
    for words in (("score", "houjiatang-2020"), ("log", "import", "--rulebook", "houjiatang-2020")):
        done = run(*words, str(tmp_path))
        assert (done.status, done.out) == (2, "")
        assert "是文件夹" in done.err


def test_reading_a_database_that_is_not_there_makes_none(run: Run, tmp_path: Path) -> None:
    for words in (("log", "list"), ("log", "verify"), ("standings", "--rulebook", "houjiatang-2020")):
        done = run(*words)
        assert (done.status, done.out) == (2, "")
        assert "log import" in done.err
    assert not (tmp_path / "appraisal.db").exists()


def test_a_list_without_lines_says_so_and_names_the_nearest(run: Run) -> None:
    run("log", "import", "good.csv", "--rulebook", "houjiatang-2020")
    unknown = run("log", "list", "--subject", "梓园")
    assert (unknown.status, unknown.out) == (2, "")
    assert "梓园社区" in unknown.err
    assert "CG-A2" in run("log", "list", "--clause", "CGA2").err
    nothing = run("log", "list", "--subject", "水院社区")
    assert (nothing.status, "没有符合的记录" in nothing.err) == (0, True)


def test_help_speaks_one_language(run: Run) -> None:
    assert "Show this" not in run("log", "add", "--help").out
    assert "Show this help" in run("log", "add", "--help", "--lang", "en").out


def test_a_missing_argument_and_an_unknown_command_are_wrong_usage(run: Run) -> None:
    missing = run("score", "houjiatang-2020")
    assert missing.status == 2
    assert "INPUT" in missing.err
    assert "score" in run("scoer").err
    assert run("scoer").status == 2
    assert run("log", "import", "good.csv").status == 2


def test_an_unknown_language_is_wrong_usage(run: Run) -> None:
    assert run("--lang", "fr", "rulebook", "list").status == 2
    assert run("rulebook", "list", "--lang").status == 2


# Language


@pytest.mark.parametrize("words", [("--lang", "en", "rulebook", "list"), ("rulebook", "list", "--lang=en")])
def test_the_language_may_stand_before_or_after_the_command(run: Run, words: tuple[str, ...]) -> None:
    assert "Rulebooks" in run(*words).out
    assert "考核办法" in run("rulebook", "list").out  # and the next run is Chinese again


def test_the_environment_chooses_the_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRAISAL_LANG", "en")
    assert "Rulebooks" in run("rulebook", "list").out
    assert "考核办法" in run("rulebook", "list", "--lang", "zh").out


def test_help_is_in_the_language_asked_for(run: Run) -> None:
    assert "不用数据库" in run("--help").out
    assert "without a database" in run("--help", "--lang", "en").out
    assert run("score", "--help").status == 0


# Refused input: status 1, every finding, nothing on standard output


def test_a_faulty_file_gives_all_findings_and_how_many(run: Run) -> None:
    done = run("score", "houjiatang-2020", "faulty.csv")
    assert done.status == 1
    assert done.out == ""
    assert "faulty.csv:2:" in done.err
    assert "faulty.csv:3:" in done.err
    assert "faulty.csv:4:" in done.err
    assert "梓园社区" in done.err  # the nearest name
    assert "共 3 处问题" in done.err  # 梓园; CG-A99; the count −1


def test_thousands_of_findings_are_all_printed(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"e{n},2020-03-09,梓园社区,CG-A99,1,,,,,,,\n" for n in range(3000))
    (tmp_path / "many.csv").write_text(HEADER + rows, encoding="utf-8")
    done = run("score", "houjiatang-2020", "many.csv")
    assert done.status == 1
    assert done.err.count("many.csv:") == 3000
    assert "共 3000 处问题" in done.err


# Rulebooks


def test_the_rulebooks_that_ship_are_listed(run: Run) -> None:
    rows = json.loads(run("rulebook", "list", "--format", "json").out)["rows"]
    assert "houjiatang-2020" in [row["id"] for row in rows]


def test_a_clause_is_shown_with_its_sentence_and_its_readings(run: Run) -> None:
    shown = run("rulebook", "show", "houjiatang-2020", "--clause", "DJ-7").out
    assert "第1、2、3名按照1.1倍计分" in shown.replace("\n", "").replace(" ", "")
    assert "R03=clip" in shown
    assert run("rulebook", "show", "houjiatang-2020", "--clause", "DJ-77").status == 2


def test_a_clean_rulebook_has_nothing_wrong(run: Run) -> None:
    done = run("rulebook", "check", "houjiatang-2020")
    assert done.status == 0, done.err
    assert "没有问题" in done.out


def test_a_broken_rulebook_is_refused_with_its_places(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("format: 1\nid: x\nid: y\n", encoding="utf-8")
    done = run("rulebook", "check", "broken.yaml")
    assert done.status == 1
    assert "broken.yaml:3:" in done.err


def test_the_schema_is_one_json_document(run: Run) -> None:
    assert "properties" in json.loads(run("rulebook", "schema").out)


def test_the_whole_source_is_accounted_for(run: Run) -> None:
    done = run("rulebook", "coverage", "houjiatang-2020")
    assert done.status == 0
    assert "100" in done.out


# The log


def test_import_is_all_or_nothing_and_idempotent(run: Run) -> None:
    assert run("log", "import", "faulty.csv", "--rulebook", "houjiatang-2020").status == 1
    first = run("log", "import", "good.csv", "--rulebook", "houjiatang-2020")
    again = run("log", "import", "good.csv", "--rulebook", "houjiatang-2020")
    assert (first.status, again.status) == (0, 0)
    assert "收下 2 条" in first.err
    assert "收下 0 条，已有而略过 2 条" in again.err
    assert len(json.loads(run("log", "list", "--format", "json").out)["rows"]) == 2


def test_an_added_event_is_in_the_list_and_a_wrong_one_is_not(run: Run) -> None:
    book = ("--rulebook", "houjiatang-2020")
    assert run("log", "add", *book, "--date", "2020-03-09", "--subject", "梓园社区", "--clause", "CG-A1").status == 0
    wrong = run("log", "add", *book, "--date", "2020-03-09", "--subject", "梓园", "--clause", "CG-A99")
    assert wrong.status == 1
    assert "共 2 处问题" in wrong.err
    rows = json.loads(run("log", "list", "--format", "json").out)["rows"]
    assert [(row["subject"], row["clause"]) for row in rows] == [("梓园社区", "CG-A1")]


def test_a_withdrawal_by_command_names_what_the_log_has(run: Run) -> None:
    book = ("--rulebook", "houjiatang-2020")
    run("log", "import", "good.csv", *book)
    words = ("--date", "2020-04-01", "--subject", "梓园社区", "--status", "withdrawn")
    assert run("log", "add", *book, *words, "--counters", "e1", "--note", "撤回").status == 0
    assert run("log", "add", *book, *words, "--counters", "e99", "--note", "撤回").status == 1


def test_verify_gives_an_anchor_that_finds_a_cut_tail(run: Run, tmp_path: Path) -> None:
    run("log", "import", "good.csv", "--rulebook", "houjiatang-2020")
    sound = run("log", "verify")
    assert sound.status == 0
    anchor = sound.out.split()[-1]
    assert anchor.startswith("2:")
    assert run("log", "verify", "--anchor", anchor).status == 0
    assert run("log", "verify", "--anchor", "two").status == 2
    (tmp_path / "appraisal.db").unlink()
    (tmp_path / "short.csv").write_text("".join(GOOD.splitlines(keepends=True)[:2]), encoding="utf-8")
    run("log", "import", "short.csv", "--rulebook", "houjiatang-2020")
    assert run("log", "verify", "--anchor", anchor).status == 1


def test_a_rulebook_that_nobody_knows_is_wrong_usage(run: Run) -> None:
    run("log", "import", "good.csv", "--rulebook", "houjiatang-2020")
    assert run("standings", "--rulebook", "houjiatang-202").status == 2
    assert run("standings", "--rulebook", "").status == 2


def test_a_folder_that_cannot_be_made_is_told_without_a_traceback(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run("demo", "--no-serve", "--dir", "file")
    assert done.status == 1
    assert "file" in done.err


# Speed and laziness


def test_help_imports_neither_numpy_nor_the_database() -> None:
    code = (
        "import sys; from api.main import main; main(['--help']); "
        "print([m for m in ('numpy', 'sqlalchemy', 'pydantic', 'yaml') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
