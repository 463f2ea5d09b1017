"""How the rows of a web page's table are set: bold, shaded, indented."""

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from index.loaders.builder import one_line
from index.loaders.grids import PLAIN, Look
from index.loaders.grids import row_look as joined_look

MAX_STYLED = 5  # elements inside a cell of which the style is looked at; text is set in the outer ones

_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_SHADE = re.compile(r"background(?:-color)?\s*:\s*(#?\w+)", re.I)
_INDENT = re.compile(r"(?:padding-left|margin-left|text-indent)\s*:\s*(-?[\d.]+)\s*(pt|px|em|in)?", re.I)
_PADDING = re.compile(r"padding\s*:\s*\S+\s+\S+\s+\S+\s+([\d.]+)\s*(pt|px|em|in)?", re.I)
_POINTS = {"pt": 1.0, "px": 0.75, "em": 12.0, "in": 72.0}
_WHITE = ("#ffffff", "#fff", "white", "transparent", "none", "inherit")


def row_look(tr: LexborNode, cells: Sequence[LexborNode]) -> Look:
    """How a row is set, of which these are the cells."""
    filled = [(cell, text) for cell in cells if (text := one_line(cell.text()))]
    if not filled:
        return PLAIN
    behind = _shade(tr, [_style(tr)])
    looks = [_look(cell, text, behind) for cell, text in filled]
    return joined_look(looks, first=filled[0][0].mem_id == cells[0].mem_id)


def _look(cell: LexborNode, text: str, behind: str) -> Look:
    styles = _styles(cell)
    shade, indent = _shade(cell, styles) or behind, sum(map(_indent, styles))
    return Look(_is_bold(cell, text, styles), shade=shade, indent=indent)


def _style(node: LexborNode) -> str:
    return node.attributes.get("style") or ""


def _styles(cell: LexborNode) -> list[str]:
    """The styles of a cell and of the first elements in it."""
    styles = [_style(cell)]
    for node in cell.traverse():
        if node.mem_id != cell.mem_id and (style := _style(node)):
            styles.append(style)
            if len(styles) > MAX_STYLED:
                break
    return styles


def _is_bold(cell: LexborNode, text: str, styles: Sequence[str]) -> bool:
    if cell.tag == "th" or any(map(_BOLD.search, styles)):
        return True
    return any(one_line(node.text()) == text for node in cell.css("b,strong")[:MAX_STYLED])


def _shade(node: LexborNode, styles: Sequence[str]) -> str:
    found = next((match.group(1) for style in styles if (match := _SHADE.search(style))), "")
    shade = (found or node.attributes.get("bgcolor") or "").lower()
    return "" if shade in _WHITE else shade


def _indent(style: str) -> float:
    """How far to the right a style sets the text, in points."""
    pairs = [*_INDENT.findall(style), *_PADDING.findall(style)]
    return sum(_number(number) * _POINTS.get(unit.lower(), 1.0) for number, unit in pairs)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
