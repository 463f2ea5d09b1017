"""Questions as people type them: without a question mark, misspelt, in keywords, in other words."""

from __future__ import annotations

import random
import re

STOP = set(
    """a an the of in on at to for by with from is are was were be been do does did has have had it its this
    that these those what which who whom whose when where why how and or as there""".split()
)
LEAD = (
    "tell me ",
    "please tell me ",
    "i want to know ",
    "can you tell me ",
    "do you know ",
    "according to the text, ",
    "so ",
)
# Each line is a set of phrases of about one meaning; a phrase may turn into any other of its line.
SAME = [
    line.split(", ")
    for line in """stop selling, no longer sell, no longer offer, quit selling, discontinue, cease to sell
stopped selling, no longer sells, no longer offers, quit selling, now not selling, ceased to sell
sell, offer, market, promote
sold, offered, marketed
buy, purchase, acquire, get
bought, purchased, acquired, took over
begin, start, commence, launch
began, started, commenced, launched, kicked off
end, finish, conclude, terminate, come to an end
ended, finished, concluded, came to an end
founded, established, started, set up, created
found, discovered, identified, spotted
made, created, produced, built
make, create, produce, build
build, construct, erect
built, constructed, erected, put up
wrote, authored, penned
written, authored, penned
used, utilized, employed, applied
use, utilize, employ, make use of
show, demonstrate, reveal, indicate
showed, demonstrated, revealed, indicated
happen, occur, take place
happened, occurred, took place
cause, lead to, bring about, result in
caused, led to, brought about, resulted in
help, assist, aid
helped, assisted, aided
allow, permit, let
allowed, permitted
ban, prohibit, forbid, outlaw
banned, prohibited, forbade, outlawed
said, stated, declared, told, claimed
say, state, declare, claim
ask, request, call
asked, requested, called on
need, require, want
needed, required, wanted
give, provide, supply
gave, provided, supplied
given, provided, supplied
get, receive, obtain
received, got, obtained
lost, was deprived of, suffered the loss of
won, secured, captured, took
beat, defeated, overcame
die, pass away, perish
died, passed away, perished, lost his life
killed, slain, murdered
kill, slay, murder
born, brought into the world
lived, resided, dwelt
live, reside, dwell
located, situated, found
big, large, huge, great
biggest, largest, greatest
small, little, tiny
famous, well-known, renowned, notable
important, significant, key, vital
main, primary, principal, chief
first, initial, earliest
last, final, most recent
old, aged, ancient
new, recent, novel
fast, quick, rapid
people, folks, individuals, persons
person, individual, someone
company, firm, business, corporation, enterprise
companies, firms, businesses, corporations
country, nation, state
countries, nations, states
city, town, municipality
job, occupation, position, work
movie, film, picture
film, movie
song, track, tune
book, volume, work
doctor, physician
drug, medicine, medication
drugs, medicines, medications
illness, disease, sickness, condition
disease, illness, disorder, condition
symptoms, signs
car, automobile, vehicle
money, cash, funds
cost, price, expense
area, region, zone
part, portion, section, piece
kind, type, sort
type, kind, sort
kinds, types, sorts
types, kinds, sorts
group, organization, body
leader, head, chief, boss
goal, aim, target, purpose
purpose, aim, goal, intention
reason, cause, grounds
problem, issue, difficulty, trouble
method, way, technique, approach
way, manner, method
name, title
year, 12 months
years, decades
last year, the previous year, final 12 months
change, alter, modify, shift
changed, altered, modified
increase, rise, grow, go up
increased, rose, grew, went up
decrease, fall, drop, decline, go down
decreased, fell, dropped, declined
oppose, be against, object to
opposed, was against, objected to
support, back, endorse
supported, backed, endorsed
attack, assault, strike
attacked, assaulted, struck
leave, depart, quit
left, departed, quit
arrive, come, reach
arrived, came, reached
choose, select, pick
chose, selected, picked
chosen, selected, picked
appointed, named, designated
called, named, known as, termed
known as, called, named
protect, guard, defend
invented, devised, created
developed, created, designed, worked out
released, put out, issued, published, launched
published, released, issued, brought out
announced, made public, declared, said
announce, make public, declare
agreed, consented, accepted
refused, declined, rejected
rejected, turned down, refused, voted down
contain, include, hold, have
contains, includes, holds
includes, contains, comprises
many, numerous, a lot of
children, kids, youngsters
kids, children
woman, lady, female
man, guy, male
wife, spouse, partner
husband, spouse, partner
house, home, residence
school, college, academy
taught, instructed, educated
studied, examined, investigated, researched
war, conflict
fight, battle, combat
law, act, rule, statute
government, administration, state
ruled, governed, reigned over
earn, make, be paid
worked, was employed, served
enough, sufficient
think, believe, consider
thought, believed, considered
believe, think
like, enjoy
dislike, hate
like most, enjoy most, prefer
reviewer, author, writer, customer
author, writer, poster
dangerous, hazardous, unsafe
difficult, hard, tough
easy, simple
before, prior to
after, following
during, in the course of, throughout
about, concerning, regarding
who is, what is the name of
how many, what number of, how much
what year, when
when, in what year, on what date, at what time
where, in what place, at which location
why, for what reason, how come
which, what
what, which""".splitlines()
]
ALTERNATIVES: dict[str, list[str]] = {}
for line_of_phrases in SAME:
    for phrase in line_of_phrases:
        others = [other for other in line_of_phrases if other != phrase]
        ALTERNATIVES[phrase] = ALTERNATIVES.get(phrase, []) + others
PHRASE = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, ALTERNATIVES), key=len, reverse=True)) + r")\b", re.IGNORECASE
)


def reworded(question: str, rng: random.Random) -> str:
    """The question with each known phrase replaced, one time in two, by another of about its meaning."""
    return PHRASE.sub(
        lambda found: rng.choice(ALTERNATIVES[found[0].lower()]) if rng.random() < 0.5 else found[0], question
    )


def misspelt(question: str, rng: random.Random) -> str:
    """The question with one longer word mistyped: two letters swapped, one dropped, or one doubled."""
    words = question.split(" ")
    long = [n for n, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long:
        return question
    number = rng.choice(long)
    word, at = words[number], rng.randrange(1, len(words[number]) - 1)
    words[number] = rng.choice(
        [
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        ]
    )
    return " ".join(words)


def keywords(question: str) -> str:
    """Only the words that carry meaning, as one types them into a search box."""
    kept = [word for word in question.rstrip(" ?").split() if word.lower() not in STOP]
    return " ".join(kept) if len(kept) >= 3 else question


def without_a_word(question: str, rng: random.Random) -> str:
    """The question with one small word forgotten."""
    words = question.split(" ")
    small = [n for n, word in enumerate(words) if n and word.lower() in STOP]
    if small:
        del words[rng.choice(small)]
    return " ".join(words)


def careless(question: str, rng: random.Random) -> str:
    """The question, in about half of the calls changed in one or more of the ways above."""
    if rng.random() < 0.22:
        question = reworded(question, rng)
    if rng.random() < 0.10:
        question = misspelt(question, rng)
    if rng.random() < 0.05:
        question = without_a_word(question, rng)
    if rng.random() < 0.04:
        question = keywords(question)
    if rng.random() < 0.04:
        question = rng.choice(LEAD) + question
    if rng.random() < 0.30:
        question = question.rstrip(" ?.")
    return question
