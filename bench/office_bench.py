"""The office below the web: what a page reads, a save with its consequence, fifty writers; a million events beside.

    python bench/office_bench.py [OFFICES] [EVENTS of an office]

The same office is read in a database of all offices and in one of its own: a page costs its office, not the log.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from appraisal.model.event import Event
from appraisal.model.periods import Span
from appraisal.model.roles import Actor, HeldRole, Role
from appraisal.office import entries
from appraisal.office.consequence import consequence
from appraisal.office.installation import Installation, open_installation
from appraisal.office.yearbook import Query
from appraisal.reading.rulebook import find_rulebook, read_rulebook

RULEBOOK = "houjiatang-2020"
DAY = date(2020, 12, 31)
NOW = datetime.fromisoformat("2020-12-31T16:00:00")
MARCH, YEAR = Span.month(2020, 3), Span.whole(2020)
READERS, WRITERS, SECONDS = 20, 50, 10.0
ASKED = 500.0
OFFICER = Actor(id="u1", roles=(HeldRole(role=Role.OFFICER, office="o7", department="城市管理办"),))


def events(number: int, seed: int) -> list[Event]:
    """Draw one office's year of deductions."""
    draw = random.Random(seed)  # noqa: S311  no secret
    card = read_rulebook(find_rulebook(RULEBOOK)).scorecard
    clauses = [c.id for c in card.clauses() if c.method == "occurrence" and c.amount and not c.needs_confirmation]
    subjects = [s.id for s in card.subjects]
    first = date(2020, 1, 1)
    return [
        Event(
            id=f"e{n}",
            date=first + timedelta(days=draw.randrange(366)),
            subject=draw.choice(subjects),
            clause=draw.choice(clauses),
            note="示例：例行检查中发现问题一处",
            recorded=datetime.fromisoformat("2020-12-31"),
            facts={"x_actor": f"u{n % 9}", "role": "officer"},
        )
        for n in range(number)
    ]


def filled(folder: Path, offices: int, number: int) -> Path:
    """Fill a database with offices of so many events; the eighth is the one that is read."""
    path = folder / f"{offices}.db"
    with open_installation(f"sqlite:///{path}") as house:
        rows = events(number, 7)
        for n in range(offices) if offices > 1 else [7]:
            house.log.add_office(f"o{n}")
            house.office(f"o{n}").adopt(RULEBOOK, now=datetime.fromisoformat("2020-01-01"))
            house.log.append(f"o{n}", rows, rulebook=RULEBOOK, now=NOW)
    return path


def p95(taken: list[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    return statistics.quantiles(taken, n=20)[-1] * 1000


def read_by_many(act: Callable[[], object], each: int = 40) -> list[float]:
    """Let many readers do it at once, and return how long each took."""
    taken: list[float] = []

    def run() -> None:
        for _ in range(each):
            start = time.perf_counter()
            act()
            taken.append(time.perf_counter() - start)

    threads = [threading.Thread(target=run) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def once(act: Callable[[], object]) -> float:
    """Return how long it takes, in milliseconds."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def reads(path: Path) -> dict[str, float]:
    """Measure what pages read of one office."""
    with open_installation(f"sqlite:///{path}", serving=True) as house:
        found = {
            "year's standings worked out, first time": once(lambda: house.standings("o7", RULEBOOK, YEAR, day=DAY)),
            "year's lines read, first time": once(lambda: house.yearbook("o7", RULEBOOK, 2020)),
        }
        house.standings("o7", RULEBOOK, MARCH, day=DAY)
        query = Query(departments=frozenset({"城市管理办"}), words="检查", limit=50)
        acts = {
            "ranking, 20 readers, p95": lambda: house.standings("o7", RULEBOOK, YEAR, day=DAY),
            "list with filters and counts, 20 readers, p95": lambda: house.yearbook("o7", RULEBOOK, 2020).find(query),
        }
        found |= {name: p95(read_by_many(act)) for name, act in acts.items()}
    with open_installation(f"sqlite:///{path}") as house:  # another process: from the derived table
        found["year's standings from the table"] = once(lambda: house.standings("o7", RULEBOOK, YEAR, day=DAY))
    return found


def saves(path: Path) -> dict[str, float]:
    """Measure a single officer's save: what it would change, then saving it."""
    taken: dict[str, list[float]] = {"consequence": [], "save": [], "both": []}
    with open_installation(f"sqlite:///{path}", serving=True) as house:
        desk = house.desk("o7", OFFICER)
        for n in range(12):
            cells = {"date": f"2020-12-{n + 1:02d}", "subject": "ziyuan", "clause": "CG-A1", "note": f"示例 {n}"}
            for span in (Span.month(2020, 12), YEAR):
                house.standings("o7", RULEBOOK, span, day=DAY)
            start = time.perf_counter()
            draft = entries.read(desk, RULEBOOK, cells, now=NOW)
            consequence(desk, RULEBOOK, draft, day=DAY)
            middle = time.perf_counter()
            entries.log(desk, RULEBOOK, cells, now=NOW, duplicate="示例")
            end = time.perf_counter()
            for name, seconds in (("consequence", middle - start), ("save", end - middle), ("both", end - start)):
                taken[name].append(seconds)
    return {name: statistics.median(some) * 1000 for name, some in taken.items()}


def writes(path: Path, offices: int, rate: float = 0.0) -> dict[str, float]:
    """Measure many writers at once, each waiting for its answer, while standings are refreshed behind them.

    `rate`: together they hand in so many a second, or as many as they can.
    """
    taken: list[float] = []
    with open_installation(f"sqlite:///{path}", serving=True) as house:
        names = [f"o{n}" for n in range(min(offices, 10))] if offices > 1 else ["o7"]
        for name in names:
            house.standings(name, RULEBOOK, Span.month(2020, 12), day=DAY)
        rules = house.yearbook(names[0], RULEBOOK, 2020).edition.rulebook
        sample = events(1, 1)[0]
        start = time.perf_counter()

        def run(writer: int) -> None:
            number = 0
            while time.perf_counter() - start < SECONDS:
                if rate:
                    time.sleep(max(0.0, start + (number + writer / WRITERS) * WRITERS / rate - time.perf_counter()))
                event = replace(sample, id=f"w{writer}-{rate}-{number}", date=date(2020, 12, 1 + number % 28))
                begin = time.perf_counter()
                house.log.append(names[writer % len(names)], [event], rulebook=RULEBOOK, now=NOW, rules=rules)
                taken.append(time.perf_counter() - begin)
                number += 1

        threads = [threading.Thread(target=run, args=(n,)) for n in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kept = len(taken) / (time.perf_counter() - start)
        behind = once(lambda: caught_up(house, names))
        lost = [f for name in names for f in house.log.verify(name)]
    quantiles = statistics.quantiles(taken, n=100)
    return {
        "events a second": kept,
        "p50 ms": quantiles[49] * 1000,
        "p99 ms": quantiles[98] * 1000,
        "standings caught up after ms": behind,
        "broken chains": len(lost),
    }


def caught_up(house: Installation, names: list[str]) -> None:
    """Wait until the standings of every office are those of its last line."""
    house.caught_up(timeout=60)
    for name in names:
        house.standings(name, RULEBOOK, Span.month(2020, 12), day=DAY)


def main(offices: int = 200, number: int = 5_000) -> None:
    """Print every figure, beside the same office alone."""
    with tempfile.TemporaryDirectory() as told:
        folder = Path(told)
        alone, start = filled(folder, 1, number), time.perf_counter()
        many = filled(folder, offices, number)
        total = offices * number
        print(f"the office, {total:,} events of {offices} offices ({many.stat().st_size / 1e9:.2f} GB)")
        print(f"  taken in at {total / (time.perf_counter() - start):,.0f} events/s")
        own, among = reads(alone), reads(many)
        for name, taken in among.items():
            print(f"  {name}: {taken:.1f} ms, {taken / own[name]:.2f} × alone")
        for name, taken in saves(many).items():
            print(f"  single officer, {name}: {taken:.0f} ms")
        for rate, words in ((ASKED, f"at {ASKED:.0f} a second"), (0.0, "as fast as they can")):
            for name, value in writes(many, offices, rate).items():
                print(f"  {WRITERS} writers {words}, {name}: {value:,.0f}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
