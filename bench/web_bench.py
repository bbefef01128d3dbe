"""The web application as its users meet it: `appraisal serve` in a process of its own, a million events in SQLite.

    python bench/web_bench.py [OFFICES] [EVENTS of an office]

Pages are read by twenty at once, from a database of all offices and from one where the same office stands alone: a page
costs its office, not the log. Each figure has what issue 4 asks beside it.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from office_bench import RULEBOOK, filled

from api.logbook import now
from appraisal.model.periods import Span
from appraisal.model.roles import HeldRole, Role
from appraisal.office.installation import open_installation
from appraisal.office.rights import Action

READERS, WRITERS, BATCH, SECONDS, EACH, TURNS = 20, 50, 50, 10.0, 60, 4
THINKS = 2.0
"""Seconds that an officer takes between two entries, in which standings catch up."""

PAGES = {
    "ranking page": f"/rankings/{RULEBOOK}/2020",
    "community sheet": f"/subjects/ziyuan?{urlencode({'rulebook': RULEBOOK, 'period': '2020'})}",
}
DEPARTMENT, LIMIT_MS, SAVE_MS, RATE, WRITE_MS, BEHIND_MS, ALONE = "城市管理办", 60, 100, 500, 250, 1000, 1.2


@dataclass(frozen=True, kw_only=True)
class People:
    """What the clients show at the door: sessions of a reader and an officer, tokens of programs."""

    reader: str
    officer: str
    csrf: str
    tokens: tuple[tuple[str, str], ...]


def enrol(path: Path, offices: tuple[str, ...]) -> People:
    """Add the accounts: a reader and an officer at the office that is read, and an officer's token a writer."""
    moment = now()
    with open_installation(f"sqlite:///{path}") as house:

        def account(login: str, role: Role, office: str, department: str = "") -> str:
            held = [HeldRole(role=role, office=office, department=department)]
            secret = "kept-short-2020-shili"  # noqa: S105  of accounts that last as long as the bench
            made = house.accounts.add(login, "示例", now=moment, password=secret, roles=held, must_change=False)
            return made.id

        reader = house.sessions.begin(account("reader", Role.GROUP, "o7"), now=moment)
        officer = house.sessions.begin(account("officer", Role.OFFICER, "o7", DEPARTMENT), now=moment)
        session = house.sessions.find(officer, now=moment)
        programs = {office: account(f"program-{office}", Role.OFFICER, office, DEPARTMENT) for office in offices}
        tokens = []
        for writer in range(WRITERS):
            office, scopes = offices[writer % len(offices)], [action.value for action in Action]
            _, secret = house.sessions.make_token(
                programs[office], now=moment, name=f"bench {writer}", scopes=scopes, office=office
            )
            tokens.append((office, secret))
    return People(reader=reader, officer=officer, csrf=session.csrf if session else "", tokens=tuple(tokens))


@contextmanager
def serving(path: Path) -> Iterator[int]:
    """Run the server on a database, and give its port; it is stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [str(Path(sys.executable).with_name("appraisal")), "serve", "--port", str(port)]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}", "APPRAISAL_API_RATE": "1000000"}
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        child.terminate()
        child.wait(30)


class Client:
    """One connection that stays open, as a browser's does."""

    def __init__(self, port: int, **headers: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = headers

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, bytes]:
        """Send a request and return its status and bytes."""
        told = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        self.connection.request(method, path, body.encode() or None, told)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def at_once(number: int, run: Callable[[int], None]) -> float:
    """Let so many threads run, and return how many seconds all took."""
    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def quantile(taken: list[float], percent: int) -> float:
    """Return a percentile in milliseconds."""
    return statistics.quantiles(taken, n=100)[percent - 1] * 1000


def read(clients: list[Client], path: str, each: int) -> list[float]:
    """Read a page by all of these at once."""
    taken: list[float] = []

    def run(number: int) -> None:
        client = clients[number]
        for _ in range(each):
            start = time.perf_counter()
            status, _body = client.ask("GET", path)
            taken.append(time.perf_counter() - start)
            if status != 200:
                raise SystemExit(f"{path}: {status}")

    at_once(len(clients), run)
    return taken


def reads(alone: tuple[Path, People], among: tuple[Path, People]) -> dict[str, tuple[float, float, float]]:
    """Return of each page, for one reader and twenty: p95 and median among all offices, and the median alone, in ms.

    Both servers run, and are asked by turns: a machine that is slower now than a minute ago is slower for both.
    """
    found: dict[str, tuple[float, float, float]] = {}
    with serving(alone[0]) as one, serving(among[0]) as other:
        sides = [
            [Client(port, Cookie=f"session={people.reader}", Accept_Encoding="gzip") for _ in range(READERS)]
            for port, people in ((one, alone[1]), (other, among[1]))
        ]
        for name, address in PAGES.items():
            for clients in sides:  # the first reading, which works everything out, is not among them
                read(clients, address, 1)
            for readers, words in ((1, "one reader"), (READERS, f"{READERS} readers")):
                taken: tuple[list[float], list[float]] = ([], [])
                for turn in range(2 * TURNS):
                    side = turn % 2
                    each = (EACH if readers > 1 else 10 * EACH) // TURNS
                    taken[side].extend(read(sides[side][:readers], address, each))
                p95, middle = quantile(taken[1], 95), quantile(taken[1], 50)
                found[f"{name}, {words}"] = (p95, middle, quantile(taken[0], 50))
    return found


def saves(path: Path, people: People) -> dict[str, float]:
    """Return the median milliseconds of one officer's save at the entry page: its consequence, and keeping it."""
    taken: dict[str, list[float]] = {"its consequence": [], "keeping it": [], "both": []}
    with serving(path) as port:
        client = Client(port, Cookie=f"session={people.officer}")
        for n in range(15):
            form = {"csrf": people.csrf, "rulebook": RULEBOOK, "period": "2020", "clause": "CG-A1", "subject": "ziyuan"}
            form |= {"date": f"2020-12-{n + 1:02d}", "note": f"示例：保存 {n}", "duplicate": "示例：另一件"}
            told = {"Content_Type": "application/x-www-form-urlencoded"}
            time.sleep(THINKS)
            start = time.perf_counter()
            first, _ = client.ask("POST", "/events/new/consequence", urlencode(form), **told, HX_Request="true")
            middle = time.perf_counter()
            second, body = client.ask("POST", "/events", urlencode(form), **told)
            end = time.perf_counter()
            if (first, second) != (200, 303):
                raise SystemExit(f"the save: {first}, {second}, {len(body)} bytes")
            if n > 2:  # the first find nothing in memory
                for name, seconds in zip(taken, (middle - start, end - middle, end - start), strict=True):
                    taken[name].append(seconds)
    return {name: statistics.median(some) * 1000 for name, some in taken.items()}


def writes(path: Path, people: People) -> dict[str, float]:
    """Let fifty programs post events, each waiting for its answer; then hold the log and the standings to them."""
    taken: list[float] = []
    kept: dict[str, set[str]] = {office: set() for office, _ in people.tokens}
    with serving(path) as port:
        begun = 0.0

        def run(writer: int) -> None:
            office, secret = people.tokens[writer]
            client, number = Client(port, Authorization=f"Bearer {secret}"), 0
            while time.perf_counter() - begun < SECONDS:
                entry = {"rulebook": RULEBOOK, "date": f"2020-12-{1 + number % 28:02d}", "subject": "ziyuan"}
                entry |= {"clause": "CG-A1", "note": f"示例：{writer}-{number}", "not_duplicate": "示例：压力测试"}
                key, start = f"{writer}-{number}-{begun}", time.perf_counter()
                told = {"Idempotency_Key": key, "Content_Type": "application/json"}
                status, body = client.ask("POST", "/api/v1/events", json.dumps(entry), **told)
                taken.append(time.perf_counter() - start)
                if status != 201:
                    raise SystemExit(f"a post: {status} {body!r}")
                kept[office].add(json.loads(body)["id"])
                number += 1

        for secret in dict(people.tokens).values():  # what is in use is refreshed behind the writer
            Client(port, Authorization=f"Bearer {secret}").ask("GET", f"/api/v1/rankings/{RULEBOOK}/2020-12")
        begun = time.perf_counter()
        seconds = at_once(WRITERS, run)
        start = time.perf_counter()
        for secret in dict(people.tokens).values():
            Client(port, Authorization=f"Bearer {secret}").ask("GET", f"/api/v1/rankings/{RULEBOOK}/2020-12")
        behind = (time.perf_counter() - start) * 1000
    return {
        "durable events a second": len(taken) / seconds,
        "p99 ms": quantile(taken, 99),
        "standings caught up after ms": behind,
        "lost": float(lost(path, kept)),
    }


def batches(path: Path, people: People) -> dict[str, float]:
    """Let fifty programs post events by the batch, each waiting for its answer."""
    taken: list[float] = []
    with serving(path) as port:
        begun = time.perf_counter()

        def run(writer: int) -> None:
            _, secret = people.tokens[writer]
            client, number = Client(port, Authorization=f"Bearer {secret}"), 0
            while time.perf_counter() - begun < SECONDS:
                entry = {"subject": "ziyuan", "clause": "CG-A1"}
                rows = [
                    entry | {"date": f"2020-12-{1 + n % 28:02d}", "note": f"示例：{writer}-{number}-{n}"}
                    for n in range(BATCH)
                ]
                told = {"Idempotency_Key": f"{writer}-{number}-{begun}-b", "Content_Type": "application/json"}
                body = json.dumps({"rulebook": RULEBOOK, "events": rows, "not_duplicate": "示例：压力测试"})
                start = time.perf_counter()
                status, answer = client.ask("POST", "/api/v1/batches", body, **told)
                taken.append(time.perf_counter() - start)
                if status != 201:
                    raise SystemExit(f"a batch: {status} {answer!r}")
                number += 1

        seconds = at_once(WRITERS, run)
    return {"durable events a second": BATCH * len(taken) / seconds, "p99 ms": quantile(taken, 99)}


def lost(path: Path, kept: dict[str, set[str]]) -> int:
    """Count acknowledged events that the log has not, faults of chains, and standings unlike their rebuild."""
    found = 0
    with open_installation(f"sqlite:///{path}") as house:
        for office, names in kept.items():
            found += len(names - house.log.known_ids(office)) + len(house.log.verify(office))
            span, day = Span.month(2020, 12), now().date()
            shown = house.standings(office, RULEBOOK, span, day=day)
            head = house.log.head(office).position
            found += shown != house.office(office).assess(span, rulebook=RULEBOOK, known=head, day=day)
    return found


def told(name: str, value: float, limit: float, unit: str = "ms", *, least: bool = False) -> None:
    """Print a figure beside what is asked of it."""
    well = value >= limit if least else value <= limit
    print(f"  {name}: {value:,.1f} {unit} ({'at least' if least else 'at most'} {limit:g}: {'yes' if well else 'NO'})")


def main(offices: int = 200, number: int = 5_000) -> None:
    """Print every figure, beside the same office alone."""
    with tempfile.TemporaryDirectory() as folder:
        measure(filled(Path(folder), 1, number), filled(Path(folder), offices, number), offices, number)


def measure(alone: Path, many: Path, offices: int, number: int) -> None:
    """Measure on two databases that are filled."""
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    print(f"the web application, {offices * number:,} events of {offices} offices (load of the machine: {busy})")
    writers = tuple(f"o{n}" for n in range(10)) if offices > 10 else ("o7",)
    own, people = enrol(alone, ("o7",)), enrol(many, writers)
    for name, (p95, middle, by_itself) in reads((alone, own), (many, people)).items():
        told(f"{name}, p95", p95, LIMIT_MS)
        # a few slow ones decide a p95 of some milliseconds; how two databases compare is in the middle
        print(f"  {name}, median: {middle:,.1f} ms, the office alone {by_itself:,.1f} ms")
        told(f"{name}, to the office alone", middle / by_itself, ALONE, "×")
    for name, taken in saves(many, people).items():
        told(f"a single officer's save, {name}", taken, SAVE_MS)
    found = writes(many, people)
    told(f"{WRITERS} writers over HTTP", found["durable events a second"], RATE, "events/s", least=True)
    told(f"{WRITERS} writers over HTTP, p99", found["p99 ms"], WRITE_MS)
    whole = batches(many, people)
    told(
        f"{WRITERS} writers over HTTP, {BATCH} in a batch",
        whole["durable events a second"],
        RATE,
        "events/s",
        least=True,
    )
    print(f"    a batch of {BATCH}, p99: {whole['p99 ms']:,.0f} ms")
    told("standings of ten offices caught up after", found["standings caught up after ms"], BEHIND_MS)
    told("lost, broken or unlike their rebuild", found["lost"], 0, "")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
