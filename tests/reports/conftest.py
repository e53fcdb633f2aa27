"""The page of the sample session."""

from __future__ import annotations

from pathlib import Path

import pytest

import als_nlp
from als_nlp.reports.reflection import reflect, render


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reflection of the sample session, as a user gets it."""
    sample = Path(als_nlp.__file__).parent / "sample" / "larch-2.vtt"
    session = als_nlp.analyse(als_nlp.read(sample))
    path = tmp_path_factory.mktemp("page") / "reflection.html"
    path.write_text(render(reflect(session)), encoding="utf-8")
    return path
