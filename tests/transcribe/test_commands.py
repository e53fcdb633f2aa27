"""als transcribe, als reflect and als speakers on a recording; what goes wrong is one sentence."""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Browser, Page

from als_nlp.cli import main
from als_nlp.errors import ModelError, RecordingError
from als_nlp.session import Session
from als_nlp.transcribe import recognise, side_by_side, transcribe, weights
from als_nlp.transcribe.audio import RATE, Samples
from als_nlp.transcribe.recording import _expect_english
from tests.browser import assert_accessible
from tests.transcribe.conftest import CLIP, write_sound

TINY = ("--model", "tiny.en")


def als(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def reflected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reflected")
    done = als("reflect", CLIP, "-o", folder, *TINY)
    assert done.exit_code == 0, done.output
    return folder


def test_a_recording_becomes_a_reflection(reflected: Path) -> None:
    session = Session.load(reflected / "session.json")
    assert session.transcript.source.format == "recording"
    assert sum(s.share for s in session.airtime) == pytest.approx(1)
    names = {s.name for s in session.transcript.speakers}
    assert {"Wendy", "Jenna"} <= names
    assert None in names, "a voice that nobody names stays without a name"
    page = (reflected / "reflection.html").read_text(encoding="utf-8")
    assert "Wendy" in page
    assert "None" not in re.sub(r"<[^>]+>", " ", page)
    assert not (reflected / ".unfinished").exists()


def test_a_voice_is_listened_to_named_and_merged(reflected: Path, tmp_path: Path) -> None:
    folder = tmp_path / "session"
    shutil.copytree(reflected, folder)
    before = Session.load(folder / "session.json")
    listed = als("speakers", folder)
    assert listed.exit_code == 0, listed.output
    clips = sorted((folder / "voices").glob("voice-1-*.wav"))
    assert clips
    assert clips[0].read_bytes()[:4] == b"RIFF"
    assert re.search(
        r"Voice \d is Wendy \(\d+% sure\): introduces themselves: .* at 0:\d\d", listed.output
    )
    done = als("speakers", folder, "--name", "1=Nicola", "--merge", "3=5")
    assert done.exit_code == 0, done.output
    after = Session.load(folder / "session.json")
    assert "Nicola" in {s.name for s in after.transcript.speakers}
    assert len(after.transcript.speakers) == len(before.transcript.speakers) - 1
    assert not (folder / "voices").exists()


def listened(reflected: Path, folder: Path, browser: Browser, **changed: object) -> Page:
    """The page on which somebody listens to a recording with something changed, opened."""
    shutil.copytree(reflected, folder)
    kept = json.loads((folder / "recording.json").read_text("utf-8"))
    (folder / "recording.json").write_text(json.dumps(kept | changed), "utf-8")
    done = als("speakers", folder)
    assert done.exit_code == 0, done.output
    assert_accessible(browser, folder / "voices" / "voices.html", 390)
    page = browser.new_page()
    page.goto((folder / "voices" / "voices.html").as_uri())
    return page


def test_voices_are_listened_to_on_one_page(
    reflected: Path, tmp_path: Path, browser: Browser
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("name\nWendy Rowe\n<b>Ola</b>\n", "utf-8")
    page = listened(reflected, tmp_path / "session", browser, asked={"people": str(people)})
    page.wait_for_function("[...document.querySelectorAll('audio')].every(a => a.readyState > 0)")
    lengths = page.evaluate("[...document.querySelectorAll('audio')].map(a => a.duration)")
    assert len(lengths) >= 7
    assert 0.3 < min(lengths) <= max(lengths) < 6.1
    assert "On your list, and no voice yet: <b>Ola</b>." in page.inner_text("main")
    kept = json.loads((reflected / "recording.json").read_text("utf-8"))
    assert len(page.query_selector_all("h2")) == len({s[2] for s in kept["stretches"]})
    said = {word[0] for word in kept["words"]}
    quoted = [q.inner_text() for q in page.query_selector_all("q")]
    assert len(quoted) >= 7
    assert all(set(text.split()) <= said for text in quoted)


def test_without_the_recording_voices_are_told_by_what_they_say(
    reflected: Path, tmp_path: Path, browser: Browser
) -> None:
    gone = str(tmp_path / "gone.m4a")
    page = listened(reflected, tmp_path / "session", browser, files=[gone])
    assert "The recording is not there any more" in page.inner_text("main")
    assert page.query_selector_all("q")
    assert not page.query_selector_all("audio")


@pytest.mark.parametrize("wrong", ["9=Helen", "x=Helen", "1=", "1"])
def test_a_voice_that_is_not_there_cannot_be_named(wrong: str, reflected: Path) -> None:
    done = als("speakers", reflected, "--name", wrong)
    assert done.exit_code == 1
    assert "such as --name 2=Helen" in done.output


def test_captions_are_short_enough_to_read(tmp_path: Path) -> None:
    done = als("transcribe", CLIP, "-o", tmp_path / "captions.vtt", *TINY)
    assert done.exit_code == 0, done.output
    text = (tmp_path / "captions.vtt").read_text(encoding="utf-8")
    assert text.startswith("WEBVTT")
    assert "<v Wendy>" in text
    blocks = [b.splitlines() for b in text.split("\n\n")[1:] if "-->" in b]
    for block in blocks:
        lines = block[next(n for n, line in enumerate(block) if "-->" in line) + 1 :]
        assert len(lines) <= 2
        assert all(len(re.sub(r"<[^>]+>", "", line)) <= 42 for line in lines)
    assert not list(tmp_path.glob("*.unfinished"))


def test_killed_at_any_point_the_same_command_ends_with_the_same_bytes(tmp_path: Path) -> None:
    def command(folder: Path) -> list[str]:
        return [sys.executable, "-m", "als_nlp", "reflect", str(CLIP), "-o", str(folder), *TINY]

    subprocess.run(command(tmp_path / "whole"), check=True, capture_output=True)
    chance = random.Random(7)
    for _ in range(10):
        with subprocess.Popen(command(tmp_path / "killed"), stderr=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL) as process:  # fmt: skip
            time.sleep(chance.uniform(0.2, 5))
            process.send_signal(signal.SIGKILL)
    subprocess.run(command(tmp_path / "killed"), check=True, capture_output=True)
    for name in ("session.json", "reflection.html", "recording.json"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_stopped_by_the_user_it_says_so_and_stops(tmp_path: Path) -> None:
    code = (
        "import signal, sys\n"
        # what runs in the background has been told to overlook Ctrl-C
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from als_nlp.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", code, "reflect", str(CLIP), "-o", str(tmp_path), *TINY]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not list(tmp_path.glob(".unfinished/heard-*.npz")):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert "Stopped. The same command goes on where it stopped." in said
    assert "Traceback" not in said
    assert not (tmp_path / "session.json").exists()


def test_what_is_heard_does_not_depend_on_the_number_of_processors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []
    for count in (1, 3):
        for module in (side_by_side, recognise):
            monkeypatch.setattr(module, "processors", lambda count=count: count)
        heard.append(transcribe([CLIP], tmp_path / str(count), model="tiny.en"))
    assert heard[0] == heard[1]


def test_nothing_leaves_the_machine(tmp_path: Path) -> None:
    code = (
        "import socket, sys\n"
        "def refused(*a, **k): raise OSError('no network here')\n"
        "socket.socket.connect = socket.socket.connect_ex = refused\n"
        "socket.getaddrinfo = socket.create_connection = refused\n"
        "from als_nlp.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    arguments = ["reflect", str(CLIP), "-o", str(tmp_path), *TINY]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "session.json").exists()


def test_one_file_a_speaker(samples: Samples, tmp_path: Path) -> None:
    first, second = samples.copy(), samples.copy()
    first[round(7.5 * RATE) :] = 0
    second[: round(7.5 * RATE)] = 0
    files = [
        write_sound(tmp_path / "audioNicolaRowe11.wav", first),
        write_sound(tmp_path / "audioPat22.wav", second),
    ]
    done = als("reflect", *files, "--tracks", "-o", tmp_path / "out", *TINY)
    assert done.exit_code == 0, done.output
    session = Session.load(tmp_path / "out" / "session.json")
    assert {s.name for s in session.transcript.speakers} == {"Nicola Rowe", "Pat"}


def test_the_recording_goes_only_when_the_transcript_is_safe(tmp_path: Path) -> None:
    copy = tmp_path / "phone.ogg"
    shutil.copy(CLIP, copy)
    blocked = tmp_path / "blocked.vtt"
    blocked.mkdir()
    failed = als("transcribe", copy, "-o", blocked, "--delete-recording", *TINY)
    assert failed.exit_code == 1
    assert copy.exists()
    done = als("transcribe", copy, "-o", tmp_path / "captions.vtt", "--delete-recording", *TINY)
    assert done.exit_code == 0, done.output
    assert not copy.exists()
    assert (tmp_path / "captions.vtt").exists()


def test_a_full_disk_gets_a_sentence_and_leaves_no_half_file(tmp_path: Path) -> None:
    limited = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "from als_nlp.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    arguments = ["transcribe", str(CLIP), "-o", str(tmp_path / "captions.vtt"), *TINY]
    done = subprocess.run(
        [sys.executable, "-c", limited, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "cannot be decoded" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("*.part"))
    assert not (tmp_path / "captions.vtt").exists()


def test_silence_gives_a_sentence_and_no_invented_words(tmp_path: Path) -> None:
    quiet = np.random.default_rng(1).normal(0, 0.002, 30 * RATE).astype(np.float32)
    path = write_sound(tmp_path / "room.wav", quiet)
    done = als("transcribe", path, "-o", tmp_path / "captions.vtt", *TINY)
    assert done.exit_code == 1
    assert "Nobody can be heard" in done.output
    assert not (tmp_path / "captions.vtt").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("reflect", "missing.wav", "-o", "out"), "does not exist"),
        (("reflect", CLIP, "talk.vtt", "-o", "out"), "cannot be parts of one session"),
        (("transcribe", CLIP, "-o", "captions.txt"), "written as .vtt or .srt"),
        (("transcribe", CLIP, "-o", "c.vtt", "--speakers", "many"), "say a number"),
        (("transcribe", CLIP, "-o", "c.vtt", "--speakers", "8-6"), "smaller number comes first"),
        (("tag", CLIP, "-o", "-"), "is a recording: als transcribe"),
        (("speakers", "nowhere"), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    arguments: tuple[str | Path, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = als(*arguments)
    assert done.exit_code == 1
    assert says in done.output


def test_another_language_is_not_written_down_as_english() -> None:
    class French:
        def find_language(self, *_: object) -> tuple[str, float]:
            return "fr", 0.97

    with pytest.raises(RecordingError, match="--language fr"):
        _expect_english(French(), None, ((0.0, 1.0),), "visite.m4a")  # type: ignore[arg-type]


def test_a_damaged_model_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = tmp_path / "model.bin"
    bad.write_bytes(b"not the model")
    here = weights.located(weights.packaged("tiny.en"))
    assert here
    monkeypatch.setattr(weights, "located", lambda _: [bad, *here[1:]])
    with pytest.raises(ModelError, match=r"damaged: als models fetch tiny\.en"):
        weights.assembled("tiny.en")


def test_a_missing_model_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "located", lambda _: None)
    with pytest.raises(ModelError, match="als models fetch voices"):
        weights.assembled("voices")


def test_weights_are_read_without_running_what_is_in_them() -> None:
    import pickle
    import zipfile
    from io import BytesIO

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return print, ("run",)

    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x/data.pkl", pickle.dumps({"a": Evil()}))
    with pytest.raises(ModelError, match="not loaded"):
        weights.tensors(out.getvalue())


def test_without_voices_the_words_are_kept_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from als_nlp.transcribe import recording as module

    def fails(*_: object, **__: object) -> None:
        raise ModelError("The model 'voices' for recordings is not installed.")

    monkeypatch.setattr(module, "diarise", fails)
    done = als("transcribe", CLIP, "-o", tmp_path / "captions.srt", *TINY)
    assert done.exit_code == 0, done.output
    assert "voices could not be told apart" in done.output
    assert "facilitator" in (tmp_path / "captions.srt").read_text(encoding="utf-8")


def test_the_models_for_recordings_are_listed() -> None:
    done = als("models")
    assert done.exit_code == 0
    for name in ("base", "tiny.en", "voices", "segmentation"):
        assert re.search(rf"^{re.escape(name)} .* whole ", done.output, re.MULTILINE)


def test_session_json_has_no_traces_of_the_machine(reflected: Path) -> None:
    source = json.loads((reflected / "session.json").read_text("utf-8"))["source"]
    assert source["file"] == CLIP.name
