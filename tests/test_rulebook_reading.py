"""Reading a rulebook: text stays text, places are true, readings are applied before the check, nothing crashes."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.errors import Finding, RefusedError
from appraisal.model.edition import Edition
from appraisal.reading import yaml_loading
from appraisal.reading.checks_shape import locate
from appraisal.reading.rulebook import (
    check_rulebook,
    find_rulebook,
    parse_rulebook,
    read_rulebook,
    rulebook_folder,
    shipped_rulebooks,
)
from appraisal.reading.yaml_loading import load
from appraisal.reading.yaml_places import Extent, PathTo, excerpt, walk

SMALL = Path(__file__).parent / "rulebooks" / "small" / "rulebook.yaml"
TEXT = SMALL.read_text(encoding="utf-8")


def parsed(text: str, **readings: str) -> Edition:
    return parse_rulebook(text.encode(), "r.yaml", readings=readings)


def refused(text: str, **readings: str) -> tuple[Finding, ...]:
    with pytest.raises(RefusedError) as error:
        parsed(text, **readings)
    return error.value.findings


def clause(edition: Edition, name: str) -> Any:
    return next(c for c in edition.rulebook.clauses() if c.id == name)


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


# --- one slip, one finding --------------------------------------------------------------------------------------------

DATA = load(TEXT.encode(), "r.yaml").data
MAPPINGS = [path for path, value in walk(DATA) if isinstance(value, dict)]
SCALARS = [path for path, value in walk(DATA) if isinstance(value, str)]


def with_slip(tmp_path: Path, change: Callable[[Any], None]) -> list[Finding]:
    data = copy.deepcopy(DATA)
    change(data)
    path = tmp_path / "rulebook.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (tmp_path / "source.txt").write_bytes((SMALL.parent / "source.txt").read_bytes())
    return check_rulebook(path)


def inside(data: Any, path: PathTo) -> Any:
    for step in path:
        data = data[step]
    return data


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
