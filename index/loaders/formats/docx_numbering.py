"""Word's own numbering: the '6.' or '2.1' before a paragraph, which stands nowhere in its text."""

from docx.oxml.ns import qn
from lxml import etree

from index.loaders.formats.numerals import numeral

MAX_LEVELS = 9
BULLET = "•"

_VALUE = qn("w:val")


class Numbering:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, part: etree._Element | None) -> None:
        self._levels: dict[tuple[str, int], etree._Element] = {}  # of an abstract numbering
        self._abstract: dict[str, str] = {}  # of each numbering
        self._overridden: dict[tuple[str, int], etree._Element] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._of_style: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        if part is not None:
            self._read(part)

    def _read(self, part: etree._Element) -> None:
        linked: dict[str, str] = {}  # a style of lists by the abstract numbering that defines it
        waiting: dict[str, str] = {}
        for one in part.iter(qn("w:abstractNum")):
            number = one.get(qn("w:abstractNumId"), "")
            for level in one.iter(qn("w:lvl")):
                self._levels[number, _index(level)] = level
            if (style := one.find(qn("w:styleLink"))) is not None:
                linked[style.get(_VALUE, "")] = number
            if (style := one.find(qn("w:numStyleLink"))) is not None:
                waiting[number] = style.get(_VALUE, "")
        for one in part.iter(qn("w:num")):
            number, abstract = one.get(qn("w:numId"), ""), one.find(qn("w:abstractNumId"))
            name = "" if abstract is None else abstract.get(_VALUE, "")
            self._abstract[number] = linked.get(waiting.get(name, ""), name)
            self._override(number, one)
        for (abstract_number, index), level in self._levels.items():
            style = level.find(qn("w:pStyle"))
            if style is not None:
                owner = next((one for one, name in self._abstract.items() if name == abstract_number), "")
                self._of_style.setdefault(style.get(_VALUE, ""), (owner, index))

    def _override(self, number: str, num: etree._Element) -> None:
        for one in num.iter(qn("w:lvlOverride")):
            start, level = one.find(qn("w:startOverride")), one.find(qn("w:lvl"))
            if start is not None and start.get(_VALUE, "").isdecimal():
                self._starts[number, _index(one)] = int(start.get(_VALUE, ""))
            if level is not None:
                self._overridden[number, _index(one)] = level

    def level_of_style(self, style: str, number: str) -> int:
        """The level that a style is linked to; the first where it is linked to none."""
        owner, index = self._of_style.get(style, ("", 0))
        return index if not number or self._abstract.get(owner) == self._abstract.get(number) else 0

    def next(self, number: str, index: int) -> str:
        """The mark of the next paragraph with this numbering at this level; empty where it shows none."""
        level = self._level(number, index)
        if level is None:
            return ""
        counts = self._counts.setdefault(self._abstract.get(number, number), [None] * MAX_LEVELS)
        restarts = (number, index) in self._starts and (number, index) not in self._begun
        self._begun.add((number, index))
        current = counts[index]
        counts[index] = self._start(number, index) if current is None or restarts else current + 1
        for deeper in range(index + 1, MAX_LEVELS):
            below = self._level(number, deeper)
            restart = None if below is None else below.find(qn("w:lvlRestart"))
            limit = deeper if restart is None else int(restart.get(_VALUE, "") or 0)
            if limit and index < limit:
                counts[deeper] = None
        return self._written(number, index, level, counts)

    def _written(self, number: str, index: int, level: etree._Element, counts: list[int | None]) -> str:
        pattern, kind = _value(level, "w:lvlText"), _value(level, "w:numFmt") or "decimal"
        if kind == "bullet":
            return BULLET if pattern.strip() or level.find(qn("w:lvlPicBulletId")) is not None else ""
        legal = level.find(qn("w:isLgl")) is not None
        for at in range(index + 1):
            upper = self._level(number, at)
            if f"%{at + 1}" in pattern and upper is not None:
                count = counts[at]
                value = self._start(number, at) if count is None else count
                form = "decimal" if legal and at < index else _value(upper, "w:numFmt") or "decimal"
                pattern = pattern.replace(f"%{at + 1}", numeral(value, form))
        return pattern.strip()

    def _start(self, number: str, index: int) -> int:
        level = self._level(number, index)
        start = "" if level is None else _value(level, "w:start")
        return self._starts.get(
            (number, index), int(start) if start.isdecimal() else 0 if level is None else 1
        )

    def _level(self, number: str, index: int) -> etree._Element | None:
        known = self._overridden.get((number, index))
        return known if known is not None else self._levels.get((self._abstract.get(number, ""), index))


def _index(level: etree._Element) -> int:
    text = level.get(qn("w:ilvl"), "0")
    return min(int(text), MAX_LEVELS - 1) if text.isdecimal() else 0


def _value(level: etree._Element, name: str) -> str:
    element = level.find(qn(name))
    return "" if element is None else element.get(_VALUE, "")
