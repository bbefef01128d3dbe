"""The server killed in the middle of writes over HTTP: all that it acknowledged is there, once, and holds together."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from server import BOOK, OFFICE, nursery, prepared
from serving import NOW

from appraisal.model.codec import encode
from appraisal.model.periods import Span
from appraisal.office.installation import open_installation

MARCH = Span.month(2020, 3)


def held(url: str, acknowledged: set[str], *, rebuilt: bool = True) -> None:
    """Every acknowledged event is there, the chain verifies, and standings are what a rebuild from the log gives."""
    with open_installation(url) as house:
        assert acknowledged <= house.log.known_ids(OFFICE)
        assert house.log.verify(OFFICE) == ()
        assert house.audit.verify() == ()
        if not rebuilt:
            return
        kept = house.standings(OFFICE, BOOK, MARCH, day=NOW.date())
        head = house.log.head(OFFICE).position
        anew = house.office(OFFICE).assess(MARCH, rulebook=BOOK, known=head, day=NOW.date())
        assert encode(kept) == encode(anew)


def killed(folder: Path, times: int, longest: float) -> int:
    """Kill a server so many times, each at another moment of its writes; return how many events it acknowledged."""
    url = f"sqlite:///{folder / 'killed.db'}"
    secret, found = prepared(url), set[str]()
    with nursery() as start:
        for turn in range(times):
            server = start(url)
            server.kill(secret, longest * (1 + turn) / times, writing=turn % 2 == 1)  # every other while it starts
            assert server.refused == []
            found |= server.acknowledged
            # A log of tens of thousands of lines is worked out anew at every tenth kill: it takes longer than the kill.
            held(url, found, rebuilt=turn < 20 or turn % 10 == 0 or turn == times - 1)
    return len(found)


@pytest.mark.slow
def test_killed_twenty_times(tmp_path: Path) -> None:
    assert killed(tmp_path, 20, 0.6) >= 10


@pytest.mark.torture
def test_killed_three_hundred_times(tmp_path: Path) -> None:
    kept = killed(tmp_path, 300, 1.5)
    sys.stderr.write(f"300 kills, {kept} events acknowledged, none lost\n")
    assert kept >= 150


def test_what_was_acknowledged_before_a_kill_is_answered_alike_after_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'again.db'}"
    secret = prepared(url)
    with nursery() as start:
        server = start(url)
        first = server.post(secret, "k1")
        os.kill(server.pid, signal.SIGKILL)
        assert start(url).post(secret, "k1") == first
    held(url, set())
    with open_installation(url) as house:
        assert house.log.head(OFFICE).position == 1
