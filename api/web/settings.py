"""What an installation sets by environment variables; `docs/web.md` lists them by name, and a test compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
}
"""Every variable with what holds when it is not set."""

_NUMBERS = {
    "APPRAISAL_UPLOAD_MB": (1, 500),
}
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

    `data` is the folder beside the database for files; `demo` the accounts that the sign-in page names.
    """

    database_url: str = f"sqlite:///{DEFAULT_DATABASE}"
    data: Path | None = None
    lang: Lang = "zh"
    public_url: str = ""
    upload_mb: int = 20
    oidc: Oidc | None = None
    metrics_token: str = ""
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
    missing = [name for name in _OIDC if not told[name]]
    if missing and len(missing) < len(_OIDC):
        found.append(Finding(code="H004", args={"missing": ", ".join(missing)}))
    return found
