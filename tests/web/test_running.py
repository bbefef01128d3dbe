"""What operators see: health, readiness, metrics, and a log without personal data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from serving import NOW, Browser, secret, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from api.web.app import create_app
from api.web.settings import Settings
from appraisal.model.roles import Role


def test_it_says_that_it_runs_and_is_ready(browser: Browser) -> None:
    client = browser("-")
    assert client.get("/healthz").text == "ok\n"
    told = client.get("/readyz").json()
    assert (told["ready"], told["codes"]) == (True, [])
    assert {"reads", "writes", "disk", "standings"} == set(told["checks"])


def test_it_is_not_ready_without_its_database_and_says_so_in_words(settings: Settings) -> None:
    app = create_app(settings, lambda: NOW, quiet=True)
    client = TestClient(app, raise_server_exceptions=False)
    app.state.house.installation.database.engine.dispose()
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    path.rename(path.with_suffix(".away"))
    path.mkdir()  # so that SQLite cannot make a new one there
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert answer.json()["codes"] == ["L015", "L014"]
    assert client.get("/healthz").status_code == 200
    page = client.get("/", headers={"Cookie": "session=whatever"})
    assert page.status_code == 503
    assert "Traceback" not in page.text


def test_metrics_count_by_route_never_by_address(browser: Browser) -> None:
    client = browser(LOGINS[Role.GROUP][0])
    client.get("/events/S0003")
    client.get("/no/such/page")
    told = client.get("/metrics").text
    assert 'appraisal_requests_total{method="GET",route="/events/{event}",status="200"} 1.0' in told
    assert 'route="(none)",status="404"' in told
    assert "S0003" not in told


def test_metrics_are_for_this_machine_or_the_token(settings: Settings) -> None:
    app = create_app(replace(settings, metrics_token="m-123"), lambda: NOW, quiet=True)  # noqa: S106
    client = TestClient(app, client=("10.0.0.9", 1))
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer m-123"}).status_code == 200
    app = create_app(settings, lambda: NOW, quiet=True)
    assert TestClient(app, client=("10.0.0.9", 1)).get("/metrics").status_code == 403
    assert TestClient(app, client=("127.0.0.1", 1)).get("/metrics").status_code == 200


def test_the_log_has_a_line_a_request_without_personal_data(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    client = TestClient(create_app(settings, lambda: NOW), follow_redirects=False)
    login = LOGINS[Role.HEAD][0]
    form = {"csrf": token(client.get("/sign-in").text), "login": login, "password": secret(login)}
    client.post("/sign-in", data=form)
    client.get("/events", params={"words": "张三 13800000000"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/sign-in", 200),
        ("POST", "/sign-in", 303),
        ("GET", "/events", 200),
    ]
    text = json.dumps(lines, ensure_ascii=False)
    for private in (login, secret(login), LOGINS[Role.HEAD][1], "张三", "13800000000", "testclient"):
        assert private not in text
    assert lines[2]["account"].startswith("u")
