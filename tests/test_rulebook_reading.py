"""Reading a rulebook: text stays text, places are true, readings are applied before the check, nothing crashes."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from appraisal.errors import Finding, RefusedError
from appraisal.model.edition import Edition
from appraisal.reading import yaml_loading
from appraisal.reading.checks_shape import locate
from appraisal.reading.rulebook import (
    find_rulebook,
    parse_rulebook,
    read_rulebook,
    rulebook_folder,
    shipped_rulebooks,
)
from appraisal.reading.yaml_loading import load
from appraisal.reading.yaml_places import Extent, excerpt, walk

SMALL = Path(__file__).parent / "rulebooks" / "small" / "rulebook.yaml"
TEXT = SMALL.read_text(encoding="utf-8")


def parsed(text: str, **readings: str) -> Edition:
    return parse_rulebook(text.encode(), "r.yaml", readings=readings)


def refused(text: str, **readings: str) -> tuple[Finding, ...]:
    with pytest.raises(RefusedError) as error:
        parsed(text, **readings)
    return error.value.findings


def clause(edition: Edition, name: str) -> Any:
    return next(c for c in edition.scorecard.clauses() if c.id == name)


# --- scalars ---------------------------------------------------------------------------------------------------------


def test_scalars_stay_the_text_that_they_are():
    document = load(b"a: 3.10\nb: no\nc: 2020-01-01\nd: 0x1F\ne: ~\nf:\ng: 1_000\n", "r.yaml")
    assert document.data == {"a": "3.10", "b": "no", "c": "2020-01-01", "d": "0x1F", "e": "~", "f": "", "g": "1_000"}


def test_names_that_yaml_would_turn_into_something_else_are_kept():
    text = TEXT.replace("name: 示例二社区", "name: no").replace("name: 示例三社区", "name: 3.10")
    assert [s.name for s in parsed(text).roster] == ["示例一社区", "no", "3.10"]


def test_points_are_exact():
    assert clause(parsed(TEXT), "CG-A1").deduct == Fraction(1, 5)  # 0.2
    third = parsed(TEXT.replace("deduct: 0.2", "deduct: 1/3"))
    assert clause(third, "CG-A1").deduct == Fraction(1, 3)


def test_nothing_means_none_inside_a_patch_only():
    document = load(b"a: null\nb: [~, '~', null]\n", "r.yaml", nullable=lambda path: path[0] == "b")
    assert document.data == {"a": "null", "b": [None, "~", None]}


def test_the_pure_parser_reads_the_same(monkeypatch):
    fast = load(TEXT.encode(), "r.yaml")
    monkeypatch.setattr(yaml_loading, "Loader", yaml.Loader)
    slow = load(TEXT.encode(), "r.yaml")
    assert slow.data == fast.data
    starts = [{path: extent[:2] for path, extent in found.values.items()} for found in (slow, fast)]
    assert starts[0] == starts[1]


def test_a_byte_order_mark_is_not_text():
    assert parse_rulebook(b"\xef\xbb\xbf" + TEXT.encode(), "r.yaml").rulebook.format == 1


# --- places ----------------------------------------------------------------------------------------------------------


def test_every_scalar_lies_where_the_file_has_it():
    document = load(TEXT.encode(), "r.yaml")
    plain = [(path, value) for path, value in walk(document.data) if isinstance(value, str)]
    assert len(plain) > 150
    for path, value in plain:
        extent = document.values[path]
        assert document.lines[extent.line][extent.column :].lstrip("'\"").startswith(value), path


def test_a_finding_points_at_the_parameter():
    (finding,) = refused(TEXT.replace("deduct: 0.2", "deduct: viel", 1))
    lines = TEXT.splitlines()
    line = next(n for n, text in enumerate(lines, start=1) if "deduct: 0.2" in text)
    assert str(finding.place) == f"r.yaml:{line}:{lines[line - 1].index('0.2') + 1}"
    assert finding.excerpt.splitlines()[-1].strip(" |") == "^^^^"


def test_a_parameter_named_like_its_method_is_found():
    """`gap` is a method and a parameter: the tag of the union in pydantic's location is not the parameter."""
    data = {"clauses": [{"method": "gap", "gap": "open", "step": "x"}]}
    assert locate(data, ("clauses", 0, "gap", "step")) == (("clauses", 0, "step"), False)
    assert locate(data, ("clauses", 0, "gap", "gap")) == (("clauses", 0, "gap"), False)


def test_carets_stand_under_wide_characters():
    """Chinese characters are two columns wide on a terminal."""
    told = excerpt(["name: 示例, x: 1"], Extent(0, 10, 0, 11))
    assert told.splitlines()[-1] == "    |             ^"  # 4 + 2 for the bar, `name: ` 6, 示例 4, `, ` 2
    assert told.splitlines()[0] == "  1 | name: 示例, x: 1"
    assert excerpt(["示例"], Extent(0, 0, 0, 2)).splitlines()[-1] == "    | ^^^^"


def test_long_lines_are_cut_around_the_part():
    line = "甲" * 300 + "乙" + "丙" * 300
    told = excerpt([line], Extent(0, 300, 0, 301)).splitlines()
    assert "乙" in told[0]
    assert max(len(row) for row in told) < 130
    under = told[1].index("^")
    assert sum(2 if ord(char) > 255 and char != "…" else 1 for char in told[0][: told[0].index("乙")]) == under


def test_the_other_part_is_shown_where_it_stands():
    lines = ["first: 1", "between", "", "last: 22"]
    told = excerpt(lines, Extent(3, 6, 3, 8), (Extent(0, 0, 0, 5),))
    assert told.splitlines() == [
        "  1 | first: 1",
        "    | ~~~~~",
        "  2 | between",
        "  4 | last: 22",
        "    |       ^^",
    ]


def test_all_faults_of_a_file_are_told_at_once():
    text = TEXT.replace("deduct: 0.2", "deduct: viel", 1).replace("points: 4\n", "points: 5\n", 1)
    text = text.replace("unit: 次\n", "unti: 次\n", 1)
    assert sorted(f.code for f in refused(text)) == ["R020", "R027", "R122"]


def test_a_misspelt_parameter_is_answered_with_the_nearest():
    (finding,) = refused(TEXT.replace("deduct_each", "deduct_eech"))[:1]
    assert finding.code == "R020"
    assert finding.args["near"].split(", ")[0] == "deduct_each"


# --- identity and readings -------------------------------------------------------------------------------------------


def test_an_edition_is_known_by_the_bytes_of_its_file():
    edition = read_rulebook(SMALL)
    assert edition.hash == f"sha256:{hashlib.sha256(SMALL.read_bytes()).hexdigest()}"
    assert parsed(TEXT + "\n# a word\n").hash != edition.hash


def test_without_a_choice_the_rulebook_says_what_it_states():
    edition = parsed(TEXT)
    assert clause(edition, "CG-A2").level_effect == "instead"
    assert dict(edition.readings) == {}


def test_a_reading_asked_for_changes_its_parameters_and_is_recorded():
    edition = parsed(TEXT, R01="added")
    assert clause(edition, "CG-A2").level_effect == "added"
    assert dict(edition.readings) == {"R01": "added"}
    assert edition.rulebook.readings[0].use == "added"


def test_a_reading_takes_parameters_away():
    edition = parsed(TEXT, R01="flat")
    assert clause(edition, "CG-A2").unit == ""
    assert clause(edition, "CG-A2").level_amount("不良影响") == Fraction(1, 2)  # 0.5 whatever the effect
    assert clause(parsed(TEXT), "CG-A2").unit == "次"


def test_a_choice_in_the_file_is_not_a_deviation():
    text = TEXT.replace("    why: 同一件事", "    use: added\n    why: 同一件事")
    assert clause(parsed(text), "CG-A2").level_effect == "added"
    assert dict(parsed(text).readings) == {}
    assert dict(parsed(text, R01="added").readings) == {}
    back = parsed(text, R01="stated")
    assert clause(back, "CG-A2").level_effect == "instead"
    assert dict(back.readings) == {"R01": "stated"}


def test_a_reading_changes_nothing_in_the_next_run():
    before = parsed(TEXT)
    parsed(TEXT, R01="flat")
    assert parsed(TEXT).rulebook == before.rulebook


def test_readings_that_nobody_knows_are_refused():
    assert [f.code for f in refused(TEXT, R01="flot", R02="x")] == ["R060", "R061"]


def test_readings_that_change_one_parameter_are_refused_together_only():
    second = """  - id: R02
    of: [CG-A2]
    question: 每次扣多少？
    stated: 扣0.5分
    why: 文件如此
    alternatives:
      - {id: none, text: 不另加, patch: [{clauses: [CG-A2], set: {level_effect: instead}}]}
"""
    text = TEXT.replace("inference:\n", second + "inference:\n")
    assert clause(parsed(text, R01="added"), "CG-A2").level_effect == "added"
    assert clause(parsed(text, R02="none"), "CG-A2").level_effect == "instead"
    assert clause(parsed(text, R01="flat", R02="none"), "CG-A2").levels["不良影响"].amount == Fraction(1, 2)
    (finding,) = refused(text, R01="added", R02="none")
    assert (finding.code, finding.args["owner"], finding.args["name"]) == ("R065", "CG-A2", "level_effect")
    assert finding.place.line > finding.also[0].line


def test_a_patched_rulebook_is_checked_again():
    text = TEXT.replace("set: {level_effect: added}", "set: {level_effect: sometimes}")
    assert clause(parsed(text), "CG-A2").level_effect == "instead"
    (finding,) = refused(text, R01="added")
    assert finding.code == "R026"
    assert "sometimes" in text.splitlines()[finding.place.line - 1]


@pytest.mark.parametrize(
    ("kind", "target", "change"),
    [("items", "CG", "bonus: 1"), ("limits", "JF-cap", "max_gain: 3"), ("clauses", "XC-1", "deduct_each: 0.3")],
)
def test_a_patch_reaches_every_sort_of_part(kind, target, change):
    text = TEXT.replace(
        "- clauses: [CG-A2]\n            set: {level_effect: added}",
        f"- {kind}: [{target}]\n            set: {{{change}}}",
    )
    book = parsed(text, R01="added").rulebook
    changed = {
        "items": next(i.bonus for i in book.items() if i.id == "CG"),
        "limits": next(m.max_gain for i in book.items() for m in i.limits),
        "clauses": next(c.deduct_each for c in book.clauses() if c.id == "XC-1"),
    }
    assert changed[kind] == Fraction(change.partition(": ")[2])


def test_a_patch_of_an_overlap():
    overlaps = "overlaps:\n  - {id: one, together: [CG-A1, CG-A2]}\n"
    text = overlaps.join(TEXT.partition("readings:\n")[::2]).replace(overlaps, overlaps + "readings:\n", 1)
    text = text.replace(
        "- clauses: [CG-A2]\n            set: {level_effect: added}",
        "- overlaps: [one]\n            set: {active: false}",
    )
    assert parsed(text).rulebook.overlaps[0].active
    assert not parsed(text, R01="added").rulebook.overlaps[0].active


# --- finding a rulebook ----------------------------------------------------------------------------------------------


def test_every_shipped_rulebook_is_found_by_its_id():
    for name, path in shipped_rulebooks().items():
        assert read_rulebook(path).rulebook.id == name
        assert find_rulebook(name) == path == rulebook_folder() / name / "rulebook.yaml"


def test_a_path_stays_a_path(tmp_path):
    assert find_rulebook(str(SMALL)) == SMALL
    assert find_rulebook(str(SMALL.parent)) == SMALL
    assert find_rulebook(str(tmp_path / "none.yaml")) == tmp_path / "none.yaml"


def test_an_unknown_id_is_answered_with_the_nearest():
    with pytest.raises(RefusedError) as error:
        find_rulebook("houjiatang")
    assert error.value.findings[0].code == "R040"
    assert "houjiatang-2020" in error.value.findings[0].args["near"]
