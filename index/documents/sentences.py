"""Where sentences begin and end, by rule: the unit that passages are made of and that quotes are cut to."""

import re

_ABBREVIATIONS = frozenset(
    "adj al approx art assn ave ca cf ch co col comp corp cpl dept dr ed eds eq est etc ex fig figs ft gen "
    "gov hon inc jr lt ltd mr mrs ms mt no nos op par pl pp prof pt rep rev sec sen sgt sr st supp univ vol "
    "vols vs jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e a.m p.m u.s u.k u.n d.c ph.d".split()
)
# A candidate is an end mark, whatever closes after it, and white space; or an end mark of Chinese or
# Japanese, which no space follows; or the end of a line, since loaders have joined wrapped lines.
_CANDIDATE = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[」』”’）]*\s*|\s*\n\s*")
# The number of a list's item or of a section belongs to what it numbers.
_NUMBER = re.compile(r"\s*(?:\d{1,3}|[ivx]{1,5}|[a-z])\.[^\S\n]+", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘«]+\Z")
_LONGEST_WORD = 40
_LINE = re.compile(r"[^\n]+")
# Between the cells of a table's row.
CELL = " | "


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Half-open places of the sentences of `text[start:end]`, in order.

    They don't overlap, hold no white space at either end, and cover all other characters.
    """
    stop = len(text) if end is None else end
    places: list[tuple[int, int]] = []
    here = start
    for match in _CANDIDATE.finditer(text, start, stop):
        if _ends_sentence(text, match) and not _NUMBER.fullmatch(text, here, match.end()):
            _append(places, text, here, match.end())
            here = match.end()
    _append(places, text, here, stop)
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
    if following.islower():
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    before = _WORD_BEFORE.search(text, max(0, match.start() - _LONGEST_WORD), match.start())
    word = before.group().lower() if before else ""
    initial = len(word) == 1 and word.isalpha() and before is not None and before.group().isupper()
    if initial and word != "i":
        return False
    if word in ("no", "nos", "fig", "figs", "eq", "vol", "pp", "sec", "ch", "par", "art"):
        return not following.isdigit()
    return word not in _ABBREVIATIONS


def _append(places: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        places.append((start, end))
