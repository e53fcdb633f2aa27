"""Whether a sentence can be quoted without giving anybody away.

Taking names out is not enough: a rare role, an illness, a family, a country or a number can single
somebody out for those who know the place. What holds any of it is not quoted at all.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final

from als_nlp.privacy.roles import TELLING, rare_roles
from als_nlp.privacy.roster import Known

FEWEST, MOST = 6, 40
"""Words of a quotation."""
_STAND_IN: Final = re.compile(r"\[[^\]]*\]")
_PRIVATE: Final = re.compile(
    r"\b(?:pregnan\w+|maternity leave|paternity|miscarr\w+|menopaus\w+|cancer|diagnos\w+|adhd"
    r"|autis\w+|dyslex\w+|epilep\w+|depress\w+|suicid\w+|bereave\w+|funeral|died|divorc\w+|widow\w*"
    r"|my (?:husband|wife|partner|son|daughter|mum|mam|mother|dad|father|brother|sister|kids?"
    r"|children|nan|gran\w*|baby|boyfriend|girlfriend|scan|operation|knee|back|hip|hair|car|house"
    r"|bike)|tooth|teeth|dentist|visa|asylum|refugee|mosque|temple|synagogue"
    r"|church|prayer\w*|pray|hijab|ramadan|wheelchair|hearing aids?|stammer\w*|grievance|tribunal"
    r"|disciplin\w+|suspended|sacked|police|court|arrest\w*|affair|pay ?rise|salary)\b",
    re.I,
)
_RARE: Final = re.compile(
    r"\b(?:matrons?|chaplains?|consultants?|chief|chair(?:man|woman)?|chairs|headteacher|head of"
    r"|director|deputy|governor|mayor|professor|dean|registrar|lead consultant|youngest|oldest"
    r"|only (?:one|man|woman|bloke|person|nurse|manager|team)|first ever|the sole)\b",
    re.I,
)
_NUMBER: Final = re.compile(
    r"\d|\b(?:(?:thir|four|fif|six|seven|eigh)teen|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august"
    r"|september|october|november|december|christmas|easter)\b",
    re.I,
)
_SPEECH: Final = re.compile(
    r"[\"“”]|\b(?:he|she|him|her|his|hers)\b|how do you say"
    r"|\b(?:i|we|they) (?:said|says|goes|went|asked|asks|told)\b",
    re.I,
)
"""What is told of somebody else can be recognised by those who were there."""
_TIME: Final = re.compile(r"\b\w+ years?\b|\blast (?:week|month|year)\b", re.I)
_NO_NAME: Final = re.compile(r"(?:I|NHS|OK|HR|TV)\b|.\W*$")
_WORD: Final = re.compile(r"[^\W\d_]{3,}(?:['’][^\W\d_]+)?")


def quotable(sentence: str, known: Known) -> bool:
    """Whether an anonymised sentence may be quoted: nothing in it is rare, private or hidden.

    Args:
        sentence: with stand-ins where there was personal data.
        known: whether a word is an ordinary one; rare words, dialect among them, tell who speaks.
    """
    sentence = unicodedata.normalize("NFC", sentence)
    words = _WORD.findall(sentence.lower())
    if not all(known(re.split("['’]", word)[0]) for word in words):
        return False
    return FEWEST <= len(sentence.split()) <= MOST and not any(
        (
            _STAND_IN.search(sentence),
            _PRIVATE.search(sentence),
            _RARE.search(sentence),
            _NUMBER.search(sentence),
            _SPEECH.search(sentence),
            _TIME.search(sentence),
            _names(sentence),
            TELLING.search(sentence),
            next(rare_roles(sentence), None),
        )
    )


def _names(sentence: str) -> bool:
    """Whether a word has a capital that no sentence gave it."""
    return any(
        word[0].isupper()
        and not _NO_NAME.match(word)
        and (before[-1].islower() or before[-1] in ",;’'")
        for before, word in pairwise(sentence.split())
    )
