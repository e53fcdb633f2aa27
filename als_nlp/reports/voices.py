"""The page on which somebody listens to the voices of a recording, to name them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence

from als_nlp import __version__
from als_nlp.people import Person, whose
from als_nlp.reports.pages import page
from als_nlp.reports.wording import clock, minutes
from als_nlp.transcribe.clips import Clip
from als_nlp.transcribe.recording import Recording


def voices_page(
    recording: Recording, clips: Mapping[int, Sequence[Clip]], people: Sequence[Person] = ()
) -> str:
    """The page: each voice with its clips, what it says there, and what is known of it."""
    voices = [
        {
            "number": voice,
            "known": known(recording, voice),
            "heard": minutes(sum(s.end - s.start for s in recording.stretches if s.voice == voice)),
            "clips": [
                {"at": clock(c.start), "text": c.text, "sound": b64encode(c.sound).decode()}
                for c in some
            ],
        }
        for voice, some in clips.items()
    ]
    return page(
        "voices.html",
        title=", ".join(path.name for path in recording.files),
        voices=voices,
        left=not_heard(recording, people),
        gone=not any(c.sound for some in clips.values() for c in some),
        version=__version__,
    )


def known(recording: Recording, voice: int) -> str:
    """What is known of whose voice it is, how surely, and by what."""
    for names, how in ((recording.names, "is"), (recording.perhaps, "is perhaps")):
        if voice in names:
            named = names[voice]
            when, what = named.evidence[0]
            at = f" at {clock(when)}" if when else ""
            return f"{how} {named.name} ({named.sure:.0%} sure): {what}{at}"
    return "has no name yet"


def not_heard(recording: Recording, people: Sequence[Person]) -> list[str]:
    """Names on the list that no voice has been given."""
    given = whose([named.name for named in recording.names.values()], people).values()
    return [person.name for person in people if person not in given]
