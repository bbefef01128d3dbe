"""The published schema: current, well-formed, and true of the rulebooks that come with the product."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from appraisal.reading.checks_shape import METHODS
from appraisal.reading.rulebook import rulebook_folder
from appraisal.reading.schema import schema, schema_text

SMALL = Path(__file__).parent / "rulebooks" / "small" / "rulebook.yaml"
SHIPPED = sorted(rulebook_folder().glob("*/rulebook.yaml"))
PUBLISHED = Path(__file__).parents[1] / "docs" / "rulebook.schema.json"


def as_an_editor_sees(value: Any) -> Any:
    """Plain YAML as JSON: keys are text, dates are text."""
    if isinstance(value, dict):
        return {str(key): as_an_editor_sees(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_an_editor_sees(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def loaded(path: Path) -> Any:
    return as_an_editor_sees(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema())


def test_the_published_file_is_current():
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


def test_it_is_a_schema_of_its_dialect():
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", [SMALL, *SHIPPED], ids=lambda path: path.parent.name)
def test_good_rulebooks_validate_as_editors_load_them(validator, path):
    document = loaded(path)
    if document["family"] == "scorecard":
        assert [f"{list(e.path)}: {e.message}" for e in validator.iter_errors(document)] == []


def clause_of(document: Any) -> dict[str, Any]:
    return document["departments"][0]["items"][0]["groups"][0]["clauses"][0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"method": "occurence"}, "'occurence' is not one of"),
        ({"deduct": "a bit"}, "'a bit' is not valid"),
        ({"tiers": []}, "'tiers' was unexpected"),
        ({"line": 0}, "0 is not valid"),
    ],
)
def test_faults_show_in_the_editor(validator, change, told):
    document = loaded(SMALL)
    clause_of(document).update(change)
    assert any(told in error.message for error in validator.iter_errors(document))


def test_every_method_is_offered_with_its_own_parameters():
    clause = schema()["$defs"]["Item"]["properties"]["clauses"]["items"]
    assert clause["properties"]["method"]["enum"] == sorted(METHODS)
    assert {way["if"]["properties"]["method"]["const"] for way in clause["allOf"]} == set(METHODS)


def test_an_amount_may_be_a_number_a_text_or_a_level(validator):
    document = loaded(SMALL)
    clause = clause_of(document)
    for amount in (0.5, "0.5", "1/2", "50%", {"times": 2, "provisional": True}):
        clause["levels"] = {"市": amount}
        assert validator.is_valid(document), amount
    clause["levels"] = {"市": {"amout": 1}}
    assert not validator.is_valid(document)
