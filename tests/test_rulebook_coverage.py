"""Every printed character of the source is accounted for once, and the cases know what to exercise."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal.errors import RefusedError
from appraisal.model.clauses_judged import Tiers
from appraisal.reading.coverage import account, coverage
from appraisal.reading.rulebook import read_rulebook, shipped_rulebooks
from appraisal.reading.source_text import SourceText
from appraisal.reading.targets import edges

SMALL = Path(__file__).parent / "rulebooks" / "small" / "rulebook.yaml"
SOURCE = (SMALL.parent / "source.txt").read_text(encoding="utf-8")


def printed_length(text: str) -> int:
    return len("".join(text.split()))


def changed(tmp_path: Path, *, source: str = SOURCE, old: str = "", new: str = "") -> Path:
    text = SMALL.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "source.txt").write_text(source, encoding="utf-8")
    path = tmp_path / "rulebook.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_small_rulebook_accounts_for_its_source():
    found = coverage(SMALL)
    assert found.complete
    assert found.total == printed_length(SOURCE)
    assert sum(found.counts.values()) == found.total
    # line 1 示例街道社区考核办法 (10) and line 23 本办法由街道解释。 (9)
    assert found.counts["informational"] == 19
    assert found.counts["encoded"] == found.total - 19


def test_a_sentence_that_nobody_claims_is_shown_with_its_place(tmp_path):
    source = SOURCE.replace("每次扣0.2分；", "每次扣0.2分；情节严重的除外。")
    found = coverage(changed(tmp_path, source=source))
    (stretch,) = found.unaccounted
    assert stretch.text == "情节严重的除外。"
    # line 7 is 1、未按要求完成任务，每次扣0.2分；: 19 characters before it
    assert (stretch.place.line, stretch.place.column) == (7, 20)
    assert found.counts["unaccounted"] == 8
    assert not found.complete


def test_a_limit_inside_a_clause_is_double(tmp_path):
    path = changed(tmp_path, old="text: 每篇加0.5分\n", new="text: 每篇加0.5分，最多加2分。\n")
    (stretch,) = coverage(path).double
    assert stretch.text == "，最多加2分。"
    assert stretch.owners == ("JF-1", "JF-cap")


def test_a_passage_over_a_clause_is_double(tmp_path):
    path = changed(tmp_path, old="{lines: 23, as: inf", new="{lines: 22-23, as: inf")
    found = coverage(path)
    assert [s.text for s in found.double] == ["每篇加0.5分", "，最多加2分。"]
    assert found.counts["double"] == 14  # 每篇加0.5分 is 7, ，最多加2分。 is 7


def test_equal_sentences_on_a_line_are_taken_one_after_the_other(tmp_path):
    source = SOURCE.replace("每月报送1篇信息，每少一篇扣0.1分。", "迟报扣0.1分。漏报扣1分。迟报扣0.1分。")
    clause = "{{id: XC-{n}, method: occurrence, deduct: {d}, line: 20, text: {t}}}"
    rows = [(2, "0.1", "迟报扣0.1分。"), (3, "1", "漏报扣1分。"), (4, "0.1", "迟报扣0.1分。")]
    new = "\n          - ".join(clause.format(n=n, d=d, t=t) for n, d, t in rows)
    text = SMALL.read_text(encoding="utf-8")
    start, end = text.index("- id: XC-1"), text.index("outside:")
    path = changed(tmp_path, source=source, old=text[start:end], new=f"- {new}\n")
    assert coverage(path).complete


def test_a_heading_on_the_line_of_its_clauses_takes_what_stands_before_them(tmp_path):
    source = SOURCE.replace("\t宣传\n\t1\n\tD\n\t每月报送", "\n\n\n宣传 | 1 | D | 每月报送")
    assert source != SOURCE
    text = SMALL.read_text(encoding="utf-8").replace("lines: 17-19", "lines: 20")
    (tmp_path / "source.txt").write_text(source, encoding="utf-8")
    (tmp_path / "rulebook.yaml").write_text(text, encoding="utf-8")
    assert coverage(tmp_path / "rulebook.yaml").complete


def test_a_sentence_that_is_not_there_is_named():
    found = account(read_rulebook(SMALL).rulebook, SourceText.of(SOURCE.replace("每次扣0.2分", "每次扣0.3分")), "s")
    assert found.not_found == ("CG-A1",)
    assert not found.complete


def test_a_missing_source_is_refused(tmp_path):
    path = changed(tmp_path)
    (tmp_path / "source.txt").unlink()
    with pytest.raises(RefusedError, match="R230"):
        coverage(path)


def test_the_targets_of_the_small_rulebook():
    caps = ("CG", "CG-A", "CG-B", "DJ", "XC", "JF", "JF-cap")
    assert coverage(SMALL).targets == {
        *(f"clause:{name}" for name in ("CG-A1", "CG-A2", "CG-B1", "DJ-1", "DJ-2", "XC-1", "JF-1")),
        "level:CG-A2:不良影响",
        *(f"tier:CG-B1:{edge}:{side}" for edge in ("50%", "80%") for side in ("on", "off")),
        *(f"cap:{name}:{side}" for name in caps for side in ("reached", "not_reached")),
        *(f"reading:R01:{way}" for way in ("stated", "added", "flat")),
    }


@pytest.mark.parametrize(
    ("bands", "top", "expected"),
    [
        ([{"at_least": "90%"}, {"above": "0", "below": "90%"}, {"at_most": "0"}], None, ["0%", "90%"]),
        ([{"at_least": "0", "below": "90%"}, {"at_least": "90%"}], None, ["90%"]),
        ([{"at_least": "90%", "at_most": "100%"}, {"below": "90%"}], "100%", ["90%"]),
    ],
)
def test_edges_lie_between_tiers(bands, top, expected):
    tiers = [{**band, "deduct": "1"} for band in bands]
    clause = {"id": "X", "text": "x", "line": 1, "method": "tiers", "tiers": tiers}
    assert edges(Tiers.model_validate({**clause, **({"domain_high": top} if top else {})})) == expected


@pytest.mark.parametrize("name", sorted(shipped_rulebooks()))
def test_the_rulebooks_that_come_with_the_product_account_for_their_documents(name):
    found = coverage(shipped_rulebooks()[name])
    wrong = [f"{s.place}: {s.text} {s.owners}" for s in (*found.unaccounted, *found.double)]
    assert wrong == []
    assert found.not_found == ()


def test_headings_without_lines_claim_nothing(tmp_path):
    (stretch,) = coverage(changed(tmp_path, old="    lines: 2\n", new="")).unaccounted
    assert stretch.text == "城管办（6分）"
    assert [s.text for s in coverage(changed(tmp_path, old="        lines: 12-14\n", new="")).unaccounted] == [
        "党建工作",
        "3",
        "F",
    ]
    assert [s.text for s in coverage(changed(tmp_path, old="            line: 6\n", new="")).unaccounted] == [
        "日常工作（4分）"
    ]
