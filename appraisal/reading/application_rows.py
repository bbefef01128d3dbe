"""A row of an application file, `subject, field, value`, to the value of a field.

A file without the column `subject` is one unit's form: the row that names the unit says whose the rows below it are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from appraisal.errors import Place
from appraisal.model.eligibility import FIELD, SOURCES, Eligibility
from appraisal.model.event import Scalar
from appraisal.model.fields import ApplicationField, Choices, Figure
from appraisal.reading.application_values import read_value
from appraisal.reading.cells import Wrong
from appraisal.reading.event_columns import COLUMNS, GENERAL, Column, Form, Need
from appraisal.reading.nearest import nearest, plain
from appraisal.reading.row_forms import Told

_OWN = (
    Column("field", "字段", ("申报字段",)),
    Column("value", "数值", ("值", "填写")),
    Column("source", "来源"),
)
_SHOWN = (Column("label", "项目"), Column("measure", "计量单位"), Column("hint", "填写说明"))  # of forms, for people
FORM = Form(
    (*GENERAL, *(column for column in COLUMNS if column.name == "subject"), *_OWN, *_SHOWN),
    needs=(Need(("field", "counters"), shown=("field",)), Need(("value", "counters"), shown=("value",))),
)
_SOURCES = {"": SOURCES[0], "自报": SOURCES[0], "declared": SOURCES[0], "核验": SOURCES[1], "verified": SOURCES[1]}


class ApplicationRows:
    """How a row of an application becomes the value of a field."""

    form = FORM
    own = ("field", "value", "source")
    twice = "Y010"

    def __init__(self, rulebook: Eligibility) -> None:
        self._rulebook = rulebook
        self._words = dict(_words(rulebook))
        self._unit_words = {plain(rulebook.unit), plain(rulebook.field_by_id[rulebook.unit].name)}
        self._yearly = {
            plain(word): field
            for field in rulebook.fields
            if isinstance(field, Figure) and field.years
            for word in (field.id, field.name)
        }
        self._names = [*rulebook.field_of, *(field.name for field in rulebook.fields)]
        self._units: dict[str, str] = {}

    def whose(self, cells: Mapping[str, str], place: Place) -> str | Wrong:
        """Return whose row it is: what the row says, else the unit that a row above it in the same file names."""
        if cells["subject"]:
            return cells["subject"]
        if plain(cells["field"]) in self._unit_words and cells["value"]:
            self._units[place.file] = cells["value"]
        unit = self._units.get(place.file, "")
        if unit or not (cells["field"] and cells["value"]):
            return unit
        return Wrong("Y015", "subject", {"field": self._rulebook.field_by_id[self._rulebook.unit].name})

    def told(self, cells: Mapping[str, str], subject: str, place: Place) -> Told | None:
        """Read the field and its value; None for a row in which nothing is filled in."""
        del place
        name, text = cells["field"], cells["value"]
        if not text:
            return self._empty(name)
        if not name:
            return Told(kind=FIELD, wrongs=(Wrong("Y016", "field", {"cell": text}),))
        found = self._input(name)
        source = _SOURCES.get(cells["source"].casefold())
        wrongs = [] if source else [Wrong("Y013", "source", {"cell": cells["source"]})]
        if isinstance(found, Wrong):
            return Told(kind=FIELD, wrongs=(found, *wrongs))
        input_, field = found
        value = read_value(field, text)
        if isinstance(value, Wrong):
            return Told(kind=FIELD, wrongs=(value, *wrongs))
        facts: dict[str, Scalar] = {"x_value" if field.private else "value": value}
        parts = [subject, input_, *([str(value)] if isinstance(field, Choices) else [])]
        if source == SOURCES[1]:
            facts["source"] = source
            parts.append(source)
        return Told(kind=FIELD, clause=input_, facts=facts, wrongs=tuple(wrongs), id="/".join(parts))

    def _empty(self, name: str) -> Told | None:
        """Say what a row without a value is: nothing, unless its field is none."""
        found = self._input(name) if name else None
        return Told(kind=FIELD, wrongs=(found,)) if isinstance(found, Wrong) and found.code == "Y001" else None

    def _input(self, name: str) -> tuple[str, ApplicationField] | Wrong:
        """Return the input that a word names: by id, by name, or by name and year."""
        found = self._words.get(plain(name))
        if found is not None:
            return found
        field = self._yearly.get(plain(name))
        if field is not None:
            return Wrong("Y014", "field", {"field": field.name, "near": ", ".join(field.inputs())})
        return Wrong("Y001", "field", {"near": nearest(name, self._names), "rulebook": self._rulebook.id})


def _words(rulebook: Eligibility) -> Iterator[tuple[str, tuple[str, ApplicationField]]]:
    """Yield every word that names an input, as it is compared; ids after names, so that an id always wins."""
    for field in rulebook.fields:
        if isinstance(field, Figure) and field.years:
            for year in field.years:
                found = (field.of_year(year), field)
                for word in (
                    f"{year}年{field.name}",
                    f"{field.name}{year}",
                    f"{field.name}_{year}",
                    f"{field.name}{year}年",
                ):
                    yield plain(word), found
        else:
            yield plain(field.name), (field.id, field)
    for name, field in rulebook.field_of.items():
        yield plain(name), (name, field)
