"""What describes the API: an example of everything, the documentation as it runs, and schemathesis against it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from serving import Program, every_route
from starlette.testclient import TestClient

from api.web.limits import Limit
from api.web.v1.description import operations
from appraisal.model.roles import Role
from appraisal.office.office import FIRST

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
WORDS = {"officer": Role.OFFICER, "head": Role.HEAD, "group": Role.GROUP}


@pytest.fixture
def told(app: FastAPI) -> dict[str, Any]:
    found: dict[str, Any] = TestClient(app).get("/api/v1/openapi.json").json()
    return found


def test_the_description_names_every_route(told: dict[str, Any]) -> None:
    routes = {r.path for r in every_route() if r.path.startswith("/api/") and r.include_in_schema}
    assert set(told["paths"]) == routes


def shape(told: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a content, with the components that it refers to."""
    schema = content["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    found = told["components"]["schemas"].get(name, schema)
    return {**found, "components": told["components"]}


def test_every_operation_has_an_example_of_what_it_takes_and_gives(told: dict[str, Any]) -> None:
    """An example is of the shape that it is an example of."""
    for name, operation in operations(told):
        contents = [a["content"]["application/json"] for s, a in operation["responses"].items() if s.startswith("2")]
        asked = operation.get("requestBody", {}).get("content", {})
        if "application/json" in asked:
            contents.append(asked["application/json"])
        assert contents, name
        for content in contents:
            schema = shape(told, content)
            examples = [content["example"]] if "example" in content else schema.get("examples", [])
            assert examples, name
            for example in examples:
                jsonschema.validate(example, schema)
        assert operation["summary"], name
        assert operation["description"], name


def test_every_operation_says_how_it_refuses(told: dict[str, Any]) -> None:
    for name, operation in operations(told):
        wanted = {"401", "403", "404", "422", "429", "503"}
        if name.startswith("POST"):
            wanted |= {"409", "413", "415"}
        assert wanted <= set(operation["responses"]), name
        for status in wanted:
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"], (name, status)


def test_every_posting_takes_a_key_but_those_that_keep_nothing_twice(told: dict[str, Any]) -> None:
    """Evidence is named by its content, and looking at a file keeps nothing."""
    without = set()
    for name, operation in operations(told):
        if name.startswith("POST"):
            names = {p["name"] for p in operation.get("parameters", ())}
            without |= {name} if "Idempotency-Key" not in names else set()
    assert without == {"POST /evidence", "POST /imports/look"}


def test_every_list_that_grows_has_pages(told: dict[str, Any]) -> None:
    """A list is an answer with items; each tells its next page, and all but the months of a year go on by cursor."""
    for name, operation in operations(told):
        if not name.startswith("GET"):
            continue
        (content,) = [a["content"]["application/json"] for s, a in operation["responses"].items() if s == "200"]
        schema = shape(told, content)
        assert schema.get("type") == "object", f"{name} is a bare list"
        if "items" in schema["properties"]:
            assert {"next", "total"} <= set(schema["properties"]), name
            names = {p["name"] for p in operation.get("parameters", ())}
            assert {"cursor", "limit"} <= names or name == "GET /periods", name


# The documentation as it runs


def exchanges() -> list[tuple[str, int, str, Any]]:
    """Return what the page shows: who asks, the status, the request, and a part of the answer."""
    found = re.findall(
        r"```http (\w+) (\d+)\n(.*?)```(?:\n+```json\n(.*?)```)?", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    return [(who, int(status), text, json.loads(part) if part else None) for who, status, text, part in found]


def holds(part: Any, whole: Any) -> bool:
    """Say whether an answer holds what is shown of it; `…` stands for anything."""
    if part == "…":
        return True
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(k in whole and holds(v, whole[k]) for k, v in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) <= len(whole) and all(map(holds, part, whole))
    return bool(part == whole)


def test_what_the_documentation_shows_is_what_happens(program: Program, app: FastAPI) -> None:
    app.state.house.installation.office(FIRST).adopt("sme-digital-2024", now=app.state.house.clock())
    seen: dict[str, Any] = {}
    assert len(exchanges()) > 8
    for who, status, text, part in exchanges():
        head, _, body = text.partition("\n\n")
        first, *lines = head.strip().splitlines()
        method, path = first.split(" ", 1)
        for name, value in seen.items():
            path, body = path.replace(f"<{name}>", value), body.replace(f"<{name}>", value)
        headers = dict(line.split(": ", 1) for line in lines)
        more: dict[str, Any] = {"content": body.encode()} if body.strip() else {}
        if headers.pop("Content-Type", "").startswith("multipart/"):
            more = {"files": {"file": ("records.csv", body.encode(), "text/csv")}}
        elif more:
            headers["Content-Type"] = "application/json"
        answer = program(WORDS[who]).request(method, path, headers=headers, **more)
        assert answer.status_code == status, (first, answer.text)
        assert part is None or holds(part, answer.json()), (first, answer.text)
        if method == "POST" and status == 201 and "id" in answer.json():
            seen = {**seen, "id": answer.headers["location"].rpartition("/")[2], "last": answer.json()["last"]}


def test_the_page_names_every_route(told: dict[str, Any]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [path for path in told["paths"] if f"`{path.removeprefix('/api/v1')}`" not in text] == []


# Schemathesis


def against(operation: Any, headers: dict[str, str], excluded: list[Any], examples: int) -> None:
    """Call an operation with what its description allows, and hold the answers to it."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    check()


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.OFFICER, Role.GROUP])
def test_schemathesis_finds_nothing(program: Program, app: FastAPI, role: Role) -> None:
    described(program, app, role, 8)


@pytest.mark.torture
@pytest.mark.parametrize("role", list(Role))
def test_schemathesis_finds_nothing_in_long_runs(program: Program, app: FastAPI, role: Role) -> None:
    described(program, app, role, 60)


def described(program: Program, app: FastAPI, role: Role, examples: int) -> None:
    """Call every operation that the description names with so many examples each."""
    import schemathesis
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    for name in ("limit", "wrong"):
        object.__setattr__(app.state.house, name, Limit(1_000_000))
    TestClient(app).get("/api/v1/openapi.json")  # made once, which may take longer than schemathesis waits
    headers = {"Authorization": program(role).headers["Authorization"]}
    operations = [
        found.ok() for found in schemathesis.openapi.from_asgi("/api/v1/openapi.json", app).get_all_operations()
    ]
    for operation in operations:
        # What a clause takes is in the rulebook, not in a schema: a well-formed entry may be refused.
        against(operation, headers, [positive_data_acceptance] if operation.method == "post" else [], examples)
    assert len(operations) == len([r for r in every_route() if r.path.startswith("/api/") and r.include_in_schema])
