"""A rulebook's YAML file to an edition: shape, readings and cross-checks, every fault at once and with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import appraisal
from appraisal.errors import Finding, Place, RefusedError
from appraisal.model.edition import Edition
from appraisal.reading.checks import MoreChecks, inspect, inspect_all
from appraisal.reading.nearest import nearest
from appraisal.reading.patches import apply, choices, in_patch
from appraisal.reading.yaml_loading import load

_NONE: Mapping[str, str] = MappingProxyType({})
FILE_NAME = "rulebook.yaml"


def rulebook_folder() -> Path:
    """Return the folder of the rulebooks that come with the product."""
    return Path(appraisal.__file__).parents[1] / "rulebooks"


def shipped_rulebooks() -> dict[str, Path]:
    """Return the rulebooks that come with the product, by id."""
    return {path.parent.name: path for path in sorted(rulebook_folder().glob(f"*/{FILE_NAME}"))}


def find_rulebook(id_or_path: str) -> Path:
    """Return the file of a rulebook that comes with the product, or the file that a path names."""
    shipped = shipped_rulebooks()
    if id_or_path in shipped:
        return shipped[id_or_path]
    path = Path(id_or_path)
    if (path / FILE_NAME).is_file():
        return path / FILE_NAME
    if path.suffix in {".yaml", ".yml"} or path.is_file():
        return path
    raise RefusedError([Finding(code="R040", args={"name": id_or_path, "near": nearest(id_or_path, shipped)})])


def read_rulebook(path: Path, *, readings: Mapping[str, str] = _NONE, more: MoreChecks = ()) -> Edition:
    """Read a rulebook file with the readings asked for; RefusedError with all findings if anything is wrong."""
    return parse_rulebook(_bytes(path), shown(path), readings=readings, more=more)


def parse_rulebook(raw: bytes, file: str, *, readings: Mapping[str, str] = _NONE, more: MoreChecks = ()) -> Edition:
    """Read a rulebook from the bytes of its file; `file` is what findings call it.

    `more` are checks of rooms that reading does not know, such as those of the inference engine.
    """
    document = load(raw, file, nullable=in_patch)
    findings = list(document.faults)
    if document.data is None:
        raise RefusedError(findings)
    chosen, changed, faults = choices(document, readings)
    patched, misses = apply(document, chosen)
    errors, book = inspect(patched, more)
    findings += [*faults, *misses, *errors]
    if book is None or any(finding.severity == "error" for finding in findings):
        raise RefusedError(findings)
    digest = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return Edition(rulebook=book.rulebook, hash=digest, readings=MappingProxyType(changed))


def check_rulebook(path: Path, *, more: MoreChecks = ()) -> list[Finding]:
    """Return everything wrong with a rulebook file and advice about it, in order of place; empty if there is nothing.

    `more` are checks of rooms that reading does not know, such as those of the inference engine.
    """
    try:
        raw = _bytes(path)
    except RefusedError as error:
        return list(error.findings)
    document = load(raw, shown(path), nullable=in_patch)
    if document.data is None:
        return document.faults
    return inspect_all(document, path.parent, more)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        place = Place(file=shown(path))
        raise RefusedError(
            [Finding(code="R001", place=place, args={"reason": error.strerror or str(error)})]
        ) from error


def shown(path: Path) -> str:
    """Return how findings call a file: relative where it lies under the current folder."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else str(path)
