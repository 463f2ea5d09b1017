"""A document: its text, normalised once, and what is known about it."""

import bisect
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

DEFAULT_COLLECTION = "default"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# From where the space begins and without giving any back: a long run of it would take time with its square.
_SPACE_AT_LINE_END = re.compile(r"(?<![^\S\n])[^\S\n]++(?=\n|\Z)")
_MANY_EMPTY_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    r"""The text as it is stored, searched, quoted and counted in from now on.

    Unicode NFC, `\n` as the only line end, no control characters, no space at line ends, at most one
    empty line in a row, nothing around the whole. `normalise(normalise(x)) == normalise(x)`.
    """
    text = _LINE_END.sub("\n", text)
    text = _CONTROL.sub("", text)
    text = unicodedata.normalize("NFC", text)
    text = _SPACE_AT_LINE_END.sub("", text)
    return _MANY_EMPTY_LINES.sub("\n\n", text).strip()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's place in its document: half-open code points, `level` from 1 (the highest)."""

    start: int
    end: int
    level: int


@dataclass(frozen=True)
class Document:
    """One document; all offsets are half-open code points in `text`.

    `pages` holds the offset at which each page starts (page 1 first); empty where the format has no
    pages. `title` stands in front of a passage when it is embedded or read, never in its offsets. `source`
    says where the document came from; together with the collection it identifies it.
    `places` holds where the text stands on its pages, packed; `Places` unpacks it. `unread` says what of the
    file could not be read, such as scanned pages: a remark each. `left` counts the pictures of its file that
    are still to be read, whose text it lacks.
    """

    name: str
    text: str
    title: str = ""
    pages: tuple[int, ...] = ()
    headings: tuple[Heading, ...] = ()
    collection: str = DEFAULT_COLLECTION
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    places: bytes = b""
    unread: tuple[str, ...] = ()
    left: int = 0

    @property
    def identity(self) -> str:
        """What identifies the document in its collection: its source, or its name without one."""
        return self.source or self.name

    @cached_property
    def id(self) -> str:
        """Stable for the same text under the same name in the same collection: 16 hex digits."""
        return id_of(self.collection, self.name, self.sha256)

    @cached_property
    def sha256(self) -> str:
        """Of the normalised text: equal means the same content."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def page_at(self, offset: int) -> int | None:
        """The number, from 1, of the page on which `offset` lies; None where there are no pages."""
        return bisect.bisect_right(self.pages, offset) or None

    def heading_place(self, offset: int) -> tuple[int, int]:
        """Where the nearest heading stands that ends before `offset`; an empty place where there is none."""
        before = bisect.bisect_right(self.headings, offset, key=_end)
        return (self.headings[before - 1].start, self.headings[before - 1].end) if before else (0, 0)

    def heading_at(self, offset: int) -> str:
        """The nearest heading that ends before `offset`; empty where there is none."""
        start, end = self.heading_place(offset)
        return self.text[start:end]

    def heading_path(self, offset: int) -> tuple[str, ...]:
        """The headings under which `offset` lies, the highest first."""
        path: list[str] = []
        level = None
        for heading in reversed(self.headings[: bisect.bisect_right(self.headings, offset, key=_end)]):
            if level is None or heading.level < level:
                path.append(self.text[heading.start : heading.end])
                level = heading.level
            if level <= 1:
                break
        return tuple(reversed(path))


def _end(heading: Heading) -> int:
    return heading.end


def id_of(collection: str, name: str, sha256: str) -> str:
    """The id of the document with this content, by that name, in that collection: 16 hex digits."""
    return hashlib.sha256("\0".join((collection, name, sha256)).encode()).hexdigest()[:16]
