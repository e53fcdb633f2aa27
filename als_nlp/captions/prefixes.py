"""Who speaks, where plain text says so: ``Helen: …``, ``>> …``, ``- …`` or ``(Helen)`` on a line.

None of these is a rule of any format, so what they mean is decided over a whole file: a name
recurs, is short and begins with capitals; ``10:30 Meeting:`` and ``Note:`` are no people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from als_nlp.captions.cues import visible

MOST_WORDS = 6
ALWAYS = 0.9
CONSISTENT = 0.5
NOW_AND_THEN = 0.1
"""Share of captions with a name from which a file names its speakers: each time (then names need
no capitals), mostly, when they change."""

SURE = "\u2060"
"""Our own writers put this unseen character where a mark would be misread: before the colon it
makes a name of anything, at the beginning of a line it makes plain text of anything."""

UNKNOWN = "Unknown Speaker"

_PREFIX = re.compile(r"([^\s:：][^:：\n]{0,78}?)\s*(?::(?=\s|$)|：)\s*(.*)", re.S)
_CERTAIN = re.compile(rf"(.*?){SURE}:\s*(.*)", re.S)
_CHEVRONS = re.compile(r"(?:>{2,3}|»)\s*")
_DASH = re.compile(r"[-–—](?!\d)\s*(?=\S)")
_MARKS = re.compile(rf"(?:{_CHEVRONS.pattern})?(?:{_DASH.pattern})?")
_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{1,79}?)\s*[)\]]:?")
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
_SENTENCE = re.compile(r"[?!;\"“”<>]|(?<=\w{4})(?<!Prof)\.\s|,.*,|://|www\.|\d[.h]\d\d\b")
_SMALL = frozenset({
    "de", "da", "di", "do", "dos", "das", "del", "della", "van", "von", "der", "den", "ten",
    "ter", "la", "le", "el", "al", "bin", "ibn", "ben", "of", "the", "and", "y", "e", "ap", "ab",
    "ó", "mac", "zu", "af", "av",
})  # fmt: skip
_NOT_NAMES = frozenset({
    "note", "notes", "nb", "ps", "re", "question", "questions", "answer", "answers", "warning",
    "example", "examples", "agenda", "topic", "action", "actions", "time", "date", "place",
    "subject", "step", "tip", "task", "item", "music", "applause", "laughter", "noise", "chapter",
    "part", "section", "slide", "page", "title", "summary", "conclusion", "so", "well", "but",
    "and", "or", "because", "look", "listen", "remember", "basically", "also", "then", "now",
    "anyway", "right", "okay", "ok", "yes", "no", "first", "second", "third", "firstly",
    "secondly", "finally", "http", "https", "option", "version", "source", "copyright",
    "captions", "subtitles", "transcript", "transcription", "translation", "decision",
    "decisions", "owner", "due", "deadline", "status", "priority", "present", "apologies",
    "attendees", "name", "role", "email", "phone", "from", "to", "cc", "sent", "info", "error",
    "debug",
})  # fmt: skip


class Voice(NamedTuple):
    """Words of one voice: the name as written, if there is one; whether somebody else begins."""

    speaker: str | None
    text: str
    new: bool = False


def voices(captions: Sequence[str]) -> list[list[Voice]]:
    """The voices of each caption of a file, whose lines end in ``\\n``.

    A caption without a mark goes on with the last name. Captions without words have no voices.
    """
    certain = any(f"{SURE}:" in text for text in captions)
    names = frozenset() if certain else speakers_in(captions)
    heads = frozenset() if certain or names else _heads(captions)
    dashes = not certain and not names and _dashes(captions)
    last: str | None = None
    found = []
    for text in captions:
        said: list[tuple[Voice, list[str]]] = []
        for line in text.split("\n"):
            voice = _voice(line.strip(), names, heads, certain=certain, dashes=dashes)
            if voice.speaker is not None or voice.new:
                last = voice.speaker
                said.append((voice, [voice.text]))
            elif said:
                said[-1][1].append(voice.text)
            else:
                said.append((Voice(last, ""), [voice.text]))
        joined = [voice._replace(text=visible(" ".join(lines))) for voice, lines in said]
        found.append([voice for voice in joined if voice.text])
    return found


def speakers_in(texts: Sequence[str]) -> frozenset[str]:
    """The names before a colon that are speakers; texts may have several lines.

    In a file that names somebody in most captions a name may also be heard once only. In one that
    names people now and then, each must recur, and there must be two or more.
    """
    first: Counter[str] = Counter()
    every: Counter[str] = Counter()
    sayings: dict[str, str] = {}
    for text in texts:
        for position, line in enumerate(text.split("\n")):
            match = _PREFIX.match(_MARKS.sub("", line.strip(), count=1))
            if match and _possible(match[1]):
                first[match[1]] += position == 0
                every[match[1]] += 1
                sayings.setdefault(match[1], match[2])
    total = sum(1 for text in texts if text.strip()) or 1
    good = {name for name in every if _capital(name)}
    recurring = {name for name, count in every.items() if count > 1}
    always = sum(first.values()) >= ALWAYS * total
    if not always:
        recurring &= good
    if sum(first[name] for name in good) >= CONSISTENT * total:
        once = {name for name in good if first[name]}
        if not always or total < 10:
            once = {n for n in once if " " in n or not sayings[n][:1].islower()}
        return frozenset(recurring | once)
    if always and sum(first[name] for name in recurring) >= ALWAYS * total:
        return frozenset(recurring)
    shouted = sum(n for name, n in every.items() if name in recurring and name.isupper())
    count = sum(every[name] for name in recurring)
    if shouted >= 3 or (len(recurring) > 1 and count >= NOW_AND_THEN * total):
        return frozenset(recurring)
    return frozenset()


def split(text: str, names: Collection[str]) -> tuple[str | None, str]:
    """(speaker, what they say) if the text begins with one of the names and a colon."""
    match = _PREFIX.match(text)
    if match and match[1] in names:
        return match[1], match[2].strip()
    return None, text


def _voice(
    line: str, names: Collection[str], heads: Collection[str], *, certain: bool, dashes: bool
) -> Voice:
    if line.startswith(SURE):
        return Voice(None, line)
    if certain:
        match = _CERTAIN.fullmatch(line)
        return Voice(match[1], match[2]) if match else Voice(None, line)
    rest = _CHEVRONS.sub("", line, count=1) if line[:1] in ">»" else line
    new = rest != line
    if dashes or names:
        undashed = _DASH.sub("", rest, count=1) if rest[:1] in "-–—" else rest
        if undashed != rest and (dashes or split(undashed, names)[0]):
            rest, new = undashed, True
    if heads:
        match = _BRACKETS.fullmatch(rest)
        if match and match[1] in heads:
            return Voice(match[1], "")
        if rest in ("-", "–", "—"):
            return Voice(None, "")
    speaker, said = split(rest, names) if names else (None, rest)
    return Voice(speaker, said, new and speaker is None)


def _possible(name: str) -> bool:
    """Whether this could be a name at all: short, with letters, no sentence, time or address."""
    words = _ASIDE.sub(" ", name).split() or name.split()
    return (
        len(words) <= MOST_WORDS
        and any(letter.isalpha() for letter in name)
        and not _SENTENCE.search(name)
        and name.casefold() not in _NOT_NAMES
        and SURE not in name
    )


def _capital(name: str) -> bool:
    words = re.findall(r"[^\W_][^\s,()\[\]]*", _ASIDE.sub(" ", name) or name)
    return all(word != word.lower() or word == word.upper() for word in words[:1]) and all(
        word != word.lower() or word == word.upper() or word in _SMALL for word in words
    )


def _heads(texts: Sequence[str]) -> frozenset[str]:
    """Names in brackets on lines of their own, if most captions begin with one."""
    first = every = 0
    names: Counter[str] = Counter()
    for text in texts:
        for position, line in enumerate(text.strip().split("\n")):
            match = _BRACKETS.fullmatch(_MARKS.sub("", line.strip(), count=1))
            if match and _possible(match[1]) and _capital(match[1]):
                names[match[1]] += 1
                first += position == 0
        every += bool(text.strip())
    return frozenset(names) if 2 * first >= every > 0 else frozenset()


def _dashes(texts: Sequence[str]) -> bool:
    """Whether dashes at the beginning of lines mean that somebody speaks."""
    marked = [sum(1 for line in t.split("\n") if _DASH.match(line.strip())) for t in texts]
    return max(marked, default=0) > 1 or sum(marked) >= max(3, 0.05 * len(texts))
