"""Where sentences begin and end, by rule: the unit that passages are made of and that quotes are cut to."""

import re
from itertools import pairwise

from index.documents.clauses import clauses

_ABBREVIATIONS = frozenset(
    "adj al approx art assn ave ca cf ch co col comp corp cpl dept dr ed eds eq est etc ex fig figs ft gen "
    "gov hon inc jr lt ltd mr mrs ms mt no nos op par pl pp prof pt rep rev sec sen sgt sr st supp univ vol "
    "vols vs jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e a.m p.m u.s u.k u.n d.c ph.d".split()
)
# A candidate is an end mark, whatever closes after it, and white space; or an end mark of Chinese or
# Japanese, which no space follows; or the end of a line, since loaders have joined wrapped lines.
_CANDIDATE = re.compile(r"[.!?…]+[\"'”’»)\]]*(?:[^\S\n][\"”»](?=\s))?\s+|[。！？]+[」』”’）]*\s*|\s*\n\s*")
# The number of a list's item or of a section belongs to what it numbers.
_NUMBER = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,3})*|[ivx]{1,5}|[a-z])\.[^\S\n]+", re.IGNORECASE)
# At a line's start, that of a caption or a part to its title.
_LABEL = re.compile(
    r"\s*(?:figure|fig|table|chart|box|part|chapter|section|article|item|step|appendix|annex|exhibit|schedule|rule)"
    r"\.? (?:[a-z]{0,3}[.-]?\d{1,3}(?:[.-]\d{1,3})*[a-z]?|[ivx]{1,5}|[a-z])\.[^\S\n]+",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[^\w\n]+")
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘«]+\Z")
_LONGEST_WORD = _LONGEST_INDENT = 40
# Abbreviations that stand before a number, and such numbers, which may begin with letters: "no. W-17".
_BEFORE_NUMBERS = frozenset("no nos nr fig figs eq vol p pp sec ch par para art abs ext".split())
_NUMBERED = re.compile(r"[\"'“‘«(\[]*(?:\d|[A-Z]{1,5}[-/]?\d|[A-Z]{2,4} \d)")
_LINE = re.compile(r"[^\n]+")
# Between the cells of a table's row.
CELL = " | "


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Half-open places of the sentences of `text[start:end]`, in order.

    They don't overlap, hold no white space at either end, and cover all other characters.
    """
    stop = len(text) if end is None else end
    places: list[tuple[int, int]] = []
    bounds = [start, *clauses(text, start, stop, CELL), stop]
    for first, last in pairwise(bounds):
        here = first
        for match in _CANDIDATE.finditer(text, first, last):
            if _ends_sentence(text, match) and not _numbers(text, here, match.end()):
                _append(places, text, here, match.end())
                here = match.end()
        _append(places, text, here, last)
    return places


def quotable(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Half-open places of what can be quoted whole: sentences, and rows of tables, which are one each."""
    stop = len(text) if end is None else end
    places: list[tuple[int, int]] = []
    for line in _LINE.finditer(text, start, stop):
        if CELL in line.group():
            _append(places, text, line.start(), line.end())
        else:
            places += sentences(text, line.start(), line.end())
    return places


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    mark = match.group()
    if "\n" in mark or mark[0] in "。！？" or match.end() == len(text):
        return True
    following = text[match.end()].lstrip("\"'“‘«([") or text[match.end() + 1 : match.end() + 2]
    if following.islower() or following == ".":  # the next dot of ". . ."
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    before = _WORD_BEFORE.search(text, max(0, match.start() - _LONGEST_WORD), match.start())
    word = before.group().lower() if before else ""
    initial = len(word) == 1 and word.isalpha() and before is not None and before.group().isupper()
    if initial and word != "i":
        return False
    if word in _BEFORE_NUMBERS:
        return not _NUMBERED.match(text, match.end())
    return word not in _ABBREVIATIONS


def _numbers(text: str, start: int, end: int) -> bool:
    """Whether the stretch is the number of what follows it, with which it makes one sentence."""
    if _NUMBER.fullmatch(text, start, end):
        return True
    before = text[max(0, start - _LONGEST_INDENT) : start].rpartition("\n")[2]
    return not before.strip() and bool(_LABEL.fullmatch(text, start, end))


def _append(places: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end and places and _SIGNS.fullmatch(text, places[-1][1], end):
        places[-1] = (places[-1][0], end)  # a quotation mark after a space ends the sentence before it
    elif start < end:
        places.append((start, end))
