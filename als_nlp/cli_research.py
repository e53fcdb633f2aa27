"""Commands for researchers: the corpora, the models remade from them, and how good they are."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from als_nlp.files import write_text

_INPUT = click.Path(path_type=Path, allow_dash=True)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def corpus() -> None:
    """Work with annotated sessions."""


@corpus.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def corpus_check(files: tuple[Path, ...]) -> None:
    """Check annotated sessions against the format and the codebook."""
    from als_nlp import corpus

    problems = [problem for file in files for problem in corpus.check(file)]
    for problem in problems:
        click.echo(problem)
    sys.exit(1 if problems else 0)


@click.group()
def train() -> None:
    """Remake the bundled models."""


@train.command("tagger")
@click.option("--sessions", type=_FOLDER, default=Path("corpora/als"), show_default=True,
              help="Annotated sessions with splits.toml.")  # fmt: skip
@click.option("--public", type=_FOLDER, help="Folder of public corpora (docs/corpora.md).")
@click.option("--extend", type=_FOLDER, help="Your own annotated sessions, taught as well.")
@click.option("-o", "--output", type=_FOLDER, help="Folder for the weights [the bundled ones].")
@click.option("--work", type=_FOLDER, default=Path(".als-training"), show_default=True,
              help="Folder for checkpoints: interrupted, the same command goes on.")  # fmt: skip
def train_tagger(
    sessions: Path, public: Path | None, extend: Path | None, output: Path | None, work: Path
) -> None:
    """Remake the tagger and the model of facilitators (needs the extra 'train').

    Takes about two hours on two cores, minutes on a GPU.
    """
    from als_nlp.models.bundled import WEIGHTS
    from als_nlp.models.train import train

    train(sessions, public, extend=extend, out=output or WEIGHTS, work=work, report=click.echo)


@train.command("challenges")
@click.option("--challenges", type=_FOLDER, default=Path("corpora/challenges"), show_default=True,
              help="Challenges with splits.toml and themes.toml.")  # fmt: skip
@click.option("--sessions", type=_FOLDER, default=Path("corpora/als"), show_default=True,
              help="Annotated sessions with splits.toml.")  # fmt: skip
@click.option("--public", type=_FOLDER, help="Folder of public corpora (docs/corpora.md).")
@click.option("-o", "--output", type=_FOLDER, help="Folder with the tagger [the bundled one].")
@click.option("--work", type=_FOLDER, default=Path(".als-training"), show_default=True,
              help="Folder for checkpoints: interrupted, the same command goes on.")  # fmt: skip
def train_challenges_command(
    challenges: Path, sessions: Path, public: Path | None, output: Path | None, work: Path
) -> None:
    """Remake the encoder of challenges (needs the extra 'train'; an hour or so)."""
    from als_nlp.models.bundled import WEIGHTS
    from als_nlp.models.train_challenges import train_challenges

    out = output or WEIGHTS
    train_challenges(challenges, sessions, public, out=out, work=work, report=click.echo)


@click.group()
def evaluate() -> None:
    """The figures that the documentation quotes, made anew."""


@evaluate.command("tagger")
@click.option("--sessions", type=_FOLDER, default=Path("corpora/als"), show_default=True,
              help="Annotated sessions with splits.toml.")  # fmt: skip
@click.option("--split", default="test", show_default=True, help="Which cohorts to score.")
@click.option("--public", type=_FOLDER, help="Folder of public corpora (docs/corpora.md).")
@click.option("--results", type=_FOLDER, help="Tables that the benchmarks wrote.")
@click.option("-o", "--output", type=_INPUT, default=Path("-"), help="Markdown file.")
def evaluate_tagger(
    sessions: Path, split: str, public: Path | None, results: Path | None, output: Path
) -> None:
    """Figures on unseen sessions and public corpora: F1, agreement, calibration, coverage."""
    from als_nlp.evaluate.report import tagger_report

    write_text(output, tagger_report(sessions, split, public, results, output))


@evaluate.command("recordings")
@click.argument("folder", type=_FOLDER)
@click.option("--work", type=_FOLDER, default=Path(".als-recordings"), show_default=True,
              help="Folder for what is heard: interrupted, the same command goes on.")  # fmt: skip
@click.option("--model", default="base", show_default=True)
@click.option("--results", type=_FOLDER, help="Tables that the benchmarks wrote.")
@click.option("--sessions", type=_FOLDER, default=Path("corpora/als"), show_default=True,
              help="The annotated sessions that were spoken, with splits.toml.")  # fmt: skip
@click.option("-o", "--output", type=_INPUT, default=Path("-"), help="Markdown file.")
def evaluate_recordings(
    folder: Path, work: Path, model: str, results: Path | None, sessions: Path, output: Path
) -> None:
    """Words, voices, airtime, tags and names of recordings with a truth (.rttm) beside them."""
    from als_nlp.evaluate.recordings import recordings_report

    write_text(output, recordings_report(folder, work, model, results, sessions))


@evaluate.command("airtime")
@click.option("--public", type=_FOLDER, required=True, help="Folder of public corpora.")
@click.option("--meetings", type=click.IntRange(min=1), default=10, show_default=True)
def evaluate_airtime(public: Path, meetings: int) -> None:
    """Real meetings written as captions and read back: error of a speaker's share."""
    from als_nlp.evaluate.airtime import airtime_errors

    errors = airtime_errors(public, meetings=meetings)
    for one in errors:
        click.echo(
            f"{one.meeting:10} {one.shape:6} {one.speakers} speakers  {one.error:.2f} points"
        )
    mean = sum(one.error for one in errors) / len(errors)
    click.echo(f"Mean absolute error of a speaker's share: {mean:.2f} points")


@evaluate.command("privacy")
@click.option("--sessions", type=_FOLDER, default=Path("corpora/als"), show_default=True,
              help="Annotated sessions with splits.toml.")  # fmt: skip
@click.option("--split", default="test", show_default=True, help="Which cohorts to score.")
@click.option("--peers", is_flag=True, help="Score Presidio beside it (extra 'peers').")
@click.option("-o", "--output", type=_INPUT, default=Path("-"), help="Markdown file.")
def evaluate_privacy(sessions: Path, split: str, peers: bool, output: Path) -> None:
    """How much personal data is found on unseen sessions, and how much is hidden needlessly."""
    from als_nlp.evaluate.pages import privacy_report

    write_text(output, privacy_report(sessions, split, peers=peers))


@evaluate.command("themes")
@click.option("--challenges", type=_FOLDER, default=Path("corpora/challenges"), show_default=True,
              help="Challenges with splits.toml.")  # fmt: skip
@click.option("--sessions", type=_FOLDER, default=Path("corpora/als"), show_default=True,
              help="Annotated sessions with splits.toml.")  # fmt: skip
@click.option("--public", type=_FOLDER, help="Folder of public corpora (docs/corpora.md).")
@click.option("--peers", metavar="MODEL",
              help="Score the usual ways on this sentence-transformers model (extra 'bench').",
              )  # fmt: skip
@click.option("-o", "--output", type=_INPUT, default=Path("-"), help="Markdown file.")
def evaluate_themes(
    challenges: Path, sessions: Path, public: Path | None, peers: str | None, output: Path
) -> None:
    """How well themes are found on challenges that were not taught."""
    from als_nlp.evaluate.pages import themes_report

    write_text(output, themes_report(challenges, sessions, public, peers))
