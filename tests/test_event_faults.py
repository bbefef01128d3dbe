"""Every fault of an event file: one broken example each, its whole message, its page."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from appraisal.errors import RefusedError, messages
from appraisal.model.conditions import FactSpec, Kind
from appraisal.model.edition import Edition
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import find_rulebook, read_rulebook

BROKEN = Path(__file__).parent / "broken" / "events"
PAGES = Path(__file__).parent.parent / "docs" / "findings"
CODES = sorted(code for code in messages() if code.startswith("E"))
ROW = ["e1", "2020-03-09", "梓园社区", "CG-A1"]


@pytest.fixture(scope="module")
def edition() -> Edition:
    """Return the real rulebook with one more kind of incident, which has a number among its facts."""
    real = read_rulebook(find_rulebook("houjiatang-2020"))
    drill = Kind(id="drill", name="示例演练", facts={"x_people": FactSpec(type="whole", name="人数")})
    inference = real.scorecard.inference
    more = inference.model_copy(update={"kinds": (*inference.kinds, drill)})
    return replace(real, rulebook=real.rulebook.model_copy(update={"inference": more}))


def workbook(path: Path, cells: dict[tuple[int, int], object], *, merge: str = "") -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("记录")
    sheet.write_row(0, 0, ["编号", "日期", "社区", "条款", "数值"])
    sheet.write_row(1, 0, ROW)
    for (row, column), cell in cells.items():
        if isinstance(cell, str) and cell.startswith("="):
            sheet.write_formula(row, column, cell, None, 0.72)
        else:
            sheet.write(row, column, cell)
    if merge:
        sheet.merge_range(merge, "梓园社区")
    book.close()


def workbook_without_header(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("说明").write(0, 0, "示例街道记录表")
    book.add_worksheet("空")
    book.close()


def workbook_with_doctype(path: Path) -> None:
    workbook(path, {})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    head, rest = parts[sheet].split(b"?>", 1)
    parts[sheet] = head + b'?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + rest
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def workbook_with_error(path: Path) -> None:
    """Write a cell that holds #DIV/0! as a value, as pasting a failed formula does."""
    workbook(path, {(1, 4): "=1/0"})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<c r="E2"><f>1/0</f><v>0.72</v></c>', b'<c r="E2" t="e"><v>#DIV/0!</v></c>')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


BUILT = {
    "E002.csv": lambda path: path.mkdir(),
    "E007.csv": lambda path: path.write_text("编号,日期,社区,条款\n" + "长" * 900_000, encoding="utf-8"),
    "E011.csv": lambda path: path.write_text("编号,日期,社区,条款\n", encoding="utf-8"),
    "E012.xlsx": lambda path: path.write_text("编号,日期,社区,条款\n", encoding="utf-8"),
    "E013.xlsx": lambda path: path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)),
    "E014.xlsx": workbook_without_header,
    "E015.xlsx": lambda path: workbook(path, {(1, 3): "CG-B1", (1, 4): "=18/25"}),
    "E016.xlsx": workbook_with_error,
    "E017.xlsx": workbook_with_doctype,
    "E019.xlsx": lambda path: workbook(path, {(2, 0): "e2", (2, 1): "2020-03-09", (2, 3): "CG-A1"}, merge="C2:C3"),
    "E024.xlsx": lambda path: workbook(path, {(1_048_575, 16_383): "x"}),
    "E038.xlsx": lambda path: workbook(path, {(1, 0): 202003091234567890}),
}
EXAMPLES = sorted(path.name.removesuffix(".expected.txt") for path in BROKEN.glob("E*.expected.txt"))


def refusal(name: str, folder: Path, edition: Edition) -> RefusedError:
    """Read one example under its bare name, so that no folder stands in the message."""
    if name in BUILT:
        BUILT[name](folder / name)
    elif (BROKEN / name).exists():
        (folder / name).write_bytes((BROKEN / name).read_bytes())
    before = Path.cwd()
    os.chdir(folder)
    try:
        with pytest.raises(RefusedError) as caught, forbidden(name.startswith("E011")):
            read_events([Path(name)], edition)
    finally:
        os.chdir(before)
    return caught.value


@contextmanager
def forbidden(active: bool) -> Iterator[None]:  # noqa: FBT001
    """Let no file be opened, as if the reader had no right to; whoever runs the tests may have every right."""
    with pytest.MonkeyPatch.context() as patch:
        if active:
            patch.setattr(Path, "open", refuse_to_open)
        yield


def refuse_to_open(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_broken_file_gives_its_message_whole_and_alone(name: str, tmp_path: Path, edition: Edition) -> None:
    refused = refusal(name, tmp_path, edition)
    shown = "".join(f"{finding.render('zh')}\n" for finding in refused.findings)
    assert shown == (BROKEN / f"{name}.expected.txt").read_text(encoding="utf-8")
    assert {finding.code for finding in refused.findings} == {name[:4]}


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_message_also_speaks_english(name: str, tmp_path: Path, edition: Edition) -> None:
    for finding in refusal(name, tmp_path, edition).findings:
        assert finding.what("en")
        assert finding.remedy("en")
        assert not set("，。；：") & set(finding.what("en").replace(finding.args.get("cell", ""), ""))


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_an_example_and_a_page(code: str) -> None:
    examples = [name for name in EXAMPLES if name.startswith(code)]
    assert examples, f"no broken example for {code}"
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code} ")
    expected = (BROKEN / f"{examples[0]}.expected.txt").read_text(encoding="utf-8")
    assert expected.splitlines()[0] in page


def test_no_example_is_without_a_code() -> None:
    left = {path.name[:4] for path in BROKEN.glob("E*")} - set(CODES)
    assert not left
