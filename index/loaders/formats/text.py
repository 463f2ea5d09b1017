"""Plain text, with lines that were broken to a width put together again."""

import re
from itertools import pairwise

from index.loaders.builder import Builder, Loaded, one_line
from index.loaders.encoding import decode
from index.loaders.hyphens import Vocabulary

NARROWEST, WIDEST = 40, 100  # characters a line: outside of this no editor breaks lines to a width
MIN_WRAPPED_LINES = 3  # pairs of lines that must look broken to a width before any is joined
MIN_FULL_SHARE = 0.6  # of the line breaks inside paragraphs that come because the next word had no room
MAX_TITLE = 100  # characters; a longer first line is a paragraph

_LIST_ITEM = re.compile(r"\s*(?:[•▪*+–—-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)])\s")
_NOT_PROSE = re.compile(  # tables, rules, code, tables of contents
    r"\S {3,}\S|\t\S|[|+]\s*\Z|\A\s*[|+>]|\A\W*\Z|[{};]\s*\Z|\.{4,}"
)

_TIMED = re.compile(r"\s*[\[(<]?\d{1,4}[-/.:]\d{1,2}[-/.:]\d{1,4}\b")  # an entry of a log or diary


def load_text(data: bytes) -> Loaded:
    """A text file: paragraphs as they are, or re-flowed where they were broken to a width."""
    return text_of(decode(data))


def text_of(text: str) -> Loaded:
    """Text that is decoded already."""
    paragraphs = [block.split("\n") for block in re.split(r"\n\s*\n", _plain(text)) if block.strip()]
    title = _title(paragraphs)
    width = _wrap_width(paragraphs)
    vocabulary = Vocabulary([line for lines in paragraphs for line in lines] if width else [])
    builder = Builder()
    for index, lines in enumerate(paragraphs):
        joined = _joined(lines, width, vocabulary) if width else lines
        builder.add("\n".join(joined), level=1 if title and index == 0 else 0)
    return builder.build(title=title)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")


def _title(paragraphs: list[list[str]]) -> str:
    """The first line if it stands alone, is short and is no sentence; else nothing."""
    if len(paragraphs) < 2 or len(paragraphs[0]) > 1:
        return ""
    line = one_line(paragraphs[0][0])
    is_title = len(line) <= MAX_TITLE and line[-1:] not in ".,;:!" and any(map(str.isalpha, line))
    return line if is_title else ""


def _wrap_width(paragraphs: list[list[str]]) -> int:
    """The width to which the file's lines were broken; 0 if they were not."""
    lengths = sorted(len(line) for lines in paragraphs for line in lines if len(lines) > 1)
    if not lengths:
        return 0
    width = lengths[int(0.98 * (len(lengths) - 1))]
    long_lines = sum(len(line) for lines in paragraphs for line in lines if len(line) > WIDEST)
    if not NARROWEST <= width <= WIDEST or long_lines > 0.1 * sum(lengths):
        return 0
    breaks = [
        _is_full(line, following, width)
        for lines in paragraphs
        for line, following in pairwise(lines)
        if _may_join(line, following)
    ]
    return width if sum(breaks) >= max(MIN_WRAPPED_LINES, MIN_FULL_SHARE * len(breaks)) else 0


def _joined(lines: list[str], width: int, vocabulary: Vocabulary) -> list[str]:
    joined = [lines[0]]
    for line, following in pairwise(lines):
        if _may_join(line, following) and _runs_on(line, following, width):
            joined[-1] = vocabulary.join(joined[-1].rstrip(), following.strip())
        else:
            joined.append(following)
    return joined


def _may_join(line: str, following: str) -> bool:
    """Whether both lines are prose, the second neither an entry of its own nor indented like a paragraph."""
    if _TIMED.match(line) and _TIMED.match(following):
        return False
    if _LIST_ITEM.match(following) or _NOT_PROSE.search(line) or _NOT_PROSE.search(following):
        return False
    return _indent(following) <= _indent(line) or bool(_LIST_ITEM.match(line))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _runs_on(line: str, following: str, width: int) -> bool:
    """Whether a line of a wrapped file goes on in the next; people break lines sooner than programs."""
    if _is_full(line, following, width - width // 10):
        return True
    unfinished = len(line) > width / 2 and line.rstrip()[-1:] not in ".!?:;"
    return unfinished and following.lstrip()[:1].islower()


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the next line's first word had no room on this one."""
    word = following.split(maxsplit=1)[0] if following.strip() else ""
    return len(line.rstrip()) + 1 + len(word) > width
