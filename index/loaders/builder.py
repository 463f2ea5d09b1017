"""What a loader returns, and the builder that keeps its offsets right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index.documents.document import Heading, normalise
from index.documents.places import PagePlace, Places, packed
from index.documents.sentences import CELL as CELL
from index.loaders.bold_headings import BoldHeadings

MAX_CHARACTERS = 20_000_000  # ten times the longest novels; more is a data dump, and would fill memory

MAX_UNREAD = 50  # remarks on what is not read; a hundredth says no more than "and more"
MAX_QUOTED = 80  # characters of struck-out text that a remark repeats

_TYPOGRAPHIC = {
    "\u00a0": " ",  # spaces at which no line may break
    "\u202f": " ",
    "\u2007": " ",
    "\u00ad": "",  # where a word may break, or may not: soft hyphen, zero-width space, word joiner
    "\u200b": "",
    "\u2060": "",
    "ﬀ": "ff",  # letters drawn as one
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
}
_TYPOGRAPHY = re.compile(f"[{''.join(_TYPOGRAPHIC)}]")


class Unreadable(Exception):
    """A loader's reason, without the file's name, which only `load` knows."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file's content: normalised text and everything that points into it."""

    text: str
    title: str = ""
    pages: tuple[int, ...] = ()
    headings: tuple[Heading, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    places: bytes = b""


def plain(text: str) -> str:
    """The text without what only typesetting needs: every space a space, every letter by itself."""
    return _TYPOGRAPHY.sub(lambda match: _TYPOGRAPHIC[match.group()], text)


def one_line(text: str) -> str:
    """The text on one line: white space collapsed, invisible break hints and typographic ligatures gone."""
    return " ".join(plain(text).split())


def row(cells: list[str]) -> str:
    """A table row as one line; empty cells at either end say nothing and go."""
    return CELL.join(cells).strip(" |")


class Builder:
    """Appends normalised parts, so that the whole is normalised and every offset known at once."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._pages: list[int] = []
        self._begun_pages = 0  # that hold no part yet
        self._headings: list[Heading] = []
        self._heading = ""  # the last one's text
        self._bold = BoldHeadings()
        self._by_look: set[Heading] = set()  # those that the file doesn't mark as headings
        self._unread: dict[str, None] = {}
        self._scanned: list[PagePlace] = []  # where what was read from pictures begins and ends

    def add(
        self,
        text: str,
        *,
        before: str = "\n\n",
        level: int = 0,
        bold: bool = False,
        scanned: bool = False,
    ) -> int:
        """Append a part, with `before` between it and the last one; `level` above 0 makes it a heading.

        `bold`: all of it is in bold type, which makes a heading of a short line with plain text below it.
        `scanned`: it was read from a picture. What comes back is where the part starts.
        """
        part = normalise(plain(text))
        if not part:
            return self._length
        if self._parts:
            self._parts.append(before)
            self._length += len(before)
        start = self._length
        self._place_pages()
        self._mark(start, scanned)
        self._parts.append(part)
        self._length += len(part)
        if self._length > MAX_CHARACTERS:
            raise Unreadable(f"it holds more than {MAX_CHARACTERS:,} characters of text")
        if found := self._bold.after(part, start, level=level, bold=bold):
            self._headings += found
            self._by_look.update(found)
            self._heading = self._parts[-3]  # before this part and the white space over it
        if level:
            self._headings.append(Heading(start, self._length, level))
            self._heading = part
        return start

    def include(self, loaded: Loaded, *, deeper: int = 0) -> None:
        """Append another file's content, its headings `deeper` levels down."""
        for remark in loaded.unread:
            self.leave_out(remark)
        self.add(loaded.text)
        start = self._length - len(loaded.text)
        for at, scanned in Places(loaded.places).changes():
            self._mark(start + at, scanned)
        self._headings += [
            Heading(start + one.start, start + one.end, one.level + deeper) for one in loaded.headings
        ]

    def _mark(self, start: int, scanned: bool) -> None:
        """Notes that the text from there on was read from a picture, or was not."""
        if scanned != bool(self._scanned and self._scanned[-1].scanned):
            self._scanned.append(PagePlace(start, 1, 0.0, 0.0, 0.0, 0.0, scanned))

    def start_page(self) -> None:
        """The next part begins a page; a page without parts starts where the next one does."""
        self._begun_pages += 1

    def leave_out(self, remark: str) -> None:
        """Note what is visible in the file and not in the text: what it is, where, and why."""
        if len(self._unread) < MAX_UNREAD:
            self._unread.setdefault(one_line(remark))

    def leave_out_struck(self, text: str) -> None:
        """Note text that is struck out, which no longer holds and must not answer."""
        text = one_line(text)
        if any(map(str.isalnum, text)):
            shown = text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…"
            self.leave_out(f"struck-out text{self._under()}: “{shown}”")

    def _under(self) -> str:
        """The page and heading reached, in words."""
        pages = len(self._pages) + self._begun_pages
        page = f" on page {pages}" if pages else ""
        return f"{page} under “{self._heading[:MAX_QUOTED]}”" if self._heading else page

    def _place_pages(self) -> None:
        self._pages += [self._length] * self._begun_pages
        self._begun_pages = 0

    def build(
        self,
        *,
        title: str = "",
        metadata: Mapping[str, str] | None = None,
        unread: Sequence[str] = (),
        places: bytes = b"",
        sheets: bool = False,
    ) -> Loaded:
        """The finished content, titled by its first heading where the format gave no title.

        One that is told by its bold type alone titles what it stands at the head of, and no text above it.
        `sheets`: the headings are names of sheets, of which the first says nothing of the others.
        """
        self._place_pages()
        for remark in unread:
            self.leave_out(remark)
        text = "".join(self._parts)
        titles = (one for one in self._headings if one.start == 0 or one not in self._by_look)
        if not title and not sheets and (first := next(titles, None)):
            title = text[first.start : first.end]
        return Loaded(
            text=text,
            title=one_line(normalise(title)),
            pages=tuple(self._pages),
            headings=tuple(self._headings),
            metadata={key: value for key, value in (metadata or {}).items() if value},
            unread=tuple(self._unread),
            places=places or packed(self._scanned),
        )
