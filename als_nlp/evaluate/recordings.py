"""How well recordings are heard: words, voices, airtime, tags, names; ``docs/recordings.md``.

A recording to score has a truth beside it: NAME.rttm (who spoke when) and, if it was made from an
annotated session, NAME.json (what was said, with its codes), as ``corpora/recordings`` writes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

import numpy as np

from als_nlp.errors import InputError, ModelError
from als_nlp.evaluate.report import table
from als_nlp.evaluate.tagger import Row
from als_nlp.measures.airtime import airtime
from als_nlp.models.splits import splits_of_cohorts
from als_nlp.models.tagger import load_tagger
from als_nlp.people import Person
from als_nlp.pipeline import likely_voices, with_names
from als_nlp.transcribe.assemble import transcript_of
from als_nlp.transcribe.diarise import Stretch
from als_nlp.transcribe.recognise import glossary
from als_nlp.transcribe.recording import Recording, transcribe
from als_nlp.transcript import Label, Transcript, Word

Turns = list[tuple[float, float, str]]
"""Who speaks from when to when (seconds)."""

HEAD: Final = """# How well recordings are heard

This page is written by `als evaluate recordings`; do not edit it by hand.

The sessions are first cycles of annotated sessions of the `dev` and `test` cohorts, **spoken by
text-to-speech voices** (`corpora/recordings/speak.py`): British, with pauses, overlaps, murmurs,
room noise and differences of level, and yet clearer than people are. The clips are half minutes of
real meetings (AMI): so short that taking everybody for one person is hard to beat. Model `{model}`;
the sessions come with a list of their people, as `--people` takes it. Settings were chosen on
sessions of `dev` and on the clips; those of `test` were only scored.

- *WER*: word error rate after Whisper's own normaliser (jiwer). *cedar-1* is written without
  apostrophes, as some captions are, so that "its" for "it's" is spoken and counted as an error.
- *Shortest*: seconds for which the voice speaks that is heard least. A voice of a few seconds is
  hard to tell from a change of tone, and is counted all the same.
- *DER*: diarisation error rate (pyannote.metrics) without a collar and with one of 0.25 s. In the
  spoken sessions somebody speaks from the beginning to the end of a sentence, silences of half a
  second and more apart. Nearly all of what remains is such boundaries, not which voice is which.
- *Airtime*: mean absolute error of a speaker's share, in points, from recording to page.
- *Names*: voices given the right name, a wrong one, and left without.
"""
TAGS: Final = """F1 of question and advice, per segment of the coder, on the same sessions: from
perfect captions (what was said, who, when), from recognised words with the true voices, and from
the recording alone. The first step is what recognition costs, the second what telling voices apart
costs.
"""


@dataclass(frozen=True)
class Truth:
    """What is known of a recording. ``segments`` is empty where only the voices are."""

    path: Path
    turns: Turns
    speakers: dict[str, str]
    facilitator: str | None
    segments: tuple[dict[str, Any], ...]

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(
            Person(name, "facilitator" if id == self.facilitator else "participant")
            for id, name in self.speakers.items()
        )


def load_truth(path: Path) -> Truth:
    """What lies beside a recording.

    Raises:
        InputError: if there is no NAME.rttm.
    """
    try:
        lines = path.with_suffix(".rttm").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path.name} has no truth beside it (.rttm).") from error
    fields = [line.split() for line in lines if line.startswith("SPEAKER")]
    turns = [(float(f[3]), float(f[3]) + float(f[4]), f[7]) for f in fields]
    beside = path.with_suffix(".json")
    found = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    return Truth(
        path, turns, found.get("speakers", {}), found.get("facilitator"),
        tuple(found.get("segments", ())),
    )  # fmt: skip


def heard(truth: Truth, work: Path, model: str = "base") -> Recording:
    """A recording as a user with a list of people would have it transcribed."""
    names = [person.name for person in truth.people]
    hints = (*names, *glossary()) if names else ()
    voices = likely_voices(truth.people)
    found = transcribe([truth.path], work, model=model, hints=hints, voices=voices)
    return with_names(found, truth.people)


def diarisation_error(
    truth: Turns, found: Sequence[Stretch], seconds: float
) -> tuple[float, float]:
    """Diarisation error rate without a collar and with 0.25 s.

    Raises:
        ModelError: without pyannote.metrics.
    """
    try:
        from pyannote.core import Annotation, Timeline
        from pyannote.core import Segment as Span
        from pyannote.metrics.diarization import DiarizationErrorRate
    except ImportError as error:
        raise ModelError(
            "This needs the extra 'bench': pip install '.[bench]' in the project's folder."
        ) from error

    def annotation(turns: Iterator[tuple[float, float, str]]) -> Any:
        made = Annotation()
        for n, (start, end, who) in enumerate(turns):
            made[Span(start, end), n] = who
        return made

    reference = annotation(iter(truth))
    guess = annotation((s.start, s.end, str(s.voice)) for s in found)
    whole = Timeline([Span(0, seconds)])
    without, with_ = (
        float(DiarizationErrorRate(collar=collar)(reference, guess, uem=whole))
        for collar in (0.0, 0.5)  # pyannote counts both sides of a boundary
    )
    return without, with_


def word_error(truth: str, found: str) -> float:
    """Word error rate of normalised texts."""
    import jiwer
    from whisper_normalizer.english import EnglishTextNormalizer

    plain = EnglishTextNormalizer()
    return float(jiwer.wer(plain(truth), plain(found)))


def owners(truth: Turns, found: Sequence[Stretch]) -> dict[int, str]:
    """Whose voice each is: who speaks most while it is heard."""
    out = {}
    for voice in sorted({s.voice for s in found}):
        shared: dict[str, float] = {}
        for s in found:
            if s.voice == voice:
                for start, end, who in truth:
                    shared[who] = shared.get(who, 0.0) + max(
                        0.0, min(s.end, end) - max(s.start, start)
                    )
        out[voice] = max(shared, key=lambda w: shared[w])
    return out


def _spoken(turns: Turns) -> dict[str, float]:
    """Seconds for which each speaks."""
    spoken: dict[str, float] = {}
    for start, end, name in turns:
        spoken[name] = spoken.get(name, 0.0) + end - start
    return spoken


def airtime_error(truth: Truth, recording: Recording) -> float:
    """Mean absolute error of a speaker's share, in points, as the page would show it."""
    who = owners(truth.turns, recording.stretches)
    voices = recording.voices()
    said: dict[str, float] = {}
    for person in airtime(recording.transcript()):
        if person.id in voices:
            owner = who[voices[person.id]]
            said[owner] = said.get(owner, 0.0) + person.share
    spoken = _spoken(truth.turns)
    total = sum(spoken.values())
    errors = [abs(said.get(name, 0.0) - seconds / total) for name, seconds in spoken.items()]
    return 100 * float(np.mean(errors))


def names_given(truth: Truth, recording: Recording) -> tuple[int, int, int]:
    """Voices with the right name, with a wrong one, and without."""
    who = owners(truth.turns, recording.stretches)
    right = sum(truth.speakers[who[v]] == n.name for v, n in recording.names.items() if v in who)
    wrong = len(recording.names) - right
    return right, wrong, len(who) - len(recording.names)


def perfect(truth: Truth) -> Transcript:
    """The session as perfect captions would have it."""
    numbers = {id: n for n, id in enumerate(truth.speakers, start=1)}
    words: list[Word] = []
    for s in truth.segments:
        said = s["text"].split()
        step = (s["end"] - s["start"]) / len(said)
        words += [Word(w, s["start"] + n * step, s["start"] + (n + 1) * step)
                  for n, w in enumerate(said)]  # fmt: skip
    words.sort(key=lambda w: w.start or 0.0)
    return _with_voices(truth, words, numbers)


def true_voices(truth: Truth, recording: Recording) -> Transcript:
    """The recognised words with the voices that truly spoke."""
    numbers = {id: n for n, id in enumerate(truth.speakers, start=1)}
    return _with_voices(truth, recording.words, numbers)


def _with_voices(truth: Truth, words: Sequence[Word], numbers: dict[str, int]) -> Transcript:
    stretches = [Stretch(a, b, numbers[who]) for a, b, who in truth.turns]
    names = {n: truth.speakers[id] for id, n in numbers.items()}
    end = max(b for _, b, _ in truth.turns)
    return transcript_of(words, stretches, file=truth.path.name, duration=end, names=names)


def tag_scores(truth: Truth, transcript: Transcript) -> dict[str, float]:
    """F1 of question and advice of a transcript, against the coder's segments.

    Words are aligned; a coder's segment is found if most of its words were tagged alike, and a
    tagged segment is right if most of its words were coded alike.
    """
    tagged = load_tagger().tag(transcript)
    gold = [(_plain(w), n) for n, s in enumerate(truth.segments) for w in s["text"].split()]
    found = [(_plain(w.text), n) for n, s in enumerate(tagged.segments) for w in s.words]
    matcher = SequenceMatcher(None, [w for w, _ in gold], [w for w, _ in found], autojunk=False)
    there: dict[int, list[int]] = {}
    back: dict[int, list[int]] = {}
    for a, b, size in matcher.get_matching_blocks():
        for k in range(size):
            there.setdefault(gold[a + k][1], []).append(found[b + k][1])
            back.setdefault(found[b + k][1], []).append(gold[a + k][1])
    coded: list[Label] = [s["label"] for s in truth.segments]
    said = [s.label for s in tagged.segments]
    out = {}
    for label in ("question", "advice"):
        recall = [_most(there.get(n, ()), said) == label for n, c in enumerate(coded) if c == label]
        precision = [
            _most(back.get(n, ()), coded) == label for n, c in enumerate(said) if c == label
        ]
        r, p = (float(np.mean(x)) if x else 0.0 for x in (recall, precision))
        out[label] = 2 * r * p / (r + p) if r + p else 0.0
    return out


def _most(numbers: Sequence[int], labels: Sequence[Label | None]) -> Label | None:
    found = [labels[n] for n in numbers]
    return max(dict.fromkeys(found), key=found.count) if found else None


def _plain(word: str) -> str:
    return re.sub(r"[^\w']+", "", word.lower())


def recordings_report(
    folder: Path, work: Path, model: str, results: Path | None, corpus: Path
) -> str:
    """``docs/recordings.md``: the recordings of a folder that have a truth beside them.

    Args:
        folder: the recordings.
        work: what is heard is kept here; interrupted, the same call goes on.
        model: what words are recognised with.
        results: a folder with the tables of the benchmarks.
        corpus: the annotated sessions that were spoken, with their ``splits.toml``.

    Raises:
        InputError: if there is none.
        ModelError: if a model or the extra 'bench' is missing.
    """
    paths = sorted(p for p in folder.iterdir() if p.with_suffix(".rttm").exists()
                   and p.suffix in (".flac", ".ogg", ".wav"))  # fmt: skip
    if not paths:
        raise InputError(f"{folder} holds no recordings with a truth (.rttm) beside them.")
    sessions, clips, tags = [], [], []
    for path in paths:
        truth = load_truth(path)
        recording = heard(truth, work / path.stem, model)
        der = diarisation_error(truth.turns, recording.stretches, recording.duration)
        voices = len({s.voice for s in recording.stretches}), len({w for _, _, w in truth.turns})
        shared = (f"{recording.duration / 60:.1f}", f"{voices[0]} of {voices[1]}",
                  f"{min(_spoken(truth.turns).values()):.0f}",
                  *(f"{d:.3f}" for d in der), f"{airtime_error(truth, recording):.2f}")  # fmt: skip
        if not truth.segments:
            clips.append((path.stem, shared))
            continue
        text = " ".join(s["text"] for s in truth.segments)
        wer = word_error(text, " ".join(w.text for w in recording.words))
        right, wrong, none = names_given(truth, recording)
        sessions.append((path.stem, (*shared, f"{wer:.3f}", f"{right} / {wrong} / {none}")))
        ways = (perfect(truth), true_voices(truth, recording), recording.transcript())
        scores = [tag_scores(truth, way) for way in ways]
        cells = (f"{s[k]:.2f}" for k in ("question", "advice") for s in scores)
        tags.append((path.stem, tuple(cells)))
    columns = ("", "minutes", "voices found", "shortest, s", "DER", "DER, 0.25 s", "airtime")
    parts = [HEAD.format(model=model)]
    if sessions:
        split = splits_of_cohorts(corpus)
        rows = _with_means(sessions, split)
        parts.append(table("Spoken sessions", (*columns, "WER", "names"), rows))
        steps = ("captions", "true voices", "recording")
        rows = _with_means(tags, split)
        heads = ("", *(f"{k}: {s}" for k in ("question", "advice") for s in steps))
        parts.append(table("Tags", heads, rows, TAGS))
    if clips:
        parts.append(table("Real clips", columns, [*(Row(*r) for r in clips), _mean(clips)]))
    if results and (results / "recordings.json").exists():
        parts += _measured(results / "recordings.json")
    return "\n".join(parts)


Figures = Sequence[tuple[str, tuple[str, ...]]]


def _with_means(rows: Figures, split: dict[str, str]) -> list[Row]:
    """The rows, those of ``dev`` first, with the mean of each split and of all."""
    groups: dict[str, list[tuple[str, tuple[str, ...]]]] = {"dev": [], "test": []}
    for row in rows:
        groups[split[row[0].rpartition("-")[0]]].append(row)
    means = [_mean(some, f"mean of {name}") for name, some in groups.items() if some]
    return [*(Row(*r) for some in groups.values() for r in some), *means, _mean(rows)]


def _mean(rows: Figures, title: str = "mean") -> Row:
    """The mean of each column of figures; sums where a cell holds several."""
    cells = []
    for column in zip(*(figures for _, figures in rows), strict=True):
        if all(re.fullmatch(r"[\d.]+", c) for c in column):
            digits = len(column[0].partition(".")[2])
            cells.append(f"**{np.mean([float(c) for c in column]):.{digits}f}**")
        elif "of" in column[0]:
            right = sum(len(set(c.split(" of "))) == 1 for c in column)
            cells.append(f"**right in {right} of {len(column)}**")
        else:
            sums = np.sum([[int(n) for n in c.split(" / ")] for c in column], axis=0)
            cells.append("**" + " / ".join(map(str, sums)) + "**")
    return Row(f"**{title}**", tuple(cells))


def _measured(path: Path) -> Iterator[str]:
    """The tables that ``benchmarks/recordings.py`` wrote."""
    for found in json.loads(path.read_text(encoding="utf-8")):
        rows = [Row(str(r[0]), tuple(str(c) for c in r[1:])) for r in found["rows"]]
        yield table(found["title"], found["columns"], rows, found["about"] + "\n")
