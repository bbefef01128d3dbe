"""How much somebody may ask for, and who somebody is behind a proxy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from serving import NOW, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from api.web.app import create_app
from api.web.house import WRONG
from api.web.limits import Limit
from api.web.settings import Settings
from appraisal.model.roles import Role


@given(
    st.integers(1, 120),
    st.lists(st.floats(0, 30, allow_nan=False), max_size=200),
)
def test_no_minute_takes_more_than_two_buckets_and_whoever_waits_is_let_in(most: int, pauses: list[float]) -> None:
    """A full bucket and what flows in during the minute are the most; waiting as long as told is enough."""
    limit, at, taken = Limit(most), 0.0, []
    for pause in pauses:
        at += pause
        wait = limit.take("k", at=at)
        if wait:
            assert limit.take("k", at=at + wait * 1.000001) == 0
            at += wait * 1.000001
        taken.append(at)
    for first in taken:
        assert sum(first <= one < first + 60 for one in taken) <= 2 * most + 1


def test_buckets_are_apart() -> None:
    limit = Limit(1)
    assert limit.take("a", at=0) == 0
    assert limit.take("a", at=0) == 60
    assert limit.take("b", at=0) == 0
    assert limit.take("a", at=60) == 0


def test_a_program_that_asks_too_often_waits_as_long_as_it_is_told(app: FastAPI) -> None:
    house, moment = app.state.house, [0.0]
    object.__setattr__(house, "ticks", lambda: moment[0])
    object.__setattr__(house, "limit", Limit(6))
    account = house.installation.accounts.find(LOGINS[Role.LEADER][0]).id
    first, second = (
        house.installation.sessions.make_token(account, now=NOW, name="t", scopes=["read_rankings"])[1] for _ in "ab"
    )

    def ask(secret: str) -> tuple[int, str, str]:
        answer = TestClient(app).get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
        kind = answer.headers["content-type"]
        return answer.status_code, kind, answer.headers.get("retry-after", "")

    assert [ask(first)[0] for _ in range(6)] == [200] * 6
    assert ask(first) == (429, "application/problem+json", "10")
    assert ask(second)[0] == 200, "another token has its own"
    moment[0] = 10.0
    assert ask(first)[0] == 200


def test_guessing_tokens_is_slowed_down_for_the_address(app: FastAPI) -> None:
    object.__setattr__(app.state.house, "ticks", lambda: 0.0)

    def guess(number: int, address: str) -> int:
        client = TestClient(app, client=(address, 1))
        return client.get("/api/v1/me", headers={"Authorization": f"Bearer apt_{number}"}).status_code

    assert {guess(n, "10.0.0.1") for n in range(WRONG)} == {401}
    assert guess(WRONG, "10.0.0.1") == 429
    assert guess(WRONG, "10.0.0.2") == 401


# Behind a proxy


@pytest.mark.parametrize(
    ("proxies", "peer", "told", "local"),
    [
        (("127.0.0.1",), "127.0.0.1", None, True),
        (("127.0.0.1",), "127.0.0.1", "203.0.113.7", False),
        (("127.0.0.1",), "203.0.113.9", "127.0.0.1", False),  # whoever is no proxy tells what it likes
        (("10.0.0.0/8",), "10.0.0.2", "127.0.0.1, 203.0.113.7, 10.0.0.1", False),  # the last that is no proxy
        ((), "127.0.0.1", "203.0.113.7", True),
    ],
)
def test_which_address_counts(
    settings: Settings, proxies: tuple[str, ...], peer: str, told: str | None, local: object
) -> None:
    """Metrics without a token are for this machine: they show whom the application takes somebody for."""
    client = TestClient(create_app(replace(settings, proxies=proxies), lambda: NOW, quiet=True), client=(peer, 1))
    headers = {} if told is None else {"X-Forwarded-For": told}
    assert (client.get("/metrics", headers=headers).status_code == 200) is local


def test_sign_in_counts_the_client_not_the_proxy(settings: Settings) -> None:
    client = TestClient(create_app(settings, lambda: NOW, quiet=True), client=("127.0.0.1", 1))
    csrf = token(client.get("/sign-in").text)

    def tries(address: str) -> int:
        form = {"csrf": csrf, "login": f"nobody-{address}", "password": "wrong"}
        return client.post("/sign-in", data=form, headers={"X-Forwarded-For": address}).status_code

    assert [tries("203.0.113.1") for _ in range(21)] == [422] * 20 + [429]
    assert tries("203.0.113.2") == 422
