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
    Drawn,
    marked,
    picture_of,
    state_of,
)
from index.loaders.raised import lowered, raised
from index.loaders.tables import lines, stands_over_figures

_INFORMATION = re.compile(r"\{\\(title|author) ([^{}]{1,300})\}")


@dataclass(slots=True)
class _Line:
    """A paragraph or a row of a table, what is struck out of it, and what is written after it."""

    text: str = ""
    struck: str = ""
    after: list[tuple[int, str]] = field(default_factory=list)  # where it stood, as by its mark
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


def _lines(text: str) -> list[_Line]:
    """The lines of a text with marks in it."""
    found, state = [_Line()], 0
    for piece in MARK.split(text):
        if not MARK.match(piece):
            _add(found, piece, state)
        elif (changed := state_of(piece)) is not None:
            state = changed
        else:
            found[-1].pictures.append(picture_of(piece))
    return found


def _add(found: list[_Line], piece: str, state: int) -> None:
    """Appends text that stands in one way, to what stands aside if it does so."""
    if not piece or state & GONE:
        return
    if state & ASIDE:
        after = found[-1].after
        if state & STRUCK:
            found[-1].struck += piece
            return
        if not after or after[-1][0] != state & ASIDE:
            after.append((state & ASIDE, ""))
        after[-1] = (state & ASIDE, after[-1][1] + _moved(after[-1][1], piece, state))
        return
    for number, part in enumerate(piece.split("\n")):
        if number:
            found.append(_Line())
        line = found[-1]
        if state & STRUCK:
            line.struck += part.replace("|", " ")
            line.text += "|" * part.count("|")  # the ends of cells
        else:
            line.struck += " " * bool(line.struck and part)  # what is struck out next stood elsewhere
            line.text += _moved(line.text, part, state)


def _moved(before: str, text: str, state: int) -> str:
    """The text as it is appended, raised or lowered as it stands."""
    if state & RAISED:
        return raised(before[-60:], text)
    return lowered(before[-60:], text) if state & LOWERED else text


def _write(found: list[_Line], drawn: list[Drawn], pictures: Pictures) -> Builder:
    builder = Builder()
    rows: list[list[str]] = []
    waiting: list[_Line] = []  # those of a table, which is written as a whole
    margins: list[tuple[int, str]] = []
    for line in [*found, _Line()]:
        waiting.append(line)
        text = line.text.rstrip()
        if text.endswith("|"):
            rows.append([one_line(cell) for cell in text.removesuffix("|").split("|")])
            continue
        _write_rows(builder, rows)
        rows = []
        builder.add(one_line(text))
        for one in waiting:
            margins += [aside for aside in one.after if aside[0] == MARGIN]
            _write_after(builder, one, drawn, pictures)
        waiting = []
    texts = dict.fromkeys(one_line(line) for _, text in margins for line in text.split("\n"))
    shown = " | ".join(text for text in texts if any(map(str.isalpha, text)))
    builder.add(f"Page margins: {shown}" if shown else "")
    return builder


def _write_after(builder: Builder, line: _Line, drawn: list[Drawn], pictures: Pictures) -> None:
    builder.leave_out_struck(line.struck)
    for where, text in line.after:
        if where == COMMENT and one_line(text):
            builder.add(f"Comment: {one_line(text)}")
        elif where != MARGIN:
            builder.add("\n".join(filter(None, map(one_line, text.split("\n")))))
    for number in line.pictures:
        pictures.write(builder, drawn[number].data, drawn[number].size)


def _write_rows(builder: Builder, rows: list[list[str]]) -> None:
    before = "\n\n"
    for line in lines(rows, int(stands_over_figures(rows))):
        builder.add(line, before=before)
        before = "\n"
