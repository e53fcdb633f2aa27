"""The page as a person meets it: in a browser, on a phone, zoomed, printed, read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("width", [1280, 320])
def test_no_accessibility_rule_of_wcag_22_aa_is_broken(
    browser: Browser, page_file: Path, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(page_file.as_uri())
    for details in page.query_selector_all("details"):
        details.evaluate("node => node.open = true")
    found = Axe().run(page, options=AA)
    assert found.violations_count == 0, found.generate_report()
    page.close()


@pytest.mark.parametrize("width", [1280, 640, 320])
def test_nothing_runs_off_the_side(browser: Browser, page_file: Path, width: int) -> None:
    """640 px wide is what a 1280 px screen shows at 200 % zoom; 320 px is 400 %, or a phone."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_it_is_read_without_network_and_without_script(browser: Browser, page_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert asked == [page_file.as_uri()]
    assert page.get_by_role("heading", name="One thing to try next time").is_visible()
    context.close()


def test_it_prints_on_two_pages(browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 2
    page.close()


def test_every_chart_has_a_text_alternative_and_a_table(browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    pictures = page.query_selector_all("figure")
    assert len(pictures) == 3
    for figure in pictures:
        picture = figure.query_selector("[role=img]")
        assert picture is not None
        assert len(picture.get_attribute("aria-label") or "") > 40
        assert len(figure.query_selector_all("tbody tr")) > 2
    page.close()


def test_nothing_moves_and_no_script_is_there(page_file: Path) -> None:
    text = page_file.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "animation" not in text
    assert "transition" not in text
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert "https://" not in text
