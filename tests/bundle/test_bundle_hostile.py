"""Bundles made to do harm: they are refused in words, in bounded time and memory, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packs import Members, edited_lines, members_of, of_files, resealed, written

from api.main import main
from appraisal.errors import RefusedError
from reports.bundle.locating import changes
from reports.bundle.making import make, pack
from reports.bundle.manifest import ADOPTION, EVENTS, MANIFEST, RECEIPT, RESULT, RULEBOOK, SIGNATURE, Sum
from reports.bundle.verifying import verify


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def members() -> Members:
    return members_of(make(of_files()).content)


def codes(members: Members) -> list[str]:
    try:
        return [finding.code for finding in verify(written(pack(members))).findings]
    except RefusedError as refused:
        return [finding.code for finding in refused.findings]


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize("name", [MANIFEST, SIGNATURE, ADOPTION, RECEIPT, RESULT, EVENTS, RULEBOOK])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'"x"',
        b"1e400",
        b"9" * 5000,
        DEEP,
        b'{"a":' * 900 + b"1" + b"}" * 900,
    ],
    ids=["empty", "nul", "utf16", "null", "list", "object", "text", "float", "digits", "deep", "nested"],
)
def test_any_member_can_be_nonsense(members: Members, name: str, content: bytes) -> None:
    members[name] = content
    if name not in {MANIFEST, SIGNATURE}:
        members = resealed(members)
    assert codes(members)


def test_a_result_nested_deeply_is_no_result(members: Members) -> None:
    told = json.loads(members[RESULT])
    deep: object = 1
    for _ in range(400):
        deep = [deep]
    members[RESULT] = json.dumps({**told, "warnings": deep}).encode()
    assert codes(resealed(members)) in (["B018"], ["B027"])


@pytest.mark.parametrize("number", ["1e999999999", "1/0", "0.1e-99999999", "٣", "1_000", "nan", ""])
def test_a_number_that_would_fill_the_memory_is_refused(number: str) -> None:
    def edit(rows: list[dict[str, dict[str, object]]]) -> list[dict[str, dict[str, object]]]:
        rows[0]["event"]["facts"] = {"value": {"exact": number}}
        return rows

    assert "B015" in [f.code for f in verify(edited_lines(make(of_files()), edit)).findings]


def test_a_rulebook_of_aliases_does_not_explode(members: Members) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    members[RULEBOOK] = "\n".join(lines).encode()
    assert "B031" in codes(resealed(members))


def test_when_everything_was_altered_no_time_is_spent_on_putting_back() -> None:
    before = "".join(f"{n} aaaa bbbb cccc\n" for n in range(4000)).encode()
    found = changes(before.replace(b"a", b"e"), Sum.of(before))
    assert len(found) == 250
    assert not any(change.before for change in found)


def test_a_full_disk_leaves_no_half_pair_of_keys(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_self: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device", "office.pub")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["keys", "make", "office"]) == 1
    assert "office.pub" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_verifying_writes_nothing(members: Members, folder: Path) -> None:
    codes(members)
    assert [path.name for path in folder.iterdir()] == ["b.zip"]
