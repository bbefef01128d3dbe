"""What the typed reader refuses, said for people: each error of the model becomes a finding with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from appraisal.errors import Finding
from appraisal.model.clauses import Clause
from appraisal.model.rulebook import Rulebook
from appraisal.reading.nearest import nearest
from appraisal.reading.yaml_places import Document, PathTo

METHODS: Mapping[str, type[BaseModel]] = {
    get_args(kind.model_fields["method"].annotation)[0]: kind for kind in get_args(get_args(Clause)[0])
}

_SHAPES = {
    "model_type": "R023",
    "model_attributes_type": "R023",
    "dict_type": "R023",
    "tuple_type": "R024",
    "list_type": "R024",
    "string_type": "R025",
}
_BOUNDS = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}
_WHOLE = {"int_parsing", "int_type", "int_from_float", "int_parsing_size"}
_DAYS = {"date_from_datetime_parsing", "date_from_datetime_inexact", "date_type", "date_parsing"}


def typed(document: Document) -> tuple[Rulebook | None, list[Finding]]:
    """Read the document's data as a rulebook; None and what is wrong where that cannot be."""
    try:
        return Rulebook.model_validate(document.data, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, [_finding(document, detail) for detail in _own_faults(error)]


def _own_faults(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors without those that only follow from another: a list that lost its faulty entries is not short."""
    details = error.errors(include_url=False)
    inner = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    return [d for d in details if d["type"] != "too_short" or d["loc"] not in inner]


def fault_paths(document: Document) -> list[PathTo]:
    """Return the paths of the parts that the typed reader refuses."""
    try:
        Rulebook.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        return [locate(document.data, detail["loc"])[0] for detail in _own_faults(error)]
    return []


def locate(data: Any, loc: tuple[int | str, ...]) -> tuple[PathTo, bool]:
    """Return the path in the data that an error's location means, and whether it means the key there.

    The tag of a union stands in the location but not in the data, a missing key in neither.
    """
    path: PathTo = ()
    here = data
    for index, step in enumerate(loc):
        if step == "[key]":
            return path, True
        after_entry = index >= 2 and isinstance(loc[index - 1], int) and loc[index - 2] == "clauses"  # noqa: PLR2004
        if after_entry and isinstance(here, dict) and step == here.get("method"):
            continue
        if isinstance(here, dict) and step in here:
            here = here[step]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            continue
        path = (*path, step)
    return path, False


def _finding(document: Document, detail: ErrorDetails) -> Finding:
    path, key = locate(document.data, detail["loc"])
    kind, name = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
    context = detail.get("ctx", {})
    found = _shown(detail["input"])
    if kind == "extra_forbidden":
        return document.finding(
            "R020", path, key=True, key_name=name, near=nearest(name, keys_at(document.data, path[:-1]))
        )
    if kind == "missing":
        return document.finding("R021", path, key_name=name)
    if kind in _SHAPES:
        return document.finding(_SHAPES[kind], path, key_name=_last(path), found=found)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        method = document.at((*path, "method"))
        if method is None:
            return document.finding("R021", path, key_name="method")
        return document.finding("R022", (*path, "method"), found=_shown(method), near=nearest(_shown(method), METHODS))
    if kind in {"literal_error", "enum"}:
        return document.finding("R026", path, key_name=_last(path), found=found, words=_words(context))
    if kind == "value_error":
        return document.finding("R027", path, key_name=_last(path), found=found)
    if kind in _WHOLE:
        return document.finding("R028", path, key_name=_last(path), found=found)
    if kind in _BOUNDS:
        bound = next(str(value) for value in context.values())
        return document.finding("R029", path, key_name=_last(path), found=found, bound=f"{_BOUNDS[kind]} {bound}")
    return _finding_of_text(document, path, detail, key=key)


def _finding_of_text(document: Document, path: PathTo, detail: ErrorDetails, *, key: bool) -> Finding:
    kind, found, context = detail["type"], _shown(detail["input"]), detail.get("ctx", {})
    if kind in {"string_pattern_mismatch", "string_too_long"}:
        rule = context.get("pattern") or f"≤ {context.get('max_length')}"
        return document.finding("R030", path, key=key, found=found, rule=str(rule))
    if kind in {"string_too_short", "too_short"}:
        return document.finding("R031", path, key_name=_last(path), least=str(context.get("min_length")))
    if kind in _DAYS:
        return document.finding("R032", path, key_name=_last(path), found=found)
    if kind in {"bool_parsing", "bool_type"}:
        return document.finding("R033", path, key_name=_last(path), found=found)
    return document.finding("R034", path, key_name=_last(path), found=found, problem=detail["msg"])


def _words(context: Mapping[str, Any]) -> str:
    return str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")


def _last(path: PathTo) -> str:
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004


def keys_at(data: Any, path: PathTo) -> Iterable[str]:
    """Return the keys that the model knows at a path of the data."""
    kind: Any = Rulebook
    here = data
    for step in path:
        here = here[step] if isinstance(here, (dict, list)) else None
        if isinstance(step, str) and isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = _field_type(kind, step)
        kind = _chosen(kind, here)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [field.alias or name for name, field in kind.model_fields.items()]
    return []


def _field_type(kind: type[BaseModel], key: str) -> Any:
    for name, field in kind.model_fields.items():
        if (field.alias or name) == key:
            return field.annotation
    return None


def _chosen(kind: Any, here: Any) -> Any:
    """Return the model inside a container, optional or union annotation that the data at hand means."""
    models = [m for m in _models_in(kind)]
    if len(models) > 1:
        method = here.get("method") if isinstance(here, dict) else None
        wanted = METHODS.get(method) if isinstance(method, str) else None
        return wanted if wanted is not None else (kind if not isinstance(here, dict) else None)
    return kind if isinstance(here, list) or not models else models[0]


def _models_in(kind: Any) -> Iterable[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in get_args(kind):
        if inner is not Ellipsis:
            yield from _models_in(inner)
