"""What differs between two documents, field by field, with a name for each place that people can follow."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_NAMES = ("subject_id", "id", "event", "question", "field", "gate", "level")
_SHOWN = 80
_DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,15}")
NEAR = 1e-9
"""How far figures of a survey may differ, relatively: floats of linear algebra depend on the machine."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field in which documents differ: its place, and how it reads in each; a dash where it is missing.

    `near`: both are floats, and as near to each other as two machines may be.
    """

    place: str
    recorded: str
    found: str
    near: bool = False


_ABSENT = object()


def differences(recorded: Any, found: Any, place: str = "", *, statistics: bool = False) -> Iterator[Difference]:
    """Yield every field that differs, in the order of what was recorded.

    `statistics`: the points were made of floats, as those of a survey, so they may differ as floats do.
    """
    if isinstance(recorded, dict) and isinstance(found, dict):
        for key in [*recorded, *(k for k in found if k not in recorded)]:
            below = f"{place}.{key}" if place else str(key)
            yield from differences(recorded.get(key, _ABSENT), found.get(key, _ABSENT), below, statistics=statistics)
    elif isinstance(recorded, list) and isinstance(found, list):
        yield from _lists(recorded, found, place, statistics=statistics)
    elif _plain(recorded) != _plain(found):
        near = _near(recorded, found, statistics=statistics)
        yield Difference(place=place or "-", recorded=_shown(recorded), found=_shown(found), near=near)


def _lists(recorded: list[Any], found: list[Any], place: str, *, statistics: bool) -> Iterator[Difference]:
    """Compare lists by what names their elements, so that a missing one does not shift the rest; else by number."""
    for name in _NAMES:
        ones, others = _named(recorded, name), _named(found, name)
        if ones is not None and others is not None:
            for key in [*ones, *(k for k in others if k not in ones)]:
                where = f"{place}[{_label(ones.get(key) or others[key], key)}]"
                yield from differences(ones.get(key, _ABSENT), others.get(key, _ABSENT), where, statistics=statistics)
            if list(ones) != list(others) and ones.keys() == others.keys():
                yield Difference(place=place, recorded=_shown(list(ones)), found=_shown(list(others)))
            return
    for number in range(max(len(recorded), len(found))):
        one = recorded[number] if number < len(recorded) else _ABSENT
        other = found[number] if number < len(found) else _ABSENT
        yield from differences(one, other, f"{place}[{number + 1}]", statistics=statistics)


def _near(recorded: Any, found: Any, *, statistics: bool) -> bool:
    """Say whether figures are as near as machines are: floats, and in statistics also decimals made of them."""
    if statistics and _is_decimal(recorded) and _is_decimal(found):
        recorded, found = float(recorded), float(found)
    floats = isinstance(recorded, float) and isinstance(found, float)
    return floats and math.isclose(recorded, found, rel_tol=NEAR, abs_tol=NEAR)


def _is_decimal(value: Any) -> bool:
    return isinstance(value, str) and bool(_DECIMAL.fullmatch(value))


def _named(elements: list[Any], name: str) -> dict[str, Any] | None:
    """Return the elements by a key that tells them all apart; None where it doesn't."""
    if not all(isinstance(e, dict) and isinstance(e.get(name), str) for e in elements):
        return None
    named = {e[name]: e for e in elements}
    return named if len(named) == len(elements) else None


def _label(element: dict[str, Any], key: str) -> str:
    subject = element.get("subject")
    return subject if isinstance(subject, str) and "subject_id" in element else key


def _plain(value: Any) -> tuple[type, Any]:
    return type(value), value  # 1 and True are not the same, nor 1 and 1.0


def _shown(value: Any) -> str:
    if value is _ABSENT:
        return "—"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
