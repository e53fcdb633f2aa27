"""What looks like somebody's name and is everybody's: services, tools, drugs, dialect, sayings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

GENERIC: Final = frozenset(
    (
        "nhs cqc nmc hcpc gmc rcn rcm unison unite gp gps a&e ed itu icu hdu nicu scbu mau amu sau "
        "datix systmone emis rio teams zoom whatsapp facebook excel outlook powerpoint word "
        "sharepoint sbar news pews hr it ot physio radiology pathology pharmacy theatres council "
        "ofsted dwp hmrc dvla dhsc ukhsa nice mdt camhs pals safeguarding police england scotland "
        "wales ireland britain uk europe english british welsh scottish irish christmas easter god "
        "jesus christ google amazon tesco"
    ).split()
) | {
    "mental health", "social services", "social care", "adult social care", "children's services",
    "the council", "the trust", "the hospital", "the ward", "the home", "the surgery",
    "the practice", "the police", "the uk", "northern ireland", "head office", "human resources",
    "occupational health", "infection control", "the nhs", "nhs england",
    "royal college", "open university", "car park", "business park", "retail park",
}  # fmt: skip
"""What everybody has or works with: it singles nobody out."""

TOOLS: Final = frozenset(
    (
        "waterlow barthel apgar gillick caldicott johari kotter maslow doppler zimmer gantt "
        "velcro sellotape biro lego tupperware thermos crohn crohns alzheimers"
        " alzheimer parkinsons sepsis norovirus covid "
        "clostridium mrsa legionella post-it post-its spreadsheet intranet "
        "paracetamol calpol gaviscon fortisip oramorph clexane tegretol zomorph"
    ).split()
)
"""Scales, methods, illnesses and things that are called after somebody or by a trade mark."""
_TOOL: Final = re.compile(
    r"(?:score|scale|stool|line|catheter|frame|window|chart|guidelines?|competen\w+|cycle|model"
    r"|hierarchy|taxonomy|rule|law|syndrome|disease|palsy|test|round|guardian|protocol|method|matrix"
    r"|manoeuvre|position|pain|coma|index|inventory|questionnaire)$",
    re.I,
)
"""What follows where a name stands for a tool: the Bristol stool chart, Fraser guidelines.

One of a kind only: in “Helen rounds it up” somebody does something."""

DRUG: Final = re.compile(
    r"\w{2,}(?:azepam|olam|azine|pril|olol|statin|azole|cillin|mycin|micin|oxacin|cycline|mab|xaban"
    r"|sartan|oxetine|dipine|idone|tidine|parin|gliptin|gliflozin|glutide|formin|profen|caine"
    r"|morphine|codeine|fentanil|apine|triptan|setron|semide|thiazide|warfarin|digoxin|naloxone"
    r"|prednisolone|dexamethasone|salbutamol|insulin)$",
    re.I,
)
"""Stems of drugs' names (WHO, The use of stems in the selection of INN)."""

DIALECT: Final = frozenset(
    (
        "hiya hey ta cheers cheerio ciao och aye naw nae nah dinna didna canna couldna wouldna "
        "wasna willnae dinnae cannae kens kent aff twa fa fae jist roond doon oot hame naebody "
        "naebodys wee bairn bairns janny wor pet hinny canny gan gans telt polis nowt owt summat "
        "nowt'll mam mammy soz phew jings duck hen bab lass lad mardy tidy cwtch gyp chunter"
    ).split()
)
"""Words of dialects, which look like names to those who do not speak so."""

_SAYINGS: Final = re.compile(
    r"\b(?:bob['’]?s your uncle|joe (?:bloggs|public)|(?:every )?tom,? dick,? (?:and|or) harry"
    r"|rob(?:bing|s)? peter to pay paul|mark my words?|jack and jill|heath robinson"
    r"|jack of all trades|jobs? for the boys|murphy['’]?s law|hobson['’]?s choice|jekyll and hyde"
    r"|big brother|florence nightingale|mary poppins|happy larry|even steven|aunt sally"
    r"|john and jane doe|jane doe|john doe|earl grey|crack of dawn|from dawn (?:till|to|until) dusk"
    r"|dawn till dusk|for (?:god|christ|pete|heaven)['’]?s sake)\b",
    re.I,
)


def is_generic(text: str) -> bool:
    """Whether a name is everybody's."""
    plain = text.casefold().removeprefix("the ")
    whole = text.casefold()
    return (
        whole in GENERIC
        or plain in GENERIC
        or plain in DIALECT
        or plain.split(" ")[0] in TOOLS
        or bool(DRUG.fullmatch(plain))
    )


def names_a_tool(after: str) -> bool:
    """Whether the word after a name makes it that of a tool."""
    return bool(_TOOL.match(after))


def sayings(text: str) -> Iterator[tuple[int, int]]:
    """Where proverbial people stand in a text, by characters."""
    for match in _SAYINGS.finditer(text):
        yield match.span()
