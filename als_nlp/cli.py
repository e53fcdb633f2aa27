"""The command line: each command a few lines on the public API."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from als_nlp import __version__
from als_nlp.cli_programme import actions, cohort, programme, themes
from als_nlp.cli_recordings import (
    KEPT,
    UNFINISHED,
    finish,
    models,
    recording_of,
    recording_options,
    say_names,
    speakers,
    transcribe,
)
from als_nlp.cli_research import corpus, evaluate, train
from als_nlp.errors import AlsError, InputError
from als_nlp.files import write_text

if TYPE_CHECKING:
    from als_nlp.transcribe import Recording
    from als_nlp.transcript import Transcript


class _Commands(click.Group):
    """Bad input is one sentence on standard error and exit code 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AlsError as error:
            click.echo(f"als: {error}", err=True)
            ctx.exit(1)


_INPUT = click.Path(path_type=Path, allow_dash=True)
_FOLDER = click.Path(path_type=Path, file_okay=False)


def _reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that reads captions."""
    for option in (
        click.option("--people", type=_INPUT, help="CSV of the set: name, role, also."),
        click.option("--facilitator", metavar="NAME", help="Who facilitated."),
        click.option("--format", "form", metavar="NAME", help="Caption format (als formats)."),
        click.option(
            "--tagger",
            "weights",
            type=_FOLDER,
            metavar="DIR",
            help="A tagger of your own (als train tagger --extend … -o DIR).",
        ),
    ):
        command = option(command)
    return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="als")
def main() -> None:
    """Listen to an action learning set and give back what helps.

    Everything runs on this machine; nothing is sent anywhere.
    """


@main.command()
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True, type=_INPUT)
@click.option("-o", "--output", type=_FOLDER, required=True, help="Folder for the two files.")
@click.option("--minutes", type=click.FloatRange(min=1), default=90.0, show_default=True,
              help="Planned length of the session.")  # fmt: skip
@_reading_options
@recording_options
def reflect(
    inputs: tuple[Path, ...], output: Path, minutes: float,
    weights: Path | None, form: str | None, facilitator: str | None, people: Path | None,
    delete_recording: bool, **how: Any,
) -> None:  # fmt: skip
    """Captions or a recording of a session to a reflection: DIR/reflection.html, DIR/session.json.

    Several files are parts of one session, in the order given. With a recording, interrupted, the
    same command goes on where it stopped.
    """
    from als_nlp.people import read_people
    from als_nlp.transcribe import is_recording

    recorded = [is_recording(path) for path in inputs]
    if not any(recorded):
        if delete_recording or how["tracks"]:
            raise InputError("--tracks and --delete-recording are for recordings, not captions.")
        _reflect(_read(inputs, form), output, minutes, facilitator, people, weights)
        return
    if not all(recorded):
        raise InputError("Recordings and captions cannot be parts of one session: give either.")
    known = read_people(people) if people else ()
    work = output / UNFINISHED
    found = recording_of(inputs, work, known, **how)
    asked = {"minutes": minutes, "facilitator": facilitator}
    asked |= {"people": str(people.absolute()) if people else None}
    asked |= {"weights": str(weights.absolute()) if weights else None}
    found = replace(found, asked=asked)
    found.save(output / KEPT)
    say_names(found, f"'als speakers {output}' lets you listen and name them.")
    reflect_recording(found, output)
    finish(work, inputs, delete_recording)


def reflect_recording(found: Recording, output: Path) -> None:
    """The reflection on a recording, as it was asked for."""
    asked = found.asked
    people, weights = (Path(asked[k]) if asked[k] else None for k in ("people", "weights"))
    _reflect(found.transcript(), output, asked["minutes"], asked["facilitator"], people, weights)


def _reflect(
    transcript: Transcript, output: Path, minutes: float = 90.0,
    facilitator: str | None = None, people: Path | None = None, weights: Path | None = None,
) -> None:  # fmt: skip
    from als_nlp.files import write_whole
    from als_nlp.models.bundled import WEIGHTS
    from als_nlp.people import read_people
    from als_nlp.pipeline import analyse
    from als_nlp.reports.reflection import reflect, render

    session = analyse(
        transcript,
        people=read_people(people) if people else (),
        facilitator=facilitator,
        minutes=minutes,
        weights=weights or WEIGHTS,
    )
    page = render(reflect(session))
    session.save(output / "session.json")
    write_whole(output / "reflection.html", page, private=True)
    for note in session.transcript.source.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"Your reflection is in {output / 'reflection.html'}")


@main.command()
@click.argument("source", metavar="INPUT", type=_INPUT)
@click.option("-o", "--output", type=_INPUT, required=True, help="JSON lines; - for the screen.")
@_reading_options
def tag(
    source: Path, output: Path, weights: Path | None,
    form: str | None, facilitator: str | None, people: Path | None,
) -> None:  # fmt: skip
    """Captions to one tagged segment a line: who, when, what, label, kind, purpose, probability."""
    from als_nlp.models.bundled import WEIGHTS
    from als_nlp.models.tagger import load_tagger
    from als_nlp.people import read_people
    from als_nlp.pipeline import who_is_who
    from als_nlp.session import segment_json

    known = read_people(people) if people else ()
    transcript = load_tagger(weights or WEIGHTS).tag(
        who_is_who(_read((source,), form), people=known, facilitator=facilitator)
    )
    lines = [
        {"turn": number, "speaker": turn.speaker, **segment_json(segment)}
        for number, turn in enumerate(transcript.turns)
        for segment in turn.segments
    ]
    write_text(output, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


@main.command()
@click.argument("source", metavar="INPUT", type=_INPUT)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True,
              help="A .vtt or .srt file.")  # fmt: skip
@click.option("--format", "form", metavar="NAME", help="Caption format (als formats).")
def captions(source: Path, output: Path, form: str | None) -> None:
    """Write accessible captions with speakers (.vtt or .srt) from any transcript with times."""
    from als_nlp.captions import write

    write(_read((source,), form), output)


@main.command()
@click.argument("source", metavar="INPUT", type=_INPUT)
@click.option("-o", "--output", type=_INPUT, required=True, help="A text file; - for the screen.")
@click.option("--people", type=_INPUT, help="CSV of the set: name, role, also.")
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False),
              help="Keep who is who in this file, and use it next time.")  # fmt: skip
@click.option("--format", "form", metavar="NAME", help="Caption format (als formats).")
def anonymise(
    source: Path, output: Path, people: Path | None, key: Path | None, form: str | None
) -> None:
    """A transcript with stand-ins for names, places and numbers, and a page to check it.

    Beside FILE.txt goes FILE.check.html, which shows what was hidden: it is for you alone.
    """
    from als_nlp.files import write_whole
    from als_nlp.people import read_people
    from als_nlp.pipeline import anonymise as without_names
    from als_nlp.privacy.anonymise import StandIns, as_text
    from als_nlp.reports.anonymised import check_page

    transcript = _read((source,), form)
    stand_ins = StandIns.load(key) if key and key.exists() else StandIns()
    known = read_people(people) if people else ()
    done = without_names(transcript, people=known, stand_ins=stand_ins)
    write_text(output, as_text(done.transcript))
    if key:
        stand_ins.save(key)
    if str(output) != "-":
        page = output.with_suffix(".check.html")
        write_whole(page, check_page(transcript, done, source.name), private=True)
        click.echo(f"{len(done.replacements)} replacements. Please check them in {page}")


@main.command("formats")
@click.argument("name", required=False)
def formats_command(name: str | None) -> None:
    """List the caption formats that are read, each with an example."""
    from als_nlp.captions import formats

    if name is not None and name not in formats():
        raise InputError(f"'{name}' is no caption format: {', '.join(formats())}.")
    for form in formats().values():
        if name in (None, form.name):
            click.echo(f"{form.name}: {form.title}\n")
            click.echo("".join(f"    {line}\n" for line in form.example.splitlines()))


@main.command()
@click.option("-o", "--output", type=_FOLDER, help="Folder for the files [demo or demo-cohort].")
@click.option("--cohort", "whole", is_flag=True, help="Four sessions to a feedback report instead.")
def demo(output: Path | None, whole: bool) -> None:
    """Analyse the bundled sample session (invented) and say where the page is."""
    from importlib.resources import as_file, files

    with as_file(files("als_nlp") / "sample") as sample:
        if not whole:
            _reflect(_read((sample / "larch-2.vtt",), None), output or Path("demo"))
            return
        folder = output or Path("demo-cohort")
        people = (sample / "cohort.toml").read_text(encoding="utf-8")
        write_text(folder / "cohort.toml", people)
        # three of the invented sessions are half an hour long
        for number, minutes in ((1, 30.0), (2, 90.0), (3, 30.0), (4, 30.0)):
            captions = _read((sample / f"larch-{number}.vtt",), None)
            _reflect(captions, folder / f"session-{number}", minutes)
    main.main(["cohort", str(folder), "-o", str(folder / "report")], standalone_mode=False)


def _read(inputs: tuple[Path, ...], form: str | None) -> Transcript:
    from als_nlp.captions import read, read_bytes
    from als_nlp.captions.turns import join_parts
    from als_nlp.transcribe import is_recording

    for path in inputs:
        if is_recording(path) and path.exists():
            raise InputError(f"{path.name} is a recording: als transcribe {path} -o captions.vtt")
    parts = [
        read_bytes(sys.stdin.buffer.read(), name="standard input", format=form)
        if str(path) == "-"
        else read(path, format=form)
        for path in inputs
    ]
    return parts[0] if len(parts) == 1 else join_parts(parts)


main.add_command(cohort)
main.add_command(programme)
main.add_command(actions)
main.add_command(themes)
main.add_command(transcribe)
main.add_command(speakers)
main.add_command(models)
main.add_command(corpus)
main.add_command(train)
main.add_command(evaluate)
