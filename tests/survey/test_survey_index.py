"""From rows of a survey to the index: the references through the whole river, and laws of what comes out."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from surveys import BOOK, HOME, REFERENCES, Rows, assessed, changed, edition, even, rewritten, rows_of, written

from appraisal.errors import RefusedError
from appraisal.model.standing import Assessment
from appraisal.model.survey_figures import SurveyExhibits
from appraisal.reading.rulebook import check_rulebook
from reports.json import assessment_json, dumps
from reports.wording import said

EIGHT, SEVEN = "synthetic_sbt_8lv_n300.csv", "synthetic_sbt_hotel_7lv_n250.csv"
NEAR = 1e-6
CASES = {"sbt8_path": {}, "sbt8_centroid": {"R02": "centroid"}, "sbt_hotel7_path": {"R09": "hotel"}}


def document(assessment: Assessment) -> Any:
    return json.loads(dumps(assessment_json(assessment)))


def reference(case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REFERENCES / f"{case}.json").read_text(encoding="utf-8"))
    return found


def engine(case: str, name: str) -> dict[str, Any]:
    (found,) = [told for engine, told in reference(case)["engines"].items() if name in engine]
    return found


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return {
        case: document(assessed(edition(**readings), REFERENCES / reference(case)["data"]))
        for case, readings in CASES.items()
    }


@pytest.mark.parametrize("case", CASES)
def test_the_json_holds_the_figures_of_the_reference_engines(case: str, told: dict[str, Any]) -> None:
    (standing,) = told[case]["standings"]
    model, plspm = standing["model"], engine(case, "plspm")
    same = {"weights": "outer_weights", "loadings": "outer_loadings", "path_coefficients": "path_coefficients"}
    same |= {"r2": "r2", "ave": "ave", "cronbach_alpha": "cronbach_alpha", "direct_effects": "direct_effects"}
    same |= {"dillon_goldstein_rho": "dillon_goldstein_rho", "indirect_effects": "indirect_effects"}
    same |= {"total_effects": "total_effects", "communality": "communality", "redundancy": "redundancy"}
    same |= {"block_communality": "block_communality", "mean_redundancy": "mean_redundancy"}
    for key, theirs in same.items():
        assert model[key] == pytest.approx(plspm[theirs], abs=NEAR), key
    assert model["gof"] == pytest.approx(plspm["gof"], abs=NEAR)
    assert model["total_effects_in_points"] == pytest.approx(reference(case)["unstandardised_total_effects"], abs=NEAR)
    for latent, index in reference(case)["index"].items():
        ours = model["index"][latent]
        assert ours["weights"] == pytest.approx(index["weights"], abs=NEAR)
        figures = {"mean_raw": ours["mean"], "index_0_100": ours["index"], "sd_0_100": ours["sd"]}
        assert figures == pytest.approx({name: index[name] for name in figures}, abs=NEAR)
    assert standing["total"] == pytest.approx(reference(case)["index"]["X6"]["index_0_100"], abs=NEAR)


def test_the_json_holds_composite_reliability_and_discriminant_validity(told: dict[str, Any]) -> None:
    seminr, model = engine("sbt8_path", "seminr"), told["sbt8_path"]["standings"][0]["model"]
    for latent, figures in seminr["reliability"].items():
        assert model["composite_reliability"][latent] == pytest.approx(figures["rhoC"], abs=NEAR)
        assert model["rho_a"][latent] == pytest.approx(figures["rhoA"], abs=NEAR)
    for latent, row in seminr["htmt"].items():
        for other, ratio in row.items():
            assert not ratio or model["htmt"][latent][other] == pytest.approx(ratio, abs=NEAR)
    assert all(model["fornell_larcker"].values())


def test_the_json_holds_the_statistics_of_r(told: dict[str, Any]) -> None:
    theirs = json.loads((REFERENCES / "stats_sbt8_n300.json").read_text(encoding="utf-8"))
    statistics = told["sbt8_path"]["standings"][0]["statistics"]
    for name, figures in theirs["descriptives"].items():
        ours = statistics["descriptives"][name]
        assert ours["table"] == figures["table"]
        assert {key: ours[key] for key in figures if key != "table"} == pytest.approx(
            {key: value for key, value in figures.items() if key != "table"}, abs=NEAR
        )
    for variable, key in {"X61": "X61", "index_X6": "indexX6", "index_X4": "indexX4", "index_X8": "indexX8"}.items():
        ours, figures = statistics["anova"]["branch"][variable], theirs[f"anova_{key}_by_branch"]
        plain = [name for name, value in figures.items() if not isinstance(value, dict)]
        assert {name: ours[name] for name in plain} == pytest.approx({n: figures[n] for n in plain}, abs=NEAR)
        for pair, values in figures["tukey"].items():
            assert ours["tukey"][pair] == pytest.approx(values, abs=NEAR)
    assert statistics["anova"]["sex"]["index_X6"]["t_test"] == pytest.approx(theirs["t_indexX6_by_sex"], abs=NEAR)
    for method in ("pearson", "spearman"):
        for key in ("r", "p"):
            for latent, row in theirs[f"{method}_index"][key].items():
                assert statistics["correlations"][method][key][latent] == pytest.approx(row, abs=NEAR)


def test_one_subject_has_the_same_figures_as_all_respondents_together(told: dict[str, Any]) -> None:
    whole = told["sbt8_path"]
    (standing,) = whole["standings"]
    assert all(whole[key] == standing[key] for key in ("model", "statistics", "ipma"))


def test_importance_is_the_total_effect_and_performance_the_index(told: dict[str, Any]) -> None:
    (standing,) = told["sbt8_path"]["standings"]
    pairs = {pair["id"]: pair for pair in standing["ipma"]["by_total_effects"]["pairs"]}
    assert set(pairs) == {"X1", "X2", "X3", "X4", "X5"}
    for latent, pair in pairs.items():
        assert pair["importance"] == standing["model"]["total_effects"][f"{latent}->X6"]
        assert pair["performance"] == standing["model"]["index"][latent]["index"]
    assert pairs["X4"]["quadrant"] == "improve"  # its effect is the largest, its index below the mean of the five


def test_a_lodging_survey_is_known_by_its_columns(told: dict[str, Any]) -> None:
    found = document(assessed(edition(), REFERENCES / SEVEN))
    assert found["standings"][0]["model"] == told["sbt_hotel7_path"]["standings"][0]["model"]
    assert "V201" in {warning["code"] for warning in found["warnings"]}


def test_the_order_of_rows_and_columns_changes_no_byte(tmp_path: Path) -> None:
    rows = [{"id": f"r{n}", **row} for n, row in enumerate(rows_of(REFERENCES / EIGHT))]
    mixed = [dict(reversed(row.items())) for row in rows]
    random.Random(1).shuffle(mixed)  # noqa: S311
    one, other = (assessed(edition(), written(each, tmp_path / f"{n}.csv")) for n, each in enumerate((rows, mixed)))
    assert dumps(assessment_json(one)) == dumps(assessment_json(other))


def test_the_total_is_the_sum_of_what_the_questions_add(told: dict[str, Any]) -> None:
    for case in CASES:
        (standing,) = told[case]["standings"]
        (item,) = standing["items"]
        parts = [Fraction(entry["points"]) for entry in item["entries"]]
        assert sum(parts) == Fraction(item["score"])
        assert float(sum(parts)) == standing["total"]


def named(rows: Rows, name: str) -> Rows:
    return [{"subject": name, **row} for row in rows]


def test_each_subject_is_judged_by_its_own_model_as_if_it_were_alone(tmp_path: Path) -> None:
    rows = rows_of(REFERENCES / EIGHT)
    parts = {"甲": named(rows[:150], "甲"), "乙": named(rows[150:], "乙")}
    both = assessed(edition(), written([*parts["甲"], *parts["乙"]], tmp_path / "both.csv"))
    assert sorted(standing.rank for standing in both.standings) == [1, 2]
    for standing in both.standings:
        alone = assessed(edition(), written(parts[standing.name], tmp_path / f"{standing.name}.csv"))
        assert standing.total == alone.standings[0].total
        assert isinstance(standing.exhibits, SurveyExhibits)
        assert isinstance(alone.standings[0].exhibits, SurveyExhibits)
        assert standing.exhibits.model == alone.standings[0].exhibits.model
    assert isinstance(both.exhibits, SurveyExhibits)
    assert both.exhibits.model is not None
    assert both.exhibits.model.respondents == 300
    assert set(both.exhibits.statistics.segments["subject"]) == {"甲", "乙"}


def test_pooled_weights_are_those_of_all_respondents(tmp_path: Path) -> None:
    rows = rows_of(REFERENCES / EIGHT)
    path = written(
        [*named(rows[:270], "甲"), *named(rows[270:285], "乙"), *named(rows[285:], "丙")], tmp_path / "s.csv"
    )
    with pytest.raises(RefusedError) as refused:
        assessed(edition(), path)
    assert {finding.code for finding in refused.value.findings} == {"V023"}
    assert len(refused.value.findings) == 2
    found = document(assessed(edition(R05="pooled"), path))
    weights = reference("sbt8_path")["index"]["X6"]["weights"]
    assert found["model"]["index"]["X6"]["weights"] == pytest.approx(weights, abs=NEAR)
    mean = sum(
        s["total"] * n
        for s, n in zip(sorted(found["standings"], key=lambda s: s["subject"]), (15, 15, 270), strict=True)
    )
    assert mean / 300 == pytest.approx(reference("sbt8_path")["index"]["X6"]["index_0_100"], abs=NEAR)


def test_a_model_of_ones_own_is_estimated_as_it_stands() -> None:
    """Two paths less and one more: the figures are those of that model, not of the document's."""
    changes = {"- {from: X2, to: X6,": "- {from: X4, to: X8,", "- {from: X1, to: X8,": "- {from: X1, to: X7,"}
    found = document(assessed(rewritten(changes), REFERENCES / EIGHT))
    paths = set(found["standings"][0]["model"]["path_coefficients"])
    assert {"X4->X8", "X1->X7"} <= paths
    assert not {"X2->X6", "X1->X8"} & paths
    assert len(paths) == 15


def test_yes_and_no_are_the_ends_of_the_scale(tmp_path: Path) -> None:
    words = changed("X71", lambda n, _: "是" if n % 3 == 0 else "否")
    numbers = changed("X71", lambda n, _: "1" if n % 3 == 0 else "10")
    one, other = (
        document(assessed(edition(), written(rows, tmp_path / f"{n}.csv"))) for n, rows in enumerate((words, numbers))
    )
    assert one["standings"][0]["model"] == other["standings"][0]["model"]


def test_a_reversed_question_is_turned(tmp_path: Path) -> None:
    turned = changed("X62", lambda _, old: str(11 - int(old)))
    book = rewritten({"  - id: X62\n": "  - id: X62\n    reversed: true\n"})
    found = assessed(book, written(turned, tmp_path / "turned.csv"))
    assert found.standings[0].total == 25


def test_stated_importance_stands_beside_satisfaction(tmp_path: Path) -> None:
    rows = [row | {"importance_X4": "9" if n % 2 else "7", "重要性X5": "4"} for n, row in enumerate(even())]
    found = document(assessed(edition(), written(rows, tmp_path / "stated.csv")))
    pairs = {pair["id"]: pair["importance"] for pair in found["ipma"]["stated"]["pairs"]}
    assert pairs == {"X4": 8.0, "X5": 4.0}


WARNED = {
    "V200": {},
    "V201": "hotel",
    "V202": "coded",
    "V203": {},
    "V204": {"店": lambda n, _: "东" if n < 100 else "西"},
    "V207": "gaps",
    "V209": {},
    "V210": {"x": lambda *_: "一样"},
}


@pytest.mark.parametrize("code", WARNED)
def test_what_people_must_know_is_warned_of(code: str, tmp_path: Path) -> None:
    what = WARNED[code]
    if isinstance(what, str):
        path = HOME / "cases" / f"{what}.csv"
    else:
        rows = even()
        for column, change in what.items():
            rows = changed(column, change, rows)
        path = written(rows, tmp_path / "s.csv")
    readings = {"R07": "coded", "R08": "percent"} if what == "coded" else {}
    found = document(assessed(edition(**readings), path))
    (message,) = [warning["message"] for warning in found["warnings"] if warning["code"] == code]
    assert message


def test_resamples_that_miss_the_only_different_answer_are_counted(tmp_path: Path) -> None:
    path = written(changed("X12", lambda n, _: "4" if n == 0 else "3"), tmp_path / "s.csv")
    found = document(assessed(edition(), path))
    assert found["model"]["bootstrap"]["failed"] > 300  # (1 - 1/144)^144 = 0.367 of a thousand miss it
    assert "V206" in {warning["code"] for warning in found["warnings"]}


def test_subjects_have_their_own_index_where_there_is_none_of_all_together(tmp_path: Path) -> None:
    """Each is even and settles at once; together, 乙's X61 two points higher, they need more steps than are allowed."""
    higher = changed("X61", lambda _, old: str(int(old) + 2))
    path = written([*named(even(), "甲"), *named(higher, "乙")], tmp_path / "s.csv")
    found = document(assessed(rewritten({"  steps: 300\n": "  steps: 2\n"}), path))
    assert [standing["total"] for standing in found["standings"]] == [pytest.approx(25 + 2 / 4 / 9 * 100), 25]
    assert "V208" in {warning["code"] for warning in found["warnings"]}
    assert "model" not in found
    (english,) = [say for say in assessed_warnings(path) if "together" in say]
    assert "all respondents: the weights did not settle within 2 steps" in english


def assessed_warnings(path: Path) -> list[str]:
    found = assessed(rewritten({"  steps: 300\n": "  steps: 2\n"}), path)
    return [said(warning.say, "en") for warning in found.warnings]


def test_with_pooled_weights_the_model_of_all_is_warned_of(tmp_path: Path) -> None:
    rows = rows_of(HOME / "cases" / "gaps.csv")
    path = written([*named(rows[:100], "甲"), *named(rows[100:], "乙")], tmp_path / "s.csv")
    (message,) = [
        w["message"] for w in document(assessed(edition(R05="pooled"), path))["warnings"] if w["code"] == "V207"
    ]
    assert message.startswith("全体受访者：缺 12 个回答")


@pytest.mark.parametrize(("share", "elsewhere", "apart"), [(0.3, 0.0, True), (0.05, 0.0, False), (0.2, 0.2, False)])
def test_handling_of_complaints_leaves_the_model_only_where_it_was_not_asked_of_all(
    share: float, elsewhere: float, *, apart: bool, tmp_path: Path
) -> None:
    """On a scale, a gap here and there is a gap, and so are many where other answers are missing as often."""
    chance = random.Random(3)  # noqa: S311
    rows = [
        {c: "" if chance.random() < (share if c == "X73" else elsewhere) else v for c, v in row.items()}
        for row in even()
    ]
    found = document(assessed(edition(), written(rows, tmp_path / "s.csv")))
    assert ("X73" in found["statistics"]["not_asked_of_all"]) is apart
    assert ("X73" in found["model"]["weights"]) is not apart


def test_another_latent_with_a_negative_weight_has_no_index_and_says_so(tmp_path: Path) -> None:
    path = written(changed("X12", lambda _, old: str(6 - int(old))), tmp_path / "s.csv")
    found = document(assessed(edition(), path))
    assert "V205" in {warning["code"] for warning in found["warnings"]}
    assert found["model"]["index"]["X1"]["index"] is None
    assert found["standings"][0]["total"] == 25


def test_subjects_that_cannot_be_put_together_still_have_their_own_index(tmp_path: Path) -> None:
    """乙 tells X62 the other way round and says so to nobody: its own model refuses; alone 甲 stands."""
    rows = [*named(even(), "甲"), *named(changed("X62", lambda _, old: str(6 - int(old))), "乙")]
    with pytest.raises(RefusedError) as refused:
        assessed(edition(), written(rows, tmp_path / "s.csv"))
    (finding,) = refused.value.findings
    assert (finding.code, finding.args["who"]) == ("V031", "乙")


def test_the_intervals_hold_the_estimates_and_come_again(told: dict[str, Any]) -> None:
    model = told["sbt8_path"]["standings"][0]["model"]
    for name, bounds in model["intervals"]["path_coefficients"].items():
        assert bounds["low"] <= model["path_coefficients"][name] <= bounds["high"], name
    assert model["bootstrap"] == {
        "replicates": 1000, "seed": 10409, "confidence": 0.95, "failed": 0, "repeated": 0,
    }  # fmt: skip
    again = document(assessed(edition(), REFERENCES / EIGHT))
    assert again["standings"][0]["model"]["intervals"] == model["intervals"]


def test_a_file_that_only_withdraws_needs_no_answers(tmp_path: Path) -> None:
    withdrawn = tmp_path / "withdrawn.csv"
    withdrawn.write_text("id,counters,note\nw1,even-2,示例：重复的答卷\n", encoding="utf-8")
    found = assessed(edition(), HOME / "cases" / "even.csv", withdrawn)
    assert [(one.event, one.reason) for one in found.not_counted] == [("even-2", "countered")]
    assert isinstance(found.exhibits, SurveyExhibits)
    assert found.exhibits.model is not None
    assert found.exhibits.model.respondents == 143


def test_the_shipped_rulebook_has_no_findings() -> None:
    assert check_rulebook(BOOK) == []
    assert replace(edition()).rulebook.family == "survey"
