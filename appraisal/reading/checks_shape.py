"""What the typed reader refuses, said for people: each error of the model becomes a finding with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from appraisal.errors import Finding
from appraisal.model.clauses import Clause
from appraisal.model.families import FAMILIES
from appraisal.model.rulebook import Rulebook
from appraisal.reading.nearest import nearest
from appraisal.reading.yaml_places import Document, PathTo, has

METHODS: Mapping[str, type[BaseModel]] = {
    get_args(kind.model_fields["method"].annotation)[0]: kind for kind in get_args(get_args(Clause)[0])
}
"""The ways of scoring of a scorecard's clauses, by name."""

TAGS = ("method", "kind")
"""The keys that tell the members of a union apart."""

_CODES = {
    "model_type": "R023",
    "model_attributes_type": "R023",
    "dict_type": "R023",
    "tuple_type": "R024",
    "list_type": "R024",
    "string_type": "R025",
    "value_error": "R027",
    "int_parsing": "R028",
    "int_type": "R028",
    "int_from_float": "R028",
    "int_parsing_size": "R028",
    "date_from_datetime_parsing": "R032",
    "date_from_datetime_inexact": "R032",
    "date_type": "R032",
    "date_parsing": "R032",
    "bool_parsing": "R033",
    "bool_type": "R033",
}
_LIKE = 60.0
_BOUNDS = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}


def typed(document: Document) -> tuple[Rulebook | None, list[Finding], list[PathTo]]:
    """Read the document's data as a rulebook; None, what is wrong, and the paths of it, where that cannot be."""
    kind = _family(document.data)
    if kind is None:
        found = _shown(document.at(("family",)))
        args = {"key_name": "family", "found": found, "words": ", ".join(FAMILIES)}
        return None, [document.finding_with("R026", ("family",), args)], [()]
    try:
        return kind.model_validate(document.data, by_alias=True, by_name=False), [], []
    except ValidationError as error:
        details = _own_faults(document, error)
        paths = [locate(document.data, detail["loc"])[0] for detail in details]
        return None, [_finding(document, detail) for detail in details], paths


def _family(data: Any) -> type[Rulebook] | None:
    """Return the type that a file means: a scorecard where it names no family, None where it names an unknown one."""
    word = data.get("family") if isinstance(data, dict) else None
    if not isinstance(word, str):
        return FAMILIES["scorecard"]
    return FAMILIES.get(word)


def _own_faults(document: Document, error: ValidationError) -> list[ErrorDetails]:
    """Return the errors without those that only follow from another one.

    A list that lost its faulty entries is not short, a misspelt parameter is not missing too, and what an alias stood
    for was not read.
    """
    details = error.errors(include_url=False)
    inner = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    odd = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    return [
        detail
        for detail in details
        if (detail["type"] != "too_short" or detail["loc"] not in inner)
        and (detail["type"] != "missing" or not any(_alike(detail["loc"], loc) for loc in odd))
        and not document.is_unread(locate(document.data, detail["loc"])[0])
    ]


def _alike(missing: tuple[int | str, ...], odd: tuple[int | str, ...]) -> bool:
    """Say whether an unknown parameter beside it is most likely the missing one, misspelt."""
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  only a faulty file needs it

    return missing[:-1] == odd[:-1] and ratio(str(missing[-1]), str(odd[-1])) >= _LIKE


def locate(data: Any, loc: tuple[int | str, ...]) -> tuple[PathTo, bool]:
    """Return the path in the data that an error's location means, and whether it means the key there.

    The tag of a union stands in the location but not in the data, a missing key in neither.
    """
    path: PathTo = ()
    here = data
    for index, step in enumerate(loc):
        if step == "[key]":
            return path, True
        after_entry = index >= 1 and isinstance(loc[index - 1], int)
        if after_entry and isinstance(here, dict) and step in [here.get(tag) for tag in TAGS]:
            continue
        if has(here, step):
            here = here[step]
            path = (*path, step)
    return path, False


def _finding(document: Document, detail: ErrorDetails) -> Finding:
    path, key = locate(document.data, detail["loc"])
    kind, name = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "extra_forbidden":
        known = keys_at(document.data, path[:-1])
        return document.finding("R020", path, key=True, key_name=name, near=nearest(name, known))
    if kind == "missing":
        return document.finding("R021", path, key_name=name)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return _method(document, path, str(detail.get("ctx", {}).get("discriminator", "")).strip("'"))
    code, more = _told(detail)
    args = {"key_name": _last(path), "found": _shown(detail["input"]), **more}
    return document.finding_with(code, path, args, key=key)


def _method(document: Document, path: PathTo, tag: str) -> Finding:
    method = document.at((*path, tag))
    if method is None:
        return document.finding("R021", path, key_name=tag)
    known = _ways(_kind_at(document.data, path)[1])
    return document.finding("R022", (*path, tag), found=_shown(method), near=nearest(_shown(method), known))


def _told(detail: ErrorDetails) -> tuple[str, dict[str, str]]:
    """Return the code and the further arguments for one type of error."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in {"literal_error", "enum"}:
        return "R026", {"words": _words(context)}
    if kind in _BOUNDS:
        return "R029", {"bound": f"{_BOUNDS[kind]} {next(iter(context.values()))}"}
    if kind in {"string_pattern_mismatch", "string_too_long"}:
        return "R030", {"rule": str(context.get("pattern") or f"≤ {context.get('max_length')}")}
    if kind in {"string_too_short", "too_short"}:
        return "R031", {"least": str(context.get("min_length"))}
    return (_CODES[kind], {}) if kind in _CODES else ("R034", {"problem": detail["msg"]})


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


def keys_at(data: Any, path: PathTo) -> list[str]:
    """Return the keys that the model knows at a path of the data."""
    return [str(key) for key in _fields(_kind_at(data, path)[0])]


def _kind_at(data: Any, path: PathTo) -> tuple[Any, Any]:
    """Return the model at a path of the data, and the annotation that it was chosen from."""
    kind: Any = _family(data) or Rulebook
    union, here = kind, data
    for step in path:
        here = here[step] if has(here, step) else None
        union = _fields(kind).get(step, kind if isinstance(step, str) else union)
        kind = _chosen(union, here)
    return kind, union


def _ways(union: Any) -> dict[str, type[BaseModel]]:
    """Return the models of a union by the word that tells them apart."""
    found: dict[str, type[BaseModel]] = {}
    for model in _models_in(union):
        tag = next((tag for tag in TAGS if tag in model.model_fields), None)
        words = get_args(model.model_fields[tag].annotation) if tag is not None else ()
        found.update(dict.fromkeys(words, model))
    return found


def _fields(kind: Any) -> dict[str | int, Any]:
    """Return the keys of a model and the types of what stands there; nothing for what is no model."""
    fields = getattr(kind, "model_fields", {})
    return {field.alias or name: field.annotation for name, field in fields.items()}


def _chosen(kind: Any, here: Any) -> Any:
    """Return the model inside a container, optional or union annotation that the data at hand means."""
    models = list(_models_in(kind))
    if len(models) > 1:
        words = [here.get(tag) for tag in TAGS] if isinstance(here, dict) else []
        wanted = next((_ways(kind)[word] for word in words if isinstance(word, str) and word in _ways(kind)), None)
        return wanted if wanted is not None else (kind if not isinstance(here, dict) else None)
    return kind if isinstance(here, list) or not models else models[0]


def _models_in(kind: Any) -> Iterable[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in get_args(kind):
        if inner is not Ellipsis:
            yield from _models_in(inner)
