"""The numbers that an OpenDocument text gives its list items, which stand nowhere in its text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from index.loaders.formats.numerals import numeral

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _STYLE = f"{{{_SPACE}text:1.0}}", f"{{{_SPACE}style:1.0}}"
_LIST, _ITEM, _HEADER = f"{_TEXT}list", f"{_TEXT}list-item", f"{_TEXT}list-header"
_BLOCKS = (f"{_TEXT}p", f"{_TEXT}h")
# What the formats of the standard are called in Word's.
_KINDS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(frozen=True, slots=True)
class _Level:
    """How the items of one level are numbered; `shown` levels stand in the number, this one last."""

    kind: str
    before: str
    after: str
    start: int
    shown: int


class Numbers:
    """The numbers of the items of all lists in a text, by the paragraph that each item begins with."""

    def __init__(self, roots: Iterable[etree._Element], text: etree._Element) -> None:
        self._styles: dict[str, dict[int, _Level]] = {}
        self._last: dict[str, int] = {}  # by style: the number that a list which goes on goes on from
        self._of: dict[etree._Element, str] = {}
        for root in roots:
            for style in root.iter(f"{_TEXT}list-style"):
                self._styles[style.get(f"{_STYLE}name", "")] = _levels(style)
        for one in text.iter(_LIST):
            parent = one.getparent()
            if parent is None or parent.tag not in (_ITEM, _HEADER):
                self._read(one, "", ())

    def of(self, block: etree._Element) -> str:
        """The number before a paragraph; empty where it has none."""
        return self._of.get(block, "")

    def _read(self, element: etree._Element, outer: str, above: Sequence[int]) -> None:
        style = element.get(f"{_TEXT}style-name") or outer
        levels = self._styles.get(style, {})
        level = levels.get(len(above) + 1)
        goes_on = not above and element.get(f"{_TEXT}continue-numbering") == "true"
        count = self._last.get(style, 0) if goes_on else (level.start if level else 1) - 1
        for item in element.iterchildren(_ITEM):
            start = item.get(f"{_TEXT}start-value", "")
            count = int(start) if start.isdecimal() and len(start) < 8 else count + 1
            counts = (*above, count)
            first = next(iter(item), None)
            if level and first is not None and first.tag in _BLOCKS:
                self._of[first] = _written(level, levels, counts)
            for inner in item.iterchildren(_LIST):
                self._read(inner, style, counts)
        if not above:
            self._last[style] = count


def _levels(style: etree._Element) -> dict[int, _Level]:
    """The numbered levels of a list style; those with bullets are none."""
    levels = {}
    for one in style.iterchildren(f"{_TEXT}list-level-style-number"):
        kind = _KINDS.get(one.get(f"{_STYLE}num-format", ""))
        if kind:
            ends = (one.get(f"{_STYLE}num-prefix", ""), one.get(f"{_STYLE}num-suffix", ""))
            start, shown = (_number(one, name) for name in ("start-value", "display-levels"))
            levels[_number(one, "level")] = _Level(kind, *ends, start, shown)
    return levels


def _written(level: _Level, levels: dict[int, _Level], counts: Sequence[int]) -> str:
    first = max(len(counts) - level.shown, 0)
    parts = [
        numeral(count, levels[number].kind)
        for number, count in enumerate(counts, 1)
        if number > first and number in levels
    ]
    return f"{level.before}{'.'.join(parts)}{level.after}".strip()


def _number(element: etree._Element, name: str) -> int:
    text = element.get(f"{_TEXT}{name}", "1")
    return int(text) if text.isdecimal() and len(text) < 8 else 1
