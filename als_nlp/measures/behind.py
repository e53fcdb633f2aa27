"""What is behind a piece of advice: what moved the adviser, and what it is about.

spaCy finds what the advice wants done (its verb) and to what or whom (its nouns). The verb tells
the side of the challenge; of the nouns only what the presenter had named before is taken up, never
the fix.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from als_nlp.measures.flow import presenter
from als_nlp.measures.inquiry import Moment
from als_nlp.transcript import Transcript

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Need = Literal[
    "talking", "limits", "care", "evidence", "handing on",
    "higher up", "how it runs", "timing", "story", "anything",
]  # fmt: skip
"""The side of a challenge that moved the adviser."""

Parse = Callable[[str], "Doc"]

OFTEN: Final = 4
"""Times that the presenter must have named a mere thing (a pen, a door) for it to stand for more
than itself."""
_VERBS: Mapping[Need, str] = {
    "limits": "refuse decline stop drop protect resist bin scrap park ignore quit",
    "care": "rest breathe relax switch sleep recover forgive",
    "evidence": (
        "audit log record document track count measure collect monitor check write note photograph "
        "prove keep survey datix time"
    ),
    "handing on": "delegate hand share give rotate let pass offer allocate",
    "higher up": "escalate report complain refer copy",
    "talking": (
        "ask tell talk speak say email ring phone call message chat meet raise mention explain "
        "invite thank apologise listen sit discuss warn text contact visit approach"
    ),
    "how it runs": (
        "change move set start run use make put build print design laminate pilot try plan train "
        "teach swap reduce cut add introduce organise book schedule split have get do bring"
    ),
    "timing": "wait leave delay postpone pause slow",
}
_NOUNS: Mapping[Need, str] = {
    "limits": "boundary no refusal limit workload",
    "care": "break rest leave supervision counselling wellbeing",
    "evidence": "audit data number figure evidence datix incident log diary spreadsheet survey",
    "handing on": "champion buddy deputy delegation",
    "higher up": "hr policy union grievance director board executive solicitor rep",
    "talking": "conversation chat coffee meeting word email letter call feedback",
    "how it runs": (
        "rota template form checklist whiteboard huddle handover system process app folder sheet "
        "list plan slot training protocol pathway script group"
    ),
    "timing": "deadline",
}
_NEED_OF_VERB: Final = {v: need for need, verbs in _VERBS.items() for v in verbs.split()}
_NEED_OF_NOUN: Final = {n: need for need, nouns in _NOUNS.items() for n in nouns.split()}
_LIGHT: Final = frozenset(
    (
        "be have do get go make think consider try help want need would could wonder suppose mean "
        "say know see start keep take use put set "
    ).split()
)
"""Verbs that lean on another word for what they want."""

_PEOPLE: Final = frozenset(
    (
        "matron manager boss team colleague nurse doctor staff parent family patient registrar "
        "consultant director lead leader head teacher midwife student trainee assistant porter "
        "officer worker tenant resident carer member volunteer child mother father mum dad son "
        "daughter sister brother surgeon gp pharmacist physio therapist paramedic crew trustee "
        "councillor supervisor coordinator receptionist practitioner chief executive chair board "
        "neighbour client pupil relative junior senior preceptor mentor deputy husband wife "
        "partner friend girl lad lass woman man lady guy service group department hr union "
        "governor landlord contractor clinician radiographer technician clerk driver tech mate "
        "physician dentist inspector warden chaplain commander baby infant victim prisoner "
        "operator owner buyer trainer auntie aunt uncle nan grandmother grandad cousin "
    ).split()
)
_VAGUE: Final = frozenset(
    (
        "thing way bit lot kind sort time day week month year minute hour one something nothing "
        "anything everything someone somebody anyone anybody everyone everybody nobody end point "
        "side place half part moment morning afternoon evening night chance question word line "
        "fact matter stuff today tomorrow yesterday people person reason idea case example rest "
        "name number sake love god job fair course okay deal shot look go hand face mind head "
        "hell bloke monday tuesday wednesday thursday friday saturday sunday weekend o'clock "
        "couple pair second other same loads first last next top bottom middle front back right "
        "left good harm use pound quid percent page cup tea cake biscuit what who that this it "
        "problem issue "
    ).split()
)
_MATTERS: Final = frozenset(
    (
        "rota handover meeting list system process conversation feedback audit training policy "
        "form email letter diary budget plan project role post shift caseload target rule decision "
        "deadline complaint incident error mistake risk change merger reorganisation report record "
        "data study survey service pathway referral discharge assessment review supervision "
        "appraisal interview relationship friendship silence anger trust promise secret workload "
        "backlog queue visit clinic class lesson funding bid contract overtime agency vacancy "
        "induction placement checklist protocol guideline software computer observation huddle "
        "round template spreadsheet database standard inspection finding procedure application "
        "consultation proposal tender grievance sickness absence turnover session group culture "
        "atmosphere behaviour attitude row argument disagreement tension dispute gap delay waiting "
        "allocation case safeguarding medication prescription consent confidentiality budget grant "
        "campaign event programme course assignment exam result figure number document paperwork "
        "documentation guidance agreement arrangement expectation responsibility deputy cover"
    ).split()
)
"""Things that somebody can sensibly be asked about; a door or a teabag is not among them."""
THEY: Final = {"her": "she", "him": "he", "them": "they"}


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind a piece of advice: its side of the challenge, and what it may be asked about.

    ``about`` is a phrase that the presenter's own words allow (``the rota``), empty if there is
    none; ``people`` says whether it stands for somebody, ``several`` for more than one, ``matter``
    whether it can be what the challenge is about (a rota, but no door).
    """

    need: Need
    about: str = ""
    people: bool = False
    several: bool = False
    matter: bool = True


def behind(moment: Moment, advice: Doc, named: Mapping[str, Named]) -> Behind:
    """What a parsed piece of advice is about.

    Args:
        moment: the advice, for its kind.
        advice: its parsed text.
        named: what the presenter's story is about, by lemma.
    """
    need = _need(moment, advice)
    askable = {n for n in named if n in _PEOPLE or n in _MATTERS}
    nouns = {
        n
        for n in {t.lemma_.lower() for t in advice if t.pos_ == "NOUN"} & set(named)
        if n in askable or named[n].times >= OFTEN
    }
    if nouns:
        best = max(sorted(nouns), key=lambda n: (n in askable, named[n].times))
        return _about(need, best, named)
    pronoun = next((t.lower_ for t in advice if t.lower_ in THEY and _is_object(t)), None)
    if pronoun is not None and need in ("talking", "limits", "higher up"):
        return Behind(need, pronoun, people=True, several=pronoun == "them")
    last = [n for n in askable - _PEOPLE if named[n].lately and named[n].times >= 3]
    if last and need != "talking":
        return _about(need, max(sorted(last), key=lambda n: named[n].times), named)
    return Behind(need)


def _about(need: Need, noun: str, named: Mapping[str, Named]) -> Behind:
    word = named[noun]
    phrase = f"{'your' if word.own else 'the'} {word.as_said}"
    matter = noun in _PEOPLE or noun in _MATTERS
    return Behind(need, phrase, noun in _PEOPLE, word.several, matter)


def _need(moment: Moment, advice: Doc) -> Need:
    if moment.kind == "experience":
        return "story"
    verbs = [t for t in advice if t.pos_ == "VERB"]
    telling = [v for v in verbs if v.lemma_.lower() not in _LIGHT]
    for verb in telling:
        if need := _NEED_OF_VERB.get(verb.lemma_.lower()):
            return need
    for noun in (t for t in advice if t.pos_ in ("NOUN", "PROPN")):
        if need := _NEED_OF_NOUN.get(noun.lemma_.lower()):
            return need
    for verb in verbs:
        if need := _NEED_OF_VERB.get(verb.lemma_.lower()):
            return need
    return "anything"


@dataclass(frozen=True, slots=True)
class Named:
    """A noun of the presenter's.

    How often it came, in which form, if as ``my`` or ``our``, and if in the presenter's last turn.
    """

    times: int
    as_said: str
    several: bool
    own: bool
    lately: bool


def named_before(
    transcript: Transcript, moment: Moment, parse: Parse, *, least: int = 2
) -> dict[str, Named]:
    """Nouns, by lemma, that the presenter has said ``least`` times or more in this cycle so far."""
    who = presenter(transcript.turns, moment.cycle) if moment.cycle else None
    turns = [
        turn
        for turn in transcript.turns[: moment.turn]
        if who is not None and turn.speaker == who and turn.cycle == moment.cycle
    ]
    found: dict[str, list[Token]] = {}
    lately: set[str] = set()
    for turn in turns:
        nouns = [token for token in parse(turn.text) if _may_be_named(token)]
        lately = {token.lemma_.lower() for token in nouns} or lately
        for token in nouns:
            found.setdefault(token.lemma_.lower(), []).append(token)
    return {
        lemma: _named(said, lemma in lately) for lemma, said in found.items() if len(said) >= least
    }


def _named(said: Sequence[Token], lately: bool) -> Named:
    form = Counter(t.lower_ for t in said).most_common(1)[0][0]
    owned = sum(any(c.lower_ in ("my", "our") for c in t.lefts) for t in said)
    several = any("Plur" in t.morph.get("Number", []) for t in said if t.lower_ == form)
    return Named(len(said), form, several, 2 * owned > len(said), lately)


def _may_be_named(token: Token) -> bool:
    lemma = token.lemma_.lower()
    return (
        token.pos_ == "NOUN"
        and token.is_alpha
        and len(lemma) > 3
        and lemma not in _VAGUE
        and not lemma.endswith("ing")
        and token.dep_ not in ("compound", "npadvmod")
    )


def _is_object(token: Token) -> bool:
    return token.dep_ in ("dobj", "dative", "pobj", "obj", "nsubj", "nsubjpass")
