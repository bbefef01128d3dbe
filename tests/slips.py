"""A rulebook with one slip in it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from appraisal.errors import Finding
from appraisal.reading.rulebook import check_rulebook
from appraisal.reading.yaml_places import PathTo


def with_slip(folder: Path, sound: Any, source: Path, change: Callable[[Any], None]) -> list[Finding]:
    """Return what is found in a sound rulebook after a change to its data; `source`: its source text."""
    data = copy.deepcopy(sound)
    change(data)
    path = folder / "rulebook.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (folder / "source.txt").write_bytes(source.read_bytes())
    return check_rulebook(path)


def inside(data: Any, path: PathTo) -> Any:
    """Return the part of the data at a path."""
    for step in path:
        data = data[step]
    return data
