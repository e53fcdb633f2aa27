"""Wards, hospitals, trusts and other places, by how they are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from als_nlp.privacy.generic import is_generic
from als_nlp.privacy.patterns import Shape

_NUMBER: Final = (
    r"(?:\d{1,3}[A-Za-z]?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty(?:[ -][a-z]+)?)(?:[ -]?[A-H])?"
)
_CAPITAL: Final = r"(?:(?:St\.?|Saint) )?[A-Z][\w'’-]+"
_WARDS: Final = re.compile(
    rf"\b(?:[Ww]ard|[Tt]heatre) {_NUMBER}\b(?! (?:years?|weeks|months|days|times|people))"
    rf"|\b[Ww]ard [A-Z]\d?\b"
    rf"|\b{_CAPITAL}(?: {_CAPITAL})? (?:Ward|Wing|Suite|Unit)\b"
)
_HOUSES: Final = (
    "Hospital|Infirmary|Hospice|Surgery|Practice|Medical Centre|Health Centre|Clinic|Trust|College"
    "|School|Primary|Academy|University|House|Lodge|Court|Grange|Manor|Road|Street|Row|Terrace|Gardens|Lane|Avenue"
    "|Close|Drive|Crescent|Square|Estate|Library|Church|Care|Homes|Foundation Trust|Partnership|PCN"
    "|Federation|Branch|Watch|Garden|Park"
)
_NAMED: Final = re.compile(
    rf"\b{_CAPITAL}(?: (?:and|of|on|upon|under) {_CAPITAL}| {_CAPITAL}){{0,3}}"
    rf" (?:NHS )?(?:{_HOUSES})(?: (?:{_HOUSES}))*\b"
)
_THE: Final = re.compile(
    r"\b[Tt]he (?:Royal|General|Infirmary|Victoria|Queen(?: Elizabeth|'s)|Princess Royal|County)\b"
    r"(?! (?:College|Marines?|Mail|Navy|Family|Medical|Secretary|Manager|Practitioner|Council))"
)
_SAINT: Final = re.compile(r"\b(?:St\.?|Saint|saint) [A-Z]?[a-z]{3,}(?:'s|’s|s)?\b")
_ORGANISATION: Final = re.compile(
    r"(?:Trust|Care|Homes|School|Primary|Academy|University|College|Foundation|Practice|Surgery"
    r"|Centre|Partnership|PCN|Federation|Branch|Watch)$"
)
_UNWRITTEN: Final = re.compile(
    r"\b(?P<name>[a-z][a-z-]{2,})(?: [a-z'’-]+)? (?:medical centre|health centre|surgery|infirmary"
    r"|hospital|hospice|primary|academy|learning trust|partnership|street|road|avenue|crescent"
    r"|terrace|housing)\b"
)
"""The same where nothing has a capital: if the name is no ordinary word."""
_DOOR: Final = re.compile(r"\b\d{1,4}[A-Za-z]? $")
"""The number before the name of a street or house."""
_LEADING: Final = frozenset(
    "the our your my their this that at in on from for and but so well yes no oh she he they we "
    "it is was then when if as with to".split()
)


def places(text: str, known: Callable[[str], bool]) -> Iterator[Shape]:
    """Places and organisations in a text by how such are called; stretches may overlap."""
    for pattern in (_WARDS, _THE):
        for match in pattern.finditer(text):
            yield Shape(*match.span(), "LOCATION", 0.9)
    for match in _UNWRITTEN.finditer(text):
        if not known(match["name"]) and not known(match["name"].removesuffix("s")):
            yield Shape(*match.span(), "ORG", 0.75)
    for match in _SAINT.finditer(text):
        yield Shape(*match.span(), "ORG", 0.75)
    for match in _NAMED.finditer(text):
        begin = match.start()
        words = match[0].split()
        while words and words[0].casefold() in _LEADING:
            begin += len(words.pop(0)) + 1
        if len(words) < 2 or is_generic(" ".join(words)):
            continue
        if door := _DOOR.search(text[:begin]):
            begin = door.start()
        kind = "ORG" if _ORGANISATION.search(match[0]) else "LOCATION"
        yield Shape(begin, match.end(), kind, 0.85)
