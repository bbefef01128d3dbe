"""Make the invented sample survey (示例) of the customer satisfaction rulebook: three shops that do not exist.

Answers come from a path model drawn with a seed: the same file every time. Run: python tools/make_sample_survey.py
"""

from __future__ import annotations

import csv
import random

from appraisal.model.survey import Survey
from appraisal.reading.rulebook import find_rulebook, read_rulebook

RULEBOOK = "customer-satisfaction-2007"
SEED = 10409
SHOPS = {"示例·青禾百货": (260, 0.5), "示例·云岭超市": (240, -0.1), "示例·梧桐便利": (220, -0.5)}
BRANCHES = ("东店", "西店")
AGES = ("18–29", "30–44", "45–59", "60及以上")
STRENGTH = 0.42
SPREAD, MIDDLE = 1.7, 6.7
STATED = {"X1": 6.5, "X2": 6.0, "X3": 8.2, "X4": 8.6, "X5": 7.8}
MISSING = 0.004
COMPLAIN = -1.3


def main() -> None:
    """Write the sample beside the rulebook."""
    path = find_rulebook(RULEBOOK)
    survey = read_rulebook(path).as_a(Survey)
    chance = random.Random(SEED)
    rows = [respondent(survey, chance, shop, level) for shop, (number, level) in SHOPS.items() for _ in range(number)]
    folder = path.parent / "sample"
    folder.mkdir(exist_ok=True)
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    print(folder / "survey.csv", len(rows))


def respondent(survey: Survey, chance: random.Random, shop: str, level: float) -> dict[str, str]:
    """Return the answers of one invented customer."""
    branch, age = chance.choice(BRANCHES), chance.choice(AGES)
    lean = level + (0.25 if branch == "东店" else -0.15) + (0.1 if age in AGES[2:] else 0.0)
    latents: dict[str, float] = {}
    for latent in survey.latents:
        causes = [path.start for path in survey.paths if path.end == latent.id]
        share = STRENGTH * sum(latents[cause] for cause in causes) / max(len(causes), 1) ** 0.5
        own = lean * (1.2 if latent.id in {"X3", "X4"} else 0.4) + chance.gauss(0, 0.8)
        latents[latent.id] = share + own
    complained = latents["X7"] + chance.gauss(0, 0.5) < COMPLAIN
    row = {"企业": shop, "分店": branch, "年龄段": age, "性别": chance.choice("女男")}
    for latent in survey.latents:
        for one in latent.indicators:
            value = MIDDLE + SPREAD * (0.85 * latents[latent.id] + chance.gauss(0, 0.5))
            row[one.id] = "" if chance.random() < MISSING else str(min(max(round(value), 1), 10))
    row["X72"] = row["X72"] or "7"
    if not complained:
        row["X73"] = ""
    for latent, mean in STATED.items():
        row[f"importance_{latent}"] = str(min(max(round(chance.gauss(mean, 1.2)), 1), 10))
    return row


if __name__ == "__main__":
    main()
