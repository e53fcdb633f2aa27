"""The commands, as typed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import als_nlp
from als_nlp.cli import main
from tests.conftest import CORPUS, ROOT

SAMPLE = Path(als_nlp.__file__).parent / "sample" / "larch-2.vtt"


def als(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)


@pytest.fixture(scope="module")
def reflected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reflect")
    done = als("reflect", SAMPLE, "-o", folder)
    assert done.exit_code == 0, done.output
    assert str(folder / "reflection.html") in done.output
    return folder


def test_reflect_writes_the_page_and_the_session(reflected: Path) -> None:
    assert sorted(p.name for p in reflected.iterdir()) == ["reflection.html", "session.json"]


def test_session_json_keeps_the_contract(reflected: Path) -> None:
    found = json.loads((reflected / "session.json").read_text(encoding="utf-8"))
    assert found["schema"] == "als-nlp/session/1"
    assert found["source"]["format"] == "teams-vtt"
    assert found["source"]["duration"] > 3600
    assert {"id", "name", "role", "seconds", "share", "words", "turns"} <= set(found["speakers"][0])
    assert sum(s["share"] for s in found["speakers"]) == pytest.approx(1)
    ids = {s["id"] for s in found["speakers"]}
    phases = {"check_in", "present", "inquiry", "reflect_decide", "check_out"}
    for turn in found["turns"]:
        assert turn["speaker"] in ids
        assert turn["phase"] in phases
        assert (turn["cycle"] > 0) == (turn["phase"] not in ("check_in", "check_out"))
        for segment in turn["segments"]:
            assert segment["label"] in ("question", "advice", "other")
            assert (segment["purpose"] is not None) == (segment["label"] == "question")
            assert 0 <= segment["probability"] <= 1
    for key in ("inquiry", "flow", "challenges", "actions", "followups", "models", "version"):
        assert key in found
    assert {action["owner"] for action in found["actions"]} <= ids
    assert {f["status"] for f in found["followups"]} <= {"done", "partly", "not_done"}


def test_a_session_reads_back_as_it_was_written(reflected: Path) -> None:
    session = als_nlp.Session.load(reflected / "session.json")
    again = json.loads(json.dumps(session.as_json()))
    assert again == json.loads((reflected / "session.json").read_text(encoding="utf-8"))


def test_tag_gives_one_segment_a_line(tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    assert als("tag", SAMPLE, "-o", out).exit_code == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert list(lines[0]) == [
        "turn", "speaker", "start", "end", "text", "label", "kind", "purpose", "probability",
    ]  # fmt: skip
    assert len(lines) > 500
    words = sum(len(line["text"].split()) for line in lines)
    assert words == sum(len(t.words) for t in als_nlp.read(SAMPLE).turns)


def test_a_dash_reads_standard_input_and_writes_standard_output() -> None:
    done = als("tag", "-", "-o", "-", stdin=SAMPLE.read_bytes()[:20_000])
    assert done.exit_code == 0
    assert json.loads(done.output.splitlines()[0])["turn"] == 0


def test_the_facilitator_can_be_named(tmp_path: Path) -> None:
    assert als("reflect", SAMPLE, "-o", tmp_path, "--facilitator", "ryan").exit_code == 0
    found = json.loads((tmp_path / "session.json").read_text(encoding="utf-8"))
    assert [s["name"] for s in found["speakers"] if s["role"] == "facilitator"] == ["Ryan"]


def test_people_on_the_list_who_stayed_silent_are_there_with_nothing(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "Name,Role,Also\nHelen Shaw,facilitator,Helen\nAbena Osei,member,\nPriya Nair,member,\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    assert als("reflect", SAMPLE, "-o", out, "--people", people).exit_code == 0
    found = json.loads((out / "session.json").read_text(encoding="utf-8"))
    by_name = {s["name"]: s for s in found["speakers"]}
    assert by_name["Helen Shaw"]["role"] == "facilitator"
    assert by_name["Priya Nair"]["seconds"] == 0
    assert by_name["Priya Nair"]["id"] in found["airtime"]["not_heard"]


def test_two_parts_of_a_session_are_one(tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    cues = text.split("\n\n")
    first, second = tmp_path / "a.vtt", tmp_path / "b.vtt"
    first.write_text("\n\n".join(cues[:400]) + "\n", encoding="utf-8")
    second.write_text("WEBVTT\n\n" + "\n\n".join(cues[400:]), encoding="utf-8")
    out = tmp_path / "out"
    assert als("reflect", first, second, "-o", out).exit_code == 0
    found = json.loads((out / "session.json").read_text(encoding="utf-8"))
    whole = als_nlp.read(SAMPLE)
    assert sum(s["words"] for s in found["speakers"]) == sum(len(t.words) for t in whole.turns)


@pytest.mark.parametrize("suffix", [".vtt", ".srt"])
def test_captions_are_written_with_speakers(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"accessible{suffix}"
    assert als("captions", SAMPLE, "-o", out).exit_code == 0
    again, before = als_nlp.read(out), als_nlp.read(SAMPLE)
    assert [s.name for s in again.speakers] == [s.name for s in before.speakers]
    assert [w.text for t in again.turns for w in t.words] == [
        w.text for t in before.turns for w in t.words
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["reflect", "missing.vtt", "-o", "out"], "does not exist"),
        (
            ["reflect", str(SAMPLE), "-o", "out", "--facilitator", "Nobody"],
            "is not in this session",
        ),
        (["reflect", str(SAMPLE), "-o", "out", "--format", "betamax"], "no caption format"),
        (["reflect", str(ROOT / "pyproject.toml"), "-o", "out"], "not a captions file"),
        (["captions", str(SAMPLE), "-o", "out.doc"], "written as .vtt or .srt"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_1(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = als(*arguments)
    assert done.exit_code == 1
    assert said in done.stderr
    assert done.stderr.startswith("als: ")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_wrong_usage_is_exit_code_2() -> None:
    assert als("reflect").exit_code == 2
    assert als("reflect", SAMPLE).exit_code == 2


def test_a_page_that_cannot_be_written_leaves_the_old_one_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "reflection.html").write_text("old", encoding="utf-8")
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    assert als("reflect", SAMPLE, "-o", blocked / "deeper").exit_code == 1
    assert blocked.read_text(encoding="utf-8") == "x"
    assert als("reflect", tmp_path / "none.vtt", "-o", out).exit_code == 1
    assert (out / "reflection.html").read_text(encoding="utf-8") == "old"


def test_demo_analyses_the_bundled_sample(tmp_path: Path) -> None:
    done = als("demo", "-o", tmp_path / "reflection")
    assert done.exit_code == 0
    assert (tmp_path / "reflection" / "reflection.html").exists()


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_bundled_samples_are_the_corpus_sessions(number: int) -> None:
    from als_nlp import corpus
    from als_nlp.evaluate.airtime import teams_vtt

    session = corpus.load(CORPUS / "larch" / f"larch-{number}.als.txt")
    sample = SAMPLE.with_name(f"larch-{number}.vtt")
    assert sample.read_text(encoding="utf-8") == teams_vtt(session.transcript)


def test_the_models_are_whole() -> None:
    done = als("models")
    assert done.exit_code == 0
    assert done.output.count(" whole ") == len(done.output.splitlines()) == 11


def test_every_command_is_documented() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8") + "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")
    )
    for name, command in main.commands.items():
        if isinstance(command, click.Group):
            for inner in command.commands:
                written = name if command.commands[inner].hidden else f"{name} {inner}"
                assert re.search(rf"\bals {written}\b", text), f"als {written}"
        else:
            assert re.search(rf"\bals {name}\b", text), f"als {name}"
