"""What the rows of an application say together: too many options, some years only, a part larger than its whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from appraisal.model.criteria import Share
from appraisal.model.eligibility import Eligibility
from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.fields import Choices, Figure
from appraisal.model.ledger import resolve
from appraisal.reading.application_values import JOINT
from appraisal.reading.row_forms import Across

_By = Mapping[str, list[Event]]


def across(rulebook: Eligibility, events: Sequence[Event]) -> Iterator[Across]:
    """Yield what is wrong among the rows of each unit that count."""
    by_subject: dict[str, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in resolve(events, rulebook).counted:
        by_subject[event.subject][event.clause].append(event)
    shares = [c for c in rulebook.criterion_by_id.values() if isinstance(c, Share)]
    for subject, by_input in by_subject.items():
        for field in rulebook.fields:
            if isinstance(field, Choices) and field.id in by_input:
                yield from _options(field, subject, by_input[field.id])
            elif isinstance(field, Figure) and field.years:
                yield from _years(field, subject, by_input)
        for share in shares:
            yield from _share(rulebook, share, subject, by_input)


def _options(field: Choices, subject: str, rows: list[Event]) -> Iterator[Across]:
    names = {option.id: option.name for option in field.options}
    chosen = dict.fromkeys(word for row in rows for word in str(row.facts.get("value", "")).split(JOINT) if word)
    others = [names.get(word, word) for word in chosen if word != field.none]
    told = {"subject": subject, "field": field.name}
    if field.most is not None and len(others) > field.most:
        args = {**told, "number": str(len(others)), "most": str(field.most)}
        yield Across(event=rows[-1].id, code="Y007", column="value", args=args)
    if field.none in chosen and others:
        args = {**told, "none": names[field.none], "others": "、".join(others)}
        row = next(r for r in rows if field.none in str(r.facts.get("value", "")).split(JOINT))
        yield Across(event=row.id, code="Y008", column="value", args=args)


def _years(field: Figure, subject: str, by_input: _By) -> Iterator[Across]:
    missing = [year for year in field.years if not by_input.get(field.of_year(year))]
    given = [name for name in field.inputs() if by_input.get(name)]
    if missing and given:
        args = {"subject": subject, "field": field.name, "missing": "、".join(f"{year}年" for year in missing)}
        yield Across(event=by_input[given[0]][0].id, code="Y011", column="field", args=args, warn=True)


def _share(rulebook: Eligibility, share: Share, subject: str, by_input: _By) -> Iterator[Across]:
    """Compare the figures that one source gives."""
    for whole in by_input.get(share.whole, ()):
        of = whole.facts.get("value")
        for name in (share.part, *share.overlapping):
            for part in by_input.get(name, ()):
                figure = part.facts.get("value")
                same = part.facts.get("source") == whole.facts.get("source")
                if same and isinstance(figure, Fraction) and isinstance(of, Fraction) and figure > of:
                    names = {"field": rulebook.field_by_id[name].name, "whole": rulebook.field_by_id[share.whole].name}
                    args = {"subject": subject, **names, "figure": show(figure), "of": show(of)}
                    yield Across(event=part.id, code="Y012", column="value", args=args)
