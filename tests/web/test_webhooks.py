"""Published months reach other systems: signed, once each, again after a while, and given up in the end."""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastapi import FastAPI
from serving import NOW

from api.web.delivering import Deliverer, deliver, forbidden
from appraisal.store.outbox import WAITS, Notice, Outbox

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
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    it.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield it
    server.shutdown()
    server.server_close()


@pytest.fixture
def outbox(app: FastAPI) -> Outbox:
    return app.state.house.installation.outbox


def published(once: str = "") -> Notice:
    about = {"rulebook": "houjiatang-2020", "period": "2020-12"}
    return Notice(kind="published", office="office", made_at=NOW, about=about, once=once)


def test_a_published_month_arrives_once_with_its_signature(outbox: Outbox, receiver: Receiver) -> None:
    hook = outbox.add_webhook("office", receiver.url, now=NOW, kinds=["published"])
    outbox.post(published("2020-12"), published("2020-12"))
    assert deliver(outbox, now=NOW) == 1
    assert deliver(outbox, now=NOW + timedelta(days=1)) == 0
    ((headers, body),) = receiver.got
    expected = hmac.new(hook.secret.encode(), body, sha256).hexdigest()
    assert headers["X-Appraisal-Signature"] == f"sha256={expected}"
    assert json.loads(body)["about"] == {"period": "2020-12", "rulebook": "houjiatang-2020"}


def test_it_is_tried_again_after_a_while_and_given_up_in_the_end(outbox: Outbox, receiver: Receiver) -> None:
    outbox.add_webhook("office", receiver.url, now=NOW)
    outbox.post(published())
    receiver.status, now = 500, NOW
    assert deliver(outbox, now=now) == 0
    assert deliver(outbox, now=now) == 0
    assert len(receiver.got) == 1, "not again before its time"
    for wait in WAITS:
        now += wait
        deliver(outbox, now=now)
    assert len(receiver.got) == 1 + len(WAITS)
    (delivery,) = outbox.deliveries("office")
    assert (delivery.state, delivery.answer) == ("given_up", "HTTP 500")
    deliver(outbox, now=now + timedelta(days=9))
    assert len(receiver.got) == 1 + len(WAITS)


def test_another_office_hears_nothing(outbox: Outbox, receiver: Receiver) -> None:
    outbox.add_webhook("other", receiver.url, now=NOW)
    outbox.post(published())
    assert deliver(outbox, now=NOW) == 0
    assert receiver.got == []


def test_nobody_listening_is_a_failure_not_a_crash(outbox: Outbox) -> None:
    outbox.add_webhook("office", "http://127.0.0.1:9/", now=NOW)
    outbox.post(published())
    assert deliver(outbox, now=NOW) == 0
    assert outbox.deliveries("office")[0].answer == "ConnectError"


@pytest.mark.parametrize(
    ("url", "no"),
    [
        ("http://169.254.169.254/latest/meta-data", True),
        ("http://[fe80::1]/", True),
        ("http://224.0.0.1/", True),
        ("http:///nothing", True),
        ("http://127.0.0.1:1/", False),
        ("https://10.1.2.3/hook", False),
    ],
)
def test_addresses_that_no_webhook_needs(url: str, no: object) -> None:
    assert forbidden(url) is no


def test_the_thread_sends_by_itself_and_ends(outbox: Outbox, receiver: Receiver) -> None:
    outbox.add_webhook("office", receiver.url, now=NOW)
    deliverer = Deliverer(outbox, lambda: NOW, every=0.01)
    deliverer.start()
    outbox.post(published())
    waiting = threading.Event()
    for _ in range(500):
        if receiver.got:
            break
        waiting.wait(0.02)
    deliverer.stop()
    assert len(receiver.got) == 1
