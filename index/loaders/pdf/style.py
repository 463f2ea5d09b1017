"""What is usual in a PDF: the measures by which headings and the ends of paragraphs are recognised."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.loaders.hyphens import Vocabulary
from index.loaders.pdf.lines import Line

HEADING_SIZE = 1.15  # times the body's height
BOLD_SIZE = 0.89  # times the body's height: smaller bold type is found over the columns of tables
MIN_LINES = 5  # of one height whose distance tells what is usual for it
LABEL_WORDS = 40  # characters; a line that is shorter and not full does not run on
_NARROWEST = 20  # characters of a line in a narrow column of prose

_DAY = r"(?:\d\d?(?:st|nd|rd|th|\.)? )?"
_MONTH = r"[A-Z][^\W\d_]{2,9}\.?,?"
_DATE = re.compile(
    rf"(?:[A-Z][a-z]+day,? )?{_DAY}(?:{_MONTH} )?(?:\d\d?(?:st|nd|rd|th)?, )?(?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.](?:19|20)?\d\d"
)


@dataclass(frozen=True, slots=True)
class Style:
    """What is usual in one document: the measures by which odd lines are recognised."""

    height: float
    leading: float
    heading_heights: tuple[float, ...]
    vocabulary: Vocabulary
    leadings: Mapping[float, float] = field(default_factory=dict)  # of type of other heights

    def leading_of(self, line: Line) -> float:
        """The distance between lines of such type, at least that which is usual in the document."""
        return max(self.leadings.get(round(line.height, 1), 0.0), self.leading)

    def level(self, line: Line) -> int:
        """The heading level that the line's type suggests; 0 for body type."""
        if line.height >= HEADING_SIZE * self.height:
            return 1 + min(self.heading_heights.index(round(line.height)), 4)
        bold = line.bold and line.height > BOLD_SIZE * self.height
        return min(len(self.heading_heights), 5) + 1 if bold else 0


def style_of(pages: Sequence[Sequence[Line]]) -> Style:
    """The usual measures of a document, weighted by how much text they hold."""
    heights: Counter[float] = Counter()
    gaps: Counter[float] = Counter()
    by_height: defaultdict[float, Counter[float]] = defaultdict(Counter)
    for lines in pages:
        for line in lines:
            heights[round(line.height, 1)] += len(line.text)
        for line, following in pairwise(lines):
            gap = line.baseline - following.baseline
            near = 0.7 < gap / line.height < 4 and not line.is_row
            if near and len(line.text) > LABEL_WORDS:
                gaps[round(gap, 1)] += 1
            alike = abs(line.height - following.height) < 0.1 and abs(line.left - following.left) < 1
            if near and alike and len(line.text) > _NARROWEST:
                by_height[round(line.height, 1)][round(gap, 1)] += 1
    height = heights.most_common(1)[0][0] if heights else 10.0
    leading = gaps.most_common(1)[0][0] if gaps else 1.2 * height
    larger = {round(line.height) for lines in pages for line in lines if line.height >= HEADING_SIZE * height}
    vocabulary = Vocabulary([line.text for lines in pages for line in lines])
    leadings = {one: found for one, counts in by_height.items() if (found := _most_common(counts))}
    return Style(height, leading, tuple(sorted(larger, reverse=True)), vocabulary, leadings)


def _most_common(gaps: Counter[float]) -> float:
    """The distance between lines that most of them have; 0 where it is not clear."""
    ((gap, count),) = gaps.most_common(1)
    return gap if count >= max(MIN_LINES, gaps.total() / 2) else 0.0


def is_date(text: str) -> bool:
    """Whether a line says nothing but when: "12 March 2025", "Spring 2024", "2025-03-12"."""
    return bool(_DATE.fullmatch(text))
