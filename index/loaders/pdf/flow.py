"""From the lines of a PDF's pages to its paragraphs, headings, list items and table rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.loaders.builder import CELL
from index.loaders.pdf.glyphs import Box, turned
from index.loaders.pdf.lines import Line
from index.loaders.pdf.raised import SUPERSCRIPTS
from index.loaders.pdf.style import HEADING_SIZE, LABEL_WORDS, Style, is_date

LIST_ITEM = re.compile(r"(?:[•◦▪■●○‣⁃∙·–—*o-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])(?=\s|\Z)")
_BULLET = re.compile(r"\A[•◦▪■●○‣⁃∙·]+\s*|\Ao\s+(?=[A-Z])")
NUMBER = re.compile(r"(?:\d+\.)+\d*\Z|Item \d+[A-Z]?\.\Z")
MARKER = re.compile(
    r"(?:[•◦▪■●○‣⁃∙·–—*o-]|\(?[\w.]{1,8}[.)]|\[\w{1,12}\]|(?:\d+\.)*\d+|[A-Z][\w .]{1,12}:)\Z"
)
SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*\Z")
_FIGURE = re.compile(r"[$€£¥]?\s?\d[\d.,]*\s?%?\s[a-z]|[$€£¥]\s?\d")
_CONNECTS = re.compile(r"(?:\b(?:and|or|of|the|to|in|for|by|with|from|at|on|an?|its|U\.S\.)|,)\Z")
_LEADER = re.compile(r"[\s|]*(?:\.\s?){4,}[\s|]*")  # the dots between an entry and its page number
_BLANK = re.compile(r"_{4,}")  # to be filled in by hand
_CURRENCY = re.compile(r"(?:^| \||) ?([$€£¥])(?: \||) (?=[\d(.—–-])")

_SENTENCES = re.compile(r"[a-z]{2}\. [A-Z]")
# Marks of footnotes and trade marks, which some files draw after all else on the page.
_MARKS = re.compile(r"(?:[®™©*†‡\s]|\(\d{1,2}\))+")

_BEFORE_NUMBER = re.compile(
    r"(?:\b(?:(?:Table|Figure|Section|Chapter|Part|Item|Article|Appendix|Note|[Pp]age)s?|Fig\.|and|or|of|to)|=)\Z"
)
_COMPANY = re.compile(r"\b(?:Inc|Corp|Co|Ltd|L\.P|S\.A|N\.V)\.\Z", re.I)  # a name that ends so is a heading

MAX_HEADING = 200  # characters; longer is a paragraph in large type
PARAGRAPH_GAP = 1.4  # times the usual distance between lines
TITLE_GAP = 1.1  # times its height, between lines of a title that are broken by hand
HEADING_GAP = 1.25  # times a heading's height, between its lines if the first has room for more


Placed = tuple[int, Box, bool]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row on one line; `before` parts it from the block above."""

    text: str
    before: str
    level: int = 0
    open_ended: bool = False  # ends in the middle of a sentence, at a full line
    height: float = 0.0  # of its type
    close: bool = False  # to the block above it, as lines of one title are
    places: tuple[Placed, ...] = ()  # from where in the text each rectangle counts, and if it is scanned


def blocks_of(lines: Sequence[Line], style: Style) -> list[Block]:
    """A page's lines re-flowed: a line break inside a sentence becomes a space."""
    lines = [line for line in lines if line.height > 0.85 * style.height or not _MARKS.fullmatch(line.text)]
    margins = _margins(lines)
    blocks: list[Block] = []
    text = ""
    first = 0
    places: list[Placed] = []
    for index, line in enumerate(lines):
        row = _row_text(line)
        if index and _continues(lines, index, first, margins, style):
            text = style.vocabulary.join(text, row)
            places += _places(line, row, len(text) - len(row))
            continue
        if index:
            blocks.append(_block(text, lines, first, index, margins, style, places))
        text, first = row, index
        places = _places(line, row, 0)
    if lines:
        blocks.append(_block(text, lines, first, len(lines), margins, style, places))
    return [block for block in blocks if any(map(_says, block.text))]


def goes_on(text: str) -> bool:
    """Whether a text may be the rest of a sentence: it begins with a small letter or a figure."""
    if text[0].islower():
        return True
    return bool(_FIGURE.match(text)) and CELL not in text and not LIST_ITEM.match(text)


def _says(sign: str) -> bool:
    return sign.isalnum() or sign in "☒☐☑"


def _places(line: Line, row: str, start: int) -> list[Placed]:
    """Where in a text with the row at `start` each of its cells begins, and its rectangle on the page."""
    places: list[Placed] = []
    at = 0
    for cell in line.cells:
        at = max(row.find(cell.text, at), at)
        box = (cell.left, cell.bottom, cell.right, cell.top)
        box = turned(box, 360 - line.turn) if line.turn else box
        places.append((start + at, box, line.scanned))
    return places


def _row_text(line: Line) -> str:
    """A line with its cells parted, but markers, labels and currency signs kept with what they belong to."""
    if line.labelled:
        parts = [part for cell in line.cells for part in (cell.text, " " if cell.joins else CELL)]
        return "".join(parts[:-1])
    text = line.cells[0].text
    marked = _is_marked(line) or bool(NUMBER.match(text))
    for cell, following in pairwise(line.cells):
        labels = cell.text.endswith(":") and not following.text.endswith(":")
        text += (" " if labels or marked else CELL) + following.text
        marked = False
    text = _CURRENCY.sub(rf"{CELL}\1 ", text) if line.is_row else text
    return _BLANK.sub("___", _LEADER.sub(CELL, text)).strip(" |")


def _is_marked(line: Line) -> bool:
    """Whether a line of two cells is a marker (a bullet, a number, 'Item 1.') and its text."""
    if len(line.cells) != 2:
        return False
    marker, text = line.cells
    return bool(MARKER.match(marker.text)) and text.text[:1].isalpha()


def _is_table_row(line: Line) -> bool:
    text = line.cells[-1].text
    return (
        bool(line.labelled or line.ruled)
        or (line.is_row and not _is_marked(line))
        or "...." in text
        or ". . . ." in text
    )


def _margins(lines: Sequence[Line]) -> list[float]:
    """For each line the right edge that prose in its column runs to."""
    margins: list[float] = []
    start = 0
    for index, line in enumerate(lines):
        if index == len(lines) - 1 or not _same_column(line, lines[index + 1]):
            group = lines[start : index + 1]
            margins += [_margin(group, lines)] * len(group)
            start = index + 1
    return margins


def _same_column(line: Line, following: Line) -> bool:
    gap = line.baseline - following.baseline
    return abs(line.left - following.left) < 4 * line.height and -line.height < gap < 4 * line.height


def _margin(group: Sequence[Line], lines: Sequence[Line]) -> float:
    """The group's own right edge where several of its lines reach it, else that of the page's column."""
    edge = max(line.right for line in group)
    reaching = sum(line.right > edge - 2 * line.height for line in group)
    if reaching >= max(2, len(group) / 4):
        return edge
    column = sorted(line.right for line in lines if abs(line.left - group[0].left) < 4 * line.height)
    return max(edge, column[-max(1, len(column) // 10)])


def _continues(lines: Sequence[Line], index: int, first: int, margins: list[float], style: Style) -> bool:
    """Whether line `index` goes on with the sentence, or the cell, of the one above."""
    above, line = lines[index - 1], lines[index]
    if above.ruled or line.ruled or above.turn != line.turn or line.text.startswith(tuple(SUPERSCRIPTS)):
        return False
    gap = above.baseline - line.baseline
    other_size = abs(above.height - line.height) > 0.15 * above.height
    if other_size or gap > PARAGRAPH_GAP * max(style.leading_of(above), above.height):
        return False
    if _is_table_row(line) or _is_table_row(above):
        return _continues_row(above, line, margins[index - 1])
    if (LIST_ITEM.match(line.text) and not _is_inside(above.text, line.text)) or style.level(
        above
    ) != style.level(line):
        return False
    if gap <= 0:  # the next column, or text that the file draws out of order
        return line.text[:1].islower() and not SENTENCE_END.search(above.text)
    if above.bold != line.bold and len(above.text) < LABEL_WORDS:
        return False
    if above.height >= HEADING_SIZE * style.height and _is_another_heading(lines, index):
        return False
    unfinished = not SENTENCE_END.search(above.text)
    indented = line.left > above.left + above.height
    if indented and not unfinished and not (index - 1 == first and LIST_ITEM.match(above.text)):
        return False
    if _is_full(above, line, margins[index - 1]):
        return True
    runs_on = line.text[:1].islower() or bool(_CONNECTS.search(above.text))
    return unfinished and runs_on and (above.prose or len(above.text) > LABEL_WORDS)


def _is_inside(above: str, text: str) -> bool:
    """Whether what looks like a list's marker belongs to the sentence: "(n =" and "71)", "Table" and "7."."""
    marker = text.split(" ", 1)[0]
    if marker[-1] == ")" and marker[0] != "(":
        return above.rfind("(") > above.rfind(")")
    return marker[0].isdigit() and bool(_BEFORE_NUMBER.search(above))


def _is_another_heading(lines: Sequence[Line], index: int) -> bool:
    """Whether a line in large type below one is not the rest of it, but a subtitle or a date."""
    above, line = lines[index - 1], lines[index]
    if above.bold != line.bold or is_date(line.text):
        return True
    if line.text[:1].islower() or _CONNECTS.search(above.text):
        return False
    edge = max((one.right for one in lines if one is not above and one is not line), default=above.right)
    loose = above.baseline - line.baseline > HEADING_GAP * above.height
    return loose and not (above.right < edge and _is_full(above, line, edge))


def _is_full(line: Line, following: Line, margin: float) -> bool:
    """Whether the next line's first word would not have fitted, so that the line was broken by its width."""
    word = following.text.split(" ", 1)[0]
    width = (following.right - following.left) * len(word) / max(len(following.text), 1)
    return line.right + 0.2 * line.height + width > margin


def _continues_row(above: Line, line: Line, margin: float) -> bool:
    """Whether a label goes on in the row below it, or a row's last cell in the line below it."""
    tight = 0 < above.baseline - line.baseline < 1.6 * above.height
    if not tight or above.bold != line.bold:
        return False
    if above.is_row:
        under_last = not line.is_row and abs(line.left - above.cells[-1].left) < 0.5 * above.height
        return under_last and (line.text[:1].islower() or _is_full(above, line, margin))
    if abs(line.left - above.left) > 1.5 * above.height:
        return False
    connects = bool(_CONNECTS.search(above.text))
    return connects or (line.text[:1].islower() and not SENTENCE_END.search(above.text))


def _block(
    text: str,
    lines: Sequence[Line],
    first: int,
    end: int,
    margins: list[float],
    style: Style,
    places: Sequence[Placed],
) -> Block:
    """The block of lines first to end, with the space that stands above it."""
    line, last = lines[first], lines[end - 1]
    table_row = _is_table_row(line)
    level = _level(text, lines, first, end, style)
    before = "\n\n"
    if first and not level:
        gap = lines[first - 1].baseline - line.baseline
        both_rows = table_row and _is_table_row(lines[first - 1])
        limit = 3 * line.height if both_rows else PARAGRAPH_GAP * max(style.leading_of(line), line.height)
        same_table = _is_next_row(lines[first - 1], line)
        before = "\n" if same_table or 0 < gap < limit else "\n\n"
    runs = not level and not table_row and len(last.text) > LABEL_WORDS and not SENTENCE_END.search(text)
    open_ended = runs and last.right > margins[end - 1] - 6 * last.height
    plain = _BULLET.sub("", text, count=1)
    shift = len(text) - len(plain)
    moved = tuple((max(start - shift, 0), box, scanned) for start, box, scanned in places)
    close = first > 0 and 0 < lines[first - 1].baseline - line.baseline <= TITLE_GAP * line.height
    return Block(plain, before, level, open_ended, line.height, close, moved)


def _is_next_row(above: Line, line: Line) -> bool:
    """Whether both are rows of one ruled table."""
    if above.ruled is None or line.ruled is None:
        return False
    return above.ruled.columns == line.ruled.columns and above.ruled.row < line.ruled.row


def _level(text: str, lines: Sequence[Line], first: int, end: int, style: Style) -> int:
    """The heading level of the block of lines first to end; 0 for anything else."""
    level = style.level(lines[first])
    if not level or not text or len(text) > MAX_HEADING or text[0] == "(" or CELL in text:
        return 0
    if text[-1] in ".,;" and not _COMPANY.search(text):
        return 0
    if not any(map(str.isalpha, text)) or _BULLET.match(text) or _SENTENCES.search(text):
        return 0
    beside = [*lines[max(first - 1, 0) : first], *lines[end : end + 1]]
    return 0 if text.endswith(":") and any(map(_is_table_row, beside)) else level
