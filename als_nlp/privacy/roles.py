"""Roles that only one person can have: “the only Polish-speaking matron”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from als_nlp.privacy.patterns import Shape

_ROLES: Final = (
    "nurse|matron|midwife|sister|doctor|consultant|registrar|surgeon|gp|manager|hca|porter|chaplain"
    "|paramedic|pharmacist|physio|physiotherapist|radiographer|sonographer|dietitian|psychologist"
    "|psychiatrist|therapist|technician|scientist|social worker|carer|warden|teacher|head|lead"
    "|director|officer|governor|practitioner|health visitor|student|man|woman|bloke|lad|lass|one"
)
_ONLY: Final = re.compile(
    rf"\b(?:the|our|their|my|his|her) (?:only|sole|one and only|first(?: ever)?|youngest|oldest) "
    rf"(?P<how>(?:[\w'’-]+ ){{0,3}}?)(?P<role>{_ROLES})\b",
    re.I,
)
TELLING: Final = re.compile(
    r"-(?:speaking|born|trained)\b|\b(?:black|asian|white|male|female|gay|lesbian|trans|muslim|hindu"
    r"|sikh|jewish|catholic|deaf|blind|disabled|autistic|dyslexic|polish|romanian|nigerian|ghanaian"
    r"|zimbabwean|filipino|filipina|indian|pakistani|bangladeshi|somali|irish|scottish|welsh"
    r"|jamaican|chinese|portuguese|spanish|italian|german|french|lithuanian|bulgarian|ukrainian"
    r"|syrian|afghan|iraqi|iranian|nepali|brazilian|egyptian|turkish|kurdish)\b",
    re.I,
)


def rare_roles(text: str) -> Iterator[Shape]:
    """Stretches that single somebody out by a role and what is particular about them."""
    for match in _ONLY.finditer(text):
        if TELLING.search(match["how"]):
            yield Shape(*match.span(), "PERSON", 0.8)
