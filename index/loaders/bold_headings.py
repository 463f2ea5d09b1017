"""Headings that a file doesn't mark as such: short lines set in bold type throughout, over plain text."""

import re

from index.documents.document import Heading

LONGEST = 100  # characters of such a line
MOST_TOGETHER = 3  # such lines after each other, as title, subtitle and heading; more are a text in bold

_SENTENCE = re.compile(r"[.,;:…][\"'”’)]*\Z|[.!?] +[A-Z]")
_FIELD = re.compile(r"[^:\d]*(?<![IVXLC]): *\S")  # a label and its value; 'Part II: Fees' is a heading
_AMOUNT = re.compile(r"[$€£¥] ?\d|\d ?[€%]|@")


def may_head(text: str) -> bool:
    """Whether a line in bold type is named for what stands below: a few words, no sentence, no value.

    With a colon behind it, as "Solution:", it leads to what follows and belongs to it.
    """
    if not 0 < len(text) <= LONGEST or "\n" in text or not any(map(str.isalpha, text)):
        return False
    return not (_SENTENCE.search(text) or _FIELD.match(text) or _AMOUNT.search(text))


class BoldHeadings:
    """Collects lines in bold type until what follows shows whether they are headings."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int]] = []
        self._level = 0  # of the last heading that the file marks

    def after(self, text: str, start: int, *, level: int, bold: bool) -> list[Heading]:
        """The headings that are known to be such now that this part comes; `level`: it is marked as one."""
        if level:
            self._level = level
            self._waiting.clear()
        elif bold:
            self._waiting.append((start, start + len(text) if may_head(text) else 0))
        elif self._waiting:
            waiting, self._waiting = self._waiting, []
            if len(waiting) <= MOST_TOGETHER and all(end for _, end in waiting):
                return [Heading(*place, self._level + 1) for place in waiting]
        return []
