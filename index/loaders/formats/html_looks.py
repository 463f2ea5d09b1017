"""How the rows of a web page's table are set: bold, shaded, indented."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborNode

from index.loaders.builder import one_line
from index.loaders.grids import PLAIN, Cell, Look
from index.loaders.grids import row_look as joined_look

# Elements of a cell that are looked at: it, and the first ones in it, which its text is set in.
MAX_STYLED = 6

STRONG = ("b", "strong")

_STYLE = re.compile(r"""<[^<>]{0,2000}?\sstyle="([^"]{1,500})""")
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_SHADE = re.compile(r"background(?:-color)?\s*:\s*(#?\w+)", re.I)
_INDENT = re.compile(r"(?:padding-left|margin-left|text-indent)\s*:\s*(-?[\d.]+)\s*(pt|px|em|in)?", re.I)
_PADDING = re.compile(r"padding\s*:\s*\S+\s+\S+\s+\S+\s+([\d.]+)\s*(pt|px|em|in)?", re.I)
_POINTS = {"pt": 1.0, "px": 0.75, "em": 12.0, "in": 72.0}
_WHITE = ("#ffffff", "#fff", "white", "transparent", "none", "inherit")


def row_look(tr: LexborNode, nodes: Sequence[LexborNode], cells: Sequence[Cell]) -> Look:
    """How a row is set, of which these are the cells."""
    behind = _shade(tr, _css(tr.attributes.get("style") or ""))
    looks = [_look(node, cell.text, behind) for node, cell in zip(nodes, cells, strict=True) if cell.text]
    return joined_look(looks, first=bool(cells and cells[0].text))


def sets_bold(node: LexborNode) -> bool:
    """Whether an element's own style sets bold type."""
    return bool(_BOLD.search(node.attributes.get("style") or ""))


def _look(node: LexborNode, text: str, behind: str) -> Look:
    markup = node.html or ""
    styles = _styles(markup) if "style" in markup else []
    bold = node.tag == "th" or any(style.bold for style in styles) or _is_strong(node, text, markup)
    shade = _shade(node, *styles) or behind
    return (
        Look(bold, shade=shade, indent=sum(style.indent for style in styles))
        if bold or shade or styles
        else PLAIN
    )


def _styles(markup: str) -> list[Look]:
    return [_css(match.group(1)) for match in islice(_STYLE.finditer(markup), MAX_STYLED)]


def _is_strong(node: LexborNode, text: str, markup: str) -> bool:
    """Whether one element in bold type holds all of a cell's text."""
    if "<b>" not in markup and "<b " not in markup and "<strong" not in markup:
        return False
    return any(one_line(one.text()) == text for one in node.css(",".join(STRONG))[:MAX_STYLED])


def _shade(node: LexborNode, *styles: Look) -> str:
    shade = next((style.shade for style in styles if style.shade), "")
    return shade or _colour(node.attributes.get("bgcolor") or "")


@lru_cache(maxsize=1024)
def _css(style: str) -> Look:
    """What a style says, its indent in points."""
    shade = _SHADE.search(style)
    pairs = [*_INDENT.findall(style), *_PADDING.findall(style)]
    indent = sum(_number(number) * _POINTS.get(unit.lower(), 1.0) for number, unit in pairs)
    return Look(bool(_BOLD.search(style)), shade=_colour(shade.group(1)) if shade else "", indent=indent)


def _colour(name: str) -> str:
    return "" if name.lower() in _WHITE else name.lower()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
