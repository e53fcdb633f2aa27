"""Personal data that has a shape: numbers, addresses, dates; British ones, written or spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_DIGIT_WORDS: Final = (
    "zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|double|treble|triple|hundred"
)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL: Final = (
    r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth"
    r"|nineteenth|twentieth|thirtieth"
)
_DAY: Final = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})"
_WEEKDAY: Final = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_LATE_DAY: Final = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|(?:twenty|thirty)[ -]?(?:first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth)|(?:elev|thirte|fourte|fifte|sixte|sevente|eighte|ninete)enth|twelfth"
    r"|twentieth|thirtieth)"
)
"""Days that are no ordinary count: “on the second” may be of anything."""
_ALONE: Final = (
    r"\b(?=[,.;:?!]|$| (?:to|and|at|in|on|for|so|if|or|till|until|same|when|he|she|we|they|it|i'm"
    r"|i|is|was)\b)"
)
"""A day and no thing that is counted: not “the twelfth floor”."""
_YEAR: Final = r"(?:(?:19|20)\d\d|(?:nineteen|twenty)[ -][a-z]+(?:[ -][a-z]+)?)"
_POSTCODE: Final = r"(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPSTUW]? ?\d[ABD-HJLNP-UW-Z]{2})"

_SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("CONTACT", re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "CONTACT",
        re.compile(
            r"\b[\w'-]+(?: (?:dot|dash|underscore) [\w'-]+)* at [\w-]+(?: [\w-]+){0,2}"
            r"(?: dot [\w-]+)*? dot (?:net|com|org|co|uk|scot|wales|info|example)\b(?: dot uk\b)?",
            re.I,
        ),
    ),
    ("CONTACT", re.compile(r"(?:\+44 ?(?:\(0\) ?)?|\(?\b0)\d(?:[ ()-]{0,2}\d){8,9}\b")),
    ("CONTACT", re.compile(rf"\b(?:oh|o|zero|nought)(?:,? (?:{_DIGIT_WORDS})){{6,}}\b", re.I)),
    ("CONTACT", re.compile(r"\b(?:ext(?:ension)?\.?|bleep) (?:no\.? |number )?\d{3,5}\b", re.I)),
    ("CONTACT", re.compile(rf"\b(?:bleep|extension)(?: (?:{_DIGIT_WORDS})){{3,5}}\b", re.I)),
    ("LOCATION", re.compile(rf"\b{_POSTCODE}\b")),
    ("ID", re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b")),
    ("ID", re.compile(r"\b\d{2}[A-L]\d{4}[A-Z]\b")),
    ("ID", re.compile(r"\b(?:[A-Z]{1,5}[-/]?)\d{4,}\b")),
    ("ID", re.compile(r"\b(?!NHS|UK)[A-Z]{2,5} (?!(?:19|20)\d\d\b)\d{4,}\b")),
    ("ID", re.compile(rf"\b[b-hj-np-z](?: [a-z])*(?: (?:{_DIGIT_WORDS})){{3,}}\b", re.I)),
    ("ID", re.compile(rf"\b[a-z](?: [a-z]){{2,}}(?: (?:{_DIGIT_WORDS})){{3,}}\b", re.I)),
    (
        "ID",
        re.compile(
            r"(?<=\bnumber )(?:is |was |it's )?[A-Z]{0,4}-?\d[\d -]{2,}\d\b"
            r"|\b(?:datix|incident|reference|ref|payroll|staff|employee|badge|hospital|case|pin)"
            r"(?: number| no\.?| id)?:? (?:is |was )?#?[A-Z]{0,4}-?\d{3,}\b",
            re.I,
        ),
    ),
    (
        "ID",
        re.compile(rf"(?<=\bnumber )(?:(?:is|was|it's) )?(?:(?:{_DIGIT_WORDS}) ?){{4,}}\b", re.I),
    ),
    ("DATE", re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b|\b\d{4}-\d\d-\d\d\b")),
    (
        "DATE",
        re.compile(
            rf"\b(?:{_WEEKDAY} )?(?:the )?{_DAY} (?:of )?{_MONTH}\b(?:,? {_YEAR}\b)?", re.I
        ),
    ),
    ("DATE", re.compile(rf"\b{_MONTH} (?:the )?{_DAY}\b(?:,? {_YEAR}\b)?", re.I)),
    ("DATE", re.compile(rf"(?<=\bborn in ){_YEAR}\b", re.I)),
    ("DATE", re.compile(rf"\b{_DAY} of the {_DAY}(?:,? {_YEAR}\b)", re.I)),
    ("DATE", re.compile(rf"\b{_WEEKDAY} the {_DAY}\b|\bthe {_LATE_DAY}{_ALONE}", re.I)),
    ("DATE", re.compile(rf"(?<=\bsince )the {_DAY}{_ALONE}|(?<=\btill )the {_DAY}{_ALONE}", re.I)),
    (
        "CONTACT",
        re.compile(
            r"(?<=\bextension)(?:,? (?:and |so )?(?:it's|is|it is))? \d{3,5}\b"
            r"|(?<=\brings )\d{4,5}\b|(?<=\bring )\d{4,5}\b|(?<=\brang )\d{4,5}\b"
            r"|(?<=\bdial )\d{3,5}\b|(?<=\bcall )\d{4,5}\b",
            re.I,
        ),
    ),
)  # fmt: skip
_LONG_NUMBER: Final = re.compile(r"(?<![£$€\d.,])\b\d(?:[ -]?\d){5,}\b(?! ?(?:pounds|quid|per|%))")
_MAY: Final = re.compile(r"\bmay\b", re.I)


@dataclass(frozen=True, slots=True)
class Shape:
    """A stretch of text, by characters, with its type; ``sure`` between 0 and 1."""

    begin: int
    end: int
    type: str
    sure: float = 0.95


def shapes(text: str) -> Iterator[Shape]:
    """Everything in a text that looks like personal data by its shape; stretches may overlap."""
    for kind, pattern in _SHAPES:
        for match in pattern.finditer(text):
            if kind == "DATE" and _MAY.search(match[0]) and not _really_may(match[0]):
                continue
            yield Shape(*match.span(), kind)
    for match in _LONG_NUMBER.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if is_nhs_number(digits):
            yield Shape(*match.span(), "ID", 1.0)
        elif len(digits) >= 6 and not digits.endswith("000"):
            yield Shape(*match.span(), "ID", 0.7)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits end in the NHS number's check digit (modulus 11, NHS Data Dictionary)."""
    if len(digits) != 10 or not digits.isdigit():
        return False
    rest = 11 - sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11
    return rest != 10 and int(digits[9]) == rest % 11


def _really_may(text: str) -> bool:
    """“the ninth of May” is a date; “the first may” is not."""
    return bool(re.search(r"\bof may\b|\bMay\b|\bmay the\b", text))
