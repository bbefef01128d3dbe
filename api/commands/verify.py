"""`appraisal verify`: recompute a bundle on any machine and compare it byte for byte."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.faults import REFUSED, UsageFaultError
from api.language import lang, say
from api.options import TreeFormat
from api.output import tell

if TYPE_CHECKING:
    from reports.bundle.verifying import Verification

BundleArgument = Annotated[Path, typer.Argument(metavar="BUNDLE", help=say("opt_bundle"))]
KeyOption = Annotated[Path | None, typer.Option("--key", metavar="PUB", help=say("opt_public_key"))]
CodeOption = Annotated[str, typer.Option("--code", metavar="CODE", help=say("opt_code"))]
FormatOption = Annotated[TreeFormat, typer.Option("--format", help=say("opt_format"))]


def verify(
    bundle: BundleArgument, *, key: KeyOption = None, code: CodeOption = "", form: FormatOption = TreeFormat.TABLE
) -> int:
    """Verify a bundle; everything that does not hold goes to standard error, and the status is 1."""
    for path in filter(None, (bundle, key)):
        if not path.is_file():
            raise UsageFaultError("C034", path=str(path))
    from reports.bundle import verifying  # noqa: PLC0415

    public = key.read_bytes() if key else None
    found = verifying.verify(bundle, key=public, key_file=str(key or ""), code=code)
    for finding in (*found.findings, *found.remarks):
        tell(finding.render(lang()))
    if form is TreeFormat.JSON:
        from reports.json import dumps  # noqa: PLC0415

        sys.stdout.write(dumps(_document(found)))
    else:
        sys.stdout.write("\n".join(_lines(found)) + "\n")
    return REFUSED if found.findings else 0


def _lines(found: Verification) -> list[str]:
    about = {name: str(found.about.get(name, "")) for name in ("rulebook", "period", "office", "engine")}
    lines = [
        say("verify_fails", number=str(len(found.findings))) if found.findings else say("verify_holds"),
        say("verify_about", **about, state=say(f"bundle_{_state(found)}")),
        say("verify_events", number=str(found.events)),
    ]
    if found.head:
        lines.append(say("verify_head", position=str(found.head.get("position")), hash=str(found.head.get("hash"))))
    lines += [_signature(found), say("bundle_code", shown=found.seal.code), f"  sha256:{found.seal.sha256}"]
    return lines


def _state(found: Verification) -> str:
    return "final" if found.about.get("state") == "final" else "draft"


def _signature(found: Verification) -> str:
    signed = found.signed
    if signed is None:
        return say("verify_signature_fails" if found.has_signature else "verify_unsigned")
    told = {"algorithm": signed.algorithm, "key": signed.fingerprint}
    return say("verify_signed" if signed.checked else "verify_signed_unchecked", **told)


def _document(found: Verification) -> dict[str, Any]:
    signed = found.signed
    seen = {"algorithm": signed.algorithm, "key": signed.fingerprint, "checked": signed.checked} if signed else None
    return {
        "holds": not found.findings,
        "code": found.seal.code,
        "manifest": f"sha256:{found.seal.sha256}",
        **{name: found.about.get(name) for name in ("rulebook", "period", "office", "state", "engine")},
        "events": found.events,
        "log": found.head,
        "signature": seen,
        "findings": [
            {"code": f.code, "place": str(f.place or ""), "message": f.what(lang()), "remedy": f.remedy(lang())}
            for f in found.findings
        ],
        "remarks": [{"code": f.code, "message": f.what(lang())} for f in found.remarks],
    }
