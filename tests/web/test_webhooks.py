"""Published months reach other systems: signed, once each, again after a while, and given up in the end."""

from __future__ import annotations

import hmac
import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from listening import listening
from serving import NOW, Browser, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from api.web.caretaking import KEYS_KEPT, Caretaker, Chore, forget
from api.web.delivering import NOT_ALLOWED, UNREACHABLE, deliver
from api.web.hosts import named, reachable
from appraisal.model.roles import Role
from appraisal.store.outbox import WAITS, Notice, Outbox
from appraisal.store.requests import Key

HOUSE = Path(__file__).parents[2]
LOCAL = ("127.0.0.1",)

Got = list[tuple[dict[str, str], bytes]]


class Receiver:
    def __init__(self) -> None:
        self.got: Got = []
        self.status = 200
        self.url = ""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    it = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            it.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(it.status)
            self.send_header("Content-Length", "0")
            self.send_header("Location", it.url)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with listening(Handler) as address:
        it.url = f"{address}/hook"
        yield it


@pytest.fixture
def outbox(app: FastAPI) -> Outbox:
    return app.state.house.installation.outbox


def published(once: str = "") -> Notice:
    about = {"rulebook": "houjiatang-2020", "period": "2020-12"}
    return Notice(kind="published", office="office", made_at=NOW, about=about, once=once)


def test_a_published_month_arrives_once_with_its_signature(outbox: Outbox, receiver: Receiver) -> None:
    hook = outbox.add_webhook("office", receiver.url, now=NOW, kinds=["published"])
    outbox.post(published("2020-12"), published("2020-12"))
    assert deliver(outbox, now=NOW, allowed=LOCAL) == (1, 0)
    assert deliver(outbox, now=NOW + timedelta(days=1), allowed=LOCAL) == (0, 0)
    ((headers, body),) = receiver.got
    assert headers["X-Appraisal-Timestamp"] == str(int(NOW.timestamp()))
    signed = headers["X-Appraisal-Timestamp"].encode() + b"." + body
    expected = hmac.new(hook.secret.encode(), signed, sha256).hexdigest()
    assert headers["X-Appraisal-Signature"] == f"sha256={expected}"
    assert json.loads(body)["about"] == {"period": "2020-12", "rulebook": "houjiatang-2020"}


def test_it_is_tried_again_after_a_while_and_given_up_in_the_end(outbox: Outbox, receiver: Receiver) -> None:
    outbox.add_webhook("office", receiver.url, now=NOW)
    outbox.post(published())
    receiver.status, now = 500, NOW
    assert deliver(outbox, now=now, allowed=LOCAL) == (0, 1)
    assert deliver(outbox, now=now, allowed=LOCAL) == (0, 0)
    assert len(receiver.got) == 1, "not again before its time"
    for wait in WAITS:
        now += wait
        deliver(outbox, now=now, allowed=LOCAL)
    assert len(receiver.got) == 1 + len(WAITS)
    (delivery,) = outbox.deliveries("office")
    assert (delivery.state, delivery.answer) == ("given_up", "HTTP 500")
    deliver(outbox, now=now + timedelta(days=9), allowed=LOCAL)
    assert len(receiver.got) == 1 + len(WAITS)


def test_another_office_hears_nothing(outbox: Outbox, receiver: Receiver) -> None:
    outbox.add_webhook("other", receiver.url, now=NOW)
    outbox.post(published())
    assert deliver(outbox, now=NOW, allowed=LOCAL) == (0, 0)
    assert receiver.got == []


def test_nobody_listening_is_a_failure_not_a_crash(outbox: Outbox) -> None:
    outbox.add_webhook("office", "http://127.0.0.1:9/", now=NOW)
    outbox.post(published())
    assert deliver(outbox, now=NOW, allowed=LOCAL) == (0, 1)
    assert outbox.deliveries("office")[0].answer == UNREACHABLE


def test_the_check_that_the_documentation_shows_takes_ours_and_nothing_else(outbox: Outbox, receiver: Receiver) -> None:
    """The sample of docs/web.md against a delivery: not altered, not of another secret, not played again later."""
    (sample,) = re.findall(r"```python\n(import hmac.*?)```", (HOUSE / "docs" / "web.md").read_text("utf-8"), re.DOTALL)
    told: dict[str, Any] = {}
    exec(sample, told)  # noqa: S102  our own documentation
    hook = outbox.add_webhook("office", receiver.url, now=NOW)
    outbox.post(published())
    deliver(outbox, now=NOW, allowed=LOCAL)
    ((headers, body),) = receiver.got
    now, ours = NOW.timestamp(), told["ours"]
    assert ours(hook.secret, headers, body, now + 299)
    assert not ours(hook.secret, headers, body, now + 301)
    assert not ours(hook.secret, headers, body + b" ", now)
    assert not ours(f"{hook.secret}x", headers, body, now)
    assert not ours(hook.secret, {**headers, "X-Appraisal-Timestamp": str(int(now) + 1)}, body, now)
    assert not ours(hook.secret, {}, body, now)


def test_a_redirect_is_a_failure_and_is_not_followed(outbox: Outbox, receiver: Receiver) -> None:
    outbox.add_webhook("office", receiver.url, now=NOW)
    outbox.post(published())
    receiver.status = 307
    assert deliver(outbox, now=NOW, allowed=LOCAL) == (0, 1)
    assert (len(receiver.got), outbox.deliveries("office")[0].answer) == (1, "HTTP 307")


# Where notices may be sent


@pytest.mark.parametrize(
    ("url", "allowed", "to"),
    [
        ("http://93.184.216.34/", ["93.184.216.34"], "93.184.216.34"),
        ("http://93.184.216.34/", ["example.org"], ""),
        ("http://127.0.0.1:1/", [], ""),
        ("http://127.0.0.1:1/", ["127.0.0.1"], "127.0.0.1"),
        ("http://[::ffff:127.0.0.1]/", [], ""),
        ("https://10.1.2.3/hook", ["10.1.0.0/16"], "10.1.2.3"),
        ("https://10.2.2.3/hook", ["10.1.0.0/16"], ""),
        ("http://169.254.169.254/latest/meta-data", ["example.org"], ""),
        ("http://[fe80::1]/", [], ""),
        ("http:///nothing", ["nothing"], ""),
        ("http://[", ["["], ""),
        ("http://public.test/", ["public.test"], "93.184.216.34"),
        ("http://PUBLIC.test./", ["public.test"], "93.184.216.34"),
        ("http://public.test/", [], ""),
        ("http://public.test@other.test/", ["public.test"], ""),
        ("http://inside.test/", ["inside.test"], ""),
        ("http://inside.test/", ["inside.test", "10.0.0.0/8"], "10.1.2.3"),
        ("http://inside.test/", ["10.0.0.0/8"], ""),
        ("http://both.test/", ["both.test"], ""),
        ("http://loop.test/", ["loop.test"], ""),
    ],
)
def test_notices_go_where_the_administrator_said(
    url: str, allowed: list[str], to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A named host that leads to a private address needs the network to be named too."""
    known = {
        "public.test": ["93.184.216.34"],
        "inside.test": ["10.1.2.3"],
        "both.test": ["93.184.216.34", "10.1.2.3"],
        "loop.test": ["::1"],
        "other.test": ["93.184.216.34"],
    }

    def lookup(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, 0)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    assert reachable(url, allowed) == to
    assert not to or named(url, allowed)


def test_the_connection_goes_to_the_address_that_was_checked(
    outbox: Outbox, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere the second time it is looked up gains nothing: it is looked up once."""
    asked: list[str] = []

    def lookup(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]

    port = receiver.url.rpartition(":")[2]
    outbox.add_webhook("office", f"http://hook.test:{port}", now=NOW)
    outbox.post(published())
    real = socket.getaddrinfo

    def once(host: str, *more: object, **rest: object) -> object:
        return lookup(host) if host == "hook.test" else real(host, *more, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", once)
    assert deliver(outbox, now=NOW, allowed=("hook.test", "127.0.0.0/8")) == (1, 0)
    assert asked == ["hook.test"]
    assert receiver.got[0][0]["Host"].startswith("hook.test:")


def test_a_host_that_is_no_longer_named_is_sent_nothing(outbox: Outbox, receiver: Receiver) -> None:
    outbox.add_webhook("office", receiver.url, now=NOW)
    outbox.post(published())
    assert deliver(outbox, now=NOW, allowed=()) == (0, 1)
    assert (receiver.got, outbox.deliveries("office")[0].answer) == ([], NOT_ALLOWED)


def test_the_page_adds_named_hosts_only_and_lists_the_deliveries(
    browser: Browser, app: FastAPI, receiver: Receiver
) -> None:
    house = app.state.house
    object.__setattr__(house, "settings", replace(house.settings, webhook_hosts=LOCAL))
    client = browser(LOGINS[Role.SYSTEM][0])
    csrf = token(client.get("/account").text)

    def add(url: str) -> tuple[int, str]:
        answer = client.post("/admin/hooks", data={"csrf": csrf, "office": "office", "url": url})
        return answer.status_code, answer.text

    status, page = add("http://10.1.2.3/")
    assert (status, "不允许向主机“10.1.2.3”发送通知" in page) == (422, True)
    assert add(receiver.url)[0] == 200
    house.installation.outbox.post(published())
    receiver.status = 500
    deliver(house.installation.outbox, now=NOW, allowed=LOCAL)
    page = client.get("/admin/hooks").text
    assert "HTTP 500" in page
    assert "等待发送" in page
    assert "印发 houjiatang-2020 2020-12" in page
    deliver(house.installation.outbox, now=NOW + timedelta(minutes=2), allowed=())
    assert "主机不在允许之列" in client.get("/admin/hooks").text
    receiver.status = 200
    deliver(house.installation.outbox, now=NOW + timedelta(hours=1), allowed=LOCAL)
    assert "已送达" in client.get("/admin/hooks").text


# By itself


def test_the_caretaker_sends_by_itself_and_ends(app: FastAPI, outbox: Outbox, receiver: Receiver) -> None:
    house = app.state.house
    object.__setattr__(house, "settings", replace(house.settings, webhook_hosts=LOCAL))
    outbox.add_webhook("office", receiver.url, now=NOW)
    caretaker = Caretaker(house, quiet=True, every=0.01)
    caretaker.start()
    outbox.post(published())
    waiting = threading.Event()
    for _ in range(500):
        if receiver.got:
            break
        waiting.wait(0.02)
    caretaker.stop()
    assert len(receiver.got) == 1
    assert 'appraisal_deliveries_total{outcome="arrived"} 1.0' in house.metrics.text().decode()


def test_a_chore_that_fails_is_logged_and_counted_and_the_others_go_on(
    app: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []

    def broken(_: object) -> None:
        raise ZeroDivisionError

    caretaker = Caretaker(app.state.house)
    for chore in (
        Chore(name="notices", every=1, do=broken),
        Chore(name="forget", every=1, do=lambda _: done.append("x")),
    ):
        caretaker._do(chore)
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["event"], line["chore"], line["error"]) == ("chore failed", "notices", "ZeroDivisionError")
    assert done == ["x"]
    assert 'appraisal_background_failures_total{task="notices"} 1.0' in app.state.house.metrics.text().decode()


def test_standings_that_fail_and_changes_that_are_lost_are_told_once_and_tried_again(
    app: FastAPI, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refresh that fails shows in the log, the metrics and the readiness; it is tried again by itself."""
    house = app.state.house
    installation, broken = house.installation, [True]
    real = installation._refresher._refresh

    def refresh(office: str) -> None:
        if broken[0]:
            raise ZeroDivisionError
        real(office)

    monkeypatch.setattr(installation._refresher, "_refresh", refresh)
    installation._refresher.note(frozenset({"office"}))
    assert installation.caught_up(timeout=20)

    def fails(_: object) -> None:
        raise KeyError

    installation.database.later(fails)
    installation.settings.put("x", 1)  # behind it in the queue
    caretaker = Caretaker(house)
    for _ in range(2):
        caretaker._tell_failures()
        caretaker._tell_lost()
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["error"]) for line in told] == [
        ("standings failed", "ZeroDivisionError"),
        ("changes lost", "KeyError"),
    ]
    client = TestClient(app, client=("127.0.0.1", 1))
    assert client.get("/readyz").json()["checks"]["standings"] is False
    assert "appraisal_standings_failing 1.0" in client.get("/metrics").text
    assert 'appraisal_background_failures_total{task="later"} 1.0' in client.get("/metrics").text
    broken[0] = False
    installation.try_again()
    assert installation.caught_up(timeout=20)
    assert client.get("/readyz").json()["checks"]["standings"] is True


def test_what_is_over_is_forgotten(app: FastAPI) -> None:
    house = app.state.house
    account = house.installation.accounts.find(LOGINS[Role.GROUP][0]).id
    house.installation.sessions.begin(account, now=NOW - timedelta(days=2))
    requests = house.installation.requests
    old, new = (Key(account=account, name=name, fingerprint="f") for name in ("old", "new"))
    requests.begin(old, now=NOW - KEYS_KEPT - timedelta(days=1))
    requests.begin(new, now=NOW)
    forget(house)
    assert house.installation.sessions.sweep(now=NOW) == 0
    assert (requests.known(old), requests.known(new)) == (False, True)
