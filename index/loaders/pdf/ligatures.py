r"""Ligatures that a PDF's font has under codes of its own: "the first time" comes out as "the \x1frst time".

Such a font doesn't say what its signs mean, and pdfium gives the bare code, a control character, for which
`glyphs` puts a private sign. Which ligature it stands for shows in the words that hold it: it is the one that
makes most of them English words.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from index.loaders.pdf.glyphs import UNKNOWN
from index.loaders.pdf.lines import Line, LineCell

_LIGATURES = ("fi", "fl", "ff", "ffi", "ffl", "ti", "tt")
_SIGN = re.compile(f"[{UNKNOWN[0]}-{UNKNOWN[-1]}]")
_WORD = re.compile(rf"[^\W\d_]*(?:{_SIGN.pattern}[^\W\d_]*)+")
# The bundled embedder's vocabulary holds the most frequent English words.
_VOCABULARY = Path(__file__).parents[2] / "models" / "minilm" / "tokenizer.json"
_SHORTEST = 2
# A sign is taken for a ligature if so many of the words with it become words that are known.
_LEAST_KNOWN = 0.5


def with_ligatures(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of all pages with the ligatures written out; a sign that none explains is left out."""
    words = [word for lines in pages for line in lines for word in _WORD.findall(line.text)]
    if not words:
        return [list(lines) for lines in pages]
    found = _meanings(words)
    return [
        [replace(line, cells=tuple(_written_out(cell, found) for cell in line.cells)) for line in lines]
        for lines in pages
    ]


def _meanings(words: Iterable[str]) -> dict[str, str]:
    """What each sign stands for."""
    by_sign: dict[str, list[str]] = defaultdict(list)
    for word in words:
        # A word with two of them says nothing about either, nor does a single letter beside one.
        if len(_SIGN.findall(word)) == 1 and len(word) > _SHORTEST:
            by_sign[_SIGN.findall(word)[0]].append(word.lower())
    letters = {}
    for sign, own in by_sign.items():
        known = Counter(
            {
                ligature: sum(word.replace(sign, ligature) in _words() for word in own)
                for ligature in _LIGATURES
            }
        )
        ligature, count = known.most_common(1)[0]
        if count >= _LEAST_KNOWN * len(own):
            letters[sign] = ligature
    return letters


def _written_out(cell: LineCell, letters: Mapping[str, str]) -> LineCell:
    """The cell with the ligatures in place of their signs, and its places moved along."""

    def written(text: str) -> str:
        return _SIGN.sub(lambda found: letters.get(found[0], ""), text)

    gaps = tuple((len(written(cell.text[:at])), left, right) for at, left, right in cell.gaps)
    return replace(cell, text=written(cell.text), gaps=gaps)


@cache
def _words() -> frozenset[str]:
    vocabulary = json.loads(_VOCABULARY.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if not word.startswith("##"))
