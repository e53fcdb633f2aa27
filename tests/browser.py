"""A real browser for the pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium or Chrome, from the machine or from Playwright."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(
                executable_path=found, args=["--no-sandbox", "--disable-gpu"]
            )
        except Error:
            if os.environ.get("CI"):
                raise
            pytest.skip("no browser here: install Chromium, or run 'playwright install chromium'")
        yield launched
        launched.close()


def assert_accessible(browser: Browser, path: Path, width: int) -> None:
    """No rule of WCAG 2.2 AA is broken with everything open, and nothing runs off the side."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    for details in page.query_selector_all("details"):
        details.evaluate("node => node.open = true")
    found = Axe().run(page, options=AA)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
