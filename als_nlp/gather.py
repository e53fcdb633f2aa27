"""The road from a cohort's sessions to what can be said of the cohort."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from als_nlp.cohort import Cohort, Meeting
from als_nlp.measures.challenges import in_own_words, in_third_person, tidy, told
from als_nlp.measures.followthrough import FollowThrough, follow_through
from als_nlp.measures.series import Step, Turns, attendance, presenting, series
from als_nlp.models.challenge_encoder import load_challenge_encoder
from als_nlp.pipeline import anonymise
from als_nlp.privacy.anonymise import StandIns
from als_nlp.themes.find import Item, Themes, find_themes
from als_nlp.themes.known import Theme

Progress = Callable[[str], None]
"""Told in a sentence what is being done."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A challenge as it may be read by others: anonymised, with the presenter's id if known."""

    meeting: Meeting
    cycle: int
    presenter: str | None
    text: str
    sentences: tuple[str, ...]
    """The presenter's own words, anonymised, one sentence each."""
    story: str
    """All that the presenter told before the questions, anonymised."""


@dataclass(frozen=True)
class Gathered:
    """All that als-nlp can say of a cohort, before anything is withheld from anybody."""

    cohort: Cohort
    steps: tuple[Step, ...]
    turns: Turns
    attendance: float | None
    followed: tuple[FollowThrough, ...]
    brought: tuple[Brought, ...]
    themes: Themes


def gather(
    cohort: Cohort,
    known: Sequence[Theme],
    *,
    stand_ins: StandIns | None = None,
    progress: Progress = lambda _: None,
) -> Gathered:
    """Everything of one cohort.

    Args:
        cohort: from ``load_cohort``.
        known: themes to look for; what fits none forms new ones beside them.
        stand_ins: those of earlier runs; new ones are added.
        progress: is told what is being done.

    Raises:
        ModelError: if a bundled model is missing or damaged.
    """
    stand_ins = stand_ins if stand_ins is not None else StandIns()
    brought = []
    for meeting in cohort.meetings:
        if meeting.session is not None:
            progress(f"Taking names out of {meeting.title} …")
            brought += brought_to(cohort, meeting, stand_ins)
    progress("Looking for themes …")
    return Gathered(
        cohort=cohort,
        steps=series(cohort),
        turns=presenting(cohort),
        attendance=attendance(cohort),
        followed=tuple(f for s in cohort.sets for f in follow_through(cohort, s.name)),
        brought=tuple(brought),
        themes=themes_of(brought, known),
    )


def role_groups(whole: Gathered) -> dict[str, Gathered]:
    """The sets of each role group by themselves."""
    out = {}
    for group in sorted({s.role_group for s in whole.cohort.sets}):
        sets = tuple(s for s in whole.cohort.sets if s.role_group == group)
        names = {s.name for s in sets}
        part = replace(
            whole.cohort,
            sets=sets,
            meetings=tuple(m for m in whole.cohort.meetings if m.set in names),
        )
        out[group] = replace(
            whole,
            cohort=part,
            steps=series(part),
            turns=presenting(part),
            attendance=attendance(part),
            followed=tuple(f for f in whole.followed if f.meeting.set in names),
        )
    return out if len(out) > 1 else {}


def themes_of(brought: Sequence[Brought], known: Sequence[Theme]) -> Themes:
    """The themes of challenges: known ones first, new ones beside them.

    The whole story tells more of what it is about than the sentences that are shown of it.
    """
    items = [Item(_id(b), b.story, b.presenter) for b in brought]
    return find_themes(items, known=known, open=True, encoder=load_challenge_encoder())


def challenge_lines(cohort: Cohort) -> Iterator[dict[str, str | None]]:
    """The challenges of a cohort, anonymised, as ``als themes`` reads them."""
    stand_ins = StandIns()
    for meeting in cohort.meetings:
        for b in brought_to(cohort, meeting, stand_ins) if meeting.session else ():
            yield {"id": _id(b), "text": b.text, "presenter": b.presenter, "cohort": cohort.name}


def _id(brought: Brought) -> str:
    return f"{brought.meeting.set}-{brought.meeting.number}-{brought.cycle}"


def brought_to(cohort: Cohort, meeting: Meeting, stand_ins: StandIns) -> list[Brought]:
    """The challenges of one session, anonymised."""
    assert meeting.session is not None
    transcript = meeting.session.transcript
    names = {s.id: s.name for s in transcript.speakers}
    people = [m.person for m in cohort.members]
    clean = anonymise(transcript, people=people, stand_ins=stand_ins).transcript
    out = []
    for cycle, voice, segments in in_own_words(clean):
        name = names.get(voice or "")
        who = cohort.id_of(name, meeting.set) if name else None
        if who is None and len(meeting.presented) >= cycle > 0:
            who = meeting.presented[cycle - 1]
        said = tuple(tidy(s.text) for s in segments)
        text = in_third_person(" ".join(said))
        out.append(Brought(meeting, cycle, who, text, said, told(clean, cycle)))
    return out
