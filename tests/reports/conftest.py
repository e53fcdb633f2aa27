"""A real browser for the page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

import als_nlp
from als_nlp.reports.reflection import reflect, render

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reflection of the sample session, as a user gets it."""
    sample = Path(als_nlp.__file__).parent / "sample" / "larch-2.vtt"
    session = als_nlp.analyse(als_nlp.read(sample))
    path = tmp_path_factory.mktemp("page") / "reflection.html"
    path.write_text(render(reflect(session)), encoding="utf-8")
    return path
