"""Single sign-on by OpenID Connect: the authorization code with PKCE, and an ID token that is verified."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

import httpx
from authlib.integrations.base_client import OAuthError
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.web.settings import Oidc
from appraisal.errors import Finding, RefusedError, messages

with warnings.catch_warnings():  # advice to developers, which whoever starts the service need not read
    warnings.filterwarnings("ignore", message="The httpx module is deprecated")
    from authlib.integrations.httpx_client import OAuth2Client

MINUTES = 10
"""How long someone may take at the provider."""

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
_TIMEOUT = 10.0
_SECRET = token_urlsafe(32)
"""Signs what the browser carries to the provider and back; a restart in between asks to begin again."""


@dataclass(frozen=True, kw_only=True)
class Journey:
    """What the browser carries: where to go afterwards, and what the answer must hold."""

    state: str
    nonce: str
    verifier: str
    to: str


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_SECRET, salt="oidc")


def refused(reason: str) -> RefusedError:
    """Return why single sign-on did not work; what a provider says in a code that is not known stands as it is."""
    known = f"oidc_{reason}"
    return RefusedError([Finding(code="H023", args={"reason": f"@{known}" if known in messages() else reason[:80]})])


def _metadata(oidc: Oidc) -> dict[str, Any]:
    """Ask the provider where its endpoints are; one that calls itself otherwise is refused."""
    try:
        answer = httpx.get(f"{oidc.issuer}/.well-known/openid-configuration", timeout=_TIMEOUT)
        told: dict[str, Any] = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise refused("provider_unreachable") from error
    if str(told.get("issuer", "")).rstrip("/") != oidc.issuer:
        raise refused("issuer_differs")
    return told


def _client(oidc: Oidc, back: str) -> OAuth2Client:
    return OAuth2Client(
        client_id=oidc.client_id,
        client_secret=oidc.client_secret,
        scope="openid profile",
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=_TIMEOUT,
    )


def leave(oidc: Oidc, back: str, to: str) -> tuple[str, str]:
    """Return the address at the provider to go to, and what the browser carries meanwhile."""
    told, verifier, nonce = _metadata(oidc), token_urlsafe(48), token_urlsafe(16)
    with _client(oidc, back) as client:
        address, state = client.create_authorization_url(
            told["authorization_endpoint"], nonce=nonce, code_verifier=verifier
        )
    return str(address), _serializer().dumps([state, nonce, verifier, to])


def read_journey(carried: str, state: str) -> Journey:
    """Read what the browser carried; refused where it is not ours, too old, or of another journey."""
    try:
        told = _serializer().loads(carried, max_age=MINUTES * 60)
    except BadData as error:
        raise refused("too_late") from error
    journey = Journey(state=told[0], nonce=told[1], verifier=told[2], to=told[3])
    if not state or journey.state != state:
        raise refused("state_differs")
    return journey


def arrive(oidc: Oidc, back: str, code: str, journey: Journey, *, now: datetime) -> str:
    """Return the identity (`issuer|subject`) that the provider vouches for; refused where anything is not right."""
    told = _metadata(oidc)
    try:
        with _client(oidc, back) as client:
            token = client.fetch_token(
                told["token_endpoint"],
                code=code,
                code_verifier=journey.verifier,
                grant_type="authorization_code",
            )
        keys = httpx.get(told["jwks_uri"], timeout=_TIMEOUT).raise_for_status().json()
    except OAuthError as error:
        raise refused(str(error.error)) from error
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise refused("provider_unreachable") from error
    return _identity(oidc, str(token.get("id_token", "")), keys, journey, now)


def _identity(oidc: Oidc, id_token: str, keys: dict[str, Any], journey: Journey, now: datetime) -> str:
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=60,
        iss={"essential": True, "value": oidc.issuer},
        aud={"essential": True, "value": oidc.client_id},
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": journey.nonce},
    )
    try:
        claims = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
        registry.validate(claims)
    except (JoseError, ValueError) as error:
        raise refused("id_token") from error
    return f"{oidc.issuer}|{claims['sub']}"
