"""Reads the words and groups of rich text once, and says what is shown, how, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index.loaders.builder import CELL
from index.loaders.formats.rtf_events import (
    Aside,
    RtfAsideBegins,
    RtfBreak,
    RtfCellEnds,
    RtfEvent,
    RtfLook,
    RtfPicture,
    RtfRowBegins,
    RtfRowEnds,
    RtfRun,
)
from index.loaders.formats.rtf_signs import CHARACTERS, UNSEEN, codec_of, codec_of_page, joined_halves
from index.loaders.formats.rtf_tables import RtfColumns
from index.loaders.formats.signs import sign_of

MOST_PICTURES = 4_096
TWIPS = 20  # of a point
LEVELS = 9  # of headings

_TOKEN = re.compile(
    r"\\(?P<word>[a-z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-z'])"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)",
    re.S,
)
_HEADING = re.compile(r"heading (\d)", re.I)
_SHIFTS = {"super": 1, "up": 1, "sub": -1, "dn": -1, "nosupersub": 0}
_BREAKS = frozenset(("par", "sect", "page"))
_OF_FONTS = range(0xF000, 0xF100)  # signs that only fonts of signs have
_DATES = {"creatim": "created", "revtim": "modified"}

_ASIDES = {
    **{one.value: one for one in Aside},
    "dptxbxtext": Aside.BOX,
    **{f"{name}{which}": Aside.MARGIN for name in ("header", "footer") for which in ("", "l", "r", "f")},
}
# Groups that programs which don't know them leave out, though what is in them is shown.
_SHOWN = frozenset(("shp", "shpinst", "shppict", "do", "pntext", "listtext"))
_MARKS = ("pntext", "listtext")  # of the items of lists


@dataclass(frozen=True, slots=True)
class _RtfGroup:
    """What holds inside a pair of braces."""

    look: RtfLook
    font: int = -1
    skip: int = 1  # characters after one of Unicode that stand for it in older programs
    into: str = ""  # the name of a part that is not text of the document; "-" for what nobody sees


@dataclass(slots=True)
class RtfReader:
    """Goes through a markup; `described` is what it says of itself."""

    markup: str
    described: dict[str, str] = field(default_factory=dict)
    _group: _RtfGroup = field(default_factory=lambda: _RtfGroup(RtfLook()))
    _outer: list[_RtfGroup] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _bytes: bytearray = field(default_factory=bytearray)
    _left: int = 0  # characters that are still to be skipped
    _starred: bool = False
    _code_page: str = "cp1252"
    _codecs: dict[int, str] = field(default_factory=dict)  # by font
    _default_font: int = -1
    _style: int = 0
    _levels: dict[int, int] = field(default_factory=dict)  # by style
    _date: list[int] = field(default_factory=list)
    _columns: RtfColumns = field(default_factory=RtfColumns)
    _in_row: bool = False
    _sides: dict[str, float] = field(default_factory=dict)  # of the picture that is open
    _is_picture: bool = False  # of a kind that can be read
    _pictures: int = 0

    def events(self) -> Iterator[RtfEvent]:
        """What is shown, in its order."""
        at = 0
        while match := _TOKEN.search(self.markup, at):
            at = match.end()
            if match["word"]:
                word, number = match["word"], match["number"]
                if word == "bin":
                    at += max(int(number or 0), 0)
                yield from self._word(word, None if number is None else int(number))
            elif match["brace"]:
                if match["brace"] == "}" and len(self._outer) <= 1:
                    break
                yield from self._brace(match["brace"])
            elif match["sign"]:
                yield from self._sign(match["sign"])
            else:
                self._text(bytes.fromhex(match["byte"]) if match["byte"] else match["text"].encode("latin-1"))
        yield from self._flush()

    def _text(self, data: bytes) -> None:
        skipped = min(self._left, len(data))
        self._left -= skipped
        self._bytes += data[skipped:]

    def _decode(self) -> None:
        if self._bytes:
            codec = self._codecs.get(self._group.font, self._code_page)
            self._pieces.append(self._bytes.decode(codec, errors="ignore"))
            self._bytes.clear()

    def _flush(self) -> Iterator[RtfEvent]:
        """What was gathered since the last change."""
        self._decode()
        text = "".join(self._pieces)
        self._pieces.clear()
        into, look = self._group.into, self._group.look
        if not text:
            return
        if into == "pict":
            yield from self._picture(text)
        elif into in ("title", "author"):
            self.described[into] = self.described.get(into, "") + joined_halves(text)
        elif into == "stylesheet":
            self._name_style(text.strip(" ;"))
        elif not into and not (look.hidden or look.deleted):
            yield RtfRun(joined_halves(text), look)

    def _brace(self, brace: str) -> Iterator[RtfEvent]:
        yield from self._flush()
        self._left, self._starred = 0, False
        if brace == "{":
            self._outer.append(self._group)
            return
        if self._group.into in _DATES and self._outer[-1].into != self._group.into:
            self._end_date(_DATES[self._group.into])
        self._group = self._outer.pop()

    def _sign(self, sign: str) -> Iterator[RtfEvent]:
        self._left = 0
        if sign == "*":
            self._starred = True
        elif sign in "\r\n":
            yield from self._break()
        elif sign in CHARACTERS:
            self._decode()
            self._pieces.append(CHARACTERS[sign])

    def _word(self, word: str, number: int | None) -> Iterator[RtfEvent]:
        starred, self._starred = self._starred, False
        if word == "u":
            if number is not None:
                self._decode()
                code = number % 0x10000
                self._pieces.append(sign_of(code) if code in _OF_FONTS else chr(code))
                self._left = self._group.skip
            return
        self._left = 0
        into = self._group.into
        if word in CHARACTERS:
            self._decode()
            self._pieces.append(CHARACTERS[word])
        elif into not in ("-", "stylesheet") and (word in _ASIDES or word in _SHOWN):
            yield from self._show(word)
        elif starred or word in UNSEEN:
            if word == "pict":
                self._is_picture = False
                self._sides.clear()
            yield from self._change(replace(self._group, into=UNSEEN.get(word, "-") if into != "-" else "-"))
        elif into:
            self._inside(into, word, number)
        else:
            yield from self._in_text(word, number)

    def _show(self, word: str) -> Iterator[RtfEvent]:
        aside = _ASIDES.get(word)
        look = replace(self._group.look, listed=self._group.look.listed or word in _MARKS)
        look = look if aside is None else replace(look, aside=aside)
        yield from self._change(replace(self._group, look=look, into=""))
        if aside is not None:
            yield RtfAsideBegins(aside)

    def _change(self, group: _RtfGroup) -> Iterator[RtfEvent]:
        if group != self._group:
            yield from self._flush()
            self._group = group

    def _in_text(self, word: str, number: int | None) -> Iterator[RtfEvent]:
        if word in _BREAKS:
            yield from self._break()
        elif word in ("trowd", "cell", "row"):
            yield from self._of_table(word)
        elif not self._columns.read(word, number):
            yield from self._change(self._changed(word, number))

    def _break(self) -> Iterator[RtfEvent]:
        yield from self._flush()
        if not self._group.into:
            yield RtfBreak(self._group.look.aside)

    def _of_table(self, word: str) -> Iterator[RtfEvent]:
        yield from self._flush()
        if (aside := self._group.look.aside) is not None:  # its tables are lines
            if word == "cell":
                yield RtfRun(CELL, self._group.look)
            elif word == "row":
                yield RtfBreak(aside)
        elif word == "trowd":
            if not self._in_row:
                yield RtfRowBegins()
            self._in_row, self._columns = True, RtfColumns()
        elif word == "cell":
            yield RtfCellEnds()
        else:
            self._in_row = False
            yield RtfRowEnds(self._columns)

    def _changed(self, word: str, number: int | None) -> _RtfGroup:
        """The group as it is after a word that says how text stands."""
        group, look, value = self._group, self._group.look, number or 0
        if word in _SHIFTS:
            look = replace(look, shift=_SHIFTS[word] if number != 0 else 0)
        elif word == "plain":
            group = replace(group, font=self._default_font)
            look = replace(look, struck=False, hidden=False, bold=False, shift=0)
        elif word in ("pard", "s"):
            look = replace(look, level=self._levels.get(value, 0) if word == "s" else 0)
        elif word == "outlinelevel":
            look = replace(look, level=value + 1 if 0 <= value < LEVELS else 0)
        elif word == "f":
            group = replace(group, font=value)
        elif word == "uc":
            group = replace(group, skip=max(value, 0))
        else:
            self._of_file(word, value)
            look = _set(look, word, on=number != 0)
        return group if look == group.look else replace(group, look=look)

    def _of_file(self, word: str, value: int) -> None:
        """A word that holds for the whole file."""
        match word:
            case "deff":
                self._default_font = value
            case "ansicpg":
                self._code_page = codec_of_page(value)
            case "mac":
                self._code_page = "mac_roman"

    def _inside(self, into: str, word: str, number: int | None) -> None:
        """A word in a part that is not text of the document."""
        value = number or 0
        match into, word:
            case "fonttbl", "f":
                self._group = replace(self._group, font=value)
            case "fonttbl", "fcharset" if codec := codec_of(value):
                self._codecs[self._group.font] = codec
            case "stylesheet", "s":
                self._style = value
            case "stylesheet", "outlinelevel" if 0 <= value < LEVELS:
                self._levels[self._style] = value + 1
            case (("creatim" | "revtim"), ("yr" | "mo" | "dy")):
                self._date.append(value)
            case "pict", ("pngblip" | "jpegblip"):
                self._is_picture = True
            case "pict", ("picwgoal" | "pichgoal"):
                self._sides[word] = value / TWIPS

    def _name_style(self, name: str) -> None:
        if heading := _HEADING.fullmatch(name):
            self._levels[self._style] = max(int(heading[1]), 1)
        elif name.lower() == "title":
            self._levels[self._style] = 1
        self._style = -1  # a style without a number is none of paragraphs

    def _end_date(self, name: str) -> None:
        if len(self._date) >= 3 and all(self._date[:3]):
            year, month, day = self._date[:3]
            self.described[name] = f"{year:04}-{month:02}-{day:02}"
        self._date.clear()

    def _picture(self, text: str) -> Iterator[RtfEvent]:
        digits = re.sub(r"[^0-9a-fA-F]", "", text)
        size = (self._sides["picwgoal"], self._sides["pichgoal"]) if len(self._sides) == 2 else None
        shown = not (self._group.look.hidden or self._group.look.deleted)
        if shown and self._is_picture and self._pictures < MOST_PICTURES:
            self._pictures += 1
            yield RtfPicture(bytes.fromhex(digits[: len(digits) // 2 * 2]), size)


def _set(look: RtfLook, word: str, *, on: bool) -> RtfLook:
    match word:
        case "strike" | "striked":
            return replace(look, struck=on)
        case "deleted":
            return replace(look, deleted=on)
        case "v":
            return replace(look, hidden=on)
        case "b":
            return replace(look, bold=on)
    return look
