"""What a rich text shows, in its order: text and how it stands, and where paragraphs, cells and rows end."""

from dataclasses import dataclass
from enum import Enum

from index.loaders.formats.rtf_tables import RtfColumns


class Aside(Enum):
    """What is set beside the text."""

    NOTE = "footnote"
    MARGIN = "header"
    COMMENT = "annotation"
    BOX = "shptxt"


@dataclass(frozen=True, slots=True)
class RtfLook:
    """How text stands: whether it holds, its weight and height, the level of its heading, and where."""

    struck: bool = False
    hidden: bool = False
    deleted: bool = False
    bold: bool = False
    shift: int = 0  # 1: raised, -1: lowered
    level: int = 0
    listed: bool = False  # it is the number or bullet of an item
    aside: Aside | None = None


@dataclass(frozen=True, slots=True)
class RtfRun:
    """Text that stands in one way; a line may end in it."""

    text: str
    look: RtfLook


@dataclass(frozen=True, slots=True)
class RtfBreak:
    """The end of a paragraph, which may be one of those set aside."""

    aside: Aside | None


@dataclass(frozen=True, slots=True)
class RtfAsideBegins:
    """From here on text is set aside."""

    aside: Aside


@dataclass(frozen=True, slots=True)
class RtfRowBegins:
    """A row of a table begins."""


@dataclass(frozen=True, slots=True)
class RtfCellEnds:
    """A cell of it ends."""


@dataclass(frozen=True, slots=True)
class RtfRowEnds:
    """The row ends, and these are its columns."""

    columns: RtfColumns


@dataclass(frozen=True, slots=True)
class RtfPicture:
    """A picture, and its size in points if it is known."""

    data: bytes
    size: tuple[float, float] | None


RtfEvent = RtfRun | RtfBreak | RtfAsideBegins | RtfRowBegins | RtfCellEnds | RtfRowEnds | RtfPicture
