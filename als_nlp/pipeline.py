"""The road from a transcript to a session, or to a transcript without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from als_nlp.measures.actions import actions, followups
from als_nlp.measures.airtime import airtime, evenness
from als_nlp.measures.challenges import challenges
from als_nlp.measures.flow import SESSION_MINUTES, flow
from als_nlp.measures.inquiry import inquiry
from als_nlp.models.bundled import WEIGHTS
from als_nlp.models.english import entities, first_names
from als_nlp.models.facilitator import find_facilitator, with_facilitator
from als_nlp.models.style import style
from als_nlp.models.tagger import load_facilitation, load_tagger
from als_nlp.people import Person, find_speaker, whose, with_people
from als_nlp.privacy.anonymise import Anonymised, StandIns, replaced
from als_nlp.privacy.find import find
from als_nlp.privacy.found import Found
from als_nlp.session import Session
from als_nlp.transcribe.introductions import SURE, introductions
from als_nlp.transcribe.recording import Recording
from als_nlp.transcript import Transcript


def who_is_who(
    transcript: Transcript,
    *,
    people: Sequence[Person] = (),
    facilitator: str | None = None,
    weights: Path = WEIGHTS,
) -> Transcript:
    """Names and roles: from the list of people, then the name given, then what facilitators do.

    Raises:
        InputError: if ``facilitator`` is nobody in the session.
    """
    if people:
        transcript = with_people(transcript, people)
    if facilitator is not None:
        return with_facilitator(transcript, find_speaker(transcript, facilitator))
    return find_facilitator(transcript, load_facilitation(weights))


def likely_voices(people: Sequence[Person]) -> tuple[int, int] | None:
    """How many of a list of people are likely to be heard, at least and at most: a third may be
    away or silent."""
    return (-(-len(people) * 2 // 3), len(people)) if people else None


def with_names(recording: Recording, people: Sequence[Person] = ()) -> Recording:
    """A recording whose voices have the names that are surely theirs, each with its evidence.

    Args:
        recording: names that it has already stay.
        people: the set's people, if there is a list: then only their names are given.
    """
    transcript = recording.transcript()
    found = introductions(
        transcript,
        people,
        known=load_tagger().knows,
        persons=() if people else first_names(t.text for t in transcript.turns),
        facilitator=find_facilitator(transcript, load_facilitation()).facilitator,
    )
    voices = recording.voices()
    likely = {voices[speaker]: name for speaker, name in found.items()}
    names = {v: n for v, n in likely.items() if n.sure >= SURE} | recording.names
    perhaps = {v: n for v, n in likely.items() if v not in names}
    return replace(recording, names=names, perhaps=perhaps)


def analyse(
    transcript: Transcript,
    *,
    people: Sequence[Person] = (),
    facilitator: str | None = None,
    minutes: float = SESSION_MINUTES,
    weights: Path = WEIGHTS,
) -> Session:
    """Everything that als-nlp can say of one session.

    Args:
        transcript: who said what and when, from ``read``.
        people: the set's people, for roles, spellings and who stayed silent.
        facilitator: the facilitator's name, if it should not be found from what is said.
        minutes: the planned length of the session.
        weights: a folder with a tagger, as ``als train tagger -o`` writes it.

    Raises:
        InputError: if ``facilitator`` is nobody in the session.
        ModelError: if a model is missing or damaged.
    """
    tagger = load_tagger(weights)
    tagged = tagger.tag(
        who_is_who(transcript, people=people, facilitator=facilitator, weights=weights)
    )
    course = flow(tagged, minutes=minutes)
    return Session(
        transcript=tagged,
        airtime=airtime(tagged),
        evenness=evenness(tagged, course),
        inquiry=inquiry(tagged, tagger.count_model(tagged)),
        flow=course,
        challenges=challenges(tagged),
        actions=actions(tagged),
        followups=followups(tagged),
        models={"tagger": tagger.name},
    )


def anonymise(
    transcript: Transcript,
    *,
    people: Sequence[Person] = (),
    stand_ins: StandIns | None = None,
) -> Anonymised:
    """A transcript with stand-ins in the place of personal data.

    Args:
        transcript: any; its speakers' names are looked for wherever they are said.
        people: the set's people, with nicknames and other spellings.
        stand_ins: those of earlier sessions of the same cohort; new ones are added to it.

    Raises:
        ModelError: if a bundled model is missing or damaged.
    """
    found = personal_data(transcript, people=people)
    listed = whose([s.name for s in transcript.speakers if s.name], people)
    # who is on the list has one stand-in, as speaker and where others name them
    speakers = tuple(
        replace(s, name=listed[s.name].name) if s.name in listed else s for s in transcript.speakers
    )
    return replaced(replace(transcript, speakers=speakers), found, stand_ins)


def personal_data(transcript: Transcript, *, people: Sequence[Person] = ()) -> tuple[Found, ...]:
    """Where personal data stands in a transcript; see ``anonymise``.

    Raises:
        ModelError: if a bundled model is missing or damaged.
    """
    tagger = load_tagger()
    return find(
        transcript,
        people=people,
        learned=tagger.personal(transcript),
        known=tagger.knows,
        english=entities() if style(transcript) == "punctuated" else None,
    )
