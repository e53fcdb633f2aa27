"""The list of formats: what is read, each with an example, and what the documentation says."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from als_nlp.captions.decode import Content
from als_nlp.captions.formats import detect, formats
from als_nlp.cli import main
from als_nlp.errors import CaptionError
from tests.captions.helpers import fitting, transcript
from tests.conftest import ROOT

TEXTS = [name for name in formats() if not name.endswith("-docx")]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_example_is_of_its_own_format_alone_and_is_read(name: str, encoding: str) -> None:
    example = formats()[name].example
    data = example.replace("\n", "\r\n").encode(encoding)
    assert fitting(data) == [name]
    found = transcript(data)
    assert found.source.format == name
    assert len(found.turns) >= 1


@pytest.mark.parametrize("name", TEXTS)
def test_an_example_cut_anywhere_is_read_or_refused_in_a_sentence(name: str) -> None:
    example = formats()[name].example
    for end in range(0, len(example), 7):
        try:
            transcript(example[:end])
        except CaptionError as error:
            assert str(error).endswith((".", "?"))
            assert "could be any of" not in str(error)


def test_text_that_is_no_captions_is_refused_by_pointing_to_the_list() -> None:
    with pytest.raises(CaptionError, match=r"^session is not a captions file .*'als formats'"):
        transcript("Dear all,\n\nthe meeting moved.\n")


def test_a_recording_is_refused_by_pointing_to_transcripts() -> None:
    with pytest.raises(CaptionError, match=r"^song\.mp3 is not a captions file .*recording"):
        detect(Content("song.mp3", b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(range(256)) * 8))


def test_als_formats_lists_every_format_with_its_title_and_example() -> None:
    printed = CliRunner().invoke(main, ["formats"]).output
    for one in formats().values():
        assert f"{one.name}: {one.title}\n" in printed
        assert f"    {one.example.splitlines()[0]}\n" in printed


def test_als_formats_with_a_name_shows_that_one_only() -> None:
    printed = CliRunner().invoke(main, ["formats", "srt"]).output
    assert printed.startswith("srt: SubRip")
    assert "    00:00:03,120 --> 00:00:06,480\n" in printed
    assert "WEBVTT" not in printed


def test_als_formats_with_an_unknown_name_says_which_there_are() -> None:
    done = CliRunner().invoke(main, ["formats", "mp3"])
    assert done.exit_code == 1
    assert "'mp3' is no caption format" in done.output
    assert "teams-vtt" in done.output


@pytest.mark.parametrize("name", formats())
def test_every_format_is_in_the_documentation(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "captions.md").read_text(encoding="utf-8")


def test_captions_are_read_without_loading_word_elan_or_praat_libraries() -> None:
    program = (
        "import sys; from als_nlp.captions import read_bytes, formats\n"
        "read_bytes(formats()['teams-txt'].example.encode(), name='x')\n"
        "print([m for m in ('docx', 'lxml', 'pympi', 'praatio') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
