"""What striprtf doesn't say of a text: marks are put into the markup, and come out among the text.

A mark is a character of a private plane, which RTF itself can't write. It says how what follows it stands.
"""

import re
from dataclasses import dataclass

STRUCK, RAISED, LOWERED, GONE, NOTE, MARGIN, COMMENT, BOX = (1 << bit for bit in range(8))
ASIDE = NOTE | MARGIN | COMMENT | BOX

MARK = re.compile("([\U000f0000-\U000f00ff\U000f1000-\U000f1fff])")
_FIRST_MARK, _FIRST_PICTURE = 0xF0000, 0xF1000
_MOST_PICTURES = 0x1000

# Groups that striprtf leaves out, though what is in them is shown, some as said by a word before their name.
_SHOWN = {
    "footnote": NOTE,
    "annotation": COMMENT,
    "shptxt": BOX,
    "dptxbxtext": BOX,
    "shp": 0,
    "shpinst": 0,
    "shppict": 0,
    **{f"{name}{which}": MARGIN for name in ("header", "footer") for which in ("", "l", "r", "f")},
}
_LOOKS = {"strike": STRUCK, "striked": STRUCK, "deleted": GONE, "v": GONE}
_POSITIONS = {"super": RAISED, "up": RAISED, "sub": LOWERED, "dn": LOWERED, "nosupersub": 0}
_TOKEN = re.compile(
    rf"(?:\\\*\s{{0,2}})?\\(?P<word>{'|'.join(['pict', 'plain', *_SHOWN, *_LOOKS, *_POSITIONS])})(?![a-z])"
    r"(?P<number>-?\d{1,10})? ?|\\[^a-z]|(?P<brace>[{}])"
)
_BRACE = re.compile(r"\\.|([{}])", re.S)
_INNER = re.compile(r"\{[^{}]*\}")
_DOTS = re.compile(r"\\(?:pngblip|jpegblip)\b")
_SIDE = re.compile(r"\\pic([wh])goal(\d{1,7})")
_WORD = re.compile(r"\\[a-z]+-?\d* ?")
_TWIPS = 20  # of a point


@dataclass(frozen=True, slots=True)
class RtfPicture:
    """A picture in the markup, and its size in points if it is known."""

    data: bytes
    size: tuple[float, float] | None


def marked(markup: str) -> tuple[str, list[RtfPicture]]:
    """The markup with marks in it, and its pictures."""
    marker = _Marker(markup)
    marker.run()
    return "".join(marker.parts), marker.pictures


def state_of(mark: str) -> int | None:
    """How the text after the mark stands; None for the mark of a picture."""
    return ord(mark) - _FIRST_MARK if ord(mark) < _FIRST_PICTURE else None


def picture_of(mark: str) -> int:
    """The number of the picture that the mark stands for."""
    return ord(mark) - _FIRST_PICTURE


class _Marker:
    """Goes through the words and groups of a markup once."""

    def __init__(self, markup: str) -> None:
        self._markup = MARK.sub("", markup)
        self._done = 0  # how much of it is in the parts
        self._state = 0
        self._outer: list[int] = []
        self.parts: list[str] = []
        self.pictures: list[RtfPicture] = []

    def run(self) -> None:
        for token in _TOKEN.finditer(self._markup):
            if token.start() < self._done:
                continue  # in a picture
            if token["brace"] == "{":
                self._outer.append(self._state)
            elif token["brace"]:
                # Inside the group, which may be one that is left out as a whole.
                self._change(self._outer.pop() if self._outer else 0, token.start(), token.start())
            elif token["word"]:
                self._word(token, token["word"], token["number"])
        self.parts.append(self._markup[self._done :])

    def _word(self, token: re.Match[str], word: str, number: str | None) -> None:
        starred = token[0].startswith("\\*")
        if word == "pict":
            self._picture(token)
        elif word in _SHOWN:
            self._change(
                self._state & ~ASIDE | (_SHOWN[word] or self._state & ASIDE), token.start(), token.end()
            )
        elif starred:
            return
        elif word == "plain":
            self._change(self._state & ASIDE, token.end(), token.end())
        elif word in _LOOKS:
            without = self._state & ~_LOOKS[word]
            self._change(without if number == "0" else without | _LOOKS[word], token.end(), token.end())
        elif word in _POSITIONS:
            moved = 0 if number == "0" else _POSITIONS[word]
            self._change(self._state & ~(RAISED | LOWERED) | moved, token.end(), token.end())

    def _change(self, state: int, until: int, after: int) -> None:
        """Writes what comes before, and the mark of the new state in the place of what lies in between."""
        if state == self._state and until == after:
            return
        self._state = state
        self._write(chr(_FIRST_MARK + state), until, after)

    def _write(self, mark: str, until: int, after: int) -> None:
        self.parts += (self._markup[self._done : until], mark)
        self._done = after

    def _picture(self, token: re.Match[str]) -> None:
        """Takes a picture out of the markup."""
        end, depth = len(self._markup), 1
        for brace in _BRACE.finditer(self._markup, token.end()):
            depth += {"{": 1, "}": -1}.get(brace[1] or "", 0)
            if not depth:
                end = brace.start()
                break
        content = _INNER.sub("", self._markup[token.end() : end])
        mark = ""
        if _DOTS.search(content) and len(self.pictures) < _MOST_PICTURES and not self._state & GONE:
            mark = chr(_FIRST_PICTURE + len(self.pictures))
            digits = re.sub(r"[^0-9a-fA-F]", "", _WORD.sub("", content))
            sides = {side: int(length) / _TWIPS for side, length in _SIDE.findall(content)}
            size = (sides["w"], sides["h"]) if len(sides) == 2 else None
            self.pictures.append(RtfPicture(bytes.fromhex(digits[: len(digits) // 2 * 2]), size))
        self._write(mark, token.start(), end)
