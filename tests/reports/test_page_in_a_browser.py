"""The page as a person meets it: in a browser, on a phone, zoomed, printed, read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import assert_accessible


@pytest.mark.parametrize("width", [1280, 640, 320])
def test_it_is_accessible_at_every_width(browser: Browser, page_file: Path, width: int) -> None:
    """640 px wide is what a 1280 px screen shows at 200 % zoom; 320 px is 400 %, or a phone."""
    assert_accessible(browser, page_file, width)


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
