"""Each fault of a rulebook: a broken file, what is said about it to the letter, and a page."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from finding_pages import expected_text

from appraisal.errors import RefusedError
from appraisal.reading.rulebook import check_rulebook, read_rulebook, rulebook_folder

ROOT = Path(__file__).parents[1]
BROKEN = Path(__file__).parent / "broken" / "rulebooks"
PAGES = ROOT / "docs" / "findings"
EXAMPLES = sorted(path.name for path in BROKEN.glob("*.yaml"))
CODES = sorted(tomllib.loads((ROOT / "appraisal" / "messages" / "R.toml").read_text(encoding="utf-8")))

# Not faults of a file's content: tested below, or (R034) a guard for what the model may one day refuse.
WITHOUT_FILE = {"R001", "R034", "R040", "R060"}

BASE = (BROKEN / "R240.yaml").read_text(encoding="utf-8").partition("          - id: CG-2")[0]
SECOND = "          - {id: CG-2, method: occurrence, deduct: 0.5, line: 4, text: 被通报的，每次扣0.5分。}\n"


@pytest.fixture
def broken(monkeypatch):
    """Messages name files as the person typed them, relative to where they are."""
    monkeypatch.chdir(BROKEN)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.usefixtures("broken")
def test_a_broken_rulebook_gets_exactly_this_message(name):
    findings = check_rulebook(Path(name))
    assert expected_text(findings) == Path(name).with_suffix(".expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in EXAMPLES if re.match(r"R\d{3}", name)])
@pytest.mark.usefixtures("broken")
def test_one_fault_gives_one_kind_of_finding_and_no_consequences(name):
    assert {finding.code for finding in check_rulebook(Path(name))} == {name[:4]}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.usefixtures("broken")
def test_reading_refuses_what_checking_calls_an_error(name):
    """Advice is no refusal; the source text and other readings are the checker's business alone."""
    errors = [f for f in check_rulebook(Path(name)) if f.severity == "error"]
    if not errors or re.match(r"R23\d|alternative|R06[234]", name):
        read_rulebook(Path(name))
    else:
        with pytest.raises(RefusedError) as refused:
            read_rulebook(Path(name))
        codes = {f.code for f in refused.value.findings}
        assert codes
        assert codes <= {f.code for f in errors}


@pytest.mark.parametrize("code", sorted(set(CODES) - WITHOUT_FILE))
def test_every_code_has_a_broken_example(code):
    assert (BROKEN / f"{code}.yaml").exists()


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page_with_its_message(code):
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: ")
    assert "**Remedy.**" in page
    if code not in WITHOUT_FILE:
        expected = (BROKEN / f"{code}.expected.txt").read_text(encoding="utf-8")
        zh, en = expected.strip().split("\n\n")
        for told in (zh, en):
            assert re.split(r"\n(?=\S+:\d+:\d+  [A-Z])", told)[0] in page


@pytest.mark.parametrize("code", CODES)
def test_every_message_is_whole_in_both_languages(code):
    entry = tomllib.loads((ROOT / "appraisal" / "messages" / "R.toml").read_text(encoding="utf-8"))[code]
    assert set(entry) == {"zh", "zh_remedy", "en", "en_remedy"}
    fields = {key: set(re.findall(r"{(\w+)}", text)) for key, text in entry.items()}
    assert fields["zh"] == fields["en"]
    assert fields["zh_remedy"] == fields["en_remedy"]


@pytest.mark.parametrize("path", sorted(rulebook_folder().glob("*/rulebook.yaml")), ids=lambda path: path.parent.name)
def test_the_rulebooks_that_come_with_the_product_are_clean(path):
    assert [finding.render("en") for finding in check_rulebook(path)] == []


def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path):
    assert [f.code for f in check_rulebook(tmp_path / "none.yaml")] == ["R001"]
    with pytest.raises(RefusedError, match="R001"):
        read_rulebook(tmp_path / "none.yaml")


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "source.txt").write_text((BROKEN / "source.txt").read_text(encoding="utf-8"), encoding="utf-8")
    path = tmp_path / "rulebook.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def codes(tmp_path: Path, text: str) -> list[str]:
    return [finding.code for finding in check_rulebook(written(tmp_path, text))]


def tiers(*bands: str, top: str = "") -> str:
    rows = "".join(f"              - {{{band}}}\n" for band in bands)
    sentence = "收运率未达到80%，扣0.5分，未达到50%，扣1分。"
    head = f"          - id: CG-2\n            method: tiers\n            line: 5\n            text: {sentence}\n"
    return f"{head}{top}            tiers:\n{rows}"


@pytest.mark.parametrize(
    ("bands", "told"),
    [
        (("at_least: 80%, deduct: 0", "below: 80%, deduct: 1"), []),
        (("above: 80%, deduct: 0", "at_most: 80%, deduct: 1"), []),
        (("below: 80%, deduct: 1", "at_least: 80%, deduct: 0"), []),  # any order
        (("above: 80%, deduct: 0", "below: 80%, deduct: 1"), [("R130", "80%")]),  # 80% itself
        (("at_least: 80%, deduct: 0", "at_most: 80%, deduct: 1"), [("R131", "80%")]),
        (("at_least: 90%, deduct: 0", "at_most: 80%, deduct: 1"), [("R130", "81%")]),  # the first whole one above 80%
        (("above: 0, deduct: 0", "at_least: 0, at_most: 0, deduct: 1"), []),  # a single figure
        (("at_least: 50%, at_most: 60%, deduct: 0", "deduct: 1"), [("R131", "50%")]),  # an open band holds everything
        (("above: 80%, below: 80%, deduct: 0", "deduct: 1"), [("R132", "")]),
        (("at_least: 10%, deduct: 1",), [("R130", "0%")]),
        (("at_most: 10%, deduct: 1",), [("R130", "11%")]),
    ],
)
def test_tiers_hold_every_figure_once_with_a_witness(tmp_path, bands, told):
    found = check_rulebook(written(tmp_path, BASE + tiers(*bands)))
    assert [(f.code, f.args.get("witness", "")) for f in found] == told


def test_tiers_end_at_the_largest_possible_figure(tmp_path):
    closed = ("at_least: 80%, at_most: 100%, deduct: 0", "below: 80%, deduct: 1")
    assert codes(tmp_path, BASE + tiers(*closed, top="            domain_high: 100%\n")) == []
    assert codes(tmp_path, BASE + tiers(*closed)) == ["R130"]


def test_a_mistyped_number_does_not_hide_a_gap_elsewhere_nor_spoil_the_sums(tmp_path):
    text = BASE.replace("deduct: 0.2", "deduct: much") + tiers("at_least: 80%, deduct: 0", "below: 50%, deduct: 1")
    assert codes(tmp_path, text) == ["R027", "R130"]


def test_what_refers_to_an_unreadable_clause_is_not_called_unknown(tmp_path):
    limit = "        limits:\n          - {id: cap, covers: [CG-1], max_loss: 1}\n"
    assert codes(tmp_path, BASE.replace("deduct: 0.2", "deduct: much") + limit) == ["R027"]


def test_a_fault_that_an_alternative_brings_is_told_with_the_alternative(tmp_path):
    path = written(tmp_path, (BROKEN / "alternative.yaml").read_text(encoding="utf-8"))
    (finding,) = check_rulebook(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "set: {deduct: -0.1}" in lines[finding.place.line - 1]
    assert lines[finding.also[0].line - 1].strip() == "- id: half"


def test_a_fault_is_told_once_though_every_alternative_has_it(tmp_path):
    text = (BROKEN / "alternative.yaml").read_text(encoding="utf-8").replace("{deduct: -0.1}", "{deduct: 0.1}")
    assert codes(tmp_path, text.replace("valid_to: 2020-12-31", "valid_to: 2019-12-31")) == ["R190"]


def test_checks_of_other_rooms_are_told_with_their_places(tmp_path):
    trouble = SimpleNamespace(code="R240", path=("departments", 0, "items", 0, "clauses", 0), args={"clause": "CG-1"})
    (finding,) = check_rulebook(written(tmp_path, BASE), more=[lambda _: [trouble]])
    assert (finding.code, finding.place.line, finding.place.column) == ("R240", 20, 13)
    trouble.code, trouble.args = "R102", {"name": "CG-1"}
    with pytest.raises(RefusedError, match="R102"):
        read_rulebook(tmp_path / "rulebook.yaml", more=[lambda _: [trouble]])


def test_a_parameter_that_the_file_leaves_out_is_shown_where_it_would_stand(tmp_path):
    path = ("departments", 0, "items", 0, "clauses", 0, "again", "times")
    trouble = SimpleNamespace(code="R240", path=path, args={"clause": "CG-1"})
    (finding,) = check_rulebook(written(tmp_path, BASE), more=[lambda _: [trouble]])
    assert (finding.place.line, finding.place.column) == (20, 13)


def test_findings_come_in_the_order_of_the_file(tmp_path):
    found = check_rulebook(written(tmp_path, (BROKEN / "many.yaml").read_text(encoding="utf-8")))
    places = [(f.place.line, f.place.column) for f in found]
    assert places == sorted(places)
    assert len(found) == 7  # one for each of the seven faults in the file


def test_the_source_text_may_be_named_only_beside_the_rulebook(tmp_path):
    (tmp_path / "elsewhere.txt").write_text("", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    path = written(inner, BASE.replace("source.txt", "../elsewhere.txt"))
    assert [f.code for f in check_rulebook(path)] == ["R230"]


def test_white_space_never_tells_a_sentence_from_its_source(tmp_path):
    assert codes(tmp_path, BASE.replace("未完成任务，每次扣0.2分；", "未完成任务， 每次 扣0.2分；")) == []


def test_a_reading_that_is_no_mapping_leaves_the_others_checked(tmp_path):
    text = (BROKEN / "alternative.yaml").read_text(encoding="utf-8").replace("readings:\n", "readings:\n  - once\n")
    assert codes(tmp_path, text) == ["R023", "R144"]


def test_what_another_reading_of_the_file_states_is_checked_too(tmp_path):
    """The file chooses `half`; that its own text would be wrong must not come out only when somebody asks for it."""
    text = (BROKEN / "alternative.yaml").read_text(encoding="utf-8").replace("{deduct: -0.1}", "{deduct: 0.1}")
    text = text.replace("deduct: 0.2\n", "deduct: -0.2\n").replace(
        "    alternatives:", "    use: half\n    alternatives:"
    )
    (finding,) = check_rulebook(written(tmp_path, text))
    assert (finding.code, finding.args["amount"]) == ("R144", "-0.2")
    assert "use: half" in text.splitlines()[finding.also[0].line - 1]


def test_tiers_none_of_which_can_hold_a_figure_leave_no_gap_to_tell(tmp_path):
    assert codes(tmp_path, BASE + tiers("at_least: 80%, below: 50%, deduct: 1")) == ["R132"]


def test_a_fault_of_the_whole_file_hides_only_what_hangs_on_it(tmp_path):
    """Without its dates a rulebook is no rulebook; nothing is made up to go on with."""
    text = BASE.replace("valid_from: 2020-01-01", "valid_from: soon").replace("deduct: 0.2", "deduct: -0.2")
    assert codes(tmp_path, text) == ["R032"]


def test_a_clause_that_is_no_mapping_is_told_once(tmp_path):
    assert codes(tmp_path, BASE + "          - 每次扣0.2分\n") == ["R023"]


def test_a_patch_is_not_blamed_for_a_clause_under_a_misspelt_key_nor_for_a_misspelt_target(tmp_path):
    text = (BROKEN / "alternative.yaml").read_text(encoding="utf-8").replace("-0.1", "0.1")
    assert codes(tmp_path, text.replace("        clauses:\n", "        clause:\n", 1)) == ["R020"]
    assert codes(tmp_path, text.replace("- clauses: [CG-1]", "- clause: [CG-1]")) == ["R020"]
    assert codes(tmp_path, text.replace("- clauses: [CG-1]", "- items: [CG-1]")) == ["R062"]  # a clause is no item
    assert codes(tmp_path, text + "          - once\n") == ["R023"]
    assert codes(tmp_path, text.replace("        clauses:\n", "        clauses:\n          - once\n", 1)) == ["R023"]


def test_an_unknown_parameter_of_the_whole_is_left_out_alone(tmp_path):
    text = BASE.replace("points: 6\nsubjects", "point: 6\npoints: 7\nsubjects")
    assert codes(tmp_path, text) == ["R020", "R120"]


def test_a_department_that_cannot_be_read_does_not_spoil_the_total(tmp_path):
    assert codes(tmp_path, BASE.replace("    points: 6\n    items", "    points: six\n    items")) == ["R027"]


def test_a_merge_key_leaves_its_part_unread_and_without_consequences(tmp_path):
    text = BASE.replace("            method: occurrence\n", "            <<: {method: occurrence}\n")
    assert codes(tmp_path, text) == ["R008"]


def test_an_alias_leaves_its_value_unread_and_without_consequences(tmp_path):
    text = BASE.replace("points: 6\nsubjects", "points: &all 6\nsubjects").replace("line: 4", "line: *all")
    assert codes(tmp_path, text) == ["R008", "R008"]


def test_limits_of_different_signs_that_share_nothing_are_fine(tmp_path):
    more = SECOND + (
        "        limits:\n          - {id: a, covers: [CG-1], max_loss: 1}\n"
        "          - {id: b, covers: [CG-2], max_loss: 1}\n"
        "          - {id: c, covers: [a, b], max_loss: 1.5}\n"
    )
    assert codes(tmp_path, BASE + more) == []


def test_a_limit_may_lie_in_a_group_but_not_across_it(tmp_path):
    groups = (BROKEN / "R122.yaml").read_text(encoding="utf-8").replace("points: 5", "points: 4")
    inside = "        limits:\n          - {id: cap, covers: [CG-1], max_loss: 1}\n"
    assert codes(tmp_path, groups + inside) == []
    third = "              - {id: CG-3, method: occurrence, deduct: 1, line: 4, text: 未完成任务，每次扣0.2分；}\n"
    across = inside.replace("[CG-1]", "[CG-1, CG-2]")
    assert codes(tmp_path, groups + third + across) == ["R171"]


def test_a_sentence_of_blanks_is_nowhere_in_the_source(tmp_path):
    assert codes(tmp_path, BASE.replace("text: 未完成任务，每次扣0.2分；", "text: '  '")) == ["R233"]


def test_a_patch_that_is_no_mapping_and_ids_that_are_no_texts_are_told_once(tmp_path):
    text = (BROKEN / "alternative.yaml").read_text(encoding="utf-8")
    assert codes(
        tmp_path, text.replace("          - clauses: [CG-1]\n            set: {deduct: -0.1}", "          - x")
    ) == ["R023"]
    assert codes(tmp_path, text.replace("clauses: [CG-1]", "clauses: [[CG-1]]")) == ["R025"]
    assert codes(tmp_path, text.replace("- id: R01", "- id: [R01]")) == ["R025"]


def test_an_officers_amount_within_its_bounds_is_fine(tmp_path):
    amount = "          - {id: CG-2, method: amount, direction: deduct, most: 2, step: 0.5, line: 6, text: 评比得分}\n"
    assert codes(tmp_path, BASE + amount) == []
    assert codes(tmp_path, BASE + amount.replace("step: 0.5", "step: 3")) == ["R148"]  # no multiple of 3 up to 2


def test_words_that_lie_in_another_clause_and_misprints_that_stand_there_are_fine(tmp_path):
    told = "deduct: 0.2, line: 4, text: 每次扣0.2分, within: CG-1, typos: [扣0.2分]"
    inner = f"          - {{id: CG-2, method: occurrence, {told}}}\n"
    assert codes(tmp_path, BASE + inner) == []


def test_an_item_that_earns_may_hold_other_clauses_too(tmp_path):
    text = BASE.replace(
        "        points: 6\n        clauses", "        points: 6\n        starts: zero\n        clauses"
    )
    earned = "          - {id: CG-2, method: score, form: earn, full: 100, worth: 6, line: 6, text: 评比得分}\n"
    assert codes(tmp_path, text + earned) == []
    assert codes(tmp_path, text + earned.replace("worth: 6", "worth: 5")) == ["R126"]
    bonus = SECOND.replace("deduct", "add").replace("CG-2", "CG-3")  # what is added each time may make up for the rest
    assert codes(tmp_path, text + earned.replace("worth: 6", "worth: 5") + bonus) == []
    assert codes(tmp_path, text + bonus) == []
