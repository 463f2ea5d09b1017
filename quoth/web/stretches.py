"""Citations by the stretch of text that they stand in: what is shown once, under one number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import Document, UnknownDocument
from qa import Citation
from quoth.web.marked import Place

FindDocument = Callable[[str], Document]

# Citations nearer than this are read together, up to a stretch of the longest length; in characters.
_NEAR = 320
_LONGEST = 1_200


@dataclass(frozen=True, slots=True)
class Stretch:
    """Citations that stand together in one document, on one page."""

    number: int
    citations: tuple[Citation, ...]

    @property
    def first(self) -> Citation:
        return self.citations[0]

    @property
    def sentence(self) -> Place:
        """From the first sentence of its citations to the end of the last one."""
        return (
            min(citation.sentence_start for citation in self.citations),
            max(citation.sentence_end for citation in self.citations),
        )

    @property
    def quotes(self) -> list[Place]:
        return [(citation.start, citation.end) for citation in self.citations]

    @property
    def also(self) -> list[str]:
        """The other documents that have one of its passages."""
        return list(dict.fromkeys(name for citation in self.citations for name in citation.also))


def stretches(citations: Sequence[Citation]) -> list[Stretch]:
    """The citations in their order, each with the earlier ones that it stands beside."""
    groups: list[list[Citation]] = []
    for citation in citations:
        beside = next((group for group in groups if _fits(group, citation)), None)
        if beside is None:
            groups.append([citation])
        else:
            beside.append(citation)
    return [Stretch(number, tuple(group)) for number, group in enumerate(groups, 1)]


def numbers(found: Sequence[Stretch]) -> dict[int, int]:
    """The number of each citation's stretch, by the citation's own."""
    return {citation.number: one.number for one in found for citation in one.citations}


def document_of(stretch: Stretch, find: FindDocument) -> Document | None:
    """The document as long as it still says what was quoted; None when it was deleted or replaced."""
    try:
        document = find(stretch.first.document_id)
    except UnknownDocument:
        return None
    same = all(document.text[one.start : one.end] == one.quote for one in stretch.citations)
    return document if same else None


def _fits(group: Sequence[Citation], citation: Citation) -> bool:
    if (group[0].document_id, group[0].page) != (citation.document_id, citation.page):
        return False
    starts = [one.sentence_start for one in group]
    ends = [one.sentence_end for one in group]
    near = citation.sentence_start <= max(ends) + _NEAR and min(starts) <= citation.sentence_end + _NEAR
    together = max(*ends, citation.sentence_end) - min(*starts, citation.sentence_start)
    return near and together <= _LONGEST
