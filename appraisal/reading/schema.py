"""The published JSON Schema of rulebook files, for completion and first checks in editors.

Editors read YAML scalars as numbers, booleans and dates where our reader keeps text, so each is accepted in every form
that an editor may see.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from appraisal.model.families import FAMILIES

Node = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LIMITS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")
_NAMED = ("properties", "patternProperties", "$defs")
_KEPT = ("title", "description", "default")


def schema_text() -> str:
    """Return the schema as the file that is published."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def schema() -> Node:
    """Return the JSON Schema (draft 2020-12) of a rulebook file: what the family that it names may hold."""
    kinds: list[tuple[type[BaseModel], JsonSchemaMode]] = [(kind, "validation") for kind in FAMILIES.values()]
    references, whole = models_json_schema(kinds, by_alias=True)
    definitions: Node = _friendly(whole)["$defs"]
    levels = definitions["Occurrence"]["properties"]["levels"]
    levels["additionalProperties"] = {"anyOf": [copy.deepcopy(_exact(definitions)), {"$ref": "#/$defs/Level"}]}
    return {
        "$schema": DIALECT,
        "title": "Rulebook: 考核办法",
        "description": "A published appraisal document as data, dated and versioned.",
        "type": "object",
        "required": ["family"],
        "properties": {"family": {"enum": list(FAMILIES), "description": "the kind of rulebook"}},
        "allOf": [
            {
                "if": {"properties": {"family": {"const": family}}, "required": ["family"]},
                "then": references[kind, "validation"],
            }
            for family, kind in FAMILIES.items()
        ],
        "$defs": dict(sorted(definitions.items())),
    }


def _exact(definitions: Node) -> Node:
    """Return how an exact number is written, as the amount of a level has it."""
    amount = definitions["Level"]["properties"]["amount"]["anyOf"]
    return {"anyOf": [way for way in amount if way.get("type") != "null"]}


def _friendly(node: Any) -> Any:
    """Return a part of the schema in the form that suits editors, inner parts first."""
    if isinstance(node, list):
        return [_friendly(part) for part in node]
    if not isinstance(node, dict):
        return node
    node = {key: value if key == "default" else _inner(key, value) for key, value in node.items()}
    if "discriminator" in node:
        return _by_method(node)
    if "const" in node or "enum" in node:
        return _words(node)
    return _scalar(node)


def _inner(key: str, value: Any) -> Any:
    if key in _NAMED:  # here the keys are names of parameters, not words of the schema
        return {name: _friendly(part) for name, part in value.items()}
    return _friendly(value)


def _scalar(node: Node) -> Node:
    match node.get("type"):
        case "integer":
            limits = {key: node.pop(key) for key in _LIMITS if key in node}
            node.pop("type")
            return {"anyOf": [{"type": "integer", **limits}, {"type": "string", "pattern": r"^[+-]?\d+$"}], **node}
        case "boolean":
            node.pop("type")
            return {"enum": [True, False, "true", "false"], **node}
        case "string" if node.get("format") != "date":
            return {**node, "type": ["string", "number", "boolean"]}
        case _:
            return node


def _words(node: Node) -> Node:
    """Accept a word in quotes and without: 1 and "1", true and "true"."""
    words = list(node["enum"]) if "enum" in node else [node["const"]]
    twins: list[Any] = [str(word) for word in words if isinstance(word, int)]
    twins += [word == "true" for word in words if word in {"true", "false"}]
    if not twins:
        node.pop("type", None)
        return node
    return {"enum": [*words, *twins], **{key: node[key] for key in _KEPT if key in node}}


def _by_method(node: Node) -> Node:
    """Turn a union into conditions on its tag, so that editors offer the parameters of the word that is written."""
    ways: dict[str, str] = node["discriminator"]["mapping"]
    tag: str = node["discriminator"]["propertyName"]
    return {
        "type": "object",
        "required": [tag],
        "properties": {tag: {"enum": list(ways), "description": "the way it scores"}},
        "allOf": [
            {
                "if": {"properties": {tag: {"const": method}}, "required": [tag]},
                "then": {"$ref": reference},
            }
            for method, reference in ways.items()
        ],
    }
