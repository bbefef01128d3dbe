"""The description of the API (OpenAPI), with an example of every answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from api.web.answers import PROBLEM
from appraisal.assess import engine_version

EXAMPLES = Path(__file__).with_name("examples.json")
"""What the sample year answers, shortened; `tools/make_api_examples.py` makes it."""

PREFIX, JSON = "/api/v1", "application/json"


@cache
def examples() -> dict[str, Any]:
    """Return example answers by method and path."""
    told: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return told


def described(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """Return the description of the routes of the API."""
    told = get_openapi(
        title="appraisal 考核",
        version=engine_version(),
        description="Points are exact decimals as text. Every list is bounded by what the token's account may see.",
        routes=routes,
    )
    told.setdefault("components", {})["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    told["security"] = [{"token": []}]
    for name, operation in operations(told):
        for status, answer in operation["responses"].items():
            content = answer.setdefault("content", {})
            if not status.startswith("2"):
                answer["content"] = {PROBLEM: content.get(JSON, {})}
            elif name in examples() and JSON in content:
                content[JSON]["example"] = examples()[name]
    return told


def operations(told: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every operation of a description, as `GET /me`."""
    for path, item in told["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path.removeprefix(PREFIX)}", operation
