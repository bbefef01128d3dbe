"""The documentation tells the truth: its commands run, and everything that there is, it names."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest
import typer
import yaml
from pydantic import TypeAdapter

from api.main import application
from appraisal.errors import messages
from appraisal.model.clauses import Clause
from appraisal.model.scorecard import Scorecard
from appraisal.reading.event_columns import COLUMNS

HOUSE = Path(__file__).parent.parent
PAGES = [HOUSE / "README.md", HOUSE / "docs" / "commands.md", HOUSE / "docs" / "eligibility.md"]
SAMPLE = HOUSE / "rulebooks" / "houjiatang-2020" / "sample" / "2020.csv"
METHODS = [get_args(kind.model_fields["method"].annotation)[0] for kind in get_args(get_args(Clause)[0])]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def commands(page: Path) -> list[str]:
    return [line for block in blocks(page, "(?:sh|console)") for line in block.splitlines() if line.strip()]


def read(example: str) -> object:
    return yaml.load(example, yaml.BaseLoader)  # noqa: S506  scalars stay text, as the reader of rulebooks keeps them


def console_script() -> str:
    found = shutil.which("appraisal", path=str(Path(sys.executable).parent))
    assert found, "the console script is not installed"
    return found


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_shows_works(page: Path, tmp_path: Path) -> None:
    """In one folder, in the order of the page; the sample year lies beside it as the page says."""
    (tmp_path / "rulebooks").symlink_to(HOUSE / "rulebooks")
    shutil.copy(SAMPLE, tmp_path / "records.csv")
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "APPRAISAL_LANG", "COLUMNS"}}
    environment["PATH"] = f"{Path(console_script()).parent}{os.pathsep}{environment['PATH']}"
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    for line in commands(page):
        words = shlex.split(line)
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), f"the Makefile has no {words[1]}"
            continue
        assert words[0] in {"appraisal", "cp"}, line
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def every_command() -> dict[str, list[str]]:
    """Return each command by its full name with its options."""
    found: dict[str, list[str]] = {}

    def walk(command: object, name: str) -> None:
        inner = getattr(command, "commands", None)
        if inner:
            for word, sub in inner.items():
                walk(sub, f"{name} {word}")
            return
        found[name] = [o for p in command.params for o in p.opts if o.startswith("--") and o != "--help"]  # type: ignore[attr-defined]

    walk(typer.main.get_command(application()), "appraisal")
    return found


def test_every_command_and_option_is_documented_by_name() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for command, options in every_command().items():
        assert command in text, command
        for option in options:
            assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text), f"{command} {option}"


FIXED = {
    "appraisal demo": {"--no-serve", "--dir", "--port"},
    "appraisal score": {"--period", "--through", "--known", "--day", "--format"},
    "appraisal explain": {"--subject", "--item", "--period"},
    "appraisal rulebook list": set(),
    "appraisal rulebook show": set(),
    "appraisal rulebook check": set(),
    "appraisal rulebook schema": set(),
    "appraisal rulebook coverage": set(),
    "appraisal log import": {"--rulebook"},
    "appraisal log add": set(),
    "appraisal log list": set(),
    "appraisal log verify": set(),
    "appraisal standings": {"--rulebook", "--period", "--office"},
    "appraisal serve": {"--host", "--port"},
}


@pytest.mark.parametrize("command", FIXED)
def test_what_scripts_rely_on_is_there(command: str) -> None:
    options = every_command()[command]
    negated = {"--no-serve"} & FIXED[command]
    assert FIXED[command] - negated <= set(options)


def test_every_method_has_a_section_and_an_example() -> None:
    page = HOUSE / "docs" / "rulebook-format.md"
    text = page.read_text(encoding="utf-8")
    for method in METHODS:
        assert f"\n### {method}\n" in text, method
        assert re.search(rf"\| `{method}` \|", text), f"{method} is missing from the table of wordings"
    examples = [TypeAdapter(Clause).validate_python(read(b)) for b in blocks(page, "yaml clause")]
    assert [example.method for example in examples] == METHODS


def test_the_example_of_a_whole_rulebook_is_one() -> None:
    (block,) = blocks(HOUSE / "docs" / "rulebook-format.md", "yaml rulebook")
    assert Scorecard.model_validate(read(block)).id == "example-2026"


def test_every_finding_has_a_page() -> None:
    codes = {code for code in messages() if re.fullmatch(r"[BEHILOPRWY]\d{3}|S10\d|V0\d\d|V20\d|V210|Q[0-2]\d\d", code)}
    pages = {page.stem for page in (HOUSE / "docs" / "findings").glob("*.md")} - {"README"}
    assert codes - pages == set(), "codes without a page"
    assert pages - codes == set(), "pages without a code"


def test_every_column_of_the_event_table_is_documented() -> None:
    text = (HOUSE / "docs" / "commands.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        assert f"| `{column.name}` | {column.zh}" in text


def test_every_dependency_has_a_line_of_why() -> None:
    project = (HOUSE / "pyproject.toml").read_text(encoding="utf-8")
    named = re.findall(r'^    "([A-Za-z0-9-]+)(?:\[\w+\])?[=<>]', project, re.MULTILINE)
    why = (HOUSE / "decisions" / "0002-libraries.md").read_text(encoding="utf-8")
    assert len(named) > 10
    assert [name for name in named if f"`{name}`" not in why] == []


def test_every_message_is_in_both_languages() -> None:
    """What Chinese calls the subjects (`noun`) is a Chinese word, which English may leave out."""
    for code, entry in messages().items():
        assert {"zh", "en"} <= set(entry), code
        assert ("zh_remedy" in entry) == ("en_remedy" in entry), code
        zh, en = (set(re.findall(r"\{(\w+)\}", entry[lang])) for lang in ("zh", "en"))
        assert zh - {"noun"} <= en, f"{code}: the Chinese names what the English does not"


def test_no_two_test_modules_share_a_name() -> None:
    names = [path.name for path in (HOUSE / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_room_has_its_place_in_the_river_and_on_the_map() -> None:
    contracts = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    river = {room.strip() for layer in contracts[0]["layers"] for room in layer.split("|")}
    rooms = {path.parent for path in (HOUSE / "appraisal").glob("*/__init__.py")}
    rooms |= {path.with_suffix("") for path in (HOUSE / "appraisal").glob("*.py") if path.stem != "__init__"}
    assert {f"appraisal.{room.name}" for room in rooms} | {"api", "reports"} == river
    page = (HOUSE / "ARCHITECTURE.md").read_text(encoding="utf-8")
    inner = [path.parent for top in ("api", "reports") for path in (HOUSE / top).rglob("__init__.py")]
    named = {room.relative_to(HOUSE).as_posix() for room in [*rooms, *inner]}
    assert [room for room in sorted(named) if f"`{room}/`" not in page and f"`{room}.py`" not in page] == []


def test_no_file_holds_both_sides_of_a_conflict() -> None:
    """A style sheet with the marks of an unfinished merge looks like one, and drops the rules after them."""
    rooms = ("api", "appraisal", "reports", "docs", "rulebooks", "tests", "tools", "decisions")
    kinds = {".py", ".css", ".js", ".html", ".md", ".toml", ".yaml", ".po", ".typ", ".csv", ".txt"}
    files = [path for room in rooms for path in (HOUSE / room).rglob("*") if path.suffix in kinds]
    mark = re.compile(rb"^(<{7} |>{7} )", re.MULTILINE)
    assert [str(path.relative_to(HOUSE)) for path in files if mark.search(path.read_bytes())] == []


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in [*PAGES, HOUSE / "ARCHITECTURE.md", HOUSE / "docs" / "rulebook-format.md"]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
