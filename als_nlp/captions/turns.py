"""Cues to turns: joins what one person says, keeps overlaps, lets backchannels pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from als_nlp.captions.cues import Captions, Cue, shared, without_rolling
from als_nlp.captions.names import NameBook, key
from als_nlp.transcript import Segment, Source, Speaker, Transcript, Turn, Word

RESTART = 30.0
"""Seconds by which a clock must jump back to count as a second part rather than an overlap."""

SURE_OF = 3
"""Captions that must go on from the new time before a jump back is believed."""

LULL = 1.0
"""Seconds of silence that end an utterance where nobody is named."""

AHEAD = 20
"""Captions within which the holder of the floor must go on for a backchannel to be one."""

BACKCHANNELS = frozenset({
    "mm", "mmm", "mhm", "hm", "hmm", "uh-huh", "mm-hm", "mm-hmm", "uhuh", "uh", "yeah", "yep",
    "yes", "aye", "right", "ok", "okay", "oh", "ah", "sure", "no", "exactly", "absolutely",
    "totally", "true", "really", "wow", "gosh", "god", "haha", "ha", "lovely", "great", "nice",
    "good",
})  # fmt: skip
_LETTERS = re.compile(r"[^\w'-]+")


def assemble(captions: Captions, *, file: str) -> Transcript:
    """Turn the cues of one file into a transcript; speakers are numbered as they first speak."""
    fresh, repeats = without_rolling(cue for cue in captions.cues if cue.text.strip())
    cues, notes = _on_one_clock(fresh)
    if repeats:
        notes = (f"Captions that repeat words already shown: {repeats}; each is read once.", *notes)
    book = NameBook()
    named = [(book.person(cue.speaker), cue) for cue in cues]
    speakers = tuple(Speaker(f"S{i}", name) for i, name in enumerate(book.people, start=1))
    ids = {speaker.name: speaker.id for speaker in speakers}
    turns = _turns([(None if who is None else ids[who], cue) for who, cue in named])
    if not speakers:
        notes = (*notes, "These captions do not say who is speaking, so nothing is said of people.")
    elif any(who is None for who, _ in named):
        count = sum(who is None for who, _ in named)
        notes = (*notes, f"Captions without a speaker: {count}; they count for nobody's airtime.")
    ends = [cue.end for cue in cues if cue.end is not None]
    source = Source(
        file=file,
        format=captions.format,
        duration=round(max(ends), 3) if ends else None,
        timing=captions.timing if ends else "none",
        notes=(*captions.notes, *notes),
    )
    return Transcript(source, speakers, turns)


def join_parts(parts: Sequence[Transcript]) -> Transcript:
    """Several files of one session, in the order given, as one transcript on one clock.

    A part whose clock starts again is moved behind the one before.
    """
    ids: dict[str | tuple[int, str], Speaker] = {}
    turns: list[Turn] = []
    notes: list[str] = []
    clock = 0.0
    for number, part in enumerate(parts):
        starts = [turn.start for turn in part.turns if turn.start is not None]
        again = starts and min(starts) < clock - min(RESTART, clock / 2)
        offset = clock if again else 0.0
        local = {}
        for speaker in part.speakers:
            person = key(speaker.name) if speaker.name else (number, speaker.id)
            ids.setdefault(person, replace(speaker, id=f"S{len(ids) + 1}"))
            local[speaker.id] = ids[person].id
        for turn in part.turns:
            segments = tuple(
                replace(s, words=tuple(_shift(w, offset) for w in s.words)) for s in turn.segments
            )
            speaker_id = None if turn.speaker is None else local[turn.speaker]
            turns.append(replace(turn, speaker=speaker_id, segments=segments))
        clock = max(clock, offset + (part.source.duration or 0.0))
        notes.extend(f"{part.source.file}: {note}" for note in part.source.notes)
    timings = {part.source.timing for part in parts}
    source = Source(
        file=", ".join(part.source.file for part in parts),
        format=", ".join(dict.fromkeys(part.source.format for part in parts)),
        duration=round(clock, 3) if "none" not in timings else None,
        timing=next(t for t in ("none", "estimated", "exact") if t in timings),
        notes=tuple(notes),
    )
    if source.timing == "none":
        turns = [_untimed(turn) for turn in turns]
    elif all(turn.start is not None for turn in turns):
        turns.sort(key=lambda turn: turn.start or 0.0)
    return Transcript(source, tuple(ids.values()), tuple(turns))


def timed_words(cue: Cue) -> tuple[Word, ...]:
    """The cue's words; where they have no times of their own they share the cue's by length."""
    if cue.words:
        return cue.words
    tokens = cue.text.split()
    if cue.start is None or cue.end is None:
        return tuple(Word(token) for token in tokens)
    return shared(tokens, cue.start, cue.end)


def _on_one_clock(cues: Sequence[Cue]) -> tuple[list[Cue], tuple[str, ...]]:
    """Cues in the order they begin. A clock that starts again is carried on, and that is noted."""
    ordered: list[Cue] = []
    offset = latest = last_end = 0.0
    restarts = strays = 0
    for index, cue in enumerate(cues):
        if cue.start is None:
            ordered.append(cue)
            continue
        if cue.start + offset < latest - RESTART:
            here = [c.start for c in cues[index : index + 1 + SURE_OF] if c.start is not None]
            back = latest - offset - cue.start
            if any(after - before > back / 2 for before, after in pairwise(here)):
                strays += 1
            else:
                offset = last_end
                restarts += 1
        start = cue.start + offset
        end = max(start, (cue.end if cue.end is not None else cue.start) + offset)
        words = tuple(_shift(word, offset) for word in cue.words)
        ordered.append(replace(cue, start=start, end=end, words=words))
        latest, last_end = max(latest, start), max(last_end, end)
    if all(cue.start is not None for cue in ordered):
        ordered.sort(key=lambda cue: cue.start or 0.0)
    notes = []
    if restarts:
        times = "once" if restarts == 1 else f"{restarts} times"
        notes.append(
            f"The clock of the captions starts again {times}; the parts are put one after another."
        )
    if strays:
        notes.append(f"Captions far out of order: {strays}; they stand where their times say.")
    return ordered, tuple(notes)


def _turns(cues: Sequence[tuple[str | None, Cue]]) -> tuple[Turn, ...]:
    turns: list[tuple[str | None, list[Cue]]] = []
    floor: int | None = None
    for index, (speaker, cue) in enumerate(cues):
        holder = turns[floor] if floor is not None else None
        if holder is not None and holder[0] == speaker and _goes_on(holder[1][-1], speaker, cue):
            holder[1].append(cue)
        elif holder is not None and _passes_by(cues, index, holder):
            turns.append((speaker, [cue]))
        else:
            turns.append((speaker, [cue]))
            floor = len(turns) - 1
    return tuple(
        Turn(speaker, tuple(Segment(timed_words(cue)) for cue in said)) for speaker, said in turns
    )


def _goes_on(last: Cue, speaker: str | None, cue: Cue) -> bool:
    if speaker is not None:
        return True
    if cue.new_voice:
        return False
    return last.end is not None and cue.start is not None and cue.start - last.end < LULL


def _passes_by(
    cues: Sequence[tuple[str | None, Cue]], index: int, holder: tuple[str | None, list[Cue]]
) -> bool:
    """Whether a cue is a backchannel after which the holder of the floor goes on."""
    speaker, cue = cues[index]
    if speaker is None or not is_backchannel(cue.text) or _asks(holder[1][-1].text):
        return False
    for later_speaker, later in cues[index + 1 : index + 1 + AHEAD]:
        if later_speaker == holder[0]:
            return True
        if not is_backchannel(later.text):
            return False
    return False


def _asks(text: str) -> bool:
    return text.rstrip("\"'”’)] ").endswith(("?", "？", "؟"))


def is_backchannel(text: str) -> bool:
    """Up to three words, all of them of the kind that take no floor ("mm", "yeah, right")."""
    if len(text) > 60:
        return False
    words = [word for word in _LETTERS.sub(" ", text.lower()).split() if word]
    return 0 < len(words) <= 3 and all(word in BACKCHANNELS for word in words)


def _shift(word: Word, offset: float) -> Word:
    if not offset or word.start is None or word.end is None:
        return word
    return Word(word.text, round(word.start + offset, 3), round(word.end + offset, 3))


def _untimed(turn: Turn) -> Turn:
    segments = tuple(replace(s, words=tuple(Word(w.text) for w in s.words)) for s in turn.segments)
    return replace(turn, segments=segments)
