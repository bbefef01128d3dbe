"""A survey of customers as data: latents, their indicators, the paths between them, and how the index is estimated.

Survey ── target, statements, sampling
├── Latent ── sentence, whether it is asked
│   └── Indicator ── sentence, scale, question
├── Path ── from, to, the words that say so
└── Estimation ── scheme, data, missing answers, whose weights, resamples
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from appraisal.model.event import Event
from appraisal.model.exact import Exact
from appraisal.model.rulebook import LineRange, Rulebook, Sentence
from appraisal.model.spec import Flag, Id, Spec


def _number(raw: Any) -> Any:
    return (
        float(raw) if isinstance(raw, str) and raw.strip().replace(".", "", 1).replace("e-", "", 1).isdigit() else raw
    )


Number = Annotated[float, BeforeValidator(_number)]
Count = Annotated[int, BeforeValidator(lambda raw: int(raw) if isinstance(raw, str) and raw.isdigit() else raw)]


class Statement(Spec):
    """A sentence of the document that parts of the survey cite; `within` names the one that holds these words too."""

    id: Id
    text: str = Field(min_length=1)
    line: int = Field(ge=1)
    within: str = ""


class Scale(Spec):
    """From the least favourable answer to the most favourable one."""

    id: Id = "scale"
    low: Exact
    high: Exact


class Asked(Spec):
    """Only those who gave another indicator its least (`low`) or most (`high`) favourable answer are asked."""

    of: str
    end: Literal["low", "high"]


class Indicator(Spec):
    """A question whose answers measure a latent.

    `low`, `high`: its own scale. `reversed`: the lowest answer is the most favourable. `words`: what may be said
    instead of a number, for the least (`low`) or most (`high`) favourable answer. `asked`: who is asked; where those
    who are not have no answer, the indicator is left out of the estimation, unless `required`.
    """

    id: Id
    name: str
    text: str = Field(min_length=1, description="the sentence of the document, verbatim")
    line: int = Field(ge=1)
    headings: tuple[LineRange, ...] = Field(default=(), description="lines that name it")
    low: Exact | None = None
    high: Exact | None = None
    reversed: Flag = False
    percent: Flag = Field(default=False, description="answers are percentages: 15 and 15% are the same")
    words: dict[str, Literal["low", "high"]] = Field(default_factory=dict)
    asked: Asked | None = None
    required: Flag = Field(default=False, description="everybody must have answered; no gap is filled")
    question: str = Field(default="", description="how it can be asked; the document has no wording")
    low_word: str = ""
    high_word: str = ""


class Latent(Spec):
    """What cannot be asked directly.

    `asked`: it belongs to the model. `may_lack`: files without any of its columns are surveys without it (a branch
    of trade that the document excepts); `lacks` names the sentence that says so.
    """

    id: Id
    name: str
    text: str = Field(min_length=1, description="the sentence of the document, verbatim")
    line: int = Field(ge=1)
    headings: tuple[LineRange, ...] = Field(default=(), description="lines that name it")
    indicators: tuple[Indicator, ...] = Field(min_length=1)
    asked: Flag = True
    may_lack: Flag = False
    lacks: str = ""


class Path(Spec):
    """One latent acts on another; the words that say so stand in the sentence of the part `within`."""

    start: Id = Field(alias="from")
    end: Id = Field(alias="to")
    text: str = ""
    line: int | None = Field(default=None, ge=1)
    within: str = ""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def id(self) -> str:
        """What the path is called: `X1->X2`."""
        return f"{self.start}->{self.end}"


class Estimation(Spec):
    """How the figures come about: each of it a declared setting, printed with the results.

    `weights: own` gives each subject the weights of its own model, `pooled` those of all respondents together.
    `least`: fewer respondents are refused. `most_lost`: dropping incomplete rows may not lose more. `most_unasked`:
    with a larger share missing an indicator with `asked` is taken for one that not everybody was asked.
    """

    id: Id = "estimation"
    scheme: Literal["path", "centroid", "factorial"] = "path"
    data: Literal["standardised", "raw"] = "standardised"
    missing: Literal["mean", "pairwise", "listwise"] = "mean"
    weights: Literal["own", "pooled"] = "own"
    tolerance: Number = Field(default=1e-11, gt=0, lt=1e-3)
    steps: Count = Field(default=300, ge=1, le=100_000)
    replicates: Count = Field(default=1000, ge=0, le=100_000)
    seed: Count = Field(default=0, ge=0)
    confidence: Exact = Field(default=Fraction(95, 100), gt=0, lt=1)
    least: Count = Field(default=30, ge=3)
    most_lost: Exact = Field(default=Fraction(10, 100), ge=0, le=1)
    most_unasked: Exact = Field(default=Fraction(10, 100), ge=0, le=1)


class Sampling(Spec):
    """How many to ask, whom, and about which time; the ids of statements say where each number stands."""

    id: Id = "sampling"
    census_below: Count
    least: Count
    most: Count
    segment: Count
    branch: Count
    turnover: Exact
    age: Count
    months: Count
    statements: dict[str, str] = Field(default_factory=dict)


class Survey(Rulebook):
    """A customer satisfaction survey: a path model whose target's index is the standing."""

    family: Literal["survey"]
    target: Id
    statements: tuple[Statement, ...] = ()
    scale: Scale
    latents: tuple[Latent, ...] = Field(min_length=2)
    paths: tuple[Path, ...] = Field(min_length=1)
    estimation: Estimation = Estimation()
    sampling: Sampling

    def sentences(self) -> Iterator[Sentence]:
        """Yield statements, latents, indicators and paths, each with its sentence, in the order of the document."""
        found = [
            Sentence(id=s.id, text=s.text, line=s.line, where=("statements", n), within=s.within)
            for n, s in enumerate(self.statements)
        ]
        for n, latent in enumerate(self.latents):
            where = ("latents", n)
            found.append(Sentence(id=latent.id, text=latent.text, line=latent.line, where=where))
            found += [
                Sentence(id=one.id, text=one.text, line=one.line, where=(*where, "indicators", i))
                for i, one in enumerate(latent.indicators)
            ]
        yield from sorted(found, key=lambda sentence: sentence.line)
        for n, path in enumerate(self.paths):
            if path.text and path.line is not None:
                yield Sentence(id=path.id, text=path.text, line=path.line, where=("paths", n), within=path.within)

    def explained(self) -> Iterator[str]:
        """Yield the ids of latents, indicators and paths."""
        for latent in self.latents:
            yield latent.id
            yield from (one.id for one in latent.indicators)
        yield from (path.id for path in self.paths)

    def asked(self) -> tuple[Latent, ...]:
        """Return the latents that belong to the model."""
        return tuple(latent for latent in self.latents if latent.asked)

    def indicators(self) -> Iterator[Indicator]:
        """Yield every indicator, latent by latent."""
        for latent in self.latents:
            yield from latent.indicators

    def bounds(self, indicator: Indicator) -> tuple[Fraction, Fraction]:
        """Return the lowest and the highest answer of an indicator."""
        low = self.scale.low if indicator.low is None else indicator.low
        return low, self.scale.high if indicator.high is None else indicator.high

    def judges(self, event: Event) -> bool:
        """Say whether the event is a respondent's answers."""
        return event.kind == RESPONSE


def answer_of(indicator: Indicator, word: str, bounds: tuple[Fraction, Fraction]) -> Fraction | None:
    """Return the answer that a word stands for; None if the indicator does not know it."""
    end = indicator.words.get(word)
    if end is None:
        return None
    return bounds[0] if (end == "low") != indicator.reversed else bounds[1]


RESPONSE = "response"
IMPORTANCE = "importance_"
"""Before the id of a latent or an indicator: how important it is to the respondent."""
