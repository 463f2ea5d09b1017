"""Raised signs: exponents stay with their numbers, marks of footnotes stand apart from them.

'$320' with a raised 1 becomes '$320 ¹' and 10 with a raised 6 '10⁶'; neither '$3201' nor '106'.
"""

import re
from collections.abc import Sequence
from itertools import groupby

RAISED = 0.12  # line heights that a raised sign stands above the line
SMALLER = 0.9  # times the line's height: what is raised is smaller, too
_LONGEST = 12  # characters; more is text of its own rather than a mark

_LETTERS = 2  # that are written raised; more could not be read any more

_SIGNS = str.maketrans(
    "0123456789+-−–=()abcdefghijklmnoprstuvwxyz",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
)
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾"
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|ère|os|as|º|ª)\Z", re.I)
_TRADE = {"tm": "™", "sm": "℠", "r": "®", "®": "®", "™": "™"}
_KEPT = re.compile(r"[*∗†‡§¶°'’′″®™©.,;:?!\"”“)\]]+\Z")  # nothing that is taken for a part of the number
# What is raised to a power: ten, a letter, a unit, a bracket.
_BASE = re.compile(
    r"(?:(?<![\d.,])10|(?<![^\W\d_])(?:[^\W\d_]|[cdkmµμn]m|ft|in|yd|mi|kg|mg|min|sec|log|sin|cos|tan)|[)\]])\Z"
)


def render(parts: Sequence[tuple[str, bool]]) -> str:
    """A word in one string from its parts, each with whether it is raised."""
    text = ""
    for part, raised in parts:
        text = after(text, part) if raised else _onto(text, part)
    return text


def parted(word: str, raised: Sequence[bool]) -> list[tuple[str, bool]]:
    """The word's longest pieces whose characters are all raised, or all not."""
    pieces = groupby(zip(word, raised, strict=True), key=lambda pair: pair[1])
    return [("".join(sign for sign, _ in pair), up) for up, pair in pieces]


def after(base: str, mark: str) -> str:
    """A text with the raised sign behind it."""
    if not base:
        return _lifted(mark)
    trade = _TRADE.get(mark.casefold())
    if trade and base[-1].isalpha():
        return base + trade
    if _KEPT.match(mark) or len(mark) > _LONGEST or (base[-1].isdigit() and _ORDINAL.match(mark)):
        return base + mark
    power = mark[0] in "-−–+" or _BASE.search(base) or base[-1] in SUPERSCRIPTS
    return f"{base}{_lifted(mark)}" if power else f"{base} {_lifted(mark)}"


def _lifted(mark: str) -> str:
    """The sign as Unicode writes it raised, with a caret where it can't."""
    if sum(map(str.isalpha, mark)) > _LETTERS:
        return f"^{mark}"
    signs = mark.translate(_SIGNS)
    changed = all(one in ",.*†‡§ " or one != other for one, other in zip(signs, mark, strict=True))
    return signs if changed or not any(map(str.isdigit, mark)) else f"^{mark}"


def _onto(text: str, part: str) -> str:
    """What follows a raised sign: apart from a mark that begins the word, close to it elsewhere."""
    begins = bool(text) and all(sign in SUPERSCRIPTS for sign in text)
    return f"{text} {part}" if begins and part[0].isalnum() else text + part
