"""Single sign-on against a small provider on loopback: it vouches for whom we tell it to, rightly or wrongly."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from listening import listening
from serving import NOW
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from api.web.app import create_app
from api.web.settings import Oidc, Settings
from appraisal.model.roles import Role

CLIENT, SECRET = "kaohe", "s3cret"


@dataclass
class Provider:
    """What the provider says: the claims that it changes, the key that it signs with, the codes it gave out."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    signs_with: RSAKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    challenge: str = ""

    def token(self, form: dict[str, list[str]], authorization: str) -> tuple[int, dict[str, Any]]:
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if authorization != expected or form["code"] != ["code-1"] or proof != self.challenge:
            return 400, {"error": "invalid_grant"}
        now = int(NOW.timestamp())
        told = {"iss": self.issuer, "aud": CLIENT, "sub": "007", "exp": now + 300, "iat": now, "nonce": self.nonce}
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, {**told, **self.claims}, self.signs_with or self.key)
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@pytest.fixture
def provider() -> Iterator[Provider]:
    it = Provider()

    class Handler(BaseHTTPRequestHandler):
        def say(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            if self.path.startswith("/.well-known"):
                ends = {f"{n}_endpoint": f"{it.issuer}/{n}" for n in ("authorization", "token")}
                self.say(200, {"issuer": it.issuer, **ends, "jwks_uri": f"{it.issuer}/keys"})
            else:
                self.say(200, {"keys": [it.key.as_dict(private=False)]})

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.say(*it.token(form, self.headers.get("Authorization", "")))

        def log_message(self, *_: object) -> None:
            pass

    with listening(Handler) as it.issuer:
        yield it


@pytest.fixture
def client(provider: Provider, settings: Settings) -> TestClient:
    oidc = Oidc(issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, name="示例统一登录")
    app = create_app(replace(settings, oidc=oidc), lambda: NOW, quiet=True)
    house = app.state.house.installation
    house.accounts.bind(house.accounts.find(LOGINS[Role.LEADER][0]).id, f"{provider.issuer}|007")
    return TestClient(app, follow_redirects=False)


def go(client: TestClient, provider: Provider, to: str = "/") -> str:
    """Leave for the provider; return the state that it is to hand back."""
    answer = client.get("/sign-in/oidc", params={"to": to})
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["http://testserver/sign-in/oidc/back"]
    provider.nonce, provider.challenge = query["nonce"][0], query["code_challenge"][0]
    return query["state"][0]


def test_who_the_provider_vouches_for_is_signed_in(client: TestClient, provider: Provider) -> None:
    assert "示例统一登录" in client.get("/sign-in").text
    state = go(client, provider, to="/rulebooks")
    answer = client.get("/sign-in/oidc/back", params={"code": "code-1", "state": state})
    assert (answer.status_code, answer.headers["location"]) == (303, "/rulebooks")
    assert LOGINS[Role.LEADER][1] in client.get("/account").text


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "008"},
        {"aud": "someone-else"},
        {"iss": "https://example.org"},
        {"nonce": "of-another-journey"},
        {"exp": int(datetime(2021, 1, 10, 9, 0).timestamp())},  # noqa: DTZ001  local, half an hour before now
    ],
)
def test_a_token_that_is_not_right_opens_nothing(
    client: TestClient, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    state = go(client, provider)
    answer = client.get("/sign-in/oidc/back", params={"code": "code-1", "state": state})
    assert answer.status_code == 422
    assert client.get("/").status_code == 303


def test_an_identity_without_an_account_is_named(client: TestClient, provider: Provider) -> None:
    provider.claims = {"sub": "008"}
    answer = client.get("/sign-in/oidc/back", params={"code": "code-1", "state": go(client, provider)})
    assert f"统一身份“{provider.issuer}|008”还没有关联本系统的账号。" in answer.text


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_only_claims_to_be_signed_opens_nothing(
    client: TestClient, provider: Provider, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unsigned, or signed with what everybody knows of the provider, its public key."""

    def forged(_form: dict[str, list[str]], _authorization: str) -> tuple[int, dict[str, Any]]:
        now = int(NOW.timestamp())
        told = {"iss": provider.issuer, "aud": CLIENT, "sub": "007", "exp": now + 300, "nonce": provider.nonce}
        parts = [_packed(json.dumps(part).encode()) for part in ({"alg": algorithm, "kid": "k1"}, told)]
        public = provider.key.as_pem(private=False)
        mac = hmac.new(public, ".".join(parts).encode(), "sha256").digest() if algorithm == "HS256" else b""
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": ".".join([*parts, _packed(mac)])}

    monkeypatch.setattr(provider, "token", forged)
    state = go(client, provider)
    assert client.get("/sign-in/oidc/back", params={"code": "code-1", "state": state}).status_code == 422
    assert client.get("/").status_code == 303


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_a_token_of_another_key_opens_nothing(client: TestClient, provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "k1"})
    state = go(client, provider)
    assert client.get("/sign-in/oidc/back", params={"code": "code-1", "state": state}).status_code == 422


@pytest.mark.parametrize(
    "params", [{"code": "code-1", "state": "guessed"}, {"code": "code-2"}, {"error": "denied"}, {}]
)
def test_a_journey_that_is_not_ours_opens_nothing(
    client: TestClient, provider: Provider, params: dict[str, str]
) -> None:
    state = go(client, provider)
    answer = client.get("/sign-in/oidc/back", params={"state": state, **params})
    assert answer.status_code == 422
    assert client.get("/").status_code == 303


def test_coming_back_without_having_left_opens_nothing(client: TestClient) -> None:
    assert client.get("/sign-in/oidc/back", params={"code": "code-1", "state": "x"}).status_code == 422


def test_a_disabled_account_is_not_let_in(client: TestClient, provider: Provider) -> None:
    house = client.app.state.house.installation  # type: ignore[attr-defined]
    house.accounts.disable(house.accounts.find(LOGINS[Role.LEADER][0]).id, now=NOW)
    state = go(client, provider)
    assert client.get("/sign-in/oidc/back", params={"code": "code-1", "state": state}).status_code == 422


def test_a_provider_that_is_gone_is_said_in_words(settings: Settings) -> None:
    oidc = Oidc(issuer="http://127.0.0.1:9", client_id=CLIENT, client_secret=SECRET, name="")
    client = TestClient(create_app(replace(settings, oidc=oidc), lambda: NOW, quiet=True), follow_redirects=False)
    answer = client.get("/sign-in/oidc")
    assert (answer.status_code, "认证平台没有应答" in answer.text) == (422, True)
