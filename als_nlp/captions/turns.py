"""Cues to turns: joins what one person says, keeps overlaps, lets backchannels pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from als_nlp.captions.cues import Captions, Cue, without_rolling
from als_nlp.captions.names import NameBook
from als_nlp.transcript import Segment, Source, Speaker, Transcript, Turn, Word

RESTART = 30.0
"""Seconds by which a clock must jump back to count as a second part rather than an overlap."""

LULL = 1.0
"""Seconds of silence that end an utterance where nobody is named."""

BACKCHANNELS = frozenset(
    "mm mmm mhm hm hmm uh-huh mm-hm mm-hmm uhuh uh yeah yep yes aye right ok okay oh ah sure no "
    "exactly absolutely totally true really wow gosh god haha ha lovely great nice good".split()
)
_LETTERS = re.compile(r"[^\w'-]+")


def assemble(captions: Captions, *, file: str) -> Transcript:
    """Turn the cues of one file into a transcript; speakers are numbered as they first speak."""
    cues, notes = _on_one_clock(without_rolling(cue for cue in captions.cues if cue.text))
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

    A part whose times begin before the last one ended is moved behind it.
    """
    first = parts[0]
    ids: dict[str | None, str] = {}
    turns: list[Turn] = []
    notes: list[str] = []
    clock = 0.0
    for part in parts:
        starts = [turn.start for turn in part.turns if turn.start is not None]
        offset = clock if starts and min(starts) < clock else 0.0
        for speaker in part.speakers:
            ids.setdefault(speaker.name, f"S{len(ids) + 1}")
        local = {speaker.id: ids[speaker.name] for speaker in part.speakers}
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
    return Transcript(source, tuple(Speaker(i, name) for name, i in ids.items()), tuple(turns))


def timed_words(cue: Cue) -> tuple[Word, ...]:
    """The cue's words; where they have no times of their own they share the cue's by length."""
    if cue.words:
        return cue.words
    tokens = cue.text.split()
    if cue.start is None or cue.end is None:
        return tuple(Word(token) for token in tokens)
    total = sum(len(token) + 1 for token in tokens)
    words, clock, span = [], cue.start, max(0.0, cue.end - cue.start)
    for token in tokens:
        begin, clock = clock, clock + span * (len(token) + 1) / total
        words.append(Word(token, round(begin, 3), round(clock, 3)))
    return tuple(words)


def _on_one_clock(cues: Iterator[Cue]) -> tuple[list[Cue], tuple[str, ...]]:
    """Cues in the order they begin. A clock that starts again is carried on, and that is noted."""
    ordered: list[Cue] = []
    offset = latest = last_end = 0.0
    restarts = 0
    for cue in cues:
        if cue.start is None:
            ordered.append(cue)
            continue
        if cue.start + offset < latest - RESTART:
            offset = last_end
            restarts += 1
        start = cue.start + offset
        end = max(start, (cue.end if cue.end is not None else cue.start) + offset)
        words = tuple(_shift(word, offset) for word in cue.words)
        ordered.append(replace(cue, start=start, end=end, words=words))
        latest, last_end = max(latest, start), max(last_end, end)
    if all(cue.start is not None for cue in ordered):
        ordered.sort(key=lambda cue: cue.start or 0.0)
    if not restarts:
        return ordered, ()
    times = "once" if restarts == 1 else f"{restarts} times"
    note = f"The clock of the captions starts again {times}; the parts are put one after another."
    return ordered, (note,)


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
    return last.end is not None and cue.start is not None and cue.start - last.end < LULL


def _passes_by(
    cues: Sequence[tuple[str | None, Cue]], index: int, holder: tuple[str | None, list[Cue]]
) -> bool:
    """Whether a cue is a backchannel after which the holder of the floor goes on."""
    speaker, cue = cues[index]
    if speaker is None or not is_backchannel(cue.text) or holder[1][-1].text.endswith("?"):
        return False
    for later_speaker, later in cues[index + 1 :]:
        if later_speaker == holder[0]:
            return True
        if not is_backchannel(later.text):
            return False
    return False


def is_backchannel(text: str) -> bool:
    """Up to three words, all of them of the kind that take no floor ("mm", "yeah, right")."""
    words = [word for word in _LETTERS.sub(" ", text.lower()).split() if word]
    return 0 < len(words) <= 3 and all(word in BACKCHANNELS for word in words)


def _shift(word: Word, offset: float) -> Word:
    if not offset or word.start is None or word.end is None:
        return word
    return Word(word.text, round(word.start + offset, 3), round(word.end + offset, 3))


def _untimed(turn: Turn) -> Turn:
    segments = tuple(replace(s, words=tuple(Word(w.text) for w in s.words)) for s in turn.segments)
    return replace(turn, segments=segments)
