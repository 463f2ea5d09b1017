"""Words and their opposites: a question with one in the place of the other is no longer answered."""

import itertools

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
