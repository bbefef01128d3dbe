"""What can be wrong across the parts of a selection: names that lead nowhere, methods that do not suit their fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from appraisal.errors import Finding
from appraisal.model.criteria import Choose, CriterionSpec, Holds, Is, Least, Mean, OnlyIf, Share
from appraisal.model.eligibility import Eligibility
from appraisal.model.fields import ApplicationField, Choice, Choices, Figure, YesNo
from appraisal.reading.checks_head import readings_of, twice
from appraisal.reading.checks_parts import Book
from appraisal.reading.yaml_places import PathTo

_NUMBERS = ("whole", "number", "rate")
_KINDS: dict[type[CriterionSpec], tuple[str, ...]] = {
    Holds: ("yes_no",),
    Is: ("choice", "choices"),
    Choose: ("choice",),
    Least: _NUMBERS,
    Mean: _NUMBERS,
    Share: ("whole", "number"),
}
_WORDS_OF_YES_NO = ("yes", "no")


@dataclass(frozen=True)
class _Part:
    """A condition, where it stands, and what it stands in."""

    criterion: CriterionSpec
    path: PathTo
    inside: CriterionSpec | None = None


def _book(book: Book) -> Eligibility:
    if not isinstance(book.rulebook, Eligibility):
        raise TypeError(book.rulebook.family)
    return book.rulebook


def _parts(book: Book) -> list[_Part]:
    found: list[_Part] = []

    def walk(criterion: CriterionSpec, path: PathTo, inside: CriterionSpec | None) -> None:
        found.append(_Part(criterion, path, inside))
        for n, child in enumerate(criterion.children()):
            walk(child, (*path, "of", n), criterion)

    for n, criterion in enumerate(_book(book).criteria):
        walk(criterion, ("criteria", n), None)
    return found


def ids(book: Book) -> Iterator[Finding]:
    """Find ids that stand twice: of fields, evidence, options, conditions with routes and minima."""
    rulebook = _book(book)
    yield from twice(book, "fields", [(("fields", n), field.id) for n, field in enumerate(rulebook.fields)])
    yield from twice(book, "evidence", [(("evidence", n), e.id) for n, e in enumerate(rulebook.evidence)])
    yield from twice(book, "forms", [(("forms", n), form.id) for n, form in enumerate(rulebook.forms)])
    cited = [(part.path, part.criterion.id) for part in _parts(book)]
    cited += [(("routes", n), route.id) for n, route in enumerate(rulebook.routes)]
    cited += [(("minima", n), minimum.id) for n, minimum in enumerate(rulebook.minima)]
    yield from twice(book, "criteria", cited)
    for n, field in enumerate(rulebook.fields):
        if isinstance(field, (Choice, Choices)):
            options = [(("fields", n, "options", i), option.id) for i, option in enumerate(field.options)]
            yield from twice(book, f"{field.id}: options", options)


def fields(book: Book) -> Iterator[Finding]:
    """Check that conditions ask fields that there are, of a kind that suits them."""
    by_id = _book(book).field_by_id
    for part in _parts(book):
        criterion = part.criterion
        for key, name in _asked(criterion):
            field = by_id.get(name)
            if field is None:
                yield from book.unknown("Y101", (*part.path, *key), name, by_id, owner=criterion.id)
            elif key[0] != "only_if" and key[0] != "founded":
                yield from _suits(book, part, key, field)
        if isinstance(criterion, Mean) and isinstance(by_id.get(criterion.field), Figure):
            yield from _years(book, part, criterion, by_id[criterion.field])


def _asked(criterion: CriterionSpec) -> Iterator[tuple[PathTo, str]]:
    """Yield the fields that a condition names, each with its key."""
    if isinstance(criterion, (Holds, Is, Choose, Least, Mean)):
        yield ("field",), criterion.field
    if isinstance(criterion, Mean) and criterion.founded:
        yield ("founded",), criterion.founded
    if isinstance(criterion, Share):
        yield ("part",), criterion.part
        yield ("whole",), criterion.whole
        for n, name in enumerate(criterion.overlapping):
            yield ("overlapping", n), name
    if criterion.only_if is not None:
        yield ("only_if", "field"), criterion.only_if.field


def _suits(book: Book, part: _Part, key: PathTo, field: ApplicationField) -> Iterator[Finding]:
    kinds = _KINDS[type(part.criterion)]
    if field.kind in kinds:
        yearly = isinstance(field, Figure) and bool(field.years)
        if yearly is isinstance(part.criterion, Mean):
            return
    args = {"owner": part.criterion.id, "method": str(getattr(part.criterion, "method", "")), "name": field.id}
    kind = f"{field.kind} (years)" if isinstance(field, Figure) and field.years else field.kind
    wanted = [f"{k} (years)" for k in kinds] if isinstance(part.criterion, Mean) else kinds
    told = {**args, "kind": kind, "kinds": ", ".join(wanted)}
    yield book.document.finding_with("Y102", (*part.path, *key), told)


def _years(book: Book, part: _Part, criterion: Mean, field: ApplicationField) -> Iterator[Finding]:
    known = field.years if isinstance(field, Figure) else ()
    for n, year in enumerate(criterion.years):
        if known and year not in known:
            shown = ", ".join(str(y) for y in known)
            args = {"owner": criterion.id, "name": field.id, "year": str(year), "years": shown}
            yield book.document.finding_with("Y106", (*part.path, "years", n), args)


def _option_ids(field: ApplicationField | None) -> tuple[str, ...] | None:
    """Return the words that a condition may name of a field; None where it has none."""
    if isinstance(field, (Choice, Choices)):
        return tuple(option.id for option in field.options)
    return _WORDS_OF_YES_NO if isinstance(field, YesNo) else None


def options(book: Book) -> Iterator[Finding]:
    """Check that conditions name options that their fields have, and that each option chooses one branch."""
    rulebook = _book(book)
    by_id = rulebook.field_by_id
    for part in _parts(book):
        criterion = part.criterion
        if isinstance(criterion, Is):
            yield from _named(book, part, ("one_of",), by_id.get(criterion.field), criterion.one_of)
        if isinstance(criterion.only_if, OnlyIf):
            only_if = criterion.only_if
            yield from _named(book, part, ("only_if", "is"), by_id.get(only_if.field), only_if.one_of)
        if isinstance(part.inside, Choose):
            field = by_id.get(part.inside.field)
            yield from _named(book, part, ("for",), field, criterion.options)
            if not criterion.options:
                near = ", ".join((_option_ids(field) or ())[:3])
                yield book.finding("Y107", part.path, owner=criterion.id, near=near)
        if isinstance(criterion, Choose):
            yield from _branches(book, part, criterion)
    for n, field in enumerate(rulebook.fields):
        if isinstance(field, Choices) and field.none:
            known = [option.id for option in field.options]
            yield from book.unknown("Y103", ("fields", n, "none"), field.none, known, owner=field.id, field=field.id)


def _named(
    book: Book, part: _Part, key: PathTo, field: ApplicationField | None, names: Iterable[str]
) -> Iterator[Finding]:
    known = _option_ids(field)
    if field is None or known is None:
        return  # that the field is unknown, or none with options, is told already
    for n, name in enumerate(names):
        args = {"owner": part.criterion.id, "field": field.id}
        yield from book.unknown("Y103", (*part.path, *key, n), name, known, **args)


def _branches(book: Book, part: _Part, criterion: Choose) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for n, branch in enumerate(criterion.of):
        for i, option in enumerate(branch.options):
            other = first.setdefault(option, branch.id)
            if other != branch.id:
                args = {"name": option, "owner": criterion.id, "first": other, "second": branch.id}
                yield book.document.finding_with("Y108", (*part.path, "of", n, "for", i), args)


def sentences(book: Book) -> Iterator[Finding]:
    """Check that every condition has words to cite, its own or those around it."""
    cited = {sentence.id for sentence in _book(book).sentences()}
    for part in _parts(book):
        if _book(book).cites(part.criterion.id) not in cited:
            yield book.finding("Y110", part.path, owner=part.criterion.id)


def names(book: Book) -> Iterator[Finding]:
    """Check what routes, evidence, forms, minima and the summary name."""
    rulebook = _book(book)
    top = [criterion.id for criterion in rulebook.criteria]
    for n, route in enumerate(rulebook.routes):
        for i, name in enumerate(route.needs):
            yield from book.unknown("Y104", ("routes", n, "needs", i), name, top, owner=route.id)
    evidence = list(rulebook.evidence_by_id)
    for n, field in enumerate(rulebook.fields):
        for i, name in enumerate(field.evidence):
            yield from book.unknown("Y105", ("fields", n, "evidence", i), name, evidence, owner=field.id)
    for path, name, sort, known in _papers(rulebook):
        yield from book.unknown("Y109", path, name, known, sort=sort)


def _papers(rulebook: Eligibility) -> Iterator[tuple[PathTo, str, str, list[str]]]:
    """Yield every name in the head, routes, forms, minima and summary with what it must be among."""
    fields_known = list(rulebook.field_by_id)
    chosen = _option_ids(rulebook.field_by_id.get(rulebook.chooser)) or ()
    options_known = list(chosen)
    yield ("unit",), rulebook.unit, "@part_field", fields_known
    yield ("chooser",), rulebook.chooser, "@part_field", fields_known
    for n, route in enumerate(rulebook.routes):
        if route.claimed_by:
            yield ("routes", n, "claimed_by"), route.claimed_by, "@part_field", fields_known
    criteria = list(rulebook.criterion_by_id)
    for n, form in enumerate(rulebook.forms):
        yield from (
            (("forms", n, "options", i), name, "@part_option", options_known) for i, name in enumerate(form.options)
        )
        for s, section in enumerate(form.sections):
            at: PathTo = ("forms", n, "sections", s)
            yield from (
                ((*at, "entries", i, "field"), e.field, "@part_field", fields_known)
                for i, e in enumerate(section.entries)
            )
            yield from (((*at, "asks", i), name, "@part_criterion", criteria) for i, name in enumerate(section.asks))
    for n, minimum in enumerate(rulebook.minima):
        yield ("minima", n, "field"), minimum.field, "@part_field", fields_known
        yield from (
            (("minima", n, "for", i), name, "@part_option", options_known) for i, name in enumerate(minimum.options)
        )
        if minimum.beside:
            yield ("minima", n, "beside"), minimum.beside, "@part_criterion", criteria
    if rulebook.summary is not None:
        yield ("summary", "priority"), rulebook.summary.priority, "@part_field", fields_known
        columns = rulebook.summary.columns
        yield from (
            (("summary", "columns", i, "field"), c.field, "@part_field", fields_known) for i, c in enumerate(columns)
        )
        routes = [route.id for route in rulebook.routes]
        lists = rulebook.summary.lists
        yield from (
            (("summary", "lists", i, "route"), part.route, "@part_route", routes) for i, part in enumerate(lists)
        )


def readings(book: Book) -> Iterator[Finding]:
    """Check that readings are about parts that there are."""
    rulebook = _book(book)
    minima = [minimum.id for minimum in rulebook.minima]
    yield from readings_of(book, [*rulebook.parts(), *minima])


CHECKS = (ids, fields, options, sentences, names, readings)
