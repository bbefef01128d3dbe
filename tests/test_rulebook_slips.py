"""Slips in a rulebook: one slip gives one finding, and nothing that anybody types crashes the reader."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import slips
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slips import inside

from appraisal.errors import Finding, RefusedError
from appraisal.reading.rulebook import check_rulebook, parse_rulebook
from appraisal.reading.yaml_loading import load
from appraisal.reading.yaml_places import walk

SMALL = Path(__file__).parent / "rulebooks" / "small" / "rulebook.yaml"
TEXT = SMALL.read_text(encoding="utf-8")

# --- one slip, one finding --------------------------------------------------------------------------------------------

DATA = load(TEXT.encode(), "r.yaml").data
MAPPINGS = [path for path, value in walk(DATA) if isinstance(value, dict)]
SCALARS = [path for path, value in walk(DATA) if isinstance(value, str)]


def with_slip(tmp_path: Path, change: Callable[[Any], None]) -> list[Finding]:
    return slips.with_slip(tmp_path, DATA, SMALL.parent / "source.txt", change)


@pytest.mark.parametrize("path", MAPPINGS, ids=str)
def test_a_misspelt_parameter_gives_one_finding_that_names_what_was_meant(tmp_path, path):
    own_words = path[-1:] in {("levels",), ("parts",), ("facts",)}
    too_short = {"id", "is", "as", "of"}
    for key in set() if own_words else set(inside(DATA, path)) - too_short - {"method"}:

        def misspell(data: Any, key: str = key) -> None:
            holder = inside(data, path)
            holder[key[:-1] + "q"] = holder.pop(key)

        (finding,) = with_slip(tmp_path, misspell)
        assert finding.code == "R020", key
        assert key in finding.args["near"].split(", ")


@pytest.mark.parametrize("path", SCALARS, ids=str)
def test_nonsense_anywhere_gives_one_finding_at_most(tmp_path, path):
    """Free words may be anything; an id that is nonsense leaves those who name it behind."""

    def spoil(data: Any) -> None:
        inside(data, path[:-1])[path[-1]] = "§§"

    found = with_slip(tmp_path, spoil)
    assert len(found) <= 1 or path[-1] == "id"
    assert all(finding.place is not None and finding.place.line for finding in found)


# --- nothing crashes -------------------------------------------------------------------------------------------------

LINES = TEXT.splitlines(keepends=True)
ODDITIES = st.sampled_from(
    ["", "-1", "0", "null", "~", "[]", "{}", "true", "1e9", "99999999999999999999", "- x", "&a x", "*a", "<<: {}",
     "\t", "…", "'", '"', "[", "{", ": ", "# ", "!!int 3", "1/0", "0.1.2", "2020-02-30", "---", "甲" * 50, "\u2028",
     "\x00", "%", "@"]
)  # fmt: skip


@st.composite
def mistyped(draw: st.DrawFn) -> str:
    """Draw a rulebook after a few slips of the keyboard: lines lost, doubled, shifted, swapped, values replaced."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["lose", "double", "shift", "swap", "value", "insert"])):
            case "lose":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "shift":
                lines[at] = " " * draw(st.integers(1, 6)) + lines[at]
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case "value":
                lines[at] = lines[at].partition(":")[0] + ": " + draw(ODDITIES) + "\n"
            case _:
                cut = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + draw(ODDITIES) + lines[at][cut:]
    return "".join(lines)


def holds_or_refuses(raw: bytes) -> None:
    findings: tuple[Finding, ...] = ()
    try:
        parse_rulebook(raw, "r.yaml")
    except RefusedError as error:
        findings = error.findings or (Finding(code="R034"),)
    for finding in findings:
        assert finding.render("zh")
        assert finding.place is not None


@given(mistyped())
@settings(max_examples=100, deadline=None)
def test_slips_of_the_keyboard_never_crash_the_reader(text):
    holds_or_refuses(text.encode())


@given(mistyped())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_slips_of_the_keyboard_never_crash_the_checker(tmp_path, text):
    path = tmp_path / "rulebook.yaml"
    path.write_bytes(text.encode())
    for finding in check_rulebook(path):
        assert finding.render("zh")
        assert finding.render("en")


PARTS = [path for path, _ in walk(DATA) if path]
JSON = st.recursive(
    st.sampled_from(["", "x", "1", "-1", "0.5", "true", "2020-01-01", "CG-A1", "日常"]) | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "a", "method", "from"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from(PARTS), JSON, st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_value_in_any_place_is_taken_or_refused(path, value, lose):
    data = copy.deepcopy(DATA)
    holder = inside(data, path[:-1])
    if lose:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    holds_or_refuses(yaml.safe_dump(data, allow_unicode=True).encode())


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_bytes_that_are_no_rulebook_are_refused(raw):
    with pytest.raises(RefusedError):
        parse_rulebook(raw, "r.yaml")
