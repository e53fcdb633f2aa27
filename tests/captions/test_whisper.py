"""JSON of speech recognisers: Whisper in its many shapes, WhisperX with speakers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from als_nlp.captions.formats import formats
from als_nlp.errors import CaptionError
from tests.captions.helpers import cues, fitting, said, transcript

OPENAI = {
    "text": " Shall we begin? Yes.",
    "segments": [
        {"id": 0, "seek": 0, "start": 1.5, "end": 3.0, "text": " Shall we begin?",
         "tokens": [50364, 13], "temperature": 0.0, "avg_logprob": -0.2, "no_speech_prob": 0.01},
        {"id": 1, "seek": 0, "start": 6.0, "end": 6.5, "text": " Yes.", "tokens": [50364]},
    ],
    "language": "en",
}  # fmt: skip
CPP = {
    "systeminfo": "AVX = 1", "result": {"language": "en"},
    "transcription": [
        {"timestamps": {"from": "00:00:01,500", "to": "00:00:03,000"},
         "offsets": {"from": 1500, "to": 3000}, "text": " Shall we begin?"},
        {"timestamps": {"from": "00:00:06,000", "to": "00:00:06,500"},
         "offsets": {"from": 6000, "to": 6500}, "text": " Yes."},
    ],
}  # fmt: skip
CHUNKS = {
    "text": " Shall we begin? Yes.",
    "chunks": [{"timestamp": [1.5, 3.0], "text": " Shall we begin?"},
               {"timestamp": [6.0, 6.5], "text": " Yes."}],
}  # fmt: skip


def segment(*words: tuple[str, float | None, float | None, str | None], **more: object) -> str:
    """A WhisperX file of one segment with these words."""
    fields = ("word", "start", "end", "speaker")
    items = [
        {field: value for field, value in zip(fields, word, strict=True) if value is not None}
        for word in words
    ]
    whole = {"start": 1.0, "end": 3.0, "text": " ".join(w for w, *_ in words), "words": items}
    return json.dumps({"segments": [whole | more], "word_segments": items, "language": "en"})


@pytest.mark.parametrize("name", ["whisper-json", "whisperx-json"])
def test_the_example_that_als_formats_prints_is_read(name: str) -> None:
    example = formats()[name].example
    assert fitting(example) == [name]
    assert " ".join(words for _, words in said(example)) == "Shall we begin? I'm ready."


@pytest.mark.parametrize(
    "value",
    [OPENAI, CPP, CHUNKS, OPENAI["segments"]],
    ids=["openai", "whisper.cpp", "transformers", "faster-whisper"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_shape_gives_the_same_words_and_times(value: object, encoding: str) -> None:
    data = json.dumps(value, indent=1).encode(encoding)
    assert fitting(data) == ["whisper-json"]
    assert [(cue.speaker, cue.start, cue.end, cue.text) for cue in cues(data)] == [
        (None, 1.5, 3.0, "Shall we begin?"),
        (None, 6.0, 6.5, "Yes."),
    ]
    assert transcript(data).source.timing == "exact"


def test_that_nobody_is_named_is_said() -> None:
    found = transcript(json.dumps(OPENAI))
    assert found.speakers == ()
    assert "do not say who is speaking" in found.source.notes[0]


def test_times_of_words_are_kept_and_pieces_of_a_word_are_put_together() -> None:
    words = [
        {"word": " Twenty", "start": 1.0, "end": 1.4},
        {"word": "-five,", "start": 1.4, "end": 1.8},
        {"word": " then?", "start": 2.0, "end": 2.5},
    ]
    text = json.dumps({"segments": [
        {"start": 1.0, "end": 2.5, "text": " Twenty-five, then?", "words": words}
    ]})  # fmt: skip
    found = transcript(text).turns[0].words
    assert [(w.text, w.start, w.end) for w in found] == [
        ("Twenty-five,", 1.0, 1.8),
        ("then?", 2.0, 2.5),
    ]


def test_a_change_of_voice_that_whisper_cpp_marks_begins_a_turn() -> None:
    first = CPP["transcription"][0] | {"speaker_turn_next": True}  # type: ignore[index]
    second = {"offsets": {"from": 3000, "to": 3500}, "text": " Yes."}
    found = transcript(json.dumps({"transcription": [first, second]}))
    assert [turn.text for turn in found.turns] == ["Shall we begin?", "Yes."]


@pytest.mark.parametrize(("speaker", "name"), [("SPEAKER_01", "SPEAKER_01"), (1, "SPEAKER_01"),
                                               ("Helen", "Helen")])  # fmt: skip
def test_whisperx_names_the_speakers(speaker: object, name: str) -> None:
    text = json.dumps({"segments": [{"start": 1, "end": 2, "text": "Yes.", "speaker": speaker}]})
    assert fitting(text) == ["whisperx-json"]
    assert said(text) == [(name, "Yes.")]


@pytest.mark.parametrize("speaker", [None, "", "?", True])
def test_a_speaker_that_is_none_makes_no_whisperx(speaker: object) -> None:
    text = json.dumps({"segments": [{"start": 1, "end": 2, "text": "Yes.", "speaker": speaker}]})
    assert fitting(text) == ["whisper-json"]


def test_words_without_a_time_share_the_gap_between_their_neighbours_and_that_is_said() -> None:
    text = segment(
        ("At", 1.0, 1.2, "A"), ("10", None, None, None), ("30", None, None, None),
        ("sharp", 1.8, 2.2, "A"), ("42", None, None, None), speaker="A",
    )  # fmt: skip
    found = transcript(text)
    assert [(w.start, w.end) for w in found.turns[0].words] == [
        (1.0, 1.2), (1.2, 1.5), (1.5, 1.8), (1.8, 2.2), (2.2, 3.0),
    ]  # fmt: skip
    assert found.source.notes == (
        "Words without a time: 3; they share that between their neighbours.",
    )


def test_a_segment_with_two_voices_is_split_where_the_voice_changes() -> None:
    text = segment(
        ("Ready?", 1.0, 1.5, "A"), ("Nearly", 1.6, 1.9, "B"), ("there.", 1.9, 2.2, "B"), speaker="A"
    )  # fmt: skip
    assert [(c.speaker, c.start, c.end, c.text) for c in cues(text)] == [
        ("A", 1.0, 1.5, "Ready?"),
        ("B", 1.6, 2.2, "Nearly there."),
    ]


def test_a_word_without_a_voice_is_of_the_voice_around_it_not_of_the_segments() -> None:
    text = segment(
        ("12", None, None, None), ("of", 1.2, 1.4, "B"), ("20", None, None, None),
        ("came", 1.8, 2.2, "B"), speaker="A",
    )  # fmt: skip
    assert [(c.speaker, c.text) for c in cues(text)] == [("B", "12 of 20 came")]


def test_words_without_times_anywhere_share_the_time_of_their_segment() -> None:
    text = segment(("So", None, None, None), ("so", None, None, None), speaker="A")
    assert [(w.start, w.end) for w in transcript(text).turns[0].words] == [(1.0, 2.0), (2.0, 3.0)]


def test_a_script_without_spaces_is_read_by_segments() -> None:
    text = json.dumps({"segments": [{"start": 1.0, "end": 2.0, "text": "始めよう", "words": [
        {"word": c, "start": 1.0, "end": 1.2, "speaker": "A"} for c in "始めよう"
    ]}]})  # fmt: skip
    assert [(c.speaker, c.start, c.end, c.text) for c in cues(text)] == [
        ("A", 1.0, 2.0, "始めよう")
    ]


def test_of_a_file_that_breaks_off_the_whole_segments_are_read_and_that_is_said() -> None:
    text = json.dumps(OPENAI)
    found = transcript(text[: text.index('"text": " Yes."')])
    assert [turn.text for turn in found.turns] == ["Shall we begin?"]
    assert found.source.notes[0].startswith("The file is cut off")


@pytest.mark.parametrize(
    "value",
    [
        {}, {"segments": []}, {"segments": None}, {"segments": "x"}, [1, 2], {"a": {"b": 1}},
        "text", None, 3, [{"text": "a tweet", "id": 3}], {"segments": [{"start": 1, "end": 2}]},
        {"segments": [{"start": "x", "end": None, "text": "y"}]},
    ],
)  # fmt: skip
def test_other_json_is_no_captions(value: object) -> None:
    assert fitting(json.dumps(value)) == []


def test_absurdly_nested_json_is_no_captions() -> None:
    assert fitting("[" * 200_000) == []
    assert fitting('{"segments": ' + "[" * 200_000) == []


def test_a_file_of_silence_is_refused_in_a_sentence() -> None:
    with pytest.raises(CaptionError, match="speech recogniser's file but holds no words"):
        transcript(json.dumps({"segments": [{"start": 0, "end": 30, "text": " "}]}))


TIME = st.one_of(st.none(), st.floats(0, 1e5), st.integers(-5, 5), st.just("00:01:02.5"))
VOICE = st.one_of(st.none(), st.sampled_from(["A", "B", "?"]), st.integers(0, 3))
WORD = st.fixed_dictionaries(
    {"word": st.text("ab .", max_size=4)}, optional={"start": TIME, "end": TIME, "speaker": VOICE}
)
SEGMENT = st.fixed_dictionaries(
    {"text": st.text("ab .", max_size=12)},
    optional={"start": TIME, "end": TIME, "speaker": VOICE, "words": st.lists(WORD, max_size=4)},
)


@given(st.lists(SEGMENT, max_size=5))
def test_whatever_fields_are_missing_no_word_is_lost_and_no_time_runs_backwards(
    segments: list[dict[str, object]],
) -> None:
    text = json.dumps({"segments": segments})
    for name in fitting(text):
        words = " ".join(str(s["text"]) for s in segments).split()
        if not words:
            continue
        found = cues(text)
        assert name in formats()
        assert " ".join(cue.text for cue in found).split() == words
        for word in (word for turn in transcript(text).turns for word in turn.words):
            assert (word.start is None) == (word.end is None)
            assert word.start is None or word.end is None or word.start <= word.end
