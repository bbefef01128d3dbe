"""What an installation sets by environment variables; `docs/web.md` lists them by name, and a test compares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from appraisal.errors import Finding, Lang, RefusedError

DEFAULT_DATABASE = "appraisal.db"

VARIABLES: Mapping[str, str] = {
    "DATABASE_URL": f"sqlite:///{DEFAULT_DATABASE}",
    "APPRAISAL_DATA": "",
    "APPRAISAL_LANG": "zh",
    "APPRAISAL_PUBLIC_URL": "",
    "APPRAISAL_UPLOAD_MB": "20",
    "APPRAISAL_OIDC_ISSUER": "",
    "APPRAISAL_OIDC_CLIENT_ID": "",
    "APPRAISAL_OIDC_CLIENT_SECRET": "",
    "APPRAISAL_OIDC_NAME": "",
    "APPRAISAL_METRICS_TOKEN": "",
    "APPRAISAL_TRUSTED_PROXIES": "127.0.0.1, ::1",
    "APPRAISAL_WEBHOOK_HOSTS": "",
    "APPRAISAL_API_RATE": "6000",
}
"""Every variable with what holds when it is not set."""

_NUMBERS = {
    "APPRAISAL_UPLOAD_MB": (1, 500),
    "APPRAISAL_API_RATE": (1, 1_000_000),
}
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*")
NONE = "none"
"""What a list is set to so that it is empty."""

_OIDC = ("APPRAISAL_OIDC_ISSUER", "APPRAISAL_OIDC_CLIENT_ID", "APPRAISAL_OIDC_CLIENT_SECRET")


@dataclass(frozen=True, kw_only=True)
class Oidc:
    """A provider of single sign-on: where it is, and who we are to it."""

    issuer: str
    client_id: str
    client_secret: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """An account of the demonstration that the sign-in page offers: its role, name and password are no secret."""

    role: str
    login: str
    password: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one installation runs.

    `data` is the folder beside the database for files; `demo` the accounts that the sign-in page names; `proxies` the
    addresses and networks that are believed when they say for whom they ask; `webhook_hosts` the names, addresses and
    networks that notices may be sent to; `api_rate` requests of a token a minute; `patience` seconds for a turn
    to write.
    """

    database_url: str = f"sqlite:///{DEFAULT_DATABASE}"
    data: Path | None = None
    lang: Lang = "zh"
    public_url: str = ""
    upload_mb: int = 20
    oidc: Oidc | None = None
    metrics_token: str = ""
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    webhook_hosts: tuple[str, ...] = ()
    api_rate: int = 6000
    patience: float = 30.0
    demo: tuple[DemoAccount, ...] = ()

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are sent over https only: where people reach the installation by https."""
        return self.public_url.startswith("https://")

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Settings:
        """Read the environment; everything wrong in it is refused at once."""
        told = {name: environ.get(name, "").strip() or default for name, default in VARIABLES.items()}
        findings = list(_findings(told))
        if findings:
            raise RefusedError(findings)
        url = told["DATABASE_URL"]
        oidc = Oidc(
            issuer=told["APPRAISAL_OIDC_ISSUER"].rstrip("/"),
            client_id=told["APPRAISAL_OIDC_CLIENT_ID"],
            client_secret=told["APPRAISAL_OIDC_CLIENT_SECRET"],
            name=told["APPRAISAL_OIDC_NAME"],
        )
        return cls(
            database_url=url if "://" in url else f"sqlite:///{url}",
            data=Path(told["APPRAISAL_DATA"]) if told["APPRAISAL_DATA"] else None,
            lang="en" if told["APPRAISAL_LANG"] == "en" else "zh",
            public_url=told["APPRAISAL_PUBLIC_URL"].rstrip("/"),
            upload_mb=int(told["APPRAISAL_UPLOAD_MB"]),
            oidc=oidc if oidc.issuer else None,
            metrics_token=told["APPRAISAL_METRICS_TOKEN"],
            proxies=_words(told["APPRAISAL_TRUSTED_PROXIES"]),
            webhook_hosts=_words(told["APPRAISAL_WEBHOOK_HOSTS"]),
            api_rate=int(told["APPRAISAL_API_RATE"]),
        )


def _findings(told: Mapping[str, str]) -> list[Finding]:
    found = [
        Finding(code="H001", args={"name": name, "value": told[name], "low": str(low), "high": str(high)})
        for name, (low, high) in _NUMBERS.items()
        if not told[name].isdecimal() or not low <= int(told[name]) <= high
    ]
    if told["APPRAISAL_LANG"] not in {"zh", "en"}:
        found.append(Finding(code="H002", args={"value": told["APPRAISAL_LANG"]}))
    found += [
        Finding(code="H003", args={"name": name, "value": told[name]})
        for name in ("APPRAISAL_PUBLIC_URL", "APPRAISAL_OIDC_ISSUER")
        if told[name] and not told[name].startswith(("https://", "http://"))
    ]
    found += [
        Finding(code="H005", args={"name": "APPRAISAL_TRUSTED_PROXIES", "value": word})
        for word in _words(told["APPRAISAL_TRUSTED_PROXIES"])
        if not is_network(word)
    ]
    found += [
        Finding(code="H006", args={"name": "APPRAISAL_WEBHOOK_HOSTS", "value": word})
        for word in _words(told["APPRAISAL_WEBHOOK_HOSTS"])
        if not is_network(word) and not _HOST.fullmatch(word)
    ]
    missing = [name for name in _OIDC if not told[name]]
    if missing and len(missing) < len(_OIDC):
        found.append(Finding(code="H004", args={"missing": ", ".join(missing)}))
    return found


def is_network(word: str) -> bool:
    """Say whether a word is an address or a network, such as 10.1.0.0/16."""
    try:
        ip_network(word)
    except ValueError:
        return False
    return True


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in text.replace(",", " ").split() if word != NONE)
