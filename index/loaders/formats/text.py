"""Plain text, with lines that were broken to a width put together again."""

import re

from index.loaders.builder import Builder, Loaded, one_line
from index.loaders.encoding import decode
from index.loaders.formats.wrapped import unwrapped

_INDENT = re.compile(r"^ *\t[ \t]*(?=\S)", re.MULTILINE)
MAX_TITLE = 100  # characters; a longer first line is a paragraph


def load_text(data: bytes) -> Loaded:
    """A text file: paragraphs as they are, or re-flowed where they were broken to a width."""
    return text_of(decode(data))


def text_of(text: str) -> Loaded:
    """Text that is decoded already."""
    paragraphs = [block.split("\n") for block in re.split(r"\n\s*\n", _plain(text)) if block.strip()]
    title = _title(paragraphs)
    builder = Builder()
    for index, lines in enumerate(unwrapped(paragraphs)):
        builder.add("\n".join(lines), level=1 if title and index == 0 else 0)
    return builder.build(title=title)


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    return _INDENT.sub(lambda match: match.group().expandtabs(), text)


def _title(paragraphs: list[list[str]]) -> str:
    """The first line if it stands alone, is short and is no sentence; else nothing."""
    if len(paragraphs) < 2 or len(paragraphs[0]) > 1:
        return ""
    line = one_line(paragraphs[0][0])
    is_title = len(line) <= MAX_TITLE and line[-1:] not in ".,;:!" and any(map(str.isalpha, line))
    return line if is_title else ""
