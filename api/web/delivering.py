"""Sending notices to webhooks: signed, tried again after a while, never in the way of a request."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from threading import Event, Thread
from urllib.parse import urlsplit

import httpx

from appraisal.errors import RefusedError
from appraisal.store.outbox import Delivery, Outbox, payload, signature

EVERY = 5.0
"""Seconds between two looks at the outbox."""

_TIMEOUT = 10.0


class Deliverer:
    """One thread that sends what is due; `stop` ends it."""

    def __init__(self, outbox: Outbox, clock: Callable[[], datetime], *, every: float = EVERY) -> None:
        self._outbox, self._clock, self._every = outbox, clock, every
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin to look at the outbox."""
        self._thread.start()

    def stop(self) -> None:
        """End, once what is being sent is settled."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=_TIMEOUT)

    def _run(self) -> None:
        while not self._stopped.wait(self._every):
            try:
                deliver(self._outbox, now=self._clock())
            except RefusedError:
                continue  # the database is busy or gone: what was not settled is sent again


def deliver(outbox: Outbox, *, now: datetime) -> int:
    """Send every delivery that is due, and return how many arrived."""
    arrived = 0
    for delivery in outbox.due(now=now):
        problem = send(delivery)
        if problem:
            outbox.failed(delivery, now=now, answer=problem)
        else:
            outbox.delivered(delivery, now=now)
            arrived += 1
    return arrived


def send(delivery: Delivery) -> str:
    """Send one notice; return what went wrong, or nothing. Redirects are not followed."""
    if forbidden(delivery.webhook.url):
        return "this address is not allowed"
    body = payload(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "appraisal",
        "X-Appraisal-Signature": signature(delivery.webhook, body),
        "X-Appraisal-Delivery": f"{delivery.webhook.id}-{delivery.notice.id}",
    }
    try:
        answer = httpx.post(delivery.webhook.url, content=body, headers=headers, timeout=_TIMEOUT)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__
    return "" if answer.is_success else f"HTTP {answer.status_code}"


def forbidden(url: str) -> bool:
    """Say whether an address is one that no webhook needs: link-local (where clouds keep secrets), multicast, none."""
    host = urlsplit(url).hostname or ""
    if not host:
        return True
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None)}
    except OSError:
        return False  # sending will say that the name is unknown
    return any(ip_address(a).is_link_local or ip_address(a).is_multicast for a in map(str, found))
