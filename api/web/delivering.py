"""Sending notices to webhooks: signed with their time, tried again after a while, to hosts that are allowed only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import httpx

from api.web.hosts import host_of, reachable
from appraisal.store.outbox import Delivery, Outbox, payload, signature

NOT_ALLOWED, UNREACHABLE, TIMEOUT = "not_allowed", "unreachable", "timeout"
"""What is noted of a delivery: its host is not among those named, nobody is there, no answer in time."""

NOTED = frozenset({NOT_ALLOWED, UNREACHABLE, TIMEOUT})
"""What the page says in words (`delivery_…`); anything else is shown as noted, such as `HTTP 500`."""

_TIMEOUT = 10.0


def deliver(outbox: Outbox, *, now: datetime, allowed: Sequence[str]) -> tuple[int, int]:
    """Send every delivery that is due; return how many arrived and how many did not."""
    arrived, due = 0, outbox.due(now=now)
    for delivery in due:
        problem = send(delivery, now=now, allowed=allowed)
        if problem:
            outbox.failed(delivery, now=now, answer=problem)
        else:
            outbox.delivered(delivery, now=now)
            arrived += 1
    return arrived, len(due) - arrived


def send(delivery: Delivery, *, now: datetime, allowed: Sequence[str]) -> str:
    """Send one notice; return what went wrong, or nothing.

    The name is looked up once and the connection goes to the address that was checked. Redirects are not followed.
    """
    url = delivery.webhook.url
    try:
        address = reachable(url, allowed)
        if not address:
            return NOT_ALLOWED
        at, host = httpx.URL(url), host_of(url)
        body, stamp = payload(delivery), str(int(now.timestamp()))
        headers = {
            "Host": at.netloc.decode(),
            "Content-Type": "application/json",
            "User-Agent": "appraisal",
            "X-Appraisal-Timestamp": stamp,
            "X-Appraisal-Signature": signature(delivery.webhook, stamp, body),
            "X-Appraisal-Delivery": f"{delivery.webhook.id}-{delivery.notice.id}",
        }
        with httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
            to, secure = at.copy_with(host=address), {"sni_hostname": host}
            with client.stream("POST", to, content=body, headers=headers, extensions=secure) as answer:
                return "" if answer.is_success else f"HTTP {answer.status_code}"
    except httpx.TimeoutException:
        return TIMEOUT
    except (OSError, httpx.NetworkError):
        return UNREACHABLE
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__
