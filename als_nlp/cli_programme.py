"""Commands for a cohort, a programme and its themes: each a few lines on the public API."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from als_nlp.errors import InputError

if TYPE_CHECKING:
    from als_nlp.cohort import Cohort
    from als_nlp.privacy.disclosure import Limits
    from als_nlp.themes.known import Theme

_FILE = click.Path(path_type=Path, allow_dash=True)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_AUDIENCES = ("set", "cohort", "programme", "published")
LEDGER = "ledger.json"


class _Cohorts(click.Group):
    """``als cohort DIR`` means ``als cohort report DIR``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["report", *args]
        return super().parse_args(ctx, args)


def _reporting(audience: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options of the two reports."""

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        for option in (
            click.option("-o", "--output", type=_FOLDER, required=True, help="Folder for files."),
            click.option("--audience", type=click.Choice(_AUDIENCES), default=audience,
                         show_default=True, help="Who will read it: sets the limit on numbers."),
            click.option("--least", type=int, help="People who must stand behind a figure."),
            click.option("--reason", default="", help="Why the limit is lowered: is printed."),
            click.option("--no-quotations", "quotations", is_flag=True, flag_value=False,
                         default=True, help="Quote nobody."),
            click.option("--themes", "list_of_themes", type=_FILE, metavar="THEMES.toml",
                         help="Your own list of themes instead of the bundled one."),
        ):  # fmt: skip
            command = option(command)
        return command

    return with_options


@click.group(cls=_Cohorts)
def cohort() -> None:
    """Sessions of a cohort to a feedback report: als cohort DIR -o DIR."""


@cohort.command("report", hidden=True)
@click.argument("folder", type=_FOLDER)
@_reporting("cohort")
def cohort_report(
    folder: Path, output: Path, audience: str, least: int | None, reason: str, quotations: bool,
    list_of_themes: Path | None,
) -> None:  # fmt: skip
    """A cohort's sessions to feedback.html, feedback.docx, cohort.json and .csv.

    They name nobody. DIR holds cohort.toml and the sessions. What was issued before is kept in its
    ledger.json, so that no two reports give a withheld figure away.
    """
    from als_nlp.cohort_file import load_cohort
    from als_nlp.measures.method import remarks

    found = load_cohort(folder)
    for remark in remarks(found):
        click.echo(f"Note: {remark.what} {remark.do}", err=True)
    limits = _limits(audience, least, reason)
    _report([found], found.name, output, limits, quotations, list_of_themes, folder)


@cohort.command("init")
@click.argument("folder", type=_FOLDER)
def cohort_init(folder: Path) -> None:
    """Write a first cohort.toml from the sessions in a folder, for you to complete."""
    from als_nlp.cohort_file import FILE, initial_cohort
    from als_nlp.files import write_whole

    path = folder / FILE
    if path.exists():
        raise InputError(f"{path} is there already: change it in any editor, or move it away.")
    write_whole(path, initial_cohort(folder), private=True)
    click.echo(
        f"Please complete {path}: who was there (also those who said nothing), roles, bands, line "
        "managers, dates."
    )


@cohort.command("challenges")
@click.argument("folder", type=_FOLDER)
@click.option("-o", "--output", type=_FILE, required=True, help="JSON lines.")
def cohort_challenges(folder: Path, output: Path) -> None:
    """The challenges of a cohort, anonymised: id, text, presenter, cohort a line, for als themes.

    Two or three sentences each in the presenter's own words. Nothing is withheld: read them before
    you hand them on, as a story can give somebody away without any name.
    """
    from als_nlp.cohort_file import load_cohort
    from als_nlp.files import write_text
    from als_nlp.gather import challenge_lines

    lines = [json.dumps(x, ensure_ascii=False) for x in challenge_lines(load_cohort(folder))]
    write_text(output, "".join(f"{line}\n" for line in lines), private=True)


@cohort.command("register")
@click.argument("folder", type=_FOLDER)
@click.option("-o", "--output", type=_FILE, required=True, help="A .csv file.")
def cohort_register(folder: Path, output: Path) -> None:
    """Who was at which session and who presented, as a table. It names people."""
    from als_nlp.cohort_file import load_cohort
    from als_nlp.files import write_text
    from als_nlp.reports.sheet import register_sheet

    write_text(output, register_sheet(load_cohort(folder)), private=True)


@cohort.command("facilitator")
@click.argument("folder", type=_FOLDER)
@click.argument("name")
@click.option("-o", "--output", type=_FILE, required=True, help="An .html file.")
def cohort_facilitator(folder: Path, name: str, output: Path) -> None:
    """One facilitator's sessions over time, as a log for that facilitator alone."""
    from als_nlp.cohort_file import load_cohort
    from als_nlp.files import write_text
    from als_nlp.reports.facilitator import log_page

    write_text(output, log_page(load_cohort(folder), name), private=True)


@cohort.command("huddle")
@click.argument("folder", type=_FOLDER)
@click.option("-o", "--output", type=_FILE, required=True, help="An .html file.")
def cohort_huddle(folder: Path, output: Path) -> None:
    """Ten anonymised moments for facilitators to code together, with their agreement."""
    from als_nlp.cohort_file import load_cohort
    from als_nlp.files import write_text
    from als_nlp.reports.facilitator import huddle_page

    write_text(output, huddle_page(load_cohort(folder)), private=True)


@click.command()
@click.argument("folders", nargs=-1, required=True, type=_FOLDER)
@click.option("--name", default="Programme", show_default=True, help="What the report calls it.")
@_reporting("programme")
def programme(
    folders: tuple[Path, ...], name: str, output: Path, audience: str, least: int | None,
    reason: str, quotations: bool, list_of_themes: Path | None,
) -> None:  # fmt: skip
    """Several cohorts as one picture; role groups side by side where numbers allow it."""
    from als_nlp.cohort_file import load_cohort

    found = [load_cohort(folder) for folder in folders]
    limits = _limits(audience, least, reason)
    _report(found, name, output, limits, quotations, list_of_themes, *folders)


def _report(
    cohorts: list[Cohort], name: str, output: Path, limits: Limits, quotations: bool,
    list_of_themes: Path | None, *folders: Path,
) -> None:  # fmt: skip
    from als_nlp.cohort import joined
    from als_nlp.files import write_whole
    from als_nlp.gather import gather, role_groups
    from als_nlp.privacy.anonymise import StandIns
    from als_nlp.privacy.disclosure import Ledger
    from als_nlp.reports.feedback import as_json, feedback, render
    from als_nlp.reports.sheet import figures_sheet
    from als_nlp.reports.word import word

    if not any(m.session for c in cohorts for m in c.meetings):
        raise InputError(f"{folders[0]} holds no session yet: nothing can be reported.")
    known = _themes(list_of_themes)
    # one cohort, too: the ledger must know its people again in a report on several
    whole = joined(cohorts, name)
    ledgers = {f / LEDGER: Ledger.load(f / LEDGER) for f in folders}
    ledger = Ledger.together(ledgers.values())
    gathered = gather(whole, known, stand_ins=StandIns(), progress=_told)
    said = feedback(
        gathered, known, limits, ledger=ledger, quotations=quotations, groups=role_groups(gathered)
    )
    files: dict[str, str | bytes] = {
        "feedback.html": render(said), "feedback.docx": word(said), "cohort.json": as_json(said),
        "cohort.csv": figures_sheet(said.figures),
    }  # fmt: skip
    # the ledger first: a report that is not in it could give away the next one
    for path in ledgers:
        ledger.save(path)
    for file, content in files.items():
        write_whole(output / file, content)
    click.echo(f"The feedback report is in {output / 'feedback.docx'} and feedback.html")


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("-o", "--output", type=_FOLDER, required=True, help="Folder for the two files.")
def actions(folder: Path, output: Path) -> None:
    """What is still open, for the next check-in: open-actions.md and open-actions.ics.

    It names owners: it is for the set itself.
    """
    from als_nlp.cohort_file import load_cohort
    from als_nlp.files import write_whole
    from als_nlp.reports.reminders import calendar, checklist

    found = load_cohort(folder)
    write_whole(output / "open-actions.md", checklist(found), private=True)
    write_whole(output / "open-actions.ics", calendar(found), private=True)
    click.echo(f"The reminder is in {output / 'open-actions.md'}")


@click.command()
@click.argument("source", metavar="CHALLENGES.jsonl", type=_FILE)
@click.option("-o", "--output", type=_FILE, required=True, help="JSON lines; - for the screen.")
@click.option("--guided", is_flag=False, flag_value="", default=None, metavar="[THEMES.toml]",
              help="Look for named themes: yours, or without a file the bundled ones.")  # fmt: skip
@click.option("--open", "open_", is_flag=True, help="With --guided: let what fits none form more.")
@click.option("--model", metavar="NAME", help="Any sentence-transformers model instead of ours.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the stability check.")
def themes(
    source: Path, output: Path, guided: str | None, open_: bool, model: str | None, seed: int
) -> None:
    """Challenges (id, text a line) to their themes: id, theme, label, probability a line.

    The theme is null where a text stands alone. Texts should be anonymised already.
    """
    from als_nlp.files import write_text
    from als_nlp.models.challenge_encoder import NamedEncoder
    from als_nlp.themes.find import find_themes
    from als_nlp.themes.lines import read_items, themes_lines

    known: tuple[Theme, ...] = ()
    if guided is not None:
        known = _themes(Path(guided) if guided else None)
    items = read_items(source)
    bar: Any = click.progressbar(length=len(items), label="Reading texts", file=sys.stderr)
    with bar:
        found = find_themes(
            items,
            known=known,
            open=open_ or not known,
            encoder=NamedEncoder(model) if model else None,
            seed=seed,
            progress=lambda done, _: bar.update(done - bar.pos),
        )
    write_text(output, themes_lines(found))


def _themes(path: Path | None) -> tuple[Theme, ...]:
    from als_nlp.themes.known import bundled_themes, read_themes

    return read_themes(path) if path else bundled_themes()


def _limits(audience: Any, least: int | None, reason: str) -> Limits:
    from als_nlp.privacy.disclosure import Limits

    return Limits.of(audience, least, reason)


def _told(what: str) -> None:
    click.echo(what, err=True)
