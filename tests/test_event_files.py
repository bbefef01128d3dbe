"""Files of events: headers, encodings, separators, and JSON lines."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from event_reading import HEAD, ROW, codes, read

from appraisal.errors import RefusedError
from appraisal.model.event import Event
from appraisal.reading import event_text
from appraisal.reading.event_columns import COLUMNS, column_of, column_words

# ── headers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_header_is_english_or_chinese_or_mixed(tmp_path: Path) -> None:
    english = read(tmp_path, "id,date,subject,clause\ne1,2020-03-09,ziyuan,CG-A1\n")
    chinese = read(tmp_path, f"{HEAD}\n{ROW}\n")
    mixed = read(tmp_path, "条款,id,单位,DATE\nCG-A1,e1,梓园社区,2020/3/9\n")
    assert english == chinese == mixed == [Event(id="e1", date=date(2020, 3, 9), subject="ziyuan", clause="CG-A1")]


@pytest.mark.parametrize(
    ("title", "column"), [("单位", "subject"), ("情形", "level"), ("级别 / 情形", "level"), ("ｉｄ", "id")]
)
def test_aliases_of_headers(title: str, column: str) -> None:
    assert column_of(title) == column


def test_the_template_has_every_column_of_the_documentation() -> None:
    assert (COLUMNS[0].name, COLUMNS[0].zh) == ("id", "编号")
    assert len(COLUMNS) == 17
    assert all(column_words[column.name] == column_words[column.zh] == column.name for column in COLUMNS)


def test_a_header_alone_is_no_event_and_no_fault(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEAD}\n") == []


def test_columns_of_ones_own_are_kept(tmp_path: Path) -> None:
    (event,) = read(tmp_path, f"{HEAD},x_网格\n{ROW},第三网格\n")
    assert dict(event.facts) == {"x_网格": "第三网格"}


def test_an_unknown_header_is_told_without_its_consequences(tmp_path: Path) -> None:
    """SC-2 needs a level; it stands under the misspelt header, so only the header is wrong."""
    assert codes(tmp_path, "编号,日期,社区,条款,等级\ne1,2020-03-09,梓园社区,SC-2,市\n") == ["E020"]


def test_a_header_without_what_is_needed_names_all_that_is_missing(tmp_path: Path) -> None:
    assert codes(tmp_path, "数量,备注\n1,示例\n") == ["E022"] * 4


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(tmp_path: Path, encoding: str, mark: str, end: str) -> None:
    lines = [f"{HEAD},备注", f"{ROW},市容巡查；道路堆物", "", "e2,2020年3月10日,电院社区,CG-A2,"]
    text = end.join(line.replace(",", mark) for line in lines) + end
    events = read(tmp_path, text.encode(encoding))
    assert [(e.id, e.subject, e.note) for e in events] == [
        ("e1", "ziyuan", "市容巡查；道路堆物"),
        ("e2", "dianyuan", ""),
    ]


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "latin-1"])
def test_other_encodings_are_refused_not_guessed(tmp_path: Path, encoding: str) -> None:
    text = {
        "big5": "備註：道路堆物，市容巡查",
        "shift_jis": "日付、備考、社区、道路",
        "latin-1": "café Müller Øresund naïve",
    }
    assert codes(
        tmp_path, f"id,date,subject,clause,note\ne1,2020-03-09,ziyuan,CG-A1,{text[encoding]}\n".encode(encoding)
    ) == ["E005"]


def test_a_damaged_byte_is_named_by_its_line(tmp_path: Path) -> None:
    raw = f"{HEAD},备注\n{ROW},示例\ne2,2020-03-10,梓园社区,CG-A1,示例\n".encode()
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, raw[:-3] + raw[-2:])
    assert [(f.code, f.place.line) for f in caught.value.findings] == [("E005", 3)]


def test_a_quoted_note_may_have_several_lines_and_places_count_physical_lines(tmp_path: Path) -> None:
    text = f'{HEAD},备注\n{ROW},"第一行\n第二行, 有逗号"\ne2,2020-02-30,梓园社区,CG-A1,\n'
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, text)
    assert [(f.place.line, f.place.column) for f in caught.value.findings] == [(4, 2)]
    (event,) = read(tmp_path, text.rsplit("e2", 1)[0])
    assert event.note == "第一行\n第二行, 有逗号"


def test_blank_rows_short_rows_and_trailing_separators_are_fine(tmp_path: Path) -> None:
    events = read(tmp_path, f"{HEAD},备注,,\n\n,,,,,,\n{ROW}\n  e2 , 2020-03-09　,梓园社区,CG-A1,,,\n")
    assert [event.id for event in events] == ["e1", "e2"]


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00\x00i\x00\x00\x00", b"\xff\xfe\x00\xd8", b"\xfe\xff\x00"])
def test_broken_or_wide_marks_are_refused(tmp_path: Path, raw: bytes) -> None:
    assert codes(tmp_path, raw) == ["E005"]


def test_a_cell_under_an_empty_header_is_refused(tmp_path: Path) -> None:
    assert codes(tmp_path, "编号,,日期,社区,条款\ne1,?,2020-03-09,梓园社区,CG-A1\n") == ["E023"]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its encoding was found out, then another program wrote into it."""
    monkeypatch.setattr(event_text, "decode", lambda _: event_text.Decoded(encoding="utf-8-sig"))
    rows = "".join(f"e{i},2020-03-09,梓园社区,CG-A1\n" for i in range(5000))
    assert codes(tmp_path, f"{HEAD}\n{rows}".encode() + b"\xff\xff") == ["E011"]


def test_a_header_with_a_stray_quote_is_refused(tmp_path: Path) -> None:
    assert codes(tmp_path, f'"编号"x,日期,社区,条款\n{ROW}\n')[0] == "E008"


def test_a_header_of_absurd_length_is_refused(tmp_path: Path) -> None:
    assert codes(tmp_path, f"编号,日期,社区,条款,{'长' * 200_000}\n{ROW},\n") == ["E006"]


def test_a_far_right_cell_is_shown_in_its_surroundings(tmp_path: Path) -> None:
    extra = ",".join(f"x_{i}" for i in range(20))
    with pytest.raises(RefusedError) as caught:
        read(tmp_path, f"{HEAD},{extra},状态\n{ROW},{','.join('abcdefghijklmnopqrst')},办结\n")
    (finding,) = caught.value.findings
    assert finding.excerpt.startswith("2 | … · ")
    assert finding.excerpt.endswith("»办结«")


# ── JSON lines ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_json_lines_in_either_language_numbers_or_text(tmp_path: Path) -> None:
    lines = [
        {"id": "e1", "date": "2020-03-09", "subject": "ziyuan", "clause": "CG-B1", "value": 0.1, "note": None},
        {"编号": "e2", "日期": "2020-03-09", "单位": "电院社区", "条款": "CG-B1", "数值": "10%"},
    ]
    events = read(tmp_path, "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "events.jsonl")
    assert [event.value for event in events] == [Fraction(1, 10)] * 2


def test_json_numbers_never_become_floats(tmp_path: Path) -> None:
    """0.30000000000000004 is what a float would make of 0.1 + 0.2; as text it is seen and refused."""
    line = '{{"id": "e1", "date": "2020-03-09", "subject": "ziyuan", "clause": "CG-B1", "value": {}}}\n'
    assert codes(tmp_path, line.format("0.30000000000000004"), "events.jsonl") == ["E059"]
    assert read(tmp_path, line.format("1e-05"), "events.jsonl")[0].value == Fraction(1, 100000)
    assert codes(tmp_path, line.format("1e999999999"), "events.jsonl") == ["E054"]
    assert codes(tmp_path, line.format("true"), "events.jsonl") == ["E018"]


@pytest.mark.parametrize("line", ["[" * 100_000, '{"id": "e1"', '{"id": "\\ud800", "date": 1}', "{}", "null", "\x00"])
def test_json_that_is_none_is_refused(tmp_path: Path, line: str) -> None:
    assert codes(tmp_path, line + "\n", "events.jsonl")


def test_json_of_blank_lines_is_empty_and_unknown_keys_are_told_once(tmp_path: Path) -> None:
    assert codes(tmp_path, "\n \n", "events.jsonl") == ["E004"]
    line = '{"id": "%s", "date": "2020-03-09", "subject": "ziyuan", "clause": "CG-A1", "levle": "", "%s": ""}\n'
    assert codes(tmp_path, line % ("e1", "a") + line % ("e2", "b"), "events.jsonl") == ["E020", "E020", "E020"]


def test_a_nested_value_in_a_row_without_id(tmp_path: Path) -> None:
    assert codes(tmp_path, '{"date": ["2020-03-09"]}\n', "events.jsonl") == ["E018"]
