"""One page of a PDF, or a picture of one, as it is read."""

from dataclasses import dataclass, field

from index.documents.places import PagePlace
from index.loaders.pdf.glyphs import Box
from index.loaders.pdf.lines import Line


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its lines, the comments on it, why parts of it can't be read, and its shape.

    `picture`: it holds no text of its own. `pictures`: where something is drawn that may be text.
    """

    lines: list[Line] = field(default_factory=list)
    comments: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    picture: bool = False
    pictures: tuple[Box, ...] = ()
    shape: Box = (0.0, 0.0, 1.0, 1.0)
    rotation: int = 0  # degrees, with the clock, by which a viewer turns it

    def place(self, start: int, number: int, box: Box, scanned: bool) -> PagePlace:
        """The box, in points from the page's lower left, as a place on the page as it is shown."""
        left, bottom, right, top = self.shape
        width, height = max(right - left, 1e-6), max(top - bottom, 1e-6)
        x0, x1 = (box[0] - left) / width, (box[2] - left) / width
        y0, y1 = (top - box[3]) / height, (top - box[1]) / height
        match self.rotation:
            case 90:
                x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
            case 180:
                x0, y0, x1, y1 = 1 - x1, 1 - y1, 1 - x0, 1 - y0
            case 270:
                x0, y0, x1, y1 = y0, 1 - x1, y1, 1 - x0
        return PagePlace(start, number, x0, y0, x1, y1, scanned)
