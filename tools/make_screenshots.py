"""Take the pictures of `docs/pictures/`: the demonstration, as its users see it in Debian's chromium.

python tools/make_screenshots.py [NAME …]

Serves the sample year (示例) from a temporary folder on a free port of this machine, signs in as each example account,
and keeps what it sees as PNG with at most 256 colours. Without names: all of them.
"""

from __future__ import annotations

import base64
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from api.demonstration import LOGINS, PASSWORD
from appraisal.model.roles import Role

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
BOOK = "houjiatang-2020"
FIRM = "示例同心纺织有限公司"
SELECTION, UNIT = "gd-smart-manufacturing-2024", "示例智能制造协会"
WIDE, PHONE = (1280, 860), (390, 844)
SECONDS = 180
"""How long the demonstration may take until it serves; any one step in the browser has a sixth of it."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)
PIXELS = """async png => {
  const blob = await (await fetch("data:image/png;base64," + png)).blob(), image = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(image.width, image.height), at = canvas.getContext("2d");
  at.drawImage(image, 0, 0);
  const bytes = at.getImageData(0, 0, image.width, image.height).data, parts = [];
  for (let i = 0; i < bytes.length; i += 32768) parts.push(String.fromCharCode(...bytes.subarray(i, i + 32768)));
  return btoa(parts.join(""));
}"""
"""The browser decodes its own picture."""


def heat(page: Page) -> None:
    """Bring the heat map into view, its heading on top."""
    page.locator("section:has(table.heat)").first.evaluate("card => window.scrollTo(0, card.offsetTop - 70)")


def consequence(page: Page) -> None:
    """Fill in an entry, and wait for what it would do."""
    page.select_option("#f-subject", "mayuanwan")
    page.fill("#f-date", "2020-12-28")
    page.fill("#f-note", "示例：背街小巷垃圾未及时清理")
    page.locator("#outcome .outcome-points").wait_for()
    page.wait_for_timeout(600)


def top(page: Page) -> None:
    """Leave the page as it opens."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A page as one role sees it, after something was done there."""

    name: str
    role: Role
    path: str
    size: tuple[int, int] = WIDE
    then: Callable[[Page], None] = top


ALL = (
    Picture(name="first", role=Role.LEADER, path="/"),
    Picture(name="ranking", role=Role.LEADER, path=f"/rankings/{BOOK}/2020-11"),
    Picture(name="heat", role=Role.LEADER, path=f"/rankings/{BOOK}/2020", then=heat),
    Picture(name="subject", role=Role.HEAD, path="/subjects/mayuanwan?period=2020"),
    Picture(name="item", role=Role.HEAD, path="/subjects/mayuanwan/items/CG?period=2020"),
    Picture(name="entry", role=Role.OFFICER, path="/events/new?clause=CG-A1", then=consequence),
    Picture(name="appeals", role=Role.GROUP, path=f"/appeals?rulebook={BOOK}&period=2020"),
    Picture(name="period", role=Role.GROUP, path="/periods/2020-11"),
    Picture(name="questionnaire", role=Role.GROUP, path=f"/assessments/sme-digital-2024/2024/{quote(FIRM)}"),
    Picture(name="application", role=Role.OFFICER, path=f"/assessments/{SELECTION}/form?unit={quote(UNIT)}"),
    Picture(name="rulebook", role=Role.AUTHOR, path=f"/rulebooks/{BOOK}"),
    Picture(name="accounts", role=Role.SYSTEM, path="/admin"),
    Picture(name="phone", role=Role.LEADER, path=f"/rankings/{BOOK}/2020-11", size=PHONE),
)


def free_port() -> int:
    """Return a port of the loopback interface that nobody uses now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """Serve the sample year and yield its address; stops it in the end."""
    program, port = shutil.which("appraisal", path=str(Path(sys.executable).parent)), free_port()
    if program is None:
        sys.exit("the console script is not installed: make dev")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("APPRAISAL_") and k != "DATABASE_URL"}
    command = [program, "demo", "--dir", str(folder), "--port", str(port)]
    address = f"http://127.0.0.1:{port}"
    with (folder / "demo.log").open("wb") as log:
        served = subprocess.Popen(  # noqa: S603
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(address, served)
            yield address
        finally:
            os.killpg(served.pid, signal.SIGTERM)
            try:
                served.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(served.pid, signal.SIGKILL)


def wait_for(address: str, served: subprocess.Popen[bytes]) -> None:
    """Return once the pages are served, within `SECONDS`."""
    for _ in range(SECONDS):
        if served.poll() is not None:
            sys.exit(f"the demonstration ended with {served.returncode}")
        try:
            with urlopen(f"{address}/healthz", timeout=5):  # noqa: S310  loopback
                return
        except (URLError, OSError):
            time.sleep(1)
    sys.exit(f"the demonstration serves nothing after {SECONDS} s")


def palette_png(pixels: np.ndarray) -> bytes:
    """Return an image (height × width × 3, uint8) as PNG: its 256 most frequent colours, others as the nearest one."""
    height, width, _ = pixels.shape
    packed = pixels.astype(np.int32) @ np.array([65536, 256, 1], dtype=np.int32)
    colours, inverse, counts = np.unique(packed, return_inverse=True, return_counts=True)
    kept = np.sort(colours[np.argsort(-counts, kind="stable")[:256]])
    parts = [np.stack([c >> 16, c >> 8 & 255, c & 255], axis=1) for c in (colours, kept)]
    nearest = np.concatenate(
        [np.argmin(((some[:, None] - parts[1]) ** 2).sum(axis=2), axis=1) for some in np.array_split(parts[0], 64)]
    )
    rows = nearest[inverse].reshape(height, width).astype(np.uint8)
    lines = np.zeros((height, width + 1), dtype=np.uint8)
    lines[:, 1:] = rows
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    blocks = ((b"IHDR", head), (b"PLTE", parts[1].astype(np.uint8).tobytes()), (b"IDAT", zlib.compress(lines, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*block) for block in (*blocks, (b"IEND", b"")))


def chunk(name: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def take(browser: Browser, address: str, picture: Picture) -> None:
    """Sign in, do what the picture shows, and write it."""
    width, height = picture.size
    login = LOGINS[picture.role][0]
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=address, locale="zh-CN", reduced_motion="reduce"
    )
    context.set_default_timeout(SECONDS * 1000 / 6)
    try:
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("#login", login)
        page.fill("#password", PASSWORD.format(login=login[::-1]))
        page.click("form:has(#login) button")
        page.goto(picture.path, wait_until="networkidle")
        picture.then(page)
        shot = page.screenshot(animations="disabled", caret="hide")
        blank = context.new_page()  # without the policy of the pages, which forbids reading a picture back
        raw = base64.b64decode(blank.evaluate(PIXELS, base64.b64encode(shot).decode()))
    finally:
        context.close()
    pixels = np.frombuffer(raw, dtype=np.uint8).reshape(height, width, 4)[:, :, :3]
    path = PICTURES / f"{picture.name}.png"
    path.write_bytes(palette_png(pixels))
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB (as taken: {len(shot) / 1000:.0f} kB)")


def main() -> None:
    """Take the pictures that are named, or all."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is missing; on Debian: apt-get install chromium")
    wanted = [one for one in ALL if one.name in sys.argv[1:]] or ALL
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS, env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        try:
            for picture in wanted:
                take(browser, address, picture)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
