"""Workbooks of events: what spreadsheets do to tables, and workbooks that are damaged or a trap."""

from __future__ import annotations

import zipfile
from datetime import date, time, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from event_reading import EDITION, HEAD, ROW, at

from appraisal.errors import RefusedError
from appraisal.model.event import Event
from appraisal.model.periods import Period
from appraisal.reading import event_xlsx, event_xlsx_parts
from appraisal.reading.events import read_events


def test_a_workbook_with_titles_blank_rows_dates_percents_and_further_sheets(tmp_path: Path) -> None:
    path = tmp_path / "示例.xlsx"
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    month = book.add_format({"num_format": "yyyy-mm"})
    percent = book.add_format({"num_format": "0%"})
    book.add_worksheet("说明").write(0, 0, "示例街道2020年记录")
    sheet = book.add_worksheet("记录")
    sheet.merge_range("B1:F1", "示例街道2020年记录")
    sheet.write_row(2, 1, ["编号", "日期", "社区", "条款", "数值", "记录时间", "所属期", "事项"])
    sheet.write_row(3, 1, [101, "", "梓园社区", "CG-B1"])
    sheet.write_datetime(3, 2, date(2020, 4, 2), day)
    sheet.write_number(3, 5, 0.72, percent)
    sheet.write_datetime(3, 6, at("2020-04-02 14:30"), moment)
    sheet.write_datetime(3, 7, date(2020, 3, 1), month)
    sheet.write_row(6, 1, ["e2", "2020年3月9日", "电院社区", "CG-A1", "", "", "", 20200309])
    book.add_worksheet("二月").write_row(0, 0, ["id", "date", "subject", "clause"])
    book.close()
    one, two = read_events([path], EDITION)
    assert one == Event(
        id="101",
        date=date(2020, 4, 2),
        subject="ziyuan",
        clause="CG-B1",
        period=Period(2020, 3),
        recorded=at("2020-04-02 14:30"),
        facts={"value": Fraction(72, 100)},
    )
    assert (two.id, two.date, two.matter) == ("e2", date(2020, 3, 9), "20200309")


def test_every_sheet_with_a_header_is_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "months.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for month in ("1月", "2月"):
        sheet = book.add_worksheet(month)
        sheet.write_row(0, 0, ["编号", "日期", "社区", "条款"])
        sheet.write_row(1, 0, [f"e{month}", f"2020-0{month[0]}-30", "梓园社区", "CG-A1"])
    book.close()
    with pytest.raises(RefusedError) as caught:
        read_events([path], EDITION)
    (finding,) = caught.value.findings
    assert str(finding.place) == f"{path}[2月]:2:2"


def test_an_unformatted_serial_number_is_no_date(tmp_path: Path) -> None:
    path = tmp_path / "serial.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["编号", "日期", "社区", "条款"])
    sheet.write_row(1, 0, ["e1", 43910, "梓园社区", "CG-A1"])
    book.close()
    with pytest.raises(RefusedError) as caught:
        read_events([path], EDITION)
    assert [f.code for f in caught.value.findings] == ["E040"]
    assert "2020-03-20" in caught.value.findings[0].remedy()  # 43910 days after 1899-12-30


def changed(path: Path, part: str, before: bytes, after: bytes) -> Path:
    """Write a sound workbook in which one part is changed."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("记录")
    sheet.write_row(0, 0, HEAD.split(","))
    sheet.write_row(1, 0, ROW.split(","))
    book.close()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert before in parts[part]
    parts[part] = parts[part].replace(before, after) if before else after
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.writestr("docProps/thumbnail.bin", b"<!DOCTYPE is no matter in what is not XML")
    return path


SHEET = "xl/worksheets/sheet1.xml"
DOCTYPE = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16")


@pytest.mark.parametrize(
    ("part", "before", "after", "code"),
    [
        (SHEET, b"<v>0</v>", b"<v>4000000000</v>", "E012"),  # no such shared string
        (SHEET, b"</sheetData>", b"", "E012"),
        ("xl/workbook.xml", b'r:id="rId1"', b'r:id="rId77"', "E012"),
        (SHEET, b'r="2"', b'r="999999999"', "E024"),  # would set aside memory for as many rows
        ("xl/sharedStrings.xml", b'uniqueCount="8"', b'uniqueCount="4294967296"', "E017"),
        ("xl/_rels/workbook.xml.rels", b"", DOCTYPE, "E017"),
        ("xl/workbook.xml", b"<sheets>", b"<sheets", "E012"),
        ("xl/sharedStrings.xml", b"</sst>", b"<si", "E012"),
        (SHEET, b"</sheetData>", b"</sheetData><f></g>", "E012"),
        ("xl/_rels/workbook.xml.rels", b"sheet1.xml", b"sheet7.xml", "E012"),
    ],
)
def test_workbooks_that_are_damaged_or_a_trap(
    tmp_path: Path, part: str, before: bytes, after: bytes, code: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        read_events([changed(tmp_path / "x.xlsx", part, before, after)], EDITION)
    assert [finding.code for finding in caught.value.findings] == [code]


@pytest.mark.parametrize("target", [b"worksheets/sheet1.xml", b"/xl/worksheets/sheet1.xml"])
def test_a_sound_workbook_is_read_however_it_names_its_parts(tmp_path: Path, target: bytes) -> None:
    path = changed(tmp_path / "x.xlsx", "xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", target)
    (event,) = read_events([path], EDITION)
    assert event.id == "e1"


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = changed(tmp_path / "x.xlsx", SHEET, b"<v>0</v>", b"<v>0</v>")
    monkeypatch.setattr(event_xlsx_parts, "MOST_BYTES", 100)
    with pytest.raises(RefusedError) as caught:
        read_events([path], EDITION)
    assert [finding.code for finding in caught.value.findings] == ["E017"]


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path / "x.xlsx", SHEET, b"<v>0</v>", b"<v>0</v>")
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")  # the first entry of the directory; its flags begin eight bytes later
    raw[at + 8] |= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(RefusedError) as caught:
        read_events([path], EDITION)
    assert [finding.code for finding in caught.value.findings] == ["E013"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [(True, "TRUE"), (72.0, "72"), (0.1, "0.1"), (1e-7, "0.0000001"), (float("nan"), "NaN"), (time(14, 30), "14:30:00"),
     (at("2020-03-09 14:00"), "2020-03-09 14:00"), (timedelta(hours=1), "1:00:00"), (None, "")],
)  # fmt: skip
def test_a_cell_of_a_workbook_as_text(cell: object, text: str) -> None:
    assert event_xlsx.as_text(cell) == text
