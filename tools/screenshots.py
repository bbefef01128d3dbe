"""Make the pictures of the README from the running application on the sample year.

python tools/screenshots.py

Needs chromium and the development dependencies; the pictures go into `docs/pictures/`.
"""

from __future__ import annotations

import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from api.demonstration import demo_accounts, demo_families
from api.logbook import now
from api.web.app import create_app
from api.web.settings import Settings
from appraisal.office.installation import open_installation
from appraisal.reading.rulebook import find_rulebook

HOUSE = Path(__file__).parent.parent
PICTURES = HOUSE / "docs" / "pictures"
BOOK, OFFICE = "houjiatang-2020", "office"
PAGES = {
    "home": f"/?rulebook={BOOK}&period=2020",
    "ranking": f"/rankings/{BOOK}/2020-05",
    "item": "/subjects/mayuanwan/items/CG?rulebook=houjiatang-2020&period=2020",
    "rulebook": f"/rulebooks/{BOOK}",
}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main() -> None:
    """Fill a database, serve it on loopback, and take the pictures, wide and as a phone."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/pictures.db"
        sample = find_rulebook(BOOK).parent / "sample" / "2020.csv"
        with open_installation(url) as house:
            house.log.add_office(OFFICE, "示例街道")
            house.office(OFFICE).import_files([sample], rulebook=BOOK, now=now())
            demo_families(house, OFFICE, now=now())
            edition = house.log.edition(house.office(OFFICE).adopted(BOOK))
            accounts = demo_accounts(house, OFFICE, edition, subject="麻园湾社区", now=now())
        app = create_app(replace(Settings(), database_url=url, demo=accounts), quiet=True)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        threading.Thread(target=server.run, daemon=True).start()
        while not server.started:
            time.sleep(0.1)
        take(
            f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", accounts[2].login, accounts[2].password
        )
        server.should_exit = True


def take(base: str, login: str, password: str) -> None:
    """Sign in and take a picture of each page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for suffix, width, height, wanted in (("", 1440, 900, PAGES), ("-phone", 390, 844, ("item",))):
            page = browser.new_context(viewport={"width": width, "height": height}, base_url=base).new_page()
            page.goto("/sign-in")
            page.fill("#login", login)
            page.fill("#password", password)
            page.click("form:has(#login) button")
            for name in wanted:
                page.goto(PAGES[name])
                page.wait_for_timeout(500)
                page.screenshot(path=PICTURES / f"{name}{suffix}.png")
        browser.close()


if __name__ == "__main__":
    main()
