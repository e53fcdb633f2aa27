"""The pages for programme leads and facilitators, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from als_nlp.cohort import Cohort
from als_nlp.gather import Gathered
from als_nlp.privacy.disclosure import Limits
from als_nlp.reports.facilitator import huddle, huddle_page, log, log_page
from als_nlp.reports.feedback import feedback, render
from als_nlp.themes.known import bundled_themes
from tests.browser import assert_accessible


@pytest.fixture(scope="module")
def pages(gathered: Gathered, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    said = feedback(gathered, bundled_themes(), Limits.of("set"))
    for name, text in (
        ("feedback", render(said)),
        ("log", log_page(gathered.cohort, "Moira")),
        ("huddle", huddle_page(gathered.cohort)),
    ):
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", ["feedback", "log", "huddle"])
def test_it_is_accessible(browser: Browser, pages: Path, name: str, width: int) -> None:
    assert_accessible(browser, pages / f"{name}.html", width)


def test_the_feedback_prints_on_at_most_four_pages(browser: Browser, pages: Path) -> None:
    page = browser.new_page()
    page.goto((pages / "feedback.html").as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    assert 1 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 4
    page.close()


def test_a_facilitator_sees_their_own_sessions_in_order(cohort: Cohort) -> None:
    lines = log(cohort, "Moira")
    assert [line.title for line in lines] == ["Session 1 of set A", "Session 2 of set A"]
    assert all("between" in line.inquiry and "%" in line.own_share for line in lines)


def test_the_moments_name_nobody_and_are_of_many_kinds(cohort: Cohort) -> None:
    moments = huddle(cohort)
    assert len(moments) == 10
    assert len({m.tagged for m in moments}) >= 5
    words = " ".join(" ".join((*m.before, m.speaker, m.text)) for m in moments)
    assert not [m.name for m in cohort.members if m.name in words]


def test_the_huddle_page_computes_agreement(browser: Browser, pages: Path) -> None:
    page = browser.new_page()
    page.goto((pages / "huddle.html").as_uri())
    told = page.locator("#agreement")
    for number, (a, b) in enumerate(
        [("open", "open"), ("direct", "direct"), ("open", "direct")], 1
    ):
        for coder, code in (("A", a), ("B", b)):
            page.locator(f"[data-moment='{number}'] select[data-coder='{coder}']").select_option(
                code
            )
    assert "67 %" in told.inner_text()
    # observed disagreement 2/6, expected 2·3·3/(6·5) = 3/5
    assert "0.44" in told.inner_text()
    page.close()
