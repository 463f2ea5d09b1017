"""Raised and lowered text: exponents and footnote marks that must not become digits of the number before."""

import re

_RAISED = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_RAISED_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_DIGITS = re.compile(r"[\d+\-−–=()ni]*\d[\d+\-−–=()ni]*|n")
_MARK = re.compile(r"[\[(]?\s*(?:\d{1,3}|[a-z])(?:\s*[,;–-]\s*(?:\d{1,3}|[a-z]))*\s*[\])]?")
_LAST_WORD = re.compile(r"\S{1,40}\Z")
_BASE = re.compile(r"(?:[^\d.,%€$£¥]|\A)(?<![\d][.,])\d{1,2}\Z")  # of a power; a longer number has a mark
_LONGEST_UNIT = 2  # letters, as in km² and cm³; longer words have footnotes


def raised(before: str, text: str) -> str:
    """Raised text as it is appended to `before`: '10' and '6' to '10⁶', '$320' and '1' to '$320 ¹'."""
    stripped = text.strip()
    if not stripped or not before or before[-1].isspace():
        return text.translate(_RAISED) if _DIGITS.fullmatch(stripped) else text
    if _DIGITS.fullmatch(stripped):
        space = "" if _is_base(before) else " "
        return space + text.strip().translate(_RAISED) + _space_after(text)
    if _MARK.fullmatch(stripped):
        return f" {text.translate(_RAISED_LETTERS)}"
    if before[-1].isdigit() and stripped[0].isdigit():
        return f"^{text}"
    return text


def lowered(before: str, text: str) -> str:
    """Lowered text as it is appended to `before`: 'H' and '2' to 'H2', '10' and '2' to '10₂'."""
    word = re.search(r"[^\W\d_]*\Z", before[-8:])
    if not _DIGITS.fullmatch(text.strip()) or (word and 0 < len(word.group()) <= _LONGEST_UNIT):
        return text
    return text.translate(_LOWERED)


def _space_after(text: str) -> str:
    return " " if text[-1:].isspace() else ""


def _is_base(before: str) -> bool:
    """Whether a raised number can be the power of what stands before it; else it is the mark of a note."""
    if before[-1] in ")]":
        return True
    word = _LAST_WORD.search(before)
    last = word.group() if word else ""
    letters = re.search(r"[^\W\d_]*\Z", last)
    if letters and letters.group():
        return len(letters.group()) <= _LONGEST_UNIT
    return bool(_BASE.search(last))
