"""`appraisal export` as people use it, and what is left when it ends early."""

from __future__ import annotations

import io
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import docx as word
import pytest

from api.main import main
from appraisal.assess import assess
from appraisal.model.periods import Span
from reports.catalogue import Wish, exported, offered
from reports.documents.notice import notice
from reports.docx import docx
from reports.files import write_whole
from reports.letter_template import check_template
from reports.material import Material
from reports.sets import Part, files_of
from tests.paper.conftest import SAMPLE
from tests.paper.reading_back import csv_rows, docx_tables, xlsx_rows
from tests.paper.scenarios import template

BOOK = ["--rulebook", "houjiatang-2020", "--period", "2020-12"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "appraisal.db"
    assert main(["log", "import", str(SAMPLE), "--rulebook", "houjiatang-2020", "--db", str(path)]) == 0
    return path


@pytest.fixture
def here(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(filled, tmp_path / "appraisal.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_every_format_comes_out_of_the_log(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", *BOOK, "--format", "all", "-o", "out"]) == 0
    assert {path.name for path in (here / "out").iterdir()} == {
        "workbook.xlsx",
        "notice.docx",
        "notice.pdf",
        "subjects.pdf",
        "departments.pdf",
        "closing.pdf",
        "ranking.csv",
        "standings.json",
    }
    assert main(["export", *BOOK, "--format", "bundle", "-o", "b.zip"]) == 0
    capsys.readouterr()
    assert main(["verify", "b.zip"]) == 0
    verified = capsys.readouterr().out
    pdf = subprocess.run(["pdftotext", "out/notice.pdf", "-"], capture_output=True, text=True, check=True).stdout
    code = next(line.split()[1] for line in pdf.splitlines() if line.startswith("核验码"))
    assert code in verified
    capsys.readouterr()
    assert main(["standings", *BOOK, "--format", "json"]) == 0
    assert capsys.readouterr().out == (here / "out" / "standings.json").read_text(encoding="utf-8")


def test_what_is_lacking_is_told_at_once_and_nothing_is_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", *BOOK, "--format", "docx", "--final", "-o", "n.docx"]) == 1
    assert capsys.readouterr().err.count("P010") == 4
    assert main(["export", *BOOK, "--format", "csv", "-o", "no/n.csv"]) == 1
    assert "P031" in capsys.readouterr().err
    assert main(["export", *BOOK, "--format", "docx", "--template", "none.docx", "-o", "n.docx"]) == 2
    assert [path.name for path in here.iterdir()] == ["appraisal.db"]


@pytest.mark.slow
def test_ctrl_c_leaves_no_half_file(here: Path) -> None:
    """The signal comes in the middle of the work, whatever the machine's speed: after its first step."""
    code = (
        "import contextlib, os, signal, sys\n"
        "import api.progress\n"
        "@contextlib.contextmanager\n"
        "def bar():\n"
        "    yield lambda name, done, all_: os.kill(os.getpid(), signal.SIGINT) if done == 1 else None\n"
        "api.progress.bar = bar\n"
        "from api.main import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, "export", *BOOK, "--format", "all", "-o", "out"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode in {1, 130}, ran.stderr
    assert "Traceback" not in ran.stderr
    assert {path.name for path in here.iterdir()} <= {"appraisal.db", "appraisal.db-wal", "appraisal.db-shm"}


class StoppedError(Exception):
    """Somebody ended the export."""


def test_progress_that_raises_ends_the_work(december: Material) -> None:
    seen: list[tuple[str, int, int]] = []

    def stop(step: str, done: int, all_: int) -> None:
        seen.append((step, done, all_))
        if done == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        files_of([Part(folder="", material=december)], stop)
    assert [done for _, done, _ in seen] == [0, 1, 2]


def test_a_disk_that_fills_up_leaves_the_old_file_alone(tmp_path: Path) -> None:
    """A child whose files may not grow beyond a limit stands for a full disk: the system refuses the write itself."""
    target = tmp_path / "out.pdf"
    write_whole(target, b"old")
    code = (
        "import resource, signal, sys; from pathlib import Path; from appraisal.errors import RefusedError\n"
        "from reports.files import write_whole\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    write_whole(Path(sys.argv[1]), b'x' * 5000)\n"
        "except RefusedError as refused:\n    print(refused.findings[0].code)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(target)], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["P030"]
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.pdf"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000


def test_files_get_the_rights_of_the_place(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        assert write_whole(tmp_path / "a", b"").stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(mask)


def test_an_empty_month_and_a_community_without_events_have_their_documents(december: Material) -> None:
    empty = assess(december.edition, [], Span.month(2020, 12))
    material = replace(december, assessment=empty, events={}, before=None)
    names = [name for name in offered(material) if name in {"workbook", "notice", "subject", "department"}]
    for name in names:
        for form in ("xlsx", "docx", "pdf"):
            assert len(exported(material, Wish(document=name), form).data) > 1000, (name, form)
    rows = xlsx_rows(exported(material, Wish(document="workbook"), "xlsx").data, "未计入")
    assert any("本期没有" in row[0] for row in rows)
    alone = csv_rows(exported(material, Wish(document="subject", subject="ziyuan"), "csv").data.decode())
    assert alone[0][0] == "考核项目"


def test_names_that_are_odd_go_through_the_whole_letter(december: Material) -> None:
    names = ['"引号" & <b>', "#井 {{ title }}", "很" * 200, "㐂𠮷", "🏆"]
    made = tuple(replace(s, name=names[n % len(names)] + str(n)) for n, s in enumerate(december.assessment.standings))
    material = replace(december, assessment=replace(december.assessment, standings=made))
    tables = docx_tables(exported(material, Wish(document="notice"), "docx").data)
    assert {row[1] for row in tables[0][1:]} == {s.name for s in made}
    for form in ("xlsx", "pdf"):
        assert exported(material, Wish(document="notice"), form).data


def test_an_offices_own_template_sets_the_ranking_itself(december: Material) -> None:
    book = word.Document()
    book.add_paragraph("{{ issuer }}：{{ title }}")
    table = book.add_table(rows=3, cols=2)
    for row, cells in enumerate(
        [("{%tr for row in rows %}", ""), ("{{ row.subject }}", "{{ row.total }}"), ("{%tr endfor %}", "")]
    ):
        for at, cell in enumerate(cells):
            table.cell(row, at).text = cell
    book.add_paragraph("{{ body }}")
    out = io.BytesIO()
    book.save(out)
    own = out.getvalue()
    assert check_template(own) == []
    made = docx(notice(december), "zh", template=own)
    rows = docx_tables(made)[0]
    assert rows == [
        [s.name, t]
        for s, t in zip(sorted(december.assessment.standings, key=lambda s: s.rank), [r[1] for r in rows], strict=True)
    ]
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        told = archive.read("word/document.xml").decode()
    assert "示例街道党工委：关于2020年12月社区考核情况的通报" in told
    assert "{{" not in told


def test_a_template_cannot_reach_out_of_its_sandbox() -> None:
    for attack in ("{{ title.__class__.__mro__ }}", "{{ 'a' * 1000000000 }}", "{{ range(9) }}", "{{ cycler }}"):
        codes = {finding.code for finding in check_template(template(attack))}
        assert codes, attack
        assert codes <= {"P021", "P022"}, attack


def test_every_unknown_field_is_named_at_once() -> None:
    found = check_template(template("{{ isuer }}", "{{ foo }}", "{% for row in rows %}{{ row.rnk }}{% endfor %}"))
    assert [(f.code, f.args["field"]) for f in found] == [("P022", "foo"), ("P022", "isuer"), ("P022", "rnk")]
