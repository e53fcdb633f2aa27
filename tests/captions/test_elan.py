"""ELAN annotation files (.eaf): a tier for each speaker."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pympi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.formats import formats
from als_nlp.errors import CaptionError
from tests.captions.helpers import cues, fitting, said, transcript

EXAMPLE = formats()["eaf"].example
Spoken = list[tuple[str, int, int, str]]


def elan(spoken: Spoken, participants: dict[str, str] | None = None) -> pympi.Elan.Eaf:
    document = pympi.Elan.Eaf()
    document.remove_tier("default")
    for tier, start, end, text in spoken:
        if tier not in document.get_tier_names():
            document.add_tier(tier, part=(participants or {}).get(tier))
        document.add_annotation(tier, start, end, text)
    return document


def saved(document: pympi.Elan.Eaf) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.eaf"
        document.to_file(str(path))
        return path.read_bytes()


def test_the_example_that_als_formats_prints_is_read() -> None:
    assert fitting(EXAMPLE) == ["eaf"]
    assert said(EXAMPLE) == [("Helen", "Shall we begin?")]


def test_tiers_are_speakers_and_their_annotations_are_read_in_the_order_of_time() -> None:
    data = saved(elan([("Helen", 3100, 6400, "Shall we?"), ("Helen", 9000, 9500, "R&D <so>."),
                       ("Dev", 6000, 8000, "I'm ready.")]))  # fmt: skip
    assert fitting(data) == ["eaf"]
    assert transcript(data).source.timing == "exact"
    assert [(c.speaker, c.start, c.end, c.text) for c in cues(data)] == [
        ("Helen", 3.1, 6.4, "Shall we?"),
        ("Dev", 6.0, 8.0, "I'm ready."),
        ("Helen", 9.0, 9.5, "R&D <so>."),
    ]


def test_a_participant_is_the_speaker_of_all_of_their_tiers_and_that_is_said() -> None:
    document = elan(
        [("A-words", 0, 900, "Yes."), ("A-more", 2000, 2900, "So."), ("B", 1000, 1900, "No.")],
        {"A-words": "Helen", "A-more": "Helen"},
    )
    found = transcript(saved(document))
    assert [s.name for s in found.speakers] == ["Helen", "B"]
    assert found.source.notes == ("All tiers of Helen are read as speech: A-words, A-more.",)


def test_layers_that_depend_on_others_are_left_out() -> None:
    document = elan([("Helen", 0, 900, "Who asked?")])
    document.add_linguistic_type("codes", constraints="Symbolic_Association", timealignable=False)
    document.add_tier("codes", ling="codes", parent="Helen")
    document.add_ref_annotation("codes", "Helen", 0, "question")
    assert said(saved(document)) == [("Helen", "Who asked?")]


def test_a_time_that_nobody_set_is_that_of_the_neighbour() -> None:
    second = EXAMPLE.replace(
        "    </ANNOTATION>\n",
        '    </ANNOTATION>\n<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" '
        'TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4"><ANNOTATION_VALUE>Dev?</ANNOTATION_VALUE>'
        "</ALIGNABLE_ANNOTATION></ANNOTATION>\n",
    ).replace(
        "  </TIME_ORDER>",
        '<TIME_SLOT TIME_SLOT_ID="ts3"/><TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="7000"/>\n'
        "  </TIME_ORDER>",
    )
    assert [(c.start, c.end, c.text) for c in cues(second)][1] == (6.4, 7.0, "Dev?")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_are_read(encoding: str) -> None:
    declared = EXAMPLE.replace('"UTF-8"', f'"{encoding[:6].upper()}"').replace("begin", "begïn")
    assert said(declared.encode(encoding)) == [("Helen", "Shall we begïn?")]


def test_a_newer_version_of_elan_causes_no_warning() -> None:
    assert said(EXAMPLE.replace('VERSION="3.0"', 'VERSION="3.9"')) == [("Helen", "Shall we begin?")]


def test_a_file_that_broke_off_is_refused_in_a_sentence() -> None:
    with pytest.raises(CaptionError, match="damaged ELAN file: open it in ELAN and save it anew"):
        transcript(EXAMPLE[:700])


def test_a_file_without_words_is_refused_in_a_sentence() -> None:
    with pytest.raises(CaptionError, match="holds no words with times"):
        transcript(EXAMPLE.replace("Shall we begin?", " "))


@pytest.mark.parametrize("before", ["", "<!-- harmless -->", "\n" * 5000])
def test_entities_that_multiply_are_not_opened(before: str) -> None:
    entities = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(12))
    bomb = f'{before}<!DOCTYPE x [<!ENTITY e0 "lots">{entities}]>\n' + EXAMPLE.split("?>\n")[1]
    begun = time.perf_counter()
    with pytest.raises(CaptionError, match="defines XML entities"):
        transcript(bomb.replace("Shall", "&e12;"))
    assert time.perf_counter() - begun < 1


def test_absurd_nesting_is_refused_in_a_sentence() -> None:
    with pytest.raises(CaptionError):
        transcript(EXAMPLE.replace("  <TIER", "<x>" * 300_000 + "  <TIER"))


def test_no_temporary_file_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    said(EXAMPLE)
    with pytest.raises(CaptionError):
        said(EXAMPLE[:700])
    assert list(tmp_path.iterdir()) == []


def test_other_xml_is_no_captions() -> None:
    assert fitting("<?xml version='1.0'?><note>ANNOTATION_DOCUMENT</note>") == []


WORDS = st.text("abc é<>&'\"", min_size=1, max_size=12).filter(lambda t: t.strip())
SPOKEN = st.tuples(st.sampled_from(["Helen", "Dev"]), st.integers(1, 5000), WORDS)


@given(st.lists(SPOKEN, min_size=1, max_size=6))
def test_what_elan_holds_reads_back(spoken: list[tuple[str, int, str]]) -> None:
    rows = [
        (who, 9000 * i, 9000 * i + length, text) for i, (who, length, text) in enumerate(spoken)
    ]
    assert [(c.speaker, c.start, c.end, c.text) for c in cues(saved(elan(rows)))] == [
        (who, start / 1000, end / 1000, " ".join(text.split())) for who, start, end, text in rows
    ]
