"""A live server as `python app.py` starts it, and a browser that visits it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from tests.waiting import PATIENCE

APP = Path(__file__).parents[3] / "app.py"
CHROMIUM = Path(os.environ.get("QUOTH_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)


@dataclass(frozen=True)
class Running:
    """A running server: where it is, and what it has written so far."""

    url: str
    log: Path


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Running]:
    """`python app.py` on a new library in `folder`, stopped as a service manager would do it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "log.txt"
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    command = [sys.executable, str(APP), "--port", str(port), "--library", str(folder / "library"), *options]
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        yield Running(_address(process, log), log)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0, log.read_text()


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    for _ in range(20 * PATIENCE):
        if found := re.search(r"Quoth is at (\S+)", log.read_text()):
            return found[1]
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium; without one the test is skipped, but fails in CI."""
    if not CHROMIUM.exists():
        missing = (
            f"There is no browser at {CHROMIUM}. Install Debian's chromium, or name one in QUOTH_CHROMIUM."
        )
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Visit:
    """The page as a person uses it, with the hosts it asked and the errors it made."""

    def __init__(self, browser: Browser, url: str, viewport: Any = DESKTOP, theme: Any = "light") -> None:
        self.page: Page = browser.new_page(viewport=viewport, color_scheme=theme)
        self.page.set_default_timeout(1000 * PATIENCE)
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._console)
        self.page.on("dialog", self._dialog)
        self.page.goto(url)
        expect(self.page.locator("#documents li")).not_to_have_count(0)

    def ask(self, question: str) -> None:
        turns = self.page.locator(".turn").count()
        self.page.get_by_label("Your question").fill(question)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(f"#turn-{turns + 1} .actions")).to_be_visible()

    def add(self, *files: tuple[str, str | bytes]) -> None:
        payloads: Sequence[Any] = [
            {
                "name": name,
                "mimeType": "application/octet-stream",
                "buffer": text.encode() if isinstance(text, str) else text,
            }
            for name, text in files
        ]
        self.page.set_input_files("#files", payloads)
        expect(self.page.locator(".upload-progress li:not(.reading)")).to_have_count(len(files))

    def row(self, name: str) -> Locator:
        """The document of that name in the list."""
        return self.page.locator("ul.documents li", has=self.page.get_by_text(name, exact=True))

    def _console(self, message: Any) -> None:
        """The browser says here what the page's own policy has kept it from."""
        if message.type == "error" and "Content Security Policy" in message.text:
            self.errors.append(message.text)

    def _dialog(self, dialog: Any) -> None:
        self.errors.append(dialog.message)
        dialog.dismiss()
