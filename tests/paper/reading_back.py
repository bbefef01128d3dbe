"""What the written files say, read back by other programs than wrote them."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import docx
import openpyxl

from tests.programs import program


def csv_rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def shown(cell: openpyxl.cell.Cell) -> str:
    """Return what a spreadsheet shows: a number by its format, which is 0 or 0.00…."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, str):
        return cell.value
    assert set(cell.number_format) <= {"0", "."}, cell.number_format
    return f"{cell.value:.{len(cell.number_format.partition('.')[2])}f}"


def xlsx_rows(data: bytes, sheet: str) -> list[list[str]]:
    page = openpyxl.load_workbook(io.BytesIO(data))[sheet]
    return [[shown(cell) for cell in row] for row in page.iter_rows()]


def docx_tables(data: bytes) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(io.BytesIO(data)).tables
    ]


def pdf_lines(data: bytes, tmp: Path, *how: str) -> list[str]:
    file = tmp / "read.pdf"
    file.write_bytes(data)
    told = subprocess.run([program("pdftotext"), *how, str(file), "-"], capture_output=True, check=True, timeout=60)
    return told.stdout.decode().splitlines()


def opened_by_libreoffice(data: bytes, name: str, tmp: Path) -> bytes:
    """Return the PDF that LibreOffice makes of a file; a file that it cannot open gives none."""
    soffice = program("soffice")
    file = tmp / name
    file.write_bytes(data)
    home = f"-env:UserInstallation=file://{tmp}/profile"
    command = [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp / "out"), str(file)]
    subprocess.run(command, capture_output=True, check=True, timeout=180)
    return (tmp / "out" / f"{file.stem}.pdf").read_bytes()
