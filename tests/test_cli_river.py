"""From files and from the log to standings, as commands give them; the sample year and the demonstration."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from api.main import main

HOUSE = Path(__file__).parent.parent
SAMPLE = HOUSE / "rulebooks" / "houjiatang-2020" / "sample" / "2020.csv"
BOOK = "houjiatang-2020"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def out(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(out(capsys, *words, "--format", "json"))


def by_name(told: Any) -> dict[str, Any]:
    return {standing["subject"]: standing for standing in told["standings"]}


def test_a_year_of_records_without_records_gives_everyone_76_5(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # readings.md: a year with an empty log gives every community 76.5, provisional
    (tmp_path / "empty.csv").write_text(
        "id,date,subject,kind,x_visit\nt1,2020-03-09,梓园社区,ticket,满意\n", encoding="utf-8"
    )
    told = document(capsys, "score", BOOK, "empty.csv")
    assert {s["total"] for s in told["standings"]} == {"76.5"}
    assert {s["rank"] for s in told["standings"]} == {1}
    assert told["provisional"] is True
    assert told["not_counted"] == [{"event": "t1", "reason": "no_rule"}]


def test_the_json_adds_up_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    told = document(capsys, "score", BOOK, str(SAMPLE))
    assert len(told["standings"]) == 12
    for standing in told["standings"]:
        for item in standing["items"]:
            entries = sum((exact(e, "points") for e in item["entries"]), Fraction(0))
            assert exact(item, "base") + entries == exact(item, "score"), (standing["subject"], item["id"])
            assert ("reason" in item) == (item["state"] != "assessed")
        assert sum(exact(i, "score") for i in standing["items"]) == exact(standing, "total")


def exact(told: dict[str, str], key: str) -> Fraction:
    return Fraction(told.get(f"{key}_exact", told[key]))


def test_the_sample_year_shows_what_people_ask_about(capsys: pytest.CaptureFixture[str]) -> None:
    told = document(capsys, "score", BOOK, str(SAMPLE))
    ranks = [standing["rank"] for standing in told["standings"]]
    assert len(ranks) - len(set(ranks)) == 1, "two communities tie"
    found = by_name(told)
    assert found["水院社区"]["rank"] == 12
    assert found["水院社区"]["rank_without_veto"] < 12
    states = {item["id"]: item["state"] for item in found["泉塘社区"]["items"]}
    assert (states["XC"], states["WJ-1"]) == ("pending", "pending")
    assert {n["reason"] for n in told["not_counted"]} >= {"declared", "reviewed", "pending", "withdrawn", "countered"}
    assert any(
        e["swallowed"] for s in told["standings"] for i in s["items"] for e in i["entries"] if e["kind"] == "cap"
    )
    totals = [Fraction(s["total"]) for s in told["standings"] if s["subject"] != "水院社区"]
    assert totals == sorted(totals, reverse=True)
    assert min(totals) >= 80
    assert max(totals) <= 100


def test_the_sample_year_is_what_its_script_makes() -> None:
    script = HOUSE / "tools" / "make_sample_year.py"
    spec = importlib.util.spec_from_file_location("make_sample_year", script)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["make_sample_year"] = module
    spec.loader.exec_module(module)
    text = module.make()
    assert text.encode() == SAMPLE.read_bytes()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert 1500 <= len(rows) <= 2500
    assert all(row["备注"].startswith("示例") for row in rows)


@pytest.mark.parametrize("words", [("--period", "2020-03"), ("--through", "2020-03"), ("--period", "2020-Q1")])
def test_score_and_the_log_give_the_same_standings(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    out(capsys, "log", "import", str(SAMPLE), "--rulebook", BOOK)
    pure = document(capsys, "score", BOOK, str(SAMPLE), *words)
    logged = document(capsys, "standings", "--rulebook", BOOK, *words, "--day", "2021-12-31")
    assert pure["standings"] == logged["standings"]
    assert pure["rulebook_hash"] == logged["rulebook_hash"]
    assert logged["day"] == "2021-12-31"


def test_known_leaves_out_what_was_recorded_later(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    # CG-A2 costs 0.5; recorded on 1 July at noon, so a standing known on 30 June has it not, one of 1 July has
    (tmp_path / "late.csv").write_text(
        "id,date,subject,clause,recorded\ne1,2020-03-09,梓园社区,CG-A2,2020-07-01T12:00\n", encoding="utf-8"
    )
    march = ("score", BOOK, "late.csv", "--period", "2020-03", "--known")
    before, after = (by_name(document(capsys, *march, day))["梓园社区"] for day in ("2020-06-30", "2020-07-01"))
    assert Fraction(before["total"]) - Fraction(after["total"]) == Fraction(1, 2)


def test_another_reading_changes_the_result_and_stands_in_the_receipt(capsys: pytest.CaptureFixture[str]) -> None:
    told = document(capsys, "score", BOOK, str(SAMPLE), "--reading", "R03=clip")
    assert told["readings"] == {"R03": "clip"}
    scores = [Fraction(i["score"]) for s in told["standings"] for i in s["items"] if i["id"] == "DJ"]
    assert max(scores) <= 7


def test_equal_input_gives_equal_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("score", BOOK, str(SAMPLE), "--period", "2020-06", "--format")
    assert out(capsys, *words, "json") == out(capsys, *words, "json")
    assert out(capsys, *words, "csv") == out(capsys, *words, "csv")


def test_an_explanation_leads_back_to_sentence_and_event(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("explain", BOOK, str(SAMPLE), "--subject", "活力社区", "--item", "CG")
    shown = out(capsys, *words)
    assert "数字化工作出现超时" in shown
    assert "示例：" in shown
    assert "用完" in shown
    told = json.loads(out(capsys, *words, "--format", "json"))
    assert [item["id"] for item in told["items"]] == ["CG"]
    assert all(e["sentence"] for e in told["items"][0]["entries"] if e["kind"] == "clause")


def test_an_unknown_subject_or_item_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", BOOK, str(SAMPLE), "--subject", "梓圆社区"]) == 2
    assert "梓园社区" in capsys.readouterr().err
    assert main(["explain", BOOK, str(SAMPLE), "--subject", "梓园社区", "--item", "CX"]) == 2


def test_the_demonstration_can_be_run_twice_and_writes_the_same(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    first = out(capsys, "demo", "--no-serve", "--dir", "d")

    def files() -> dict[str, bytes]:
        found = (tmp_path / "d").iterdir()
        return {file.name: file.read_bytes() for file in found if file.is_file() and file.suffix != ".db"}

    written = files()
    assert {"ranking-2020.csv", "standings-2020-12.json", "explanation-2020.json"} <= set(written)
    assert out(capsys, "demo", "--no-serve", "--dir", "d") == first
    assert written == files()
    assert "2020年12月" in first
    assert "2020年度" in first
    assert "的分值已由 " in first  # the explanation is of an item whose points were used up
    assert written["ranking-2020.csv"].startswith(b"\xef\xbb\xbf")
