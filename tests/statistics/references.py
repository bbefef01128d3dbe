"""The reference figures of four R packages, and the surveys they rest on."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from appraisal.statistics.arrays import Floats
from appraisal.statistics.moments import Products
from appraisal.statistics.pls import Estimates, Scheme, Settings, Structure, estimate

FOLDER = Path(__file__).parent / "references"
CASES = ("sbt8_path", "sbt8_centroid", "sbt_hotel7_path")


class Reference:
    """One reference file, with the model it is of and the answers."""

    def __init__(self, case: str) -> None:
        self.told: dict[str, Any] = json.loads((FOLDER / f"{case}.json").read_text(encoding="utf-8"))
        blocks = self.told["model"]["blocks"]
        self.latents = list(blocks)
        self.columns = [column for names in blocks.values() for column in names]
        owner = tuple(self.latents.index(latent) for latent, names in blocks.items() for _ in names)
        arrows = np.zeros((len(blocks), len(blocks)), dtype=bool)
        for one, other in self.told["model"]["paths"]:
            arrows[self.latents.index(one), self.latents.index(other)] = True
        self.structure = Structure(owner, arrows)
        self.rows = survey(self.told["data"])
        self.answers: Floats = np.array([[float(row[column]) for column in self.columns] for row in self.rows])
        self.settings = Settings(scheme=Scheme(self.told["scheme"]), standardised=self.told["scaled"])

    def engine(self, name: str) -> dict[str, Any]:
        (found,) = [told for engine, told in self.told["engines"].items() if name in engine]
        return found

    def arrow(self, name: str) -> tuple[int, int]:
        one, other = name.split("->")
        return self.latents.index(one), self.latents.index(other)

    @property
    def own(self) -> tuple[range, tuple[int, ...]]:
        return range(len(self.columns)), self.structure.blocks


@cache
def reference(case: str) -> Reference:
    return Reference(case)


@cache
def fitted(case: str) -> Estimates:
    found = reference(case)
    return estimate(Products(found.answers).of_sample(), found.structure, found.settings)


def survey(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
