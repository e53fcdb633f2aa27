"""How fast recordings are heard, beside the usual ways with the same weights, in the same run.

    python benchmarks/recordings.py RECORDING… [--clip CLIP]… [--hour RECORDING] [-o RESULTS.json]

Each RECORDING has its truth beside it (corpora/recordings). Needs the extra ``bench``; if
``whisper-ctranslate2`` or ``senko`` (with torch) are installed they are run as well. Every way runs
in a process of its own on the same two processors, and its peak memory is that process's.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from als_nlp.evaluate.recordings import diarisation_error, load_truth, word_error
from als_nlp.files import write_whole
from als_nlp.transcribe.diarise import Stretch
from als_nlp.transcribe.weights import assembled

THREADS = 2


def ours(recording: str, model: str) -> dict[str, Any]:
    """Everything: decoding, voices, words."""
    from als_nlp.transcribe import transcribe

    with tempfile.TemporaryDirectory() as work:
        found = transcribe([Path(recording)], Path(work), model=model)
    return {
        "text": " ".join(w.text for w in found.words),
        "stretches": [[s.start, s.end, s.voice] for s in found.stretches],
    }


def our_words(recording: str, model: str) -> dict[str, Any]:
    """Words alone, as the peers give them."""
    from als_nlp.transcribe.audio import decode
    from als_nlp.transcribe.recognise import BATCH, Recogniser
    from als_nlp.transcribe.side_by_side import side_by_side
    from als_nlp.transcribe.speech import find_speech, hear, pieces

    with tempfile.TemporaryDirectory() as work:
        sound = decode(Path(recording), Path(work) / "sound.pcm")
        speech = find_speech(hear(sound), sound.seconds)
        parts = pieces(speech, sound.seconds)
        batches = [parts[n : n + BATCH] for n in range(0, len(parts), BATCH)]
        recogniser = Recogniser(model)
        found = side_by_side(lambda some: recogniser.recognise(sound, some, speech), batches)
        said = [piece for batch in found for piece in batch]
    return {"text": " ".join(w.text for piece in said for w in piece.words)}


def our_voices(recording: str, _: str) -> dict[str, Any]:
    """Voices alone."""
    from als_nlp.transcribe.audio import decode
    from als_nlp.transcribe.diarise import diarise
    from als_nlp.transcribe.speech import hear

    with tempfile.TemporaryDirectory() as work:
        sound = decode(Path(recording), Path(work) / "sound.pcm")
        found = diarise(sound, hear(sound))
    return {"stretches": [[s.start, s.end, s.voice] for s in found]}


def faster_whisper(recording: str, model: str) -> dict[str, Any]:
    """faster-whisper as it comes, with times of words."""
    from faster_whisper import WhisperModel

    data, beside = assembled(model)
    loaded = WhisperModel(
        model, files={"model.bin": data, **beside}, device="cpu", compute_type="int8",
        cpu_threads=THREADS,
    )  # fmt: skip
    said, _ = loaded.transcribe(recording, language="en", word_timestamps=True)
    return {"text": " ".join(s.text.strip() for s in said)}


def whisper_ctranslate2(recording: str, model: str) -> dict[str, Any]:
    """The command of that name as it comes."""
    data, beside = assembled(model)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "model"
        home.mkdir()
        for name, content in {"model.bin": data, **beside}.items():
            (home / name).write_bytes(content)
        subprocess.run(
            ["whisper-ctranslate2", recording, "--model_directory", str(home), "--language", "en",
             "--device", "cpu", "--compute_type", "int8", "--threads", str(THREADS),
             "--output_format", "txt", "--output_dir", folder, "--verbose", "False"],
            check=True, capture_output=True,
        )  # fmt: skip
        return {"text": next(Path(folder).glob("*.txt")).read_text(encoding="utf-8")}


def senko(recording: str, _: str) -> dict[str, Any]:
    """senko as it comes, but for its features: its own library runs on few processors.

    The same features, log mel energies less their mean, come from kaldi-native-fbank.
    """
    import av
    import numpy as np
    from senko import Diarizer  # type: ignore[import-untyped]

    from als_nlp.transcribe.audio import RATE, as_wav
    from als_nlp.transcribe.diarise import features

    with av.open(recording) as container:
        samples = np.concatenate([f.to_ndarray().ravel() for f in container.decode(audio=0)])

    class Portable(Diarizer):  # type: ignore[misc]
        """The diariser with features that every processor can compute."""

        def _extract_fbank_features(self, _: str, spans: list[tuple[float, float]]) -> Any:
            found = []
            for start, end in spans:
                part = samples[int(start * RATE) : int(start * RATE) + int((end - start) * RATE)]
                rows = features(np.pad(part, (0, max(0, 400 - len(part)))).astype(np.float32))
                found.append(rows - rows.mean(0))
            lengths = [len(rows) for rows in found]
            begins = np.cumsum([0, *(rows.size for rows in found)])[:-1]
            return np.concatenate(found).ravel(), np.array(lengths), begins, 80

    with tempfile.NamedTemporaryFile(suffix=".wav") as wav:
        wav.write(as_wav(samples))
        wav.flush()
        diarizer = Portable(device="cpu", warmup=False, quiet=True)
        found = diarizer.diarize(wav.name, generate_colors=False) or {}
    names: dict[str, int] = {}
    return {
        "stretches": [
            [s["start"], s["end"], names.setdefault(s["speaker"], len(names))]
            for s in found.get("merged_segments", ())
        ]
    }


WAYS = {f.__name__: f for f in
        (ours, our_words, our_voices, faster_whisper, whisper_ctranslate2, senko)}  # fmt: skip
WORDS = {"our_words": "als-nlp", "faster_whisper": "faster-whisper as it comes",
         "whisper_ctranslate2": "whisper-ctranslate2"}  # fmt: skip
VOICES = {"our_voices": "als-nlp", "senko": "senko"}


def run(way: str, recording: Path, model: str) -> dict[str, Any] | None:
    """One way in a process of its own: what it found, seconds, peak memory in MB."""
    command = [sys.executable, __file__, str(recording), "--way", way, "--model", model]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{way}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", nargs="+", type=Path)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--model", default="base")
    parser.add_argument("--clip", action="append", type=Path, default=[],
                        help="a short recording of real people, for voices alone")  # fmt: skip
    parser.add_argument("--hour", type=Path, help="a recording of an hour, for time and memory")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    if options.way:
        began = time.perf_counter()
        found = WAYS[options.way](str(options.recordings[0]), options.model)
        used = max(resource.getrusage(who).ru_maxrss
                   for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))  # fmt: skip
        print(json.dumps(found | {"seconds": time.perf_counter() - began, "mb": used / 1024}))
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    tables = [_words(options.recordings, model) for model in ("base", "tiny.en")]
    tables.append(_voices(options.recordings))
    if options.clip:
        tables.append(_clips(options.clip))
    if options.hour:
        tables.append(_hour(options.hour))
    text = json.dumps(tables, indent=1, ensure_ascii=False) + "\n"
    if options.output:
        write_whole(options.output, text)
    else:
        print(text)


def _words(recordings: list[Path], model: str) -> dict[str, Any]:
    rows = []
    for way, title in WORDS.items():
        if way == "whisper_ctranslate2" and not shutil.which("whisper-ctranslate2"):
            continue
        share, wer, mb, length = 0.0, 0.0, 0.0, 0.0
        for path in recordings:
            truth = load_truth(path)
            seconds = max(end for _, end, _ in truth.turns)
            found = run(way, path, model)
            assert found
            share += found["seconds"]
            length += seconds
            wer += word_error(" ".join(s["text"] for s in truth.segments), found["text"])
            mb = max(mb, found["mb"])
        rows.append([title, share / length, wer / len(recordings), mb])
        print(model, rows[-1], file=sys.stderr, flush=True)
    return {
        "title": f"Words beside the usual ways, {model}",
        "about": f"{len(recordings)} spoken sessions, no names given; the same int8 weights, two "
        "processors, a process each with its loading. Ours includes finding where somebody speaks.",
        "columns": ["", "share of real time", "times as fast as als-nlp", "WER", "peak MB"],
        "rows": [[t, f"{s:.3f}", f"{rows[0][1] / s:.2f}", f"{w:.3f}", f"{m:.0f}"]
                 for t, s, w, m in rows],
    }  # fmt: skip


def _voices(recordings: list[Path]) -> dict[str, Any]:
    rows = []
    for way, title in VOICES.items():
        seconds = length = without = collar = mb = 0.0
        right = 0
        for path in recordings:
            truth = load_truth(path)
            end = max(end for _, end, _ in truth.turns)
            found = run(way, path, "base")
            if found is None:
                break
            stretches = [Stretch(*s) for s in found["stretches"]]
            errors = diarisation_error(truth.turns, stretches, end)
            seconds, length, mb = seconds + found["seconds"], length + end, max(mb, found["mb"])
            without, collar = without + errors[0], collar + errors[1]
            right += len({s.voice for s in stretches}) == len({w for _, _, w in truth.turns})
        else:
            n = len(recordings)
            rows.append(
                [title, f"{seconds / length:.3f}", f"{without / n:.3f}", f"{collar / n:.3f}",
                 f"{right} of {n}", f"{mb:.0f}"]
            )  # fmt: skip
            print(rows[-1], file=sys.stderr, flush=True)
    return {
        "title": "Voices beside senko",
        "about": "The same sessions; nobody says how many people there are.",
        "columns": ["", "share of real time", "DER", "DER, 0.25 s", "voices right", "peak MB"],
        "rows": rows,
    }


def _clips(clips: list[Path]) -> dict[str, Any]:
    """Clip by clip, as they differ more from one another than the ways do."""
    rows = []
    errors: list[tuple[float, ...]] = []
    for path in clips:
        truth = load_truth(path)
        end = max(end for _, end, _ in truth.turns)
        both = [run(way, path, "base") for way in VOICES]
        assert all(both)
        found = [[Stretch(*s) for s in one["stretches"]] for one in both if one]
        each = [diarisation_error(truth.turns, stretches, end) for stretches in found]
        errors.append((each[0][0], each[1][0], each[0][1], each[1][1]))
        counts = (len({s.voice for s in stretches}) for stretches in found)
        there = len({who for _, _, who in truth.turns})
        rows.append([path.stem, there, *counts, *(f"{e:.3f}" for e in errors[-1])])
        print(rows[-1], file=sys.stderr, flush=True)
    means = [f"**{sum(e) / len(errors):.3f}**" for e in zip(*errors, strict=True)]
    return {
        "title": "Voices of real clips beside senko",
        "about": "Half minutes of real meetings (AMI); nobody says how many people there are.",
        "columns": ["", "people", "als-nlp finds", "senko finds", "DER", "senko", "DER, 0.25 s",
                    "senko"],
        "rows": [*rows, ["**mean**", "", "", "", *means]],
    }  # fmt: skip


def _kind() -> str:
    """Whether these processors have what int8 networks gain most from."""
    about = Path("/proc/cpuinfo")
    return "with" if about.exists() and "avx512_vnni" in about.read_text() else "without"


def _hour(path: Path) -> dict[str, Any]:
    rows = []
    for model in ("base", "tiny.en"):
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            command = [
                sys.executable,
                "-m",
                "als_nlp",
                "reflect",
                str(path),
                "-o",
                folder,
                "--model",
                model,
            ]
            code = "import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True);" \
                "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/1024)"  # fmt: skip
            done = subprocess.run(
                [sys.executable, "-c", code, *command], check=True, text=True, capture_output=True
            )
        seconds = time.perf_counter() - began
        peak = float(done.stdout.splitlines()[-1])
        rows.append([model, f"{seconds / 60:.1f}", f"{peak:.0f}"])
        print(rows[-1], file=sys.stderr, flush=True)
    return {
        "title": "An hour of recording to a reflection",
        "about": f"One command, from a cold start to both files; processors {_kind()} AVX-512.",
        "columns": ["model", "minutes", "peak MB"],
        "rows": rows,
    }


if __name__ == "__main__":
    main()
