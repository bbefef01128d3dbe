"""Fetch what the browser is sent, by npm from its registry, into `api/static/vendor/` with a manifest and the licences.

python tools/vendor_front_end.py

Only what pages use is kept: one file of each package, and of the icons those named below as one sprite. The manifest
says the version, the licence and the sha256 of every file; a test compares them.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parent.parent
VENDOR = HOUSE / "api" / "static" / "vendor"
TESTS = Path(__file__).parents[1] / "tests" / "web" / "vendor"

MIT = """MIT License

Copyright (c) {holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package of the registry at one version; `files` says what is kept under which name."""

    name: str
    version: str
    licence: str
    files: dict[str, str]
    licences: tuple[str, ...] = ()
    holder: str = ""


PACKAGES = (
    Package(
        name="@tabler/core",
        version="1.6.1",
        licence="MIT",
        files={"dist/css/tabler.min.css": "tabler.min.css"},
        holder="2018-2026 The Tabler Authors, codecalm.net Paweł Kuna",
    ),
    Package(
        name="htmx.org",
        version="2.0.11",
        licence="0BSD",
        files={"dist/htmx.min.js": "htmx.min.js"},
        licences=("LICENSE",),
    ),
    Package(
        name="@alpinejs/csp",
        version="3.17.4",
        licence="MIT",
        files={"dist/cdn.min.js": "alpine-csp.min.js"},
        holder="2019-2026 Caleb Porzio and contributors",
    ),
    Package(
        name="echarts",
        version="6.1.0",
        licence="Apache-2.0",
        files={"dist/echarts.common.min.js": "echarts.common.min.js"},
        licences=("LICENSE", "NOTICE", "licenses/LICENSE-d3"),
    ),
    Package(name="@tabler/icons", version="3.52.0", licence="MIT", files={}, licences=("LICENSE",)),
)

FOR_TESTS = (
    Package(
        name="axe-core",
        version="4.14.1",
        licence="MPL-2.0",
        files={"axe.min.js": "axe.min.js"},
        licences=("LICENSE", "LICENSE-3RD-PARTY.txt"),
    ),
)
"""What only tests in a browser use: unchanged, beside the tests, in no package that is installed."""

ICONS = (
    "adjustments alert-circle alert-triangle arrow-down arrow-down-right arrow-left arrow-right arrow-up "
    "arrow-up-right ban bell book building building-community calendar calendar-check chart-bar chart-line check "
    "checklist chevron-down chevron-left chevron-right circle-check circle-dashed circle-x clipboard-list "
    "clipboard-plus clock copy device-desktop dots download edit equal eye external-link file file-check "
    "file-import file-spreadsheet file-text filter flag gavel history home info-circle key language layout-list link "
    "list-check list-details lock lock-open login logout mail message-question minus paperclip pencil photo "
    "player-play plus printer question-mark receipt refresh report scale search send settings shield shield-check "
    "sort-ascending star table thumb-up trash trending-down trending-up trophy upload user user-circle users "
    "webhook world x zoom-question "
)


def fetch(package: Package, folder: Path) -> Path:
    """Let npm fetch a package (it checks the registry's own checksum) and unpack it."""
    done = subprocess.run(  # noqa: S603  the names are those above
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],  # noqa: S607  npm of the path
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = folder / done.stdout.strip().splitlines()[-1]
    target = folder / archive.stem
    with tarfile.open(archive) as packed:
        packed.extractall(target, filter="data")
    return target / "package"


def sprite(package: Path) -> str:
    """Return the icons that pages use as symbols of one SVG, each under its name."""
    symbols = []
    for name in ICONS.split():
        drawn = (package / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
        inner = re.sub(r"^.*?<svg.*?>|</svg>\s*$", "", drawn, flags=re.DOTALL)
        inner = inner.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")
        paths = " ".join(inner.split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{paths}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def keep(package: Package, folder: Path, target: Path) -> dict[str, str]:
    """Write what is kept of a package with its licences, and return the sha256 of each file by name."""
    short = package.name.strip("@").replace("/", "-")
    written: dict[str, bytes] = {name: (folder / path).read_bytes() for path, name in package.files.items()}
    if package.name == "@tabler/icons":
        written["icons.svg"] = sprite(folder).encode()
    written = {name: re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n]*\n?", b"", data) for name, data in written.items()}
    for path in package.licences:
        written[f"licences/{short}-{Path(path).name}.txt"] = (folder / path).read_bytes()
    if package.holder:
        written[f"licences/{short}-LICENSE.txt"] = MIT.format(holder=package.holder).encode()
    for name, data in written.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(written.items())}


def main() -> None:
    """Fetch everything anew and write the manifest."""
    for packages, target in ((PACKAGES, VENDOR), (FOR_TESTS, TESTS)):
        manifest = []
        with tempfile.TemporaryDirectory() as scratch:
            for package in packages:
                files = keep(package, fetch(package, Path(scratch)), target)
                manifest.append(
                    {"name": package.name, "version": package.version, "licence": package.licence, "files": files}
                )
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        (target / "manifest.json").write_text(text, encoding="utf-8")
        print(f"{sum(len(entry['files']) for entry in manifest)} files in {target}")


if __name__ == "__main__":
    main()
