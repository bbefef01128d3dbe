"""The satisfaction model: a fit, a thousand resamples, a hundred thousand respondents; beside seminr in one run."""

from __future__ import annotations

import csv
import json
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
REFERENCES = HERE.parent / "tests" / "statistics" / "references"
sys.path.insert(0, str(HERE))

from columns_bench import timed  # noqa: E402

from appraisal.statistics.bootstrap import Plan, bootstrap  # noqa: E402
from appraisal.statistics.moments import Products  # noqa: E402
from appraisal.statistics.pls import Settings, Structure, estimate  # noqa: E402

LARGE = 100_000
RESAMPLES = 1_000


def main() -> None:
    """Print the figures, each beside seminr's where seminr is installed."""
    model = json.loads((REFERENCES / "sbt_hotel7_path.json").read_text(encoding="utf-8"))["model"]
    with (REFERENCES / "synthetic_sbt_hotel_7lv_n250.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    latents = list(model["blocks"])
    columns = [column for names in model["blocks"].values() for column in names]
    answers = np.array([[float(row[column]) for column in columns] for row in rows])
    arrows = np.zeros((len(latents), len(latents)), dtype=bool)
    for one, other in model["paths"]:
        arrows[latents.index(one), latents.index(other)] = True
    owners = tuple(latents.index(latent) for latent, names in model["blocks"].items() for _ in names)
    structure, settings = Structure(owners, arrows), Settings()

    sample = estimate(Products(answers).of_sample(), structure, settings)
    scales = (np.ones(len(columns)), np.full(len(columns), 10.0))
    plan = Plan(replicates=RESAMPLES, seed=1)
    many = np.tile(answers, (LARGE // len(answers), 1))
    fit = timed(lambda: estimate(Products(answers).of_sample(), structure, settings), 50)
    resampled = timed(lambda: bootstrap(Products(answers), structure, settings, plan, sample, scales), 5)
    large = timed(lambda: estimate(Products(many).of_sample(), structure, settings), 5)
    theirs = seminr(columns, model, {"fit": answers, "large": many})
    print(f"satisfaction model, {len(latents)} latents, {len(columns)} questions, path scheme")
    said("fit, 250 respondents", fit, theirs.get("fit"))
    said(f"{RESAMPLES:,} resamples of 250", resampled, theirs.get("resamples"))
    said(f"fit, {len(many):,} respondents", large, theirs.get("large"))
    if not theirs:
        print("  seminr is not installed: no ratios (make bench installs it where the package registry can be reached)")


def said(what: str, ours: float, theirs: float | None) -> None:
    """Print one figure and how many times as long seminr takes."""
    ratio = f"  seminr takes {theirs / ours:,.0f}× as long ({theirs:.3f} s)" if theirs else ""
    print(f"  {what + ':':<28} {ours * 1000:8.1f} ms{ratio}")


def seminr(columns: list[str], model: dict[str, object], data: dict[str, np.ndarray]) -> dict[str, float]:
    """Return the seconds of the port of seminr for the same work; nothing where it is not installed."""
    if find_spec("seminr") is None:
        return {}
    import seminr as theirs  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415  of `make bench` only

    blocks, arrows = dict(model["blocks"]), list(model["paths"])  # type: ignore[call-overload]
    measured = theirs.constructs(*[theirs.composite(latent, names) for latent, names in blocks.items()])
    structural = theirs.relationships(*[theirs.paths([one], other) for one, other in arrows])

    def estimated(answers: np.ndarray) -> object:
        return theirs.estimate_pls((columns, answers), measured, structural)

    found = {name: timed(lambda answers=answers: estimated(answers), 3) for name, answers in data.items()}
    base = estimated(data["fit"])
    found["resamples"] = timed(lambda: theirs.bootstrap_model(base, nboot=RESAMPLES, seed=1), 1)
    return found


if __name__ == "__main__":
    main()
