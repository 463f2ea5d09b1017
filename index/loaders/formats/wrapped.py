"""Lines that were broken to a width, put together again; lines that mean something kept."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.loaders.hyphens import Vocabulary

NARROWEST, WIDEST = 40, 100  # characters a line: outside of this no editor breaks lines to a width
MIN_WRAPPED_LINES = 3  # pairs of lines that must look broken to a width before any is joined
MIN_FULL_SHARE = 0.6  # of the line breaks inside paragraphs that come because the next word had no room
MIN_FULL_HERE = 0.8  # the same in one paragraph, where the file as a whole does not show it
MIN_INSIDE = 0.4  # of the lines that begin with no capital, inside a sentence; those of poems do not
MIN_WORDS = 0.6  # of the parts of a line of prose that are words or figures
MIN_WORDS_AFTER = 0.3  # of those of the line that it goes on in, which may be short
MAX_ALIKE = 1 / 3  # of a paragraph's lines that may begin with one word; entries of a list or log do
MIN_ENTRIES = 3

_LIST_ITEM = re.compile(r"\s*(?:[•▪*+–—-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|\.\.|:\w[\w ]*:)\s")
_NOT_PROSE = re.compile(  # tables, rules, code, tables of contents
    r"[^\s.!?] {3,}\S|\S {4,}\S|\S\s*\t\s*\S|[|+]\s*\Z|\A\s*(?:[|+>#]|//)|\A\W*\Z|[{}]\s*\Z|\.{4,}"
)
_CODE = re.compile(r"[()\[\]=>\"']\s*;\s*\Z|\A\s*(?:\S+\s+){0,3}\S+;\s*\Z")  # a statement, and no clause
_TIMED = re.compile(r"\s*[\[(<]?\d{1,4}[-/.:]\d{1,2}[-/.:]\d{1,4}\b")  # an entry of a log or diary
_WORD = re.compile(
    r"[(\[\"'`‘“*_]*(?:[^\W\d_]+(?:[-'’‐/][^\W\d_]+)*|\d+(?:[.,]\d+)*%?)[)\]\"'`’”*_]*[.,;:!?]*"
)
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_COMMENT = re.compile(r"\s*(?:#|//|/\*|--|;|%)")

Lines = list[str]


@dataclass(frozen=True, slots=True)
class _Break:
    """A line's end; `beside`: the description of a term beside it goes on under itself."""

    line: str
    following: str
    beside: bool

    @property
    def may_join(self) -> bool:
        """Whether both are prose, the second neither an entry of its own nor indented like a paragraph."""
        if self.beside:
            return True
        if _TIMED.match(self.line) and _TIMED.match(self.following):
            return False
        if _LIST_ITEM.match(self.following) or not (_looks_prose(self.line) and _looks_prose(self.following)):
            return False
        return _indent(self.following) <= _indent(self.line) or bool(_LIST_ITEM.match(self.line))

    def is_full(self, width: int) -> bool:
        """Whether the next line's first word had no room on this one."""
        word = self.following.split(maxsplit=1)[0] if self.following.strip() else ""
        return len(self.line.rstrip()) + 1 + len(word) > width

    def runs_on(self, width: int) -> bool:
        """Whether the line goes on in the next; people break lines sooner than programs."""
        return self.is_full(width - width // 10) or (
            len(self.line) > width / 2 and self.is_unfinished and self.goes_on_small
        )

    @property
    def is_unfinished(self) -> bool:
        return self.line.rstrip()[-1:] not in ".!?:;"

    @property
    def goes_on_small(self) -> bool:
        return self.following.lstrip()[:1].islower()


def unwrapped(paragraphs: Sequence[Lines]) -> list[Lines]:
    """The paragraphs' lines, each joined with those that it goes on in.

    A file that was broken to a width as a whole is joined throughout. In another one, with code or tables
    in it, each paragraph shows by itself that it was, and the width of those tells about short ones.
    """
    breaks = [list(_breaks(lines)) for lines in paragraphs]
    width = _width_of_all(paragraphs, breaks)
    widths = [width or _own_width(ends) for ends in breaks]
    usual = width or _usual(breaks, widths)
    vocabulary = Vocabulary([line.strip() for lines in paragraphs for line in lines] if usual else [])
    joined = []
    for lines, ends, own in zip(paragraphs, breaks, widths, strict=True):
        tried = usual > 0 and not _are_entries(ends)
        runs_on = [tried and end.may_join and _joins(end, own, usual, bool(width)) for end in ends]
        joined.append(_joined(lines, ends, runs_on, vocabulary))
    return joined


def with_descriptions(text: str) -> str:
    """Preformatted text, with the descriptions that stand beside terms, such as options, on one line each."""
    lines = text.split("\n")
    width = max(map(len, lines))
    ends = list(_breaks(lines))
    runs_on = [end.beside and end.runs_on(width) for end in ends]
    return "\n".join(_joined(lines, ends, runs_on, Vocabulary([line.strip() for line in lines])))


def _breaks(lines: Lines) -> Iterator[_Break]:
    column = -1  # at which the description beside a term begins
    for line, following in pairwise(lines):
        if column < 0 or _indent(line) != column:
            gap = _GAP.search(line)
            column = gap.end() if gap else -1
        own = _LIST_ITEM.match(following) or _COMMENT.match(following) or _NOT_PROSE.search(following)
        yield _Break(line, following, column >= 0 and _indent(following) == column and not own)


def _width_of_all(paragraphs: Sequence[Lines], breaks: Sequence[Sequence[_Break]]) -> int:
    """The width to which the file's lines were broken; 0 if they were not."""
    lengths = sorted(len(line) for lines in paragraphs for line in lines if len(lines) > 1)
    if not lengths:
        return 0
    width = lengths[int(0.98 * (len(lengths) - 1))]
    long_lines = sum(len(line) for lines in paragraphs for line in lines if len(line) > WIDEST)
    if not NARROWEST <= width <= WIDEST or long_lines > 0.1 * sum(lengths):
        return 0
    joinable = [end for ends in breaks for end in ends if end.may_join]
    full = sum(end.is_full(width) for end in joinable)
    wrapped = full >= max(MIN_WRAPPED_LINES, MIN_FULL_SHARE * len(joinable))
    return width if wrapped and _are_inside_sentences(joinable) else 0


def _own_width(ends: Sequence[_Break]) -> int:
    """The width to which a paragraph shows by itself that it was broken; 0 if it does not."""
    ends = [end for end in ends if end.may_join and _is_prose(end.line)]
    width = max((len(line) for end in ends for line in (end.line, end.following)), default=0)
    if len(ends) < 2 or not NARROWEST <= width <= WIDEST or _are_entries(ends):
        return 0
    full = sum(end.is_full(width) for end in ends) >= MIN_FULL_HERE * len(ends)
    return width if full and _are_inside_sentences(ends) else 0


def _are_inside_sentences(ends: Sequence[_Break]) -> bool:
    inside = sum(not end.following.lstrip()[:1].isupper() for end in ends)
    return inside >= MIN_INSIDE * len(ends)


def _are_entries(ends: Sequence[_Break]) -> bool:
    """Whether many lines begin with one word."""
    words = Counter(end.following.split(maxsplit=1)[0] for end in ends if end.may_join)
    most = max(words.values(), default=0)
    return most >= MIN_ENTRIES and most > MAX_ALIKE * words.total()


def _usual(breaks: Sequence[Sequence[_Break]], widths: Sequence[int]) -> int:
    """The width of most lines of those paragraphs that show one; 0 where they are too few."""
    shown = sorted(width for ends, width in zip(breaks, widths, strict=True) for _ in ends if width)
    return shown[len(shown) // 2] if len(shown) >= MIN_WRAPPED_LINES else 0


def _joins(end: _Break, own: int, usual: int, everywhere: bool) -> bool:
    """Whether a line goes on in the next; in a paragraph that shows no width both must look like prose."""
    if everywhere or end.beside:
        return end.runs_on(own or usual)
    if not _is_prose(end.line) or not _is_prose(end.following, MIN_WORDS_AFTER):
        return False
    if own or end.goes_on_small:
        return end.runs_on(own or usual)
    return end.is_unfinished and end.is_full(usual)


def _joined(
    lines: Lines, ends: Sequence[_Break], runs_on: Sequence[bool], vocabulary: Vocabulary
) -> list[str]:
    joined = lines[:1]
    for end, goes_on in zip(ends, runs_on, strict=True):
        if goes_on:
            above = joined[-1].rstrip() if end.beside else _even(joined[-1].rstrip())
            joined[-1] = vocabulary.join(above, _even(end.following.strip()))
        else:
            joined.append(end.following)
    return joined


def _even(line: str) -> str:
    """A line of prose without the wider spaces that made it as long as the others."""
    return _GAP.sub(" ", line)


def _looks_prose(line: str) -> bool:
    return not (_NOT_PROSE.search(line) or _CODE.search(line))


def _is_prose(line: str, share: float = MIN_WORDS) -> bool:
    parts = line.split()
    return sum(bool(_WORD.fullmatch(part)) for part in parts) >= share * len(parts)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
