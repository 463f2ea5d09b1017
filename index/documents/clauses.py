"""Where the items of a list begin that stands inside a line: "as follows: a. the first; b. the second"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MIN_CLAUSE = 20  # characters from one item to the next; shorter ones are left in one sentence

_ITEM = (
    r"(?P<mark>(?P<open>\(?)(?P<name>\d{1,2}|[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5})(?P<close>[.)]))"
    r"(?=[^\S\n]+(?P<next>[^\s|.,;:]))"
)
_AT_START = re.compile(r"[^\S\n]*" + _ITEM)
_MARK = re.compile(r"(?:(?<=\n)[^\S\n]*|(?<=[;:,.])[\"'”’»)\]]*[^\S\n]+(?:(?:and|or),?[^\S\n]+)?)" + _ITEM)
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class _Mark:
    """A number or letter that may begin an item."""

    start: int
    values: tuple[tuple[str, int], ...]  # how it counts, and how far: "i" is the ninth letter, and a one
    lettered: bool  # "b.", whose full stop would end a sentence
    parts: bool  # whether the sign before it parts items
    alone: bool  # whether it begins an item without another one in its line


def clauses(text: str, start: int, end: int, cell: str) -> list[int]:
    """Where items begin inside the lines of `text[start:end]`, in order.

    A mark begins an item if the one before or after it is in its line, too: "see section b" has neither.
    Lines with a `cell` in them are rows of tables, in which "(2)" is an amount.
    """
    found: set[int] = set()
    earlier: dict[tuple[str, int], _Mark] = {}  # the line's marks, by how and how far each counts
    last = line_end = -1
    for mark in _marks(text, start, end):
        if mark.start > line_end:
            earlier = {}
            line_end = _line_end(text, mark.start)
            is_row = cell in text[text.rfind("\n", 0, mark.start) + 1 : line_end]
        before = next((earlier[kind, at - 1] for kind, at in mark.values if (kind, at - 1) in earlier), None)
        long = mark.lettered or mark.start - last >= MIN_CLAUSE
        if mark.parts and not is_row and (mark.alone or (before and long)):
            found.update(one.start for one in (before, mark) if one and one.parts)
        earlier |= dict.fromkeys(mark.values, mark)
        last = mark.start
    return sorted(found)


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return found if found >= 0 else len(text)


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    last = -1
    at_start = _AT_START.match(text, start, end)
    if at_start:
        yield _mark(at_start, "\n", last)
        last = at_start.end()
    for match in _MARK.finditer(text, max(start, last), end):
        yield _mark(match, text[match.start() - 1], last)
        last = match.end()


def _mark(match: re.Match[str], after: str, last: int) -> _Mark:
    """The mark that stands after this sign, and after another one that ends at `last`."""
    name, following = match["name"], match["next"]
    lettered = name.islower() and match["close"] == "." and not match["open"]
    parts = {";": True, ":": True, ",": lettered and following.isupper(), ".": not name.isupper()}
    style = match["open"] + match["close"] + ("A" if name.isupper() else "a")
    return _Mark(
        match.start("mark"),
        tuple((kind + style, value) for kind, value in _values(name.lower())),
        lettered=lettered,
        parts=parts.get(after, False) and match.start() != last,
        alone=lettered and after in (":", ";") and following.isupper(),
    )


def _values(name: str) -> Iterator[tuple[str, int]]:
    if name.isdecimal():
        yield "1", int(name)
        return
    if len(name) == 1:
        yield "a", ord(name)
    if set(name) <= _ROMAN.keys():
        digits = [_ROMAN[letter] for letter in name]
        pairs = zip(digits, [*digits[1:], 0], strict=True)
        yield "i", sum(-digit if digit < following else digit for digit, following in pairs)
