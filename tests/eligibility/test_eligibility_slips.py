"""Slips in a selection's rulebook: one slip gives one finding, and nothing that anybody types crashes the reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import slips
from slips import inside

from appraisal.errors import Finding
from appraisal.reading.rulebook import check_rulebook
from appraisal.reading.yaml_loading import load
from appraisal.reading.yaml_places import PathTo, walk
from eligibility.applying import FOLDER

SMALL = Path(__file__).parents[1] / "broken" / "eligibility"
DATA = load((SMALL / "base.yaml").read_bytes(), "base.yaml").data
MAPPINGS = [path for path, value in walk(DATA) if isinstance(value, dict)]
SCALARS = [path for path, value in walk(DATA) if isinstance(value, str)]
TAGS = {"family", "method", "kind"}  # without its tag a part is of no kind, and the tag is missing
TOO_SHORT = {"id", "of", "for"}


def with_slip(tmp_path: Path, change: Callable[[Any], None]) -> list[Finding]:
    return slips.with_slip(tmp_path, DATA, SMALL / "source.txt", change)


@pytest.mark.parametrize("path", MAPPINGS, ids=str)
def test_a_misspelt_parameter_gives_one_finding_that_names_what_was_meant(tmp_path: Path, path: PathTo) -> None:
    for key in set(inside(DATA, path)) - TAGS - TOO_SHORT:

        def misspell(data: Any, key: str = key) -> None:
            holder = inside(data, path)
            holder[key[:-1] + "q"] = holder.pop(key)

        (finding,) = with_slip(tmp_path, misspell)
        assert finding.code == "R020", key
        assert key in finding.args["near"].split(", ")


@pytest.mark.parametrize("path", [path for path in MAPPINGS if TAGS & set(inside(DATA, path)) and path], ids=str)
def test_a_wrong_tag_is_told_with_those_that_there_are(tmp_path: Path, path: PathTo) -> None:
    (tag,) = TAGS & set(inside(DATA, path))
    (finding,) = with_slip(tmp_path, lambda data: inside(data, path).update({tag: "leas"}))
    assert finding.code == "R022"
    assert finding.args["near"]


@pytest.mark.parametrize("path", SCALARS, ids=str)
@pytest.mark.parametrize("value", [[], {}, "§", "", "99"], ids=repr)
def test_nothing_that_anybody_types_crashes_the_reader(tmp_path: Path, path: PathTo, value: object) -> None:
    def put(data: Any) -> None:
        inside(data, path[:-1])[path[-1]] = value

    for finding in with_slip(tmp_path, put):
        assert finding.render("zh") != finding.render("en")


def test_words_of_forms_and_evidence_are_held_against_the_source(tmp_path: Path) -> None:
    text = (FOLDER / "rulebook.yaml").read_text(encoding="utf-8")
    changes = {
        "label: 职工总数, lines: 368-369": "label: 职员总数, lines: 368-369",
        "name: 信用中国报告": "name: 信用报告书",
        "hint: 发展历程、主营业务": "hint: 发展历史、主营业务",
        "text: 2.广东省智能制造公共技术支撑平台；": "text: 2.广东省智能制造公共支撑平台；",
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "rulebook.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "source.txt").write_bytes((FOLDER / "source.txt").read_bytes())
    assert sorted(f.code for f in check_rulebook(tmp_path / "rulebook.yaml")) == ["R233", "R234", "R234", "R234"]
