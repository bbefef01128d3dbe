"""What `appraisal serve` and `appraisal demo` say when they cannot start: exact words, exit status, no traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "docs" / "findings"


@pytest.fixture
def taken() -> Iterator[int]:
    """Give a port that another program listens at."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def start(folder: Path, *words: str, lang: str = "zh", **environment: str) -> tuple[int, str, str]:
    """Run a command that cannot start; return its exit status, and its standard output and error."""
    command = [str(Path(sys.executable).with_name("appraisal")), "--lang", lang, *words]
    told = {k: v for k, v in os.environ.items() if not k.startswith("APPRAISAL_") and k != "DATABASE_URL"}
    done = subprocess.run(
        command, cwd=folder, env={**told, **environment}, capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "端口 {port} 已被别的程序占用（127.0.0.1）。"),
        ("en", "Port {port} is taken by another program (127.0.0.1)."),
    ],
)
@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken(tmp_path: Path, taken: int, command: str, lang: str, words: str) -> None:
    status, out, err = start(tmp_path, command, "--port", str(taken), lang=lang)
    assert (status, out) == (1, "")
    assert err.startswith(f"-  H040  {words.format(port=taken)}\n")
    assert list(tmp_path.iterdir()) == [], "nothing was begun"
    page = (PAGES / "H040.md").read_text("utf-8")
    assert words.format(port=8000) in page


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("192.0.2.1", "不能在 192.0.2.1:{port} 上启动网页：Cannot assign requested address。"),
        ("no-such-host.invalid", "不能在 no-such-host.invalid:{port} 上启动网页："),
        ("x" * 300, "上启动网页："),
    ],
)
def test_a_host_that_is_not_of_this_machine(tmp_path: Path, host: str, words: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    status, out, err = start(tmp_path, "serve", "--host", host, "--port", str(port))
    assert (status, out) == (1, "")
    assert words.format(port=port) in err
    assert list(tmp_path.iterdir()) == []
    assert "不能在 192.0.2.1:8000 上启动网页：Cannot assign requested address。" in (PAGES / "H041.md").read_text(
        "utf-8"
    )


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://x/y", "L002  打不开数据库 mysql://x/y：mysql: sqlite, postgresql。"),
        ("sqlite:////no/such/folder/x.db", "L002  打不开数据库 sqlite:////no/such/folder/x.db："),
        ("postgresql://kaohe:secret@127.0.0.1:9/x", "L002  打不开数据库 postgresql://kaohe:***@127.0.0.1:9/x："),
    ],
)
def test_a_database_that_cannot_be_opened(tmp_path: Path, url: str, words: str) -> None:
    status, _, err = start(tmp_path, "serve", "--port", str(free_port()), DATABASE_URL=url)
    assert status == 1
    assert words in err
    assert "secret" not in err


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_settings_that_lack_a_secret_are_told_before_anything_is_opened(tmp_path: Path) -> None:
    told = {"APPRAISAL_OIDC_ISSUER": "https://sso.example.org", "APPRAISAL_OIDC_CLIENT_ID": "kaohe"}
    status, _, err = start(tmp_path, "serve", "--port", str(free_port()), **told, APPRAISAL_API_RATE="0")
    assert status == 1
    assert "H004  统一登录的设置不全，缺少 APPRAISAL_OIDC_CLIENT_SECRET。" in err
    assert "H001  环境变量 APPRAISAL_API_RATE 的值“0”不是 1 到 1000000 之间的整数。" in err
    assert list(tmp_path.iterdir()) == []
