"""The page on which replacements are checked, as a person uses it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from als_nlp.privacy.anonymise import as_text, replaced
from als_nlp.privacy.found import Found
from als_nlp.reports.anonymised import check_page
from als_nlp.transcript import Source, Speaker, Transcript
from tests.conftest import said


def test_the_checked_text_keeps_punctuation_and_possessives(
    browser: Browser, tmp_path: Path
) -> None:
    text = "I told Dev. She saw Dev’s list, and (Bob’s)."
    speakers = (Speaker("S1", "Ana"), Speaker("S2", "Dev"))
    turns = (said("S1", 0, 9, ("account", text)),)
    transcript = Transcript(Source("talk.vtt", "webvtt"), speakers, turns)
    found = [Found(0, n, n + 1, "PERSON", "Dev", "name", 1.0) for n in (2, 5)]
    done = replaced(transcript, found)
    path = tmp_path / "check.html"
    path.write_text(check_page(transcript, done, "talk"), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())

    def saved() -> str:
        with page.expect_download() as download:
            page.get_by_role("button", name="Save the checked text").click()
        return download.value.path().read_text(encoding="utf-8")

    assert saved() == as_text(done.transcript)
    page.get_by_text("(Bob’s).").select_text()
    page.get_by_role("button", name="Hide").click()
    assert saved() == as_text(done.transcript).replace("Bob", "[removed]")
    page.close()
