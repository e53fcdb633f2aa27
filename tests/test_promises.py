"""The promises of docs/promises.md that hold for the whole toolkit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import als_nlp
from tests.conftest import ROOT

SAMPLE = Path(als_nlp.__file__).parent / "sample" / "larch-2.vtt"

OFFLINE = """
import socket, sys
def refuse(*args, **kwargs):
    raise OSError("no network in this test")
socket.socket.connect = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse
from als_nlp.cli import main
try:
    main(["reflect", sys.argv[1], "-o", sys.argv[2]])
except SystemExit as stop:
    assert not stop.code, stop.code
heavy = {"torch", "sklearn", "sentence_transformers", "transformers", "bertopic"} & set(sys.modules)
assert not heavy, heavy
"""


def test_captions_to_reflection_needs_no_network_no_torch_and_no_scikit_learn(
    tmp_path: Path,
) -> None:
    installed = tmp_path / "installed" / "torch"
    installed.mkdir(parents=True)
    (installed / "__init__.py").write_text("raise SystemExit('torch was imported')")
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(SAMPLE), str(tmp_path)],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(installed.parent)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "session.json").exists()
    assert (tmp_path / "reflection.html").exists()


def test_the_command_line_starts_without_loading_anything_heavy() -> None:
    code = (
        "import sys; from als_nlp.cli import main; "
        "print(sorted({'numpy','spacy','altair','pydantic','docx','jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_public_names_are_exactly_those_meant() -> None:
    assert als_nlp.__all__ == ["AlsError", "Session", "Transcript", "analyse", "read"]
    for name in als_nlp.__all__:
        assert getattr(als_nlp, name) is not None


def test_every_promise_names_a_test_that_exists() -> None:
    text = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) >= 8
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{test}"
