"""Who is meant by a word: people that are known, by name, nickname, initials, spelling or sound.

Speech recognition writes names as it hears them, so a word that is no ordinary one is compared with
every known name by spelling (Jaro and Winkler 1990) and by sound (match rating approach, Moore et
al. 1977), and two words that belong together are tried as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import jellyfish

from als_nlp.name_key import name_key
from als_nlp.people import Person, whose

Known = Callable[[str], bool]
"""Whether a word is an ordinary English one."""

NICKNAMES: Final = tuple(
    frozenset(group.split())
    for group in (
        "abigail abby abi gail", "abdul abdi", "alan al", "alexander alex alec sandy lex xander",
        "alexandra alex sandra sandy lexi", "alison ali", "amanda mandy", "andrew andy drew",
        "angela angie ange", "anne ann annie anna", "anthony tony ant", "barbara barb babs",
        "benjamin ben benny", "bernadette bernie", "beverley bev", "bradley brad", "bridget bridie",
        "caroline carol caz", "catherine katherine kathryn cathy kathy kate katie cath kath kat",
        "charles charlie chaz", "charlotte charlie lottie", "christine chris chrissie tina",
        "christopher chris kit", "clifford cliff", "colette coco", "daniel dan danny",
        "david dave davey", "deborah debbie deb debs", "denise den", "derek del", "dominic dom",
        "donald don", "dorothy dot dottie", "edward ed eddie ted ned", "eleanor ellie nell nora",
        "elizabeth liz lizzie beth betty libby eliza", "emma em", "frances fran francesca franny",
        "francis frank", "frederick fred freddie", "gareth gaz", "gary gaz", "geoffrey geoff",
        "gerard ger gerry", "gillian gill jill", "graham gray", "gregory greg", "harriet hattie",
        "harry harold hal", "heather hev", "helen nell", "henry harry", "hannah han", "isabel izzy",
        "jacqueline jackie jacqui", "james jim jimmy jamie", "jane janey", "janet jan",
        "jennifer jenny jen", "jeremy jez", "jessica jess jessie", "joan joanie", "joanne jo",
        "john johnny jack", "jonathan jon jonny", "joseph joe joey", "josephine jo josie",
        "joshua josh", "judith judy jude", "julie jules julia", "kenneth ken kenny", "kevin kev",
        "kimberley kim", "laura lol", "lawrence larry laurie", "leonard len lenny", "leslie les",
        "linda lin lindy", "louise lou", "lucy lu", "lynne lyn lynn", "madeleine maddie",
        "malcolm mal malc", "margaret maggie meg peggy marge mags", "maria mia", "mark marky",
        "martin marty mart", "mary molly polly mae", "matthew matt matty", "maureen mo",
        "maxine max", "maxwell max", "megan meg", "melanie mel", "michael mike mick micky mikey",
        "michelle shell shelly", "mohammed mo mohamed muhammad", "natalie nat", "neville nev",
        "nicholas nick nicky", "nicola nicky nikki nic", "oliver ollie olly", "olivia liv",
        "pamela pam", "patricia pat trish tricia patsy", "patrick pat paddy", "paul pauly",
        "pauline paula", "penelope penny pen", "peter pete", "philip phil pip", "philippa pippa",
        "priscilla cilla", "prudence prue", "rachel rach", "raymond ray", "rebecca becky becca bex",
        "richard rich rick dick richie ricky", "robert rob bob bobby robbie bert", "roderick rod",
        "roger rog", "ronald ron ronnie", "rosemary rose rosie", "roxanne roz", "rosalind roz ros",
        "ryan ry", "samantha sam sammy", "samuel sam sammy", "sandra sandy", "sarah sal sally",
        "sharon shaz", "shirley shirl", "simon si", "stephanie steph",
        "stephen steven steve stevie",
        "stuart stu", "susan sue susie suzanne", "sylvia syl",
        "terence terry tel", "teresa terri tess",
        "theodore ted theo", "thomas tom tommy", "timothy tim", "tracey trace", "valerie val",
        "veronica ronnie", "victoria vicky vic tori", "vincent vince", "virginia ginny",
        "vivien viv", "walter wally", "wendy wend", "william will bill billy liam",
        "winifred win winnie",
        "zachary zac",
    )
)  # fmt: skip
CLOSE: Final = 0.9
"""Likeness of spelling from which on a word is a known name misspelt."""
ALIKE: Final = 0.72
"""The same where it also sounds the same."""
SHORTEST: Final = 4
"""Letters below which spelling and sound say too little."""


@dataclass(frozen=True, slots=True)
class Match:
    """A known person, how sure, and by what (``name``, ``nickname``, ``initials``, ``sound``)."""

    person: str
    sure: float
    by: str


class Roster:
    """People who may be spoken of."""

    def __init__(self, people: Iterable[Person], known: Known) -> None:
        self._known = known
        self._forms: dict[str, tuple[str, str]] = {}
        self._pairs: dict[tuple[str, str], str] = {}
        self._initials: dict[str, str] = {}
        listed = list(people)
        for person in listed:
            for name in (person.name, *person.also):
                parts = name_key(name.replace(".", " ")).split()
                for part in parts:
                    # "the boss" makes no name of each "the"
                    if len(part) > 1 and (name == person.name or part not in _SMALL):
                        self._forms.setdefault(part, (person.name, "name"))
                for pair in combinations(parts, 2):
                    if len(parts) == 2 or _SMALL.isdisjoint(pair):
                        self._pairs.setdefault(pair, person.name)
                letters = "".join(p[0] for p in name_key(name).split() if p[0].isalpha())
                if len(letters) > 1:
                    self._initials.setdefault(letters, person.name)
        for person in listed:
            first, *others = name_key(person.name).split() or [""]
            for group in NICKNAMES:
                if first in group:
                    for form in group:
                        self._forms.setdefault(form, (person.name, "nickname"))
                        for other in others:
                            self._pairs.setdefault((form, other), person.name)

    def who(self, word: str, *, likely: float, capital: bool) -> Match | None:
        """Who is meant by a word, if anybody.

        Args:
            word: without punctuation and possessive.
            likely: how much the talk around it looks as if a name stood here, 0 to 1.
            capital: whether it has a capital that no sentence gave it.
        """
        plain, known = name_key(word), self._known(word.casefold())
        if found := self._forms.get(plain):
            person, by = found
            ordinary = self._is_ordinary(plain)
            if by == "nickname" and not capital and likely < 0.5 and ordinary:
                return None
            if ordinary and not capital and likely < 0.1:
                return None
            return Match(person, 0.99 if not ordinary else 0.9, by)
        if plain in self._initials and word.isupper() and not known:
            return Match(self._initials[plain], 0.9, "initials")
        if len(plain) >= SHORTEST and likely >= (0.5 if known else 0.05):
            return self._alike(plain)
        return None

    def together(self, first: str, second: str) -> str | None:
        """Whose name holds both words in this order, whatever they mean alone ("Helen Ward")."""
        return self._pairs.get((name_key(first), name_key(second)))

    def telling(self, words: Iterable[str]) -> bool:
        """Whether not all words of a name are ordinary ones, as those of "Will Read" are."""
        return not all(w in _ORDINARY or w in _EVERYDAY for w in map(name_key, words))

    def both(self, first: str, second: str) -> Match | None:
        """Who is meant by two words that recognition may have made of one name."""
        joined = name_key(first + second)
        if len(joined) < SHORTEST + 2 or not joined.isalpha():
            return None
        found = self._alike(joined)
        return found if found and found.sure >= 0.85 else None

    def _alike(self, plain: str) -> Match | None:
        best: Match | None = None
        for form, (person, _) in self._forms.items():
            if len(form) < SHORTEST or abs(len(form) - len(plain)) > 2 or form in _EVERYDAY:
                continue
            spelt = jellyfish.jaro_winkler_similarity(form, plain)
            sounds = bool(jellyfish.match_rating_comparison(form, plain))
            if spelt >= CLOSE or (sounds and spelt >= ALIKE):
                sure = 0.9 if spelt >= CLOSE and sounds else 0.75
                if best is None or sure > best.sure:
                    best = Match(person, sure, "sound")
        return best

    def _is_ordinary(self, plain: str) -> bool:
        return len(plain) <= 2 or plain in _ORDINARY or plain in _EVERYDAY or plain in _SMALL


WORDS_TOO: Final = frozenset(
    (
        "will mark grace hope joy rose dawn bill frank rob pat sue art ray dot max penny faith "
        "iris holly heather ivy olive daisy poppy ruby pearl amber crystal jade robin martin drew "
        "chase grant miles rich gene guy jack jean summer autumn sandy rusty gill nick bob ted "
        "ally gail carol merry sunny blessing precious patience prudence constance charity mercy "
        "angel destiny comfort gift favour princess major dean earl noel glen rowan hazel violet "
        "lily melody harmony verity honor amity clement ernest innocent lovely lucky happy promise "
        "goodness praise glory fern sky skye jewel misty stormy bonny chip buddy rod jasper"
    ).split()
)
"""First names that are also words."""
_ORDINARY: Final = WORDS_TOO | frozenset(
    (
        "may don lance hunter june april jo al mo em win liv han si ed pen pip dan les bev nat lex "
        "gale justice king duke baron bishop christian pascal reed wade cliff dale heath lane "
        "brook forest wood stone rain star bear fox wolf lamb sing singh hall hill field cook "
        "baker smith taylor carter potter young old long short white black brown green gray grey "
        "bird price bell ball rice page day knight swift sharp small little moody savage best good "
        "love moon"
    ).split()
)
"""Names that are also words, so that the word alone does not tell."""


_EVERYDAY: Final = frozenset(
    (
        "van von der del della dos ter bin ibn abu ward wards bank banks nurse porter carer "
        "doctor doc sister matron manager boss chief chair head team lead leader director coach "
        "warden clerk staff guest walker child friend mum mam dad nan gran house home trust park "
        "street church cross court chambers place well wells north south east west bed care case "
        "hand hands foot heart back blood bone bones burn burns pain sweet strong early week "
        "weeks way new free fair main true wise wild kind bright close cost cash sale post power "
        "powers law read rush self speed stock wall water waters held heard hunt key keys book "
        "chance gentle"
    ).split()
)
"""The same, said all day at work, and the small words of names: others are not likened to these,
for "wards" is no misspelt Ward."""

_SMALL: Final = frozenset("the a an and of in on at to from with my our your his her".split())
"""Words of a nickname ("the boss") that are no name by themselves."""


def people_of(names: Sequence[str], listed: Sequence[Person] = ()) -> tuple[Person, ...]:
    """Speakers' names as people, beside those of a list; the list wins and learns spellings."""
    found = whose(names, listed)
    spellings: dict[str, list[str]] = {}
    for name, person in found.items():
        spellings.setdefault(person.name, []).append(name)
    there = [replace(p, also=(*p.also, *spellings.get(p.name, ()))) for p in listed]
    return (*there, *(Person(n, None) for n in dict.fromkeys(names) if n not in found))
