"""Rich Text Format: its paragraphs, headings and tables, with what hangs on them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.embedded import Pictures, with_pictures
from index.loaders.formats.rtf_events import (
    Aside,
    RtfAsideBegins,
    RtfBreak,
    RtfCellEnds,
    RtfEvent,
    RtfLook,
    RtfPicture,
    RtfRowEnds,
    RtfRun,
)
from index.loaders.formats.rtf_reader import RtfReader
from index.loaders.formats.rtf_tables import RtfColumns, edges_of, placed
from index.loaders.grids import Look, row_look, spread, with_heights
from index.loaders.header_rows import stands_over_cells
from index.loaders.raised import lowered, raised
from index.loaders.tables import table

MAX_GROUPS = 1_000_000

_TAIL = 60  # characters before raised text that say how it is appended
_BULLET = re.compile(r"[^\w\s\"'“‘(\[<]\s")


@dataclass(slots=True)
class _PlacedText:
    """Text that comes in pieces; `aside` where it stands."""

    aside: Aside | None = None
    parts: list[str] = field(default_factory=list)
    _tail: str = ""

    def __str__(self) -> str:
        return "".join(self.parts)

    def add(self, piece: str, shift: int = 0) -> None:
        """Appends a piece, raised or lowered as it stands."""
        if shift:
            piece = (raised if shift > 0 else lowered)(self._tail, piece)
        self.parts.append(piece)
        self._tail = (self._tail + piece[-_TAIL:])[-_TAIL:]


@dataclass(slots=True)
class _RtfParagraph:
    """A paragraph, how it is set, what is struck out of it, and what is written after it."""

    text: _PlacedText = field(default_factory=_PlacedText)
    struck: _PlacedText = field(default_factory=_PlacedText)
    after: list[_PlacedText] = field(default_factory=list)
    pictures: list[RtfPicture] = field(default_factory=list)
    light: bool = False  # whether some of it is not in bold type
    level: int = 0
    listed: bool = False

    def add(self, text: str, look: RtfLook) -> None:
        if look.struck:
            self.struck.add(text)
            return
        self.struck.add(" " * bool(self.struck.parts))  # what is struck out next stood elsewhere
        self.light = self.light or not (look.bold or look.shift or look.listed or text.isspace())
        self.listed = self.listed or look.listed
        self.level = self.level if text.isspace() else look.level
        self.text.add(text, look.shift)

    def lines(self) -> str:
        return "\n".join(filter(None, map(one_line, str(self.text).split("\n"))))


@dataclass(slots=True)
class _RtfRow:
    """A row of a table: the paragraphs of its cells."""

    columns: RtfColumns
    cells: list[list[_RtfParagraph]]

    def texts(self) -> list[str]:
        return [one_line(" ".join(paragraph.lines() for paragraph in cell)) for cell in self.cells]

    def look(self) -> Look:
        """How its cells with text are set."""
        texts = self.texts()
        looks = [
            Look(not any(paragraph.light for paragraph in self.cells[at]), shade=self.columns.shade(at))
            for at, text in enumerate(texts)
            if text
        ]
        return row_look(looks, first=bool(texts and texts[0]))


def load_rtf(data: bytes) -> Loaded:
    """The text of an RTF file."""
    if data.count(b"{", 0, 10_000_000) > MAX_GROUPS:
        raise Unreadable(f"it has more than {MAX_GROUPS:,} groups")
    reader = RtfReader(data.decode("latin-1"))
    blocks = _RtfBlocks()
    for event in _joined(reader.events()):
        blocks.read(event)
    blocks.end()
    described = {name: one_line(value) for name, value in reader.described.items()}
    title = described.pop("title", "")

    def write(pictures: Pictures) -> Loaded:
        return _write(blocks.found, pictures).build(title=title, metadata=described)

    return with_pictures(write)


def _joined(events: Iterable[RtfEvent]) -> Iterator[RtfEvent]:
    """The events, runs that stand in one way as one: a raised number may come digit by digit."""
    run: RtfRun | None = None
    for event in events:
        if isinstance(event, RtfRun) and run is not None and run.look == event.look:
            run = RtfRun(run.text + event.text, run.look)
            continue
        if run is not None:
            yield run
        run = event if isinstance(event, RtfRun) else None
        if run is None:
            yield event
    if run is not None:
        yield run


@dataclass(slots=True)
class _RtfBlocks:
    """The paragraphs and rows of a text, the last one a paragraph that is open."""

    found: list[_RtfParagraph | _RtfRow] = field(default_factory=list)
    open: _RtfParagraph = field(default_factory=_RtfParagraph)
    _first: int = 0  # block of the row that is open
    _ends: list[int] = field(default_factory=list)  # of its cells

    def read(self, event: RtfEvent) -> None:
        match event:
            case RtfRun(text, look):
                self._run(text, look)
            case RtfPicture():
                self.open.pictures.append(event)
            case RtfAsideBegins(aside):
                self.open.after.append(_PlacedText(aside))
            case RtfBreak(aside) if aside is not None:
                self.open.after[-1].add("\n")
            case RtfBreak():
                self.end()
            case _:
                self._of_table(event)

    def end(self) -> None:
        """Ends the paragraph that is open."""
        self.found.append(self.open)
        self.open = _RtfParagraph()

    def _run(self, text: str, look: RtfLook) -> None:
        if look.aside is None:
            self.open.add(text, look)
        else:
            (self.open.struck if look.struck else self.open.after[-1]).add(text, look.shift)

    def _of_table(self, event: RtfEvent) -> None:
        if isinstance(event, RtfCellEnds):
            self.end()
            self._ends.append(len(self.found))
            return
        if isinstance(event, RtfRowEnds) and self._ends:
            starts = [self._first, *self._ends]
            cells = [
                [one for one in self.found[start:end] if isinstance(one, _RtfParagraph)]
                for start, end in pairwise(starts)
            ]
            self.found[self._first : self._ends[-1]] = [_RtfRow(event.columns, cells)]
        elif self.open != _RtfParagraph():
            self.end()
        self._first, self._ends = len(self.found), []


def _write(blocks: Iterable[_RtfParagraph | _RtfRow], pictures: Pictures) -> Builder:
    builder = Builder()
    rows: list[_RtfRow] = []
    margins: list[_PlacedText] = []
    for block in [*blocks, _RtfParagraph()]:
        if isinstance(block, _RtfRow):
            rows.append(block)
            continue
        text = block.lines()
        _write_rows(builder, rows)
        inside = [one for row in rows for cell in row.cells for one in cell]
        rows = []
        heading = one_line(text) if block.level else text
        bold = not (block.light or _BULLET.match(text))
        builder.add(heading, before="\n" if block.listed else "\n\n", level=block.level, bold=bold)
        for one in (*inside, block):
            margins += [aside for aside in one.after if aside.aside is Aside.MARGIN]
            _write_after(builder, one, pictures)
    texts = dict.fromkeys(one_line(line) for text in margins for line in str(text).split("\n"))
    shown = " | ".join(text for text in texts if any(map(str.isalpha, text)))
    builder.add(f"Page margins: {shown}" if shown else "")
    return builder


def _write_after(builder: Builder, paragraph: _RtfParagraph, pictures: Pictures) -> None:
    builder.leave_out_struck(str(paragraph.struck))
    for aside in paragraph.after:
        text = str(aside)
        if aside.aside is Aside.COMMENT and one_line(text):
            builder.add(f"Comment: {one_line(text)}")
        elif aside.aside is not Aside.MARGIN:
            builder.add("\n".join(filter(None, map(one_line, text.split("\n")))))
    for picture in paragraph.pictures:
        pictures.write(builder, picture.data, picture.size)


def _write_rows(builder: Builder, rows: list[_RtfRow]) -> None:
    if not rows:
        return
    edges = edges_of([row.columns for row in rows])
    cells = [placed(row.texts(), row.columns, edges) for row in rows]
    grid = spread(with_heights(cells), [row.look() for row in rows])
    marked = next((at for at, row in enumerate(rows) if not row.columns.heads), len(rows))
    titles, lines, _ = table(grid, marked, stands_over_cells)
    before = "\n\n"
    for line in (*titles, *lines):
        builder.add(line, before=before)
        before = "\n"
