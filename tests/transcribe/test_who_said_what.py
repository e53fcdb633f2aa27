"""Words to voices, and voices to names."""

from __future__ import annotations

import json
import os
import sys
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from als_nlp.errors import ModelError
from als_nlp.evaluate.recordings import load_truth, owners
from als_nlp.models.tagger import load_tagger
from als_nlp.people import Person
from als_nlp.pipeline import with_names
from als_nlp.transcribe import Recording
from als_nlp.transcribe.assemble import transcript_of, voices_of
from als_nlp.transcribe.audio import Sound
from als_nlp.transcribe.diarise import Stretch, find_voices
from als_nlp.transcribe.introductions import LIKELY, SURE, chances, introductions
from als_nlp.transcribe.recording import merged, name_of_track
from als_nlp.transcribe.speech import Hearing
from als_nlp.transcribe.with_pyannote import SILENT, diarise_with_pyannote
from als_nlp.transcript import Transcript, Word
from tests.transcribe.conftest import CLIP

Span = SimpleNamespace


def words(text: str, start: float = 0.0, step: float = 0.4) -> list[Word]:
    return [Word(w, start + n * step, start + (n + 1) * step) for n, w in enumerate(text.split())]


def test_the_voices_of_the_clip_are_told_apart(recording: Recording) -> None:
    truth = load_truth(CLIP)
    who = owners(truth.turns, recording.stretches)
    # Sunita says one sentence; everybody else has a voice of their own
    assert len(set(who.values())) >= 6
    assert len(who) <= 8


def prints_of(middles: np.ndarray, counts: list[int], chance: np.random.Generator) -> np.ndarray:
    """Voiceprints about as alike as those of a voice are: 0.85 to its middle."""
    noise = chance.standard_normal((sum(counts), middles.shape[1])) / np.sqrt(middles.shape[1])
    rows = np.repeat(middles, counts, axis=0) * 0.85 + noise * 0.53
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("seed", range(4))
def test_a_voice_of_a_few_seconds_is_found_and_a_mixture_of_two_is_none(seed: int) -> None:
    chance = np.random.default_rng(seed)
    middles = np.linalg.qr(chance.standard_normal((192, 6)))[0].T
    mixtures = np.stack([middles[a] + middles[b] for a, b in ((0, 1), (2, 3), (1, 3), (0, 2))])
    several = prints_of(middles[:4], [150, 120, 60, 40], chance)
    brief = prints_of(middles[4:5], [4], chance)
    once = prints_of(np.vstack([mixtures / np.sqrt(2), middles[5:]]), [1] * 5, chance)
    assert len(find_voices(np.vstack([several, once]))) == 4
    with_brief = np.vstack([several, brief, once])
    found = find_voices(with_brief)
    assert len(found) == 5
    assert (found @ middles[4]).max() > 0.8
    assert len(find_voices(with_brief, (3, 4))) == 4, "no more than there are people"


def test_most_words_are_right(recording: Recording) -> None:
    text = " ".join(w.text.lower() for w in recording.words)
    for said in ("car parks", "your facilitator", "school nurses", "33 years", "18 months"):
        assert said in text
    assert all(a.start is not None and a.end is not None for a in recording.words)
    assert [w.start for w in recording.words] == sorted(w.start or 0 for w in recording.words)


def test_those_who_introduce_themselves_are_named(recording: Recording) -> None:
    truth = load_truth(CLIP)
    named = with_names(recording, truth.people).names
    who = owners(truth.turns, recording.stretches)
    assert {n.name for n in named.values()} >= {"Wendy", "Tegan", "Jenna", "Nicola"}
    for voice, name in named.items():
        assert truth.speakers[who[voice]] == name.name
        assert name.evidence


def test_without_a_list_only_introductions_count(recording: Recording) -> None:
    named = with_names(recording).names
    assert {"Wendy", "Jenna"} <= {n.name for n in named.values()}
    assert all(any("introduces" in e for _, e in n.evidence) for n in named.values())


def test_a_recording_is_read_back_as_it_was_saved(recording: Recording, tmp_path: Path) -> None:
    path = tmp_path / "recording.json"
    named = with_names(recording)
    named.save(path)
    assert Recording.load(path) == named
    assert path.stat().st_mode & 0o777 == 0o600
    assert "192" not in json.loads(path.read_text("utf-8")), "no voiceprints"
    assert set(json.loads(path.read_text("utf-8"))) == {
        "schema", "files", "starts", "duration", "words", "stretches", "model", "notes", "names",
        "perhaps", "separate", "asked",
    }  # fmt: skip


def test_a_change_of_speaker_moves_to_the_end_of_the_sentence() -> None:
    said = words("what have you tried. I rang them twice")
    stretches = [Stretch(0, 2.0, 1), Stretch(2.0, 3.2, 2)]
    assert voices_of(said, stretches) == [1, 1, 1, 1, 2, 2, 2, 2]


def test_a_murmur_in_a_long_turn_keeps_its_own_voice() -> None:
    said = words("so I went to see her and mm she was not in the office at all")
    mm = next(w for w in said if w.text == "mm")
    assert mm.start and mm.end
    stretches = [Stretch(0, 7, 1), Stretch(mm.start - 0.1, mm.end + 0.1, 2)]
    found = voices_of(said, stretches)
    assert found[said.index(mm)] == 2
    assert found.count(2) == 1
    turns = transcript_of(said, stretches, file="x", duration=7).turns
    assert [t.text for t in turns if t.speaker == "S2"] == ["mm"]
    assert sum(t.speaker == "S1" for t in turns) == 1, "a backchannel does not end a turn"


def test_one_word_is_no_other_voice() -> None:
    said = words("we changed the rota and nobody told the night staff")
    stretches = [Stretch(0, 1.6, 1), Stretch(1.6, 2.0, 2), Stretch(2.0, 4, 1)]
    assert set(voices_of(said, stretches)) == {1}


def test_words_without_voices_are_kept() -> None:
    transcript = transcript_of(words("nobody knows who said this"), [], file="x", duration=3)
    assert transcript.turns[0].speaker is None
    assert transcript.turns[0].text == "nobody knows who said this"


def _talk(*turns: tuple[int, str]) -> Transcript:
    said: list[Word] = []
    stretches = []
    clock = 0.0
    for voice, text in turns:
        more = words(text, clock)
        end = more[-1].end or 0.0
        stretches.append(Stretch(clock, end, voice))
        said += more
        clock = end + 0.5
    return transcript_of(said, stretches, file="x", duration=clock)


PEOPLE = (
    Person("Helen", "facilitator"),
    Person("Seun", "participant"),
    Person("Bev", "participant"),
)


def names(transcript: Transcript, people: tuple[Person, ...] = PEOPLE) -> dict[str, str]:
    found = introductions(transcript, people, known=load_tagger().knows)
    return {speaker: named.name for speaker, named in found.items() if named.sure >= SURE}


def test_a_name_is_taken_from_an_introduction_even_if_it_is_misheard() -> None:
    talk = _talk((1, "Shall we start?"), (2, "I'm Shaun, I'm with housing options."))
    assert names(talk) == {"S2": "Seun"}


def test_being_called_once_is_not_enough_but_twice_is() -> None:
    once = _talk((1, "What about you, Bev?"), (2, "It was fine."))
    assert names(once) == {}
    twice = _talk(
        (1, "What about you, Bev?"), (2, "It was fine."), (1, "And then what, Bev?"),
        (2, "Then we stopped."),
    )  # fmt: skip
    assert names(twice) == {"S2": "Bev"}


def test_two_voices_that_claim_a_name_both_stay_without() -> None:
    talk = _talk((1, "I'm Bev, hello."), (2, "I'm Bev as well, would you believe it."))
    assert names(talk) == {}


def test_somebody_spoken_of_is_nobody_here() -> None:
    talk = _talk((1, "My manager Carol said no."), (2, "What did Carol mean?"), (1, "No idea."))
    assert names(talk, ()) == {}


def test_a_merged_voice_keeps_the_name(recording: Recording) -> None:
    named = with_names(recording)
    voice = min(named.names)
    other = next(v for v in {s.voice for s in recording.stretches} if v not in named.names)
    joined = merged(named, voice, other)
    assert joined.names[other].name == named.names[voice].name
    assert voice not in {s.voice for s in joined.stretches}


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("audioHelenOkafor21234567.m4a", "Helen Okafor"),
        ("audio1.m4a", None),
        ("bev.wav", "Bev"),
        ("Seun Adeyemi-2.flac", "Seun Adeyemi"),
    ],
)
def test_names_of_tracks(file: str, name: str | None) -> None:
    assert name_of_track(Path(file)) == name


def test_what_is_likely_is_asked_about_and_not_given() -> None:
    talk = _talk((1, "What about you, Bev?"), (2, "It was fine."))
    found = introductions(talk, PEOPLE, known=load_tagger().knows)
    assert LIKELY <= found["S2"].sure < SURE
    assert found["S2"].name == "Bev"


def test_chances_count_every_way_of_giving_names() -> None:
    random = np.random.default_rng(5)
    weights = random.normal(0, 2, (3, 2))
    ratios = np.exp(weights)
    # by hand: each of three voices is the first person, the second, or nobody
    ways = [w for w in product((0, 1, None), repeat=3)
            if w.count(0) <= 1 and w.count(1) <= 1]  # fmt: skip
    value = {
        w: np.prod([0.3 if n is None else ratios[v, n] for v, n in enumerate(w)]) for w in ways
    }
    whole = sum(value.values())
    for v, n in product(range(3), range(2)):
        expected = sum(x for w, x in value.items() if w[v] == n) / whole
        assert chances(weights, 0.3)[v, n] == pytest.approx(expected)


def test_pyannote_is_told_to_be_silent_before_it_is_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its models cannot be had without a token: its interface (4.0) is stood in for here."""
    turns = [
        (Span(start=3.0, end=4.0), "a", "SPEAKER_01"),
        (Span(start=0.5, end=2.0), "b", "SPEAKER_00"),
    ]
    asked: dict[str, object] = {}

    class Pipeline:
        @classmethod
        def from_pretrained(cls, name: str, token: str | None) -> Pipeline | None:
            asked["reporting"] = os.environ["PYANNOTE_METRICS_ENABLED"]
            return cls() if token else None

        def __call__(self, file: dict[str, object], **how: object) -> SimpleNamespace:
            asked.update(how)
            found = SimpleNamespace(itertracks=lambda yield_label: iter(turns))
            return SimpleNamespace(speaker_diarization=found)

    audio = SimpleNamespace(Pipeline=Pipeline)
    torch = SimpleNamespace(from_numpy=lambda x: SimpleNamespace(unsqueeze=lambda _: x))
    monkeypatch.setitem(sys.modules, "pyannote", SimpleNamespace(audio=audio))
    monkeypatch.setitem(sys.modules, "pyannote.audio", audio)
    monkeypatch.setitem(sys.modules, "torch", torch)
    for name in SILENT:
        monkeypatch.setenv(name, "unset")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    path = tmp_path / "sound.pcm"
    path.write_bytes(bytes(32_000))
    hearing = Hearing(*(np.zeros(0) for _ in range(4)))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="HF_TOKEN"):
        diarise_with_pyannote(Sound(path), hearing)
    monkeypatch.setenv("HF_TOKEN", "hf_…")
    found = diarise_with_pyannote(Sound(path), hearing, voices=(6, 8))
    assert found == (Stretch(0.5, 2.0, 1), Stretch(3.0, 4.0, 2))
    assert asked["reporting"] == "false"
    assert (asked["min_speakers"], asked["max_speakers"]) == (6, 8)
