"""An application form as rows to fill in: the entries of the form, then what the conditions ask besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from appraisal.model.application import Entry, Form, Section
from appraisal.model.criteria import Choose, CriterionSpec, Is
from appraisal.model.eligibility import Eligibility
from appraisal.model.fields import ApplicationField, Choice, Choices, Figure

_HINT_SHOWN = 190  # characters; a cell of an input file holds 200


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row to fill in: the input that it gives, its label, its field, and what is to be filled in.

    `options` are the names that a drop-down offers; `given` is what stands there from the start.
    """

    input: str
    label: str
    field: ApplicationField
    hint: str = ""
    options: tuple[str, ...] = ()
    given: str = ""

    @property
    def unit(self) -> str:
        """The unit of its figure."""
        if isinstance(self.field, Figure):
            return "%" if self.field.kind == "rate" else self.field.unit
        return ""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A section of the form with its rows."""

    section: Section
    rows: tuple[Row, ...]


def form_blocks(rulebook: Eligibility, form: Form) -> tuple[Block, ...]:
    """Return a form's sections with their rows; a field stands once, where the form first has it."""
    entries = [entry for section in form.sections for entry in section.entries]
    listed = {entry.field for entry in entries}
    labels = Counter(entry.label for entry in entries)
    demands = {field: _hint(rulebook, form, field) for field in rulebook.field_by_id}
    blocks: list[Block] = []
    for section in form.sections:
        rows = [row for entry in section.entries for row in _rows(rulebook, form, _told_apart(rulebook, entry, labels))]
        for name in section.asks:
            for field in _asked(rulebook, form, rulebook.criterion_by_id[name]):
                if field not in listed:
                    listed.add(field)
                    rows += _rows(rulebook, form, Entry(field=field, label=rulebook.field_by_id[field].name))
        rows = [replace(row, hint=demands[row.field.id]) for row in rows]
        blocks.append(Block(section=section, rows=tuple(rows)))
    return tuple(blocks)


def _told_apart(rulebook: Eligibility, entry: Entry, labels: Mapping[str, int]) -> Entry:
    """Return an entry under its field's own name where the form has its label twice (联系电话)."""
    twice = labels[entry.label] > 1
    return entry.model_copy(update={"label": rulebook.field_by_id[entry.field].name}) if twice else entry


def _rows(rulebook: Eligibility, form: Form, entry: Entry) -> Iterator[Row]:
    field = rulebook.field_by_id[entry.field]
    options: tuple[str, ...] = ()
    given = ""
    if isinstance(field, (Choice, Choices)):
        chosen = form.options if field.id == rulebook.chooser else tuple(option.id for option in field.options)
        options = tuple(option.name for option in field.options if option.id in chosen)
        given = options[0] if field.id == rulebook.chooser and len(options) == 1 else ""
    for name in field.inputs():
        label = f"{entry.label}（{name.rpartition('_')[2]}年）" if name != field.id else entry.label
        for slot in range(entry.slots):
            numbered = f"{label}（{slot + 1}）" if entry.slots > 1 else label
            yield Row(input=name, label=numbered, field=field, options=options, given=given)


def _asked(rulebook: Eligibility, form: Form, criterion: CriterionSpec) -> Iterator[str]:
    """Yield the fields that a condition asks, in the order of the document; only branches that the form is for."""
    yield from criterion.fields()
    if criterion.only_if is not None:
        yield criterion.only_if.field
    for part in criterion.children():
        chooses = isinstance(criterion, Choose) and criterion.field == rulebook.chooser
        if not chooses or set(part.options) & set(form.options):
            yield from _asked(rulebook, form, part)


def _hint(rulebook: Eligibility, form: Form, field: str) -> str:
    """Return what is to be filled in: the field's own hint, then each condition that asks it, then the evidence."""
    spec = rulebook.field_by_id[field]
    demands: dict[str, list[str]] = {}
    for name, text in _demands(rulebook, form, field):
        demands.setdefault(text, []).append(name)
    shown: list[str] = []
    for text, names in demands.items():
        for_whom = "、".join(dict.fromkeys(filter(None, names)))
        said = "" if text == spec.name else text
        shown.append("：".join(filter(None, (for_whom, said))))
    evidence = "、".join(rulebook.evidence_by_id[name].name for name in spec.evidence)
    parts = [spec.hint, *shown, f"佐证：{evidence}" if evidence else ""]
    hint = "；".join(filter(None, parts))
    return hint if len(hint) <= _HINT_SHOWN else f"{hint[: _HINT_SHOWN - 1]}…"


def _demands(rulebook: Eligibility, form: Form, field: str) -> Iterator[tuple[str, str]]:
    """Yield the domain and the words of each condition that asks a field."""
    chooser = rulebook.field_by_id[rulebook.chooser]
    names = {o.id: o.name for o in chooser.options} if isinstance(chooser, Choice) else {}

    def walk(criterion: CriterionSpec, domain: str) -> Iterator[tuple[str, str]]:
        if field in criterion.fields() and not criterion.children() and criterion.text and not _one_of_many(criterion):
            yield domain, criterion.text.rstrip("。；")
        for part in criterion.children():
            if isinstance(criterion, Choose) and criterion.field == rulebook.chooser:
                if set(part.options) & set(form.options):
                    many = len(form.options) > 1
                    yield from walk(part, "、".join(names.get(o, o) for o in part.options) if many else "")
            else:
                yield from walk(part, domain)

    for criterion in rulebook.criteria:
        yield from walk(criterion, "")


def _one_of_many(criterion: CriterionSpec) -> bool:
    """Say whether a condition only names an option of a list, which the drop-down shows anyway."""
    return isinstance(criterion, Is) and criterion.line is not None and len(criterion.one_of) == 1
