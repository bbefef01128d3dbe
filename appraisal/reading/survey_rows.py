"""A row of a survey file to a respondent's answers: one column an indicator, further columns are segments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from appraisal.errors import Place
from appraisal.model.event import Scalar
from appraisal.model.exact import show
from appraisal.model.survey import IMPORTANCE, RESPONSE, Indicator, Survey, answer_of
from appraisal.reading.cells import Wrong, even
from appraisal.reading.event_columns import GENERAL, Column, Form, Need
from appraisal.reading.nearest import nearest
from appraisal.reading.row_forms import Told, stem

_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,20})?(?P<percent>\s*%)?", re.ASCII)
_LIKE_ID = re.compile(r"[A-Za-z]{1,2}\d{1,3}", re.ASCII)
EVERYBODY = "全体受访者"
_AGE = ("age", "年龄")
_SUBJECT = Column("subject", "单位", ("企业", "品牌", "公司", "商家", "单位名称"))


class SurveyRows:
    """The rows of a survey: subject, answers, stated importance, and whatever else the respondents are divided by."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._indicators = {one.id: one for one in survey.indicators()}
        self._bounds = {one.id: survey.bounds(one) for one in survey.indicators()}
        self._needed = {one.id for latent in survey.asked() for one in latent.indicators}
        self._known: dict[tuple[str, str], Scalar | Wrong] = {}
        self._doubted: set[str] = set()
        factors = {latent.id: latent.name for latent in survey.latents} | {o.id: o.name for o in survey.indicators()}
        self._importance = {f"{IMPORTANCE}{name}": name for name in factors}
        self.form = Form(
            columns=(
                *GENERAL,
                _SUBJECT,
                *(
                    Column(one.id, one.name, (f"{one.id}{one.name}", f"{one.name}{one.id}"))
                    for one in self._indicators.values()
                ),
                *(
                    Column(f"{IMPORTANCE}{i}", f"重要性{i}", (f"重要性_{i}", f"{name}重要性"))
                    for i, name in factors.items()
                ),
            ),
            needs=tuple(self._needs()),
            open_=True,
        )
        self.own = tuple(self._indicators)
        self._titles = frozenset(self.form.titles)

    twice = "V008"

    def _needs(self) -> Iterator[Need]:
        """Yield the columns that a file must have: all indicators that everybody is asked, unless it only withdraws."""
        for latent in self._survey.asked():
            if not latent.may_lack:
                for one in latent.indicators:
                    if one.asked is None or one.required:
                        yield Need((one.id, "counters"), shown=(one.id,))

    def whose(self, cells: Mapping[str, str], place: Place) -> str:
        """Return the subject of a row; respondents of a file without one are all of one subject."""
        del place
        return cells.get("subject", "") or EVERYBODY

    def told(self, cells: Mapping[str, str], subject: str, place: Place) -> Told:
        """Read the answers of one respondent."""
        del subject
        facts: dict[str, Scalar] = {}
        wrongs = list(self._odd_columns(cells))
        for name, one in self._indicators.items():
            text = cells.get(name, "")
            if not text:
                continue
            found = self._known.get((name, text))
            if found is None:
                found = self._known[name, text] = self._answer(one, text)
            if isinstance(found, Wrong):
                wrongs.append(found)
            else:
                facts[name] = found
        for name in self._importance:
            text = cells.get(name, "")
            if text:
                weighed = _number(text)
                if weighed is None or weighed[0] < 0:
                    wrongs.append(Wrong("V007", name))
                else:
                    facts[name] = _plain(weighed[0])
        wrongs += self._screened(cells)
        if not wrongs and not any(name in self._needed for name in facts):
            wrongs.append(Wrong("V004", next(iter(self._indicators))))
        return Told(kind=RESPONSE, facts=facts, wrongs=tuple(wrongs), id=f"{stem(place)}-{place.line}")

    def _answer(self, one: Indicator, text: str) -> Scalar | Wrong:
        """Return an answer on its scale, or what is wrong with it."""
        low, high = self._bounds[one.id]
        bounds = {"low": show(low), "high": show(high), "name": one.name}
        plain = even(text)
        said = answer_of(one, plain, (low, high))
        if said is None:
            said = answer_of(one, plain.casefold(), (low, high))
        if said is not None:
            return _plain(said)
        number = _number(text)
        if number is None:
            return Wrong("V001", one.id, bounds)
        if number[1] and not one.percent:
            return Wrong("V003", one.id, bounds)
        if not low <= number[0] <= high:
            return Wrong("V002", one.id, bounds)
        return _plain(number[0])

    def _odd_columns(self, cells: Mapping[str, str]) -> Iterator[Wrong]:
        """Refuse, once, a further column that is called like an indicator and is none."""
        for name in sorted(cells.keys() - self._titles - self._doubted):
            if not _LIKE_ID.fullmatch(name):
                continue
            self._doubted.add(name)
            prefixes = {re.sub(r"\d+", "", known) for known in self._indicators}
            if re.sub(r"\d+", "", name.upper()) in prefixes:
                yield Wrong("V006", name, {"header": name, "near": nearest(name, self._indicators)})

    def _screened(self, cells: Mapping[str, str]) -> Iterator[Wrong]:
        """Refuse a respondent who is younger than the document asks for."""
        for name in cells.keys() - self._titles:
            if name.strip().casefold() in _AGE:
                number = _number(cells[name])
                if number is not None and number[0] < self._survey.sampling.age:
                    yield Wrong("V005", name, {"least": str(self._survey.sampling.age)})


def _number(text: str) -> tuple[Fraction, bool] | None:
    """Return a number and whether it has a percent sign; None for anything else."""
    plain = even(text)
    match = _NUMBER.fullmatch(plain)
    if match is None:
        return None
    percent = bool(match["percent"])
    return Fraction(plain.removesuffix("%").strip()), percent


def _plain(value: Fraction) -> Scalar:
    """Return a whole number as one: they are many."""
    return int(value) if value.denominator == 1 else value
