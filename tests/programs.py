"""Programs of the machine that some tests need: where they are, or what is missing and how to get it.

A test without its program is skipped with those words; where nothing may be skipped (CI), it fails with them.
"""

import os
import shutil

import pytest

PACKAGES = {
    "chromium": "chromium",
    "soffice": "libreoffice-writer-nogui libreoffice-calc-nogui",
    "pdftotext": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "fc-list": "fontconfig fonts-noto-cjk",
}
"""The Debian packages that bring each program."""


def program(name: str) -> str:
    """Return the path of a program, or end the test saying which package brings it."""
    found = shutil.which(name)
    if found is not None:
        return found
    words = f"{name} is missing; on Debian: apt-get install {PACKAGES[name]}"
    if os.environ.get("CI") or os.environ.get("APPRAISAL_NOTHING_SKIPPED"):
        pytest.fail(words)
    pytest.skip(words)
