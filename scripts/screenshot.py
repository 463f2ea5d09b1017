"""`python -m scripts.screenshot` takes docs/screenshot.png; needs Playwright and Chromium."""

import os
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from qa import Settings
from quoth.web.chat import open_service, serving

QUESTION = "Which companies stopped selling facial recognition?"
CHROMIUM = os.environ.get("QUOTH_CHROMIUM", "/usr/bin/chromium")
PORT = 7869
TARGET = Path(__file__).parent.parent / "docs" / "screenshot.png"

with (
    tempfile.TemporaryDirectory() as folder,
    open_service(Settings(library=Path(folder) / "library")) as service,
    serving(service, "127.0.0.1", PORT) as url,
    sync_playwright() as playwright,
):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    page = browser.new_page(viewport={"width": 1280, "height": 760}, color_scheme="light")
    page.goto(url)
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#turn-1 .facts").wait_for()
    page.locator(".waiting").wait_for(state="detached")
    # The question box keeps a blinking caret otherwise.
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=TARGET, animations="disabled")
    browser.close()
