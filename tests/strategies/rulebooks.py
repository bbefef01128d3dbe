"""Small random rulebooks that together use every method and every parameter."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from hypothesis import strategies as st
from oracle.sample import HEAD

from appraisal.model.edition import Edition
from appraisal.model.scorecard import Scorecard

AMOUNTS = ("0.05", "0.1", "0.2", "0.3", "0.5", "1", "1.5", "1/3")
FREQUENCIES = ("any", "month", "quarter", "year")
Draw = st.DrawFn

amounts = st.sampled_from(AMOUNTS)
frequencies = st.sampled_from(FREQUENCIES)
booleans = st.booleans()


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw from the strategy, or nothing."""
    return st.none() | strategy


@st.composite
def occurrence(draw: Draw) -> dict[str, Any]:
    """Draw so many points each time."""
    word = draw(st.sampled_from(("deduct", "add")))
    levels: dict[str, Any] = {
        "轻": draw(amounts),
        "重": {"amount": draw(amounts), "provisional": draw(booleans)},
        "倍": {"times": draw(st.sampled_from(("2", "1/2", "3")))},
    }
    chosen = draw(st.sets(st.sampled_from(sorted(levels))))
    found: dict[str, Any] = {
        "method": "occurrence",
        "levels": {name: levels[name] for name in sorted(chosen)},
        "level_effect": draw(st.sampled_from(("instead", "instead", "added", "once_per_item"))),
        "once": draw(st.sampled_from((False, False, True))),
        "per": draw(st.sampled_from(("event", "event", "value"))),
        "again": draw(
            maybe(st.fixed_dictionaries({"from": st.integers(2, 4), "times": st.sampled_from(("2", "1/2"))}))
        ),
        "same_matter": draw(st.sampled_from(("each", "once"))),
        "count": draw(st.sampled_from(("counted", "counted", "ignored"))),
        "frequency": draw(st.sampled_from(("any", "any", "year", "month"))),
        "needs_confirmation": draw(st.sampled_from((False, False, False, True))),
    }
    if found["once"]:
        found["again"] = None
    needs_own = not chosen or "倍" in chosen or draw(booleans)
    return found | ({word: draw(amounts)} if needs_own else {"direction": word})


@st.composite
def amount(draw: Draw) -> dict[str, Any]:
    """Draw what an officer gives."""
    return {
        "method": "amount",
        "direction": draw(st.sampled_from(("deduct", "add"))),
        "least": draw(st.sampled_from(("0", "0.5"))),
        "most": draw(maybe(st.just("2"))),
        "step": draw(maybe(st.sampled_from(("0.1", "0.5")))),
        "frequency": draw(st.sampled_from(("any", "year"))),
    }


@st.composite
def judged(draw: Draw, **fields: Any) -> dict[str, Any]:
    """Draw what every clause with a finding has."""
    frequency = draw(frequencies)
    return {
        "frequency": frequency,
        "required": frequency != "any" and draw(booleans),
        "until_known": draw(st.sampled_from(("full", "zero"))),
        **fields,
    }


@st.composite
def tiers(draw: Draw) -> dict[str, Any]:
    """Draw bands without a gap, each edge in one of its two bands."""
    edges = sorted(draw(st.sets(st.sampled_from((10, 50, 70, 80, 90)), max_size=3)))
    word = draw(st.sampled_from(("deduct", "earn")))
    bands: list[dict[str, Any]] = [{word: draw(amounts | st.just("0"))} for _ in range(len(edges) + 1)]
    for index, edge in enumerate(edges):
        upper_holds = draw(booleans)
        bands[index]["below" if upper_holds else "at_most"] = f"{edge}%"
        bands[index + 1]["at_least" if upper_holds else "above"] = f"{edge}%"
    levels = {"不关注": {word: draw(amounts)}} if draw(booleans) else {}
    return draw(judged(method="tiers", tiers=bands, levels=levels))


@st.composite
def grade(draw: Draw) -> dict[str, Any]:
    """Draw a word."""
    word = draw(st.sampled_from(("deduct", "earn")))
    return draw(
        judged(method="grade", levels={name: {word: draw(amounts | st.just("0"))} for name in ("甲", "乙", "丙")})
    )


@st.composite
def score(draw: Draw) -> dict[str, Any]:
    """Draw marks."""
    several = draw(st.sampled_from(("refuse", "mean", "highest", "lowest", "latest", "trimmed_mean")))
    not_applicable = draw(st.sampled_from(("full", "zero", "mean")))
    rounded = several in {"mean", "trimmed_mean"} or not_applicable == "mean" or draw(booleans)
    words = {"全": "full", "无": "zero", "不适用": "not_applicable"}
    chosen = draw(st.sets(st.sampled_from(sorted(words))))
    return draw(
        judged(
            method="score",
            form=draw(st.sampled_from(("earn", "lose"))),
            full=draw(st.sampled_from(("100", "10", "7"))),
            worth=draw(st.sampled_from(("1", "2", "0.5"))),
            over=draw(st.sampled_from(("refuse", "cap"))),
            several=several,
            round=draw(st.sampled_from(("0.01", "0.1"))) if rounded else None,
            levels={name: words[name] for name in sorted(chosen)},
            not_applicable=not_applicable,
        )
    )


@st.composite
def composite(draw: Draw) -> dict[str, Any]:
    """Draw weighted parts."""
    parts = draw(st.sampled_from(({"a": "70%", "b": "30%"}, {"a": "70%", "b": "15%", "c": "15%"})))
    worth = draw(st.sampled_from(("1", "2")))
    # the document's composite is judged once a year; parts of several months are not told apart
    return draw(judged(method="composite", parts=parts, full="100", worth=worth))


@st.composite
def gap(draw: Draw) -> dict[str, Any]:
    """Draw steps short of a target."""
    return draw(
        judged(
            method="gap",
            target=draw(maybe(st.sampled_from(("90%", "100%")))),
            side=draw(st.sampled_from(("below", "above"))),
            step=draw(st.sampled_from(("1%", "5%"))),
            deduct=draw(amounts),
            partial=draw(st.sampled_from(("whole", "started", "exact"))),
            most=draw(maybe(st.just("1"))),
        )
    )


@st.composite
def compare(draw: Draw) -> dict[str, Any]:
    """Draw a benchmark."""
    return draw(judged(method="compare", side=draw(st.sampled_from(("below", "above"))), deduct=draw(amounts)))


@st.composite
def relative(draw: Draw) -> dict[str, Any]:
    """Draw the best of all, or their mean."""
    to = draw(st.sampled_from(("highest", "mean")))
    worth = draw(st.sampled_from(("1", "2")))
    return draw(judged(method="relative", to=to, worth=worth, round=draw(st.sampled_from(("0.01", "0.1")))))


@st.composite
def quota(draw: Draw) -> dict[str, Any]:
    """Draw a duty with a number."""
    return {
        "method": "quota",
        "every": draw(st.sampled_from(("month", "quarter", "year"))),
        "required": draw(st.integers(1, 3)),
        "deduct_each": draw(amounts | st.just("0")),
        "deduct_once": draw(amounts | st.just("0")),
        "most": draw(maybe(st.just("0.5"))),
        "excuses": draw(st.sampled_from(((), ("有故",)))),
    }


@st.composite
def deadline(draw: Draw) -> dict[str, Any]:
    """Draw a duty with a due day."""
    due = {"months_after": draw(st.integers(0, 2)), "day": draw(st.sampled_from((1, 15, 28)))}
    return {
        "method": "deadline",
        "due": due,
        "deduct": draw(amounts),
        "excuses": draw(st.sampled_from(((), ("有故",)))),
    }


@st.composite
def veto(draw: Draw) -> dict[str, Any]:
    """Draw 一票否决."""
    return {
        "method": "veto",
        "levels": draw(st.sampled_from(((), ("否决", "黄牌")))),
        "zero": draw(st.sampled_from(("item", "total", "nothing"))),
        "rank": draw(st.sampled_from(("last", "kept"))),
        "frequency": draw(st.sampled_from(("any", "year"))),
    }


@st.composite
def fact(draw: Draw) -> dict[str, Any]:
    """Draw something shown: an event, or a sentence that no event can name."""
    method = draw(st.sampled_from(("fact", "procedure", "heading")))
    return {"method": method, "frequency": draw(frequencies)}


CLAUSES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "occurrence": occurrence(),
    "amount": amount(),
    "tiers": tiers(),
    "grade": grade(),
    "score": score(),
    "composite": composite(),
    "gap": gap(),
    "compare": compare(),
    "relative": relative(),
    "quota": quota(),
    "deadline": deadline(),
    "veto": veto(),
    "fact": fact(),
}
any_clause = occurrence() | st.one_of(*CLAUSES.values())


def named(clauses: list[dict[str, Any]], prefix: str) -> list[dict[str, Any]]:
    """Give clauses their ids, sentences and lines, and leave out what was drawn as nothing."""
    return [
        {"id": f"{prefix}-{n}", "text": f"示例条款{n}", "line": n} | {k: v for k, v in clause.items() if v is not None}
        for n, clause in enumerate(clauses, 1)
    ]


def limit(name: str, covers: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw what some clauses give or take together at most."""
    points = st.sampled_from(("0", "0.2", "1"))
    given = {"id": st.just(name), "covers": st.just(covers)}
    return st.fixed_dictionaries(given | {"max_gain": points}, optional={"max_loss": points}) | st.fixed_dictionaries(
        given | {"max_loss": points}
    )


@st.composite
def items(draw: Draw, name: str, subjects: list[str], clauses: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    """Draw an item with loose clauses, perhaps a group with a group in it, and nested limits."""
    drawn = named(draw(st.lists(clauses, min_size=1, max_size=5)), name)
    for clause in drawn:
        if clause["method"] not in {"multiplier", "composite"} and draw(st.integers(0, 5)) == 0:
            clause["applies_to"] = draw(st.lists(st.sampled_from(subjects), min_size=1, unique=True))
    loose, outer, inner = [], [], []
    for clause in drawn:
        draw(st.sampled_from((loose, loose, outer, inner))).append(clause)
    groups = []
    if outer or inner:
        nested = [{"id": f"{name}-GG", "name": "示例", "points": draw(amounts), "clauses": inner}] if inner else []
        groups = [{"id": f"{name}-G", "name": "示例", "points": draw(amounts), "clauses": outer, "groups": nested}]
    found: dict[str, Any] = {
        "id": name,
        "name": f"示例{name}",
        "points": draw(st.sampled_from(("0", "1", "2", "5"))),
        "starts": draw(st.sampled_from(("full", "zero"))),
        "floor": draw(st.sampled_from(("zero", "none"))),
        "ceiling": draw(st.sampled_from(("points", "none"))),
        "bonus": draw(st.sampled_from(("0", "0.5"))),
        "clauses": loose,
        "groups": groups,
        "limits": draw(limits(name, [c["id"] for c in draw(st.sampled_from((loose, outer, inner)))])),
    }
    if draw(st.integers(0, 4)) == 0:
        found["base"] = draw(st.sampled_from(("0.5", "1.6")))
    return found


@st.composite
def limits(draw: Draw, name: str, ids: list[str]) -> list[dict[str, Any]]:
    """Draw no limit, one, or one inside another."""
    if not ids or draw(booleans):
        return []
    inner = draw(limit(f"{name}-L1", ids[:2]))
    if len(ids) <= 2 or draw(booleans):
        return [inner]
    return [inner, draw(limit(f"{name}-L2", [f"{name}-L1", *ids[2:]]))]


@st.composite
def multiplied_item(draw: Draw, name: str, size: int) -> dict[str, Any]:
    """Draw an item whose ranks multiply it."""
    ids = [f"{name}-{n}" for n in (2, 3)]
    tie_breaks = [{"part": "a"}, {"points": [ids[0]]}, {"points": ids}]
    cut = draw(st.integers(1, size - 1))
    multiplier = {
        "method": "multiplier",
        "after": f"{name}-1",
        "bands": [{"first": 1, "last": cut, "times": "1.1"}, {"first": cut + 1, "last": size, "times": "0.9"}],
        "tie_breaks": draw(st.lists(st.sampled_from(tie_breaks), unique_by=str, max_size=3)),
        "round": draw(st.sampled_from(("0.01", "0.1"))),
        "clip": draw(st.sampled_from(("none", "points"))),
        "frequency": "year",
    }
    marks = draw(composite()) | {"frequency": "year", "required": True, "worth": "5", "until_known": "zero"}
    rest = draw(st.lists(occurrence() | amount() | quota(), min_size=2, max_size=2))
    return {
        "id": name,
        "name": f"示例{name}",
        "points": "5",
        "starts": "zero",
        "ceiling": "none",
        "clauses": named([marks, *rest, multiplier], name),
        "limits": draw(limits(name, ids)),
    }


@st.composite
def overlaps(draw: Draw, ids: list[str]) -> list[dict[str, Any]]:
    """Draw one matter under several clauses."""
    if len(ids) < 2:
        return []
    found: list[dict[str, Any]] = []
    mixed = draw(st.permutations(ids))
    if draw(booleans):
        found.append({"id": "together", "together": mixed[: draw(st.integers(2, 3))], "active": draw(booleans)})
    if draw(booleans):
        found.append({"id": "prevails", "prevails": mixed[-1], "over": mixed[: draw(st.integers(1, len(mixed) - 1))]})
    return found


@st.composite
def editions(draw: Draw, clauses: st.SearchStrategy[dict[str, Any]] = any_clause) -> Edition:
    """Draw a rulebook: up to three items, perhaps a multiplied one, perhaps one outside the total."""
    subjects = [f"s{n}" for n in range(1, draw(st.integers(2, 4)) + 1)]
    inside = [draw(items(f"I{n}", subjects, clauses)) for n in range(draw(st.integers(1, 3)))]
    if draw(booleans):
        inside.append(draw(multiplied_item("M", len(subjects))))
    outside = [draw(items("O", subjects, clauses))] if draw(booleans) else []
    total = str(sum(int(item["points"]) for item in inside) or 1)
    single = [
        clause["id"] for item in (*inside, *outside) for clause in item["clauses"] if clause["method"] == "occurrence"
    ]
    data = {
        **HEAD,
        "points": total,
        "subjects": [{"id": name, "name": f"示例{name}"} for name in subjects],
        "departments": [{"id": "示例部门", "points": total, "items": inside}],
        "outside": outside,
        "overlaps": draw(overlaps(single)),
        "ranking": {"ties": draw(st.sampled_from(("shared", "dense")))},
    }
    digest = sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    return Edition(rulebook=Scorecard.model_validate(data), hash=f"sha256:{digest}")
