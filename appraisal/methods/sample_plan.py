"""The sampling desk: census or sample, how many to ask in all, in each segment and branch, and which clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.errors import Finding, RefusedError
from appraisal.model.exact import show
from appraisal.model.standing import Say
from appraisal.model.survey import Sampling
from appraisal.statistics.sampling import Drawn, Ranked, inflated, largest_until, proportional


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be surveyed: how many customers there are (None: unknown), whether one is in touch with them all.

    `expected`: the share of valid questionnaires that come back. `segments`, `branches`: the groups that are to be
    compared by name; `size`: how many to question in all, if more than the least.
    """

    customers: int | None = None
    contact: bool = False
    segments: Sequence[str] = ()
    branches: Sequence[str] = ()
    expected: Fraction = Fraction(1)
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class Quota:
    """How many valid answers a group needs, and how many to ask for them; `clause` says so."""

    name: str
    required: int
    asked: int
    clause: str


@dataclass(frozen=True, kw_only=True)
class SamplePlan:
    """Everybody or a sample; how many valid answers in all, and how many to ask for them; and for each group."""

    census: bool
    why: Say
    clause: str
    required: int
    asked: int
    segments: tuple[Quota, ...] = ()
    branches: tuple[Quota, ...] = ()
    cautions: tuple[Say, ...] = ()


def plan(sampling: Sampling, wish: Wish) -> SamplePlan:
    """Plan the sample of one company by the document's rules; RefusedError where the wish makes no sense."""
    _sensible(wish)
    said = sampling.statements
    if wish.customers is not None and wish.customers < sampling.census_below and wish.contact:
        args = {"customers": str(wish.customers), "below": str(sampling.census_below)}
        everybody = wish.customers
        return SamplePlan(
            census=True,
            why=Say("V110", args),
            clause=said.get("census_below", ""),
            required=everybody,
            asked=everybody,
        )
    segments = _quotas(wish.segments, sampling.segment, wish.expected, said.get("segment", ""))
    branches = _quotas(wish.branches, sampling.branch, wish.expected, said.get("branch", ""))
    groups = max((sum(quota.required for quota in part) for part in (segments, branches)), default=0)
    required = max(sampling.least, groups, wish.size or 0)
    return SamplePlan(
        census=False,
        why=_why(sampling, wish, groups),
        clause=said.get("size", ""),
        required=required,
        asked=inflated(required, wish.expected),
        segments=segments,
        branches=branches,
        cautions=tuple(_cautions(sampling, wish, required)),
    )


def _sensible(wish: Wish) -> None:
    findings = []
    if not 0 < wish.expected <= 1:
        findings.append(Finding(code="V040", args={"rate": show(wish.expected)}))
    if wish.customers is not None and wish.customers < 1:
        findings.append(Finding(code="V041", args={"number": str(wish.customers)}))
    for names in (wish.segments, wish.branches):
        twice = sorted({name for name in names if list(names).count(name) > 1})
        findings += [Finding(code="V042", args={"name": name}) for name in twice]
    if findings:
        raise RefusedError(findings)


def _quotas(names: Sequence[str], least: int, expected: Fraction, clause: str) -> tuple[Quota, ...]:
    asked = inflated(least, expected)
    return tuple(Quota(name=name, required=least, asked=asked, clause=clause) for name in names)


def _why(sampling: Sampling, wish: Wish, groups: int) -> Say:
    args = {"least": str(sampling.least), "most": str(sampling.most), "groups": str(groups)}
    args["below"], args["customers"] = str(sampling.census_below), str(wish.customers)
    if wish.customers is not None and wish.customers < sampling.census_below:
        return Say("V111", args)
    return Say("V113" if groups > sampling.least else "V112", args)


def _cautions(sampling: Sampling, wish: Wish, required: int) -> list[Say]:
    found = []
    asked = inflated(required, wish.expected)
    if required > sampling.most:
        found.append(Say("V114", {"required": str(required), "most": str(sampling.most)}))
    if wish.customers is not None and asked > wish.customers:
        found.append(Say("V115", {"asked": str(asked), "customers": str(wish.customers)}))
    if wish.size is not None and wish.size < required:
        found.append(Say("V116", {"size": str(wish.size), "required": str(required)}))
    return found


def companies(
    sampling: Sampling, turnovers: Mapping[str, Fraction], share: Fraction | None = None
) -> tuple[Ranked, ...]:
    """Rank companies by turnover and choose the largest until they hold the share; RefusedError without a turnover."""
    _sizes(turnovers)
    wanted = sampling.turnover if share is None else share
    if not 0 < wanted <= 1:
        raise RefusedError([Finding(code="V043", args={"share": show(wanted)})])
    return largest_until(turnovers, wanted)


def clients(sizes: Mapping[str, Fraction], number: int, seed: int) -> tuple[Drawn, ...]:
    """Draw institutional clients with probability proportional to their purchases; RefusedError if they are too few."""
    _sizes(sizes)
    able = sum(1 for size in sizes.values() if size > 0)
    if not 0 < number <= able:
        raise RefusedError([Finding(code="V044", args={"number": str(number), "able": str(able)})])
    return proportional(sizes, number, seed)


def _sizes(sizes: Mapping[str, Fraction]) -> None:
    findings = [Finding(code="V045", args={"name": name, "size": show(s)}) for name, s in sizes.items() if s < 0]
    if not findings and not sum(sizes.values(), Fraction(0)):
        findings.append(Finding(code="V046"))
    if findings:
        raise RefusedError(findings)
