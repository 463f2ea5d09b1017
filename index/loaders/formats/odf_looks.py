"""What OpenDocument styles say: text that is struck out, raised or in bold type, cells that are shaded."""

from collections.abc import Callable, Iterator

from lxml import etree

from index.loaders.grids import Look
from index.loaders.raised import lowered, raised

MAX_ANCESTORS = 20  # a style may by mistake be based on itself
BOLD = 600  # of a weight in figures

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _STYLE = f"{{{_SPACE}text:1.0}}", f"{{{_SPACE}table:1.0}}", f"{{{_SPACE}style:1.0}}"
_FORMAT = f"{{{_SPACE}xsl-fo-compatible:1.0}}"
TextShift = Callable[[str, str], str]


class Looks:
    """Which styles strike text out, raise or lower it, set it in bold type, shade a cell, or hide a sheet."""

    def __init__(self, roots: list[etree._Element]) -> None:
        self.struck: set[str] = set()
        self.shifts: dict[str, TextShift] = {}
        self._hidden: set[str] = set()
        self._weights: dict[str, bool] = {}
        self._shades: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        for style in (one for root in roots for one in root.iter(f"{_STYLE}style")):
            name = style.get(f"{_STYLE}name", "")
            self._parents[name] = style.get(f"{_STYLE}parent-style-name", "")
            for properties in style:
                line = properties.get(f"{_STYLE}text-line-through-style", "none")
                kind = properties.get(f"{_STYLE}text-line-through-type", "none")
                if line != "none" or kind != "none":
                    self.struck.add(name)
                position = properties.get(f"{_STYLE}text-position", "").split(" ")[0]
                if position.startswith("super") or position.strip("-0%").isdecimal():
                    self.shifts[name] = lowered if position.startswith("-") else raised
                elif position.startswith("sub"):
                    self.shifts[name] = lowered
                if weight := properties.get(f"{_FORMAT}font-weight", ""):
                    heavy = weight.isdecimal() and len(weight) < 5 and int(weight) >= BOLD
                    self._weights[name] = weight == "bold" or heavy
                if properties.tag == f"{_STYLE}table-cell-properties":
                    shade = properties.get(f"{_FORMAT}background-color", "")
                    self._shades[name] = "" if shade == "transparent" else shade
                if properties.get(f"{_TABLE}display") == "false":
                    self._hidden.add(name)

    def hides(self, style: str) -> bool:
        return style in self._hidden

    @property
    def set_rows_apart(self) -> bool:
        """Whether some style has bold type or a shade."""
        return any(self._weights.values()) or any(self._shades.values())

    def of_cell(self, cell: etree._Element) -> Look | None:
        """How a cell of a table is set; None where it holds no text."""
        style = cell.get(f"{_TABLE}style-name", "")
        bold = self.has_bold_text(cell, usual=bool(self._is_bold(style)))
        return None if bold is None else Look(bold, shade=self._shade(style))

    def has_bold_text(self, element: etree._Element, *, usual: bool = False) -> bool | None:
        """Whether all text in an element is in bold type, as it is `usual` there; None without text."""
        text, bold = False, True
        waiting: list[tuple[etree._Element, bool]] = [(element, usual)]
        while waiting and bold:
            part, outer = waiting.pop()
            own = self._is_bold(part.get(f"{_TEXT}style-name", ""))
            inner = outer if own is None else own
            tail = "" if part is element else part.tail
            for piece, heavy in ((part.text, inner), (tail, outer)):
                if piece and not piece.isspace():
                    text, bold = True, bold and heavy
            waiting.extend((child, inner) for child in reversed(part))
        return bold if text else None

    def _is_bold(self, style: str) -> bool | None:
        """Whether a style sets bold type; None where neither it nor what it is based on says so."""
        return next((self._weights[one] for one in self._based_on(style) if one in self._weights), None)

    def _shade(self, style: str) -> str:
        return next((self._shades[one] for one in self._based_on(style) if one in self._shades), "")

    def _based_on(self, style: str) -> Iterator[str]:
        """The style, that which it is based on, and so on."""
        for _ in range(MAX_ANCESTORS):
            if not style:
                return
            yield style
            style = self._parents.get(style, "")
