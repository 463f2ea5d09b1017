"""What a small model overlooks: that a sentence says the contrary of what is asked.

"Which rivers were not dammed?" reads nearly like "Which rivers were dammed?", and what is said of the
southern border like what is said of the northern. Words alone tell; how much they count is fitted with
the rest.
"""

import itertools
import re
from functools import cache

from index import sentences, stem

_PAIRS = """
first/last largest/smallest biggest/smallest highest/lowest oldest/newest oldest/youngest before/after
increase/decrease increased/decreased rise/fall rose/fell north/south northern/southern east/west
eastern/western begin/end began/ended start/end started/ended win/lose won/lost most/least more/less
above/below early/late earliest/latest male/female men/women father/mother son/daughter husband/wife
king/queen open/close opened/closed legal/illegal support/oppose supported/opposed accepted/rejected
allowed/banned best/worst longest/shortest positive/negative internal/external upper/lower born/die
bought/sold buy/sell minimum/maximum summer/winter teacher/student success/failure public/private
old/young light/dark import/export higher/lower better/worse add/remove added/removed agree/disagree
agreed/disagreed always/never ancestor/descendant ancestors/descendants appear/disappear arrive/depart
arrived/departed attack/defend attacked/defended beginning/end benefit/harm benefits/drawbacks
advantage/disadvantage advantages/disadvantages big/small birth/death borrow/lend built/destroyed
build/destroy capable/incapable cause/prevent caused/prevented causes/prevents closest/farthest
nearest/farthest cold/hot common/rare conservative/liberal construct/demolish create/destroy
created/destroyed dangerous/safe deep/shallow defeated/lost demand/supply different/similar
disliked/liked domestic/foreign dry/wet easy/difficult effective/ineffective employer/employee enemy/ally
enemies/allies entered/left enter/leave expensive/cheap fail/succeed failed/succeeded false/true fast/slow
fastest/slowest few/many fewer/more founded/dissolved formed/dissolved friend/enemy gain/lose gained/lost
good/bad guilty/innocent happy/sad hard/soft heaviest/lightest heavy/light hired/fired include/exclude
included/excluded inside/outside join/leave joined/left large/small left/right liked/hated long/short
love/hate loved/hated major/minor married/divorced mature/immature modern/ancient natural/artificial
necessary/unnecessary new/old opponents/supporters opponent/supporter opposed/favored parent/child
past/future peace/war permanent/temporary poor/rich popular/unpopular possible/impossible
praised/criticized present/absent prevent/encourage profit/loss promoted/demoted protect/endanger
published/unpublished push/pull quickly/slowly raise/lower raised/lowered receive/send received/sent
regular/irregular reject/accept released/captured rural/urban same/different secular/religious shared/kept
simple/complex sister/brother sisters/brothers strong/weak strongest/weakest strength/weakness
strengths/weaknesses strengthen/weaken sunrise/sunset supporters/critics tall/short tallest/shortest
thick/thin top/bottom uncle/aunt union/separation useful/useless vertical/horizontal victory/defeat
voluntary/mandatory wide/narrow widest/narrowest with/without written/spoken younger/older
southwest/northeast southeast/northwest southernmost/northernmost easternmost/westernmost
originally/finally initially/eventually previously/later former/current alive/dead civilian/military
daily/yearly monthly/annually hundred/thousand thousand/million million/billion century/decade
"""
# The opposites of each word.
OPPOSITES: dict[str, frozenset[str]] = {}
for _pair in _PAIRS.split():
    for _word, _other in itertools.permutations(_pair.split("/")):
        OPPOSITES[_word] = OPPOSITES.get(_word, frozenset()) | {_other}
SIGNS = ("the question alone is denied", "the opposite of what is asked")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_DENIES = frozenset("not never cannot no none nor neither without nobody nothing unable".split())
_ASKS_DENIED = frozenset("not never cannot".split())


class Contradiction:
    """Looks for the SIGNS that sentences of one text say the contrary of what a question asks.

    Each is 1.0 where it is there, else 0.0: that the question is denied and the sentence is not; that the
    sentence has the opposite of a word of the question, but not the word, in whatever forms.
    """

    def __init__(self, question: str, text: str) -> None:
        asked = _words(question)
        self._denied = any(_denies(word, _ASKS_DENIED) for word in asked)
        opposites = _opposite_stems()
        self._opposites = {one: opposites[one] for one in map(stem, asked) if one in opposites}
        self._text = text
        self._sentences = sentences(text) if self._denied or self._opposites else []

    def signs(self, start: int, end: int) -> tuple[float, float]:
        """The SIGNS of the sentence that holds `text[start:end]`, or of those that it goes through."""
        around = [place for place in self._sentences if place[0] < end and start < place[1]]
        said = _words(self._text[around[0][0] : around[-1][1]] if around else "")
        denied = self._denied and not any(_denies(word, _DENIES) for word in said)
        stems = set(map(stem, said)) if self._opposites else set()
        opposite = any(others & stems and one not in stems for one, others in self._opposites.items())
        return float(denied), float(opposite)


@cache
def _opposite_stems() -> dict[str, set[str]]:
    """By the stem of a word, those of its opposites."""
    found: dict[str, set[str]] = {}
    for word, others in OPPOSITES.items():
        found.setdefault(stem(word), set()).update(map(stem, others))
    return found


def _words(text: str) -> set[str]:
    return set(map(str.lower, _WORD.findall(text)))


def _denies(word: str, denying: frozenset[str]) -> bool:
    return word in denying or word.endswith(("n't", "n’t"))
