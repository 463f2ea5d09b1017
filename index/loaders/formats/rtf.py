"""Rich Text Format: its paragraphs and table rows as striprtf reads them, with what hangs on them."""

import re
from dataclasses import dataclass, field

from striprtf.striprtf import rtf_to_text

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.embedded import Pictures, with_pictures
from index.loaders.formats.rtf_marks import (
    ASIDE,
    COMMENT,
    GONE,
    LOWERED,
    MARGIN,
    MARK,
    RAISED,
    STRUCK,
    RtfPicture,
    marked,
    picture_of,
    state_of,
)
from index.loaders.header_rows import stands_over_cells
from index.loaders.raised import lowered, raised
from index.loaders.tables import lines

_INFORMATION = re.compile(r"\{\\(title|author) ([^{}]{1,300})\}")


_TAIL = 60  # characters before raised text that say how it is appended


@dataclass(slots=True)
class _PlacedText:
    """Text that comes in pieces; `where` it stands, as by its mark."""

    where: int = 0
    parts: list[str] = field(default_factory=list)
    _tail: str = ""

    def __str__(self) -> str:
        return "".join(self.parts)

    def add(self, piece: str, state: int = 0) -> None:
        """Appends a piece, raised or lowered as it stands."""
        if state & (RAISED | LOWERED):
            piece = (raised if state & RAISED else lowered)(self._tail, piece)
        self.parts.append(piece)
        self._tail = (self._tail + piece[-_TAIL:])[-_TAIL:]


@dataclass(slots=True)
class _RtfLine:
    """A paragraph or a row of a table, what is struck out of it, and what is written after it."""

    text: _PlacedText = field(default_factory=_PlacedText)
    struck: _PlacedText = field(default_factory=_PlacedText)
    after: list[_PlacedText] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)


def load_rtf(data: bytes) -> Loaded:
    """The text of an RTF file."""
    if data.count(b"{", 0, 10_000_000) > 1_000_000:
        raise Unreadable("it has more than 1,000,000 groups")
    markup = data.decode("latin-1")
    described = {
        name: one_line(rtf_to_text(value, errors="ignore")) for name, value in _INFORMATION.findall(markup)
    }
    markup, drawn = marked(markup)
    found = _lines(rtf_to_text(markup, errors="ignore"))
    title = described.pop("title", "")

    def write(pictures: Pictures) -> Loaded:
        return _write(found, drawn, pictures).build(title=title, metadata=described)

    return with_pictures(write)


def _lines(text: str) -> list[_RtfLine]:
    """The lines of a text with marks in it."""
    found, state = [_RtfLine()], 0
    for piece in MARK.split(text):
        if not MARK.match(piece):
            _add(found, piece, state)
        elif (changed := state_of(piece)) is None:
            found[-1].pictures.append(picture_of(piece))
        else:
            if changed & ASIDE and changed & ASIDE != state & ASIDE:
                found[-1].after.append(_PlacedText(changed & ASIDE))
            state = changed
    return found


def _add(found: list[_RtfLine], piece: str, state: int) -> None:
    """Appends text that stands in one way, to what stands aside if it does so."""
    if not piece or state & GONE:
        return
    if state & ASIDE:
        line = found[-1]
        (line.struck if state & STRUCK else line.after[-1]).add(piece, state)
        return
    for number, part in enumerate(piece.split("\n")):
        if number:
            found.append(_RtfLine())
        line = found[-1]
        if state & STRUCK:
            line.struck.add(part.replace("|", " "))
            line.text.add("|" * part.count("|"))  # the ends of cells
        else:
            line.struck.add(" " * bool(line.struck.parts and part))  # what is struck out next stood elsewhere
            line.text.add(part, state)


def _write(found: list[_RtfLine], drawn: list[RtfPicture], pictures: Pictures) -> Builder:
    builder = Builder()
    rows: list[list[str]] = []
    waiting: list[_RtfLine] = []  # those of a table, which is written as a whole
    margins: list[_PlacedText] = []
    for line in [*found, _RtfLine()]:
        waiting.append(line)
        text = str(line.text).rstrip()
        if text.endswith("|"):
            rows.append([one_line(cell) for cell in text.removesuffix("|").split("|")])
            continue
        _write_rows(builder, rows)
        rows = []
        builder.add(one_line(text))
        for one in waiting:
            margins += [aside for aside in one.after if aside.where == MARGIN]
            _write_after(builder, one, drawn, pictures)
        waiting = []
    texts = dict.fromkeys(one_line(line) for text in margins for line in str(text).split("\n"))
    shown = " | ".join(text for text in texts if any(map(str.isalpha, text)))
    builder.add(f"Page margins: {shown}" if shown else "")
    return builder


def _write_after(builder: Builder, line: _RtfLine, drawn: list[RtfPicture], pictures: Pictures) -> None:
    builder.leave_out_struck(str(line.struck))
    for aside in line.after:
        text = str(aside)
        if aside.where == COMMENT and one_line(text):
            builder.add(f"Comment: {one_line(text)}")
        elif aside.where != MARGIN:
            builder.add("\n".join(filter(None, map(one_line, text.split("\n")))))
    for number in line.pictures:
        pictures.write(builder, drawn[number].data, drawn[number].size)


def _write_rows(builder: Builder, rows: list[list[str]]) -> None:
    before = "\n\n"
    for line in lines(rows, int(stands_over_cells(rows))):
        builder.add(line, before=before)
        before = "\n"
