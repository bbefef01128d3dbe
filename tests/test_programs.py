"""A test whose program is missing says so, and fails where nothing may be skipped."""

import pytest

from tests.programs import program


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("APPRAISAL_NOTHING_SKIPPED", raising=False)
    with pytest.raises(pytest.skip.Exception, match="chromium is missing; on Debian: apt-get install chromium"):
        program("chromium")


def test_in_ci_a_missing_program_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="poppler-utils"):
        program("pdftotext")
