"""What goes into the store and what comes out: filters, documents in a list, changes, vectors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.documents.document import Document, normalise

# The one key whose value is several values with commas between them.
TAGS = "tags"

ChangeKind = Literal["added", "removed", "embedded"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents a question is asked of; an empty field limits nothing.

    A document passes when its metadata have every value of `metadata`; under the key `tags`, whose value
    is a list with commas between its items, when one of them is the value. Those of the collections in
    `hidden` never pass, whatever else is said.
    """

    collections: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # In the form in which the library stores them.
        for name in ("collections", "hidden"):
            object.__setattr__(self, name, tuple(map(normalise, getattr(self, name))))

    def __hash__(self) -> int:
        return hash((self.collections, self.documents, frozenset(self.metadata.items()), self.hidden))

    def __bool__(self) -> bool:
        return bool(self.collections or self.documents or self.metadata or self.hidden)


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is shown of a document in a list; `embedded` of its passages have a vector by now.

    `source`: where it came from, its name if that is unknown. `unread`: what of the file could not be read.
    `pictures`: how many pictures in it are being read, of which `pictures_read` are done; 0 when none is.
    """

    id: str
    name: str
    collection: str
    title: str
    metadata: Mapping[str, str]
    added: str
    characters: int
    passages: int
    pages: int
    embedded: int = 0
    source: str = ""
    unread: tuple[str, ...] = ()
    pictures: int = 0
    pictures_read: int = 0


class Named(NamedTuple):
    """As much of a document as is needed to find it in a list: of ten thousand, all are read at once."""

    id: str
    name: str
    collection: str


class ChangesForgotten(Exception):
    """The changes asked for are no longer all kept: an index that lacks them is rebuilt."""


@dataclass(frozen=True, slots=True)
class Change:
    """A document that was added, removed or embedded, with the half-open run of passage numbers concerned."""

    id: int
    kind: ChangeKind
    document_id: str
    first_passage: int
    end_passage: int


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """Passages' ids [n] and their vectors [n, dimension]."""

    ids: NDArray[np.int64]
    rows: NDArray[np.float32]


def passes(filter: Filter, document: Document) -> bool:
    """Whether the filter lets the document through."""
    return (
        document.collection not in filter.hidden
        and (not filter.collections or document.collection in filter.collections)
        and (not filter.documents or document.id in filter.documents)
        and filter.metadata.items() <= labels(document.metadata)
    )


def labels(metadata: Mapping[str, str]) -> set[tuple[str, str]]:
    """What a document can be filtered by: each key with its value, and each of its tags."""
    tags = {(TAGS, part.strip()) for part in metadata.get(TAGS, "").split(",") if part.strip()}
    return {*metadata.items(), *tags}
