"""What tests of the JSON API do alike: post under a new key, hand in a file, log an event."""

from __future__ import annotations

from hashlib import sha256
from itertools import count
from typing import Any

from fastapi import FastAPI
from httpx import Response
from serving import BOOK, SUBJECT
from starlette.testclient import TestClient

from appraisal.office.installation import Installation
from appraisal.office.office import FIRST
from appraisal.office.yearbook import Yearbook

PNG = b"\x89PNG\r\n\x1a\n" + b"sample"
_keys = count()


def house_of(app: FastAPI) -> Installation:
    house: Installation = app.state.house.installation
    return house


def book(app: FastAPI) -> Yearbook:
    return house_of(app).yearbook(FIRST, BOOK, 2020)


def post(client: TestClient, path: str, told: object, key: str = "") -> Response:
    headers = {"Idempotency-Key": key or f"k-{next(_keys)}"}
    return client.post(f"/api/v1{path}", json=told, headers=headers)


def done(answer: Response) -> dict[str, Any]:
    """Return a posted line; it is in the log at the place that the answer names."""
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def evidence(client: TestClient) -> str:
    answer = client.post("/api/v1/evidence", files={"file": ("决定.png", PNG)})
    assert (answer.status_code, answer.json()["type"]) == (201, "image/png")
    assert answer.json()["sha256"] == sha256(PNG).hexdigest()
    return str(answer.json()["sha256"])


def logged(client: TestClient, **more: str) -> dict[str, Any]:
    told = {"rulebook": BOOK, "date": "2020-12-29", "subject": SUBJECT, "clause": "CG-A1", "note": "示例：抽查"}
    return done(post(client, "/events", {**told, "not_duplicate": "示例：另一处", **more}))


def state(client: TestClient, event: str) -> str:
    return str(client.get(f"/api/v1/events/{event}").json()["row"]["state"])
