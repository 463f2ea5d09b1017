"""What the store is asked with and what it tells: filters, documents in a list, changes, vectors."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

# The one key whose value is several values with commas between them.
TAGS = "tags"

Kind = Literal["added", "removed", "embedded"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents a question is asked of; an empty field limits nothing.

    A document passes when its metadata have every value of `metadata`; under the key `tags`, whose value
    is a list with commas between its items, when one of them is the value.
    """

    collections: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.collections or self.documents or self.metadata)

    def where(self) -> tuple[str, tuple[str, ...]]:
        """The condition on the table of documents and the values to bind to it."""
        conditions: list[str] = []
        values: list[str] = []
        for column, wanted in (("collection", self.collections), ("id", self.documents)):
            if wanted:
                # One value however many are wanted: SQLite binds only so many.
                conditions.append(f"documents.{column} IN (SELECT value FROM json_each(?))")
                values.append(json.dumps(wanted))
        for pair in self.metadata.items():
            conditions.append("documents.number IN (SELECT document FROM labels WHERE key = ? AND value = ?)")
            values += pair
        return ("WHERE " + " AND ".join(conditions) if conditions else ""), tuple(values)


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is shown of a document in a list; `embedded` of its passages have a vector by now."""

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


@dataclass(frozen=True, slots=True)
class Renaming:
    """A document's new name, and what its metadata say from then on."""

    document_id: str
    name: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A document that came, went or got vectors, with the half-open run of passage numbers concerned."""

    id: int
    kind: Kind
    document_id: str
    first_passage: int
    end_passage: int


@dataclass(frozen=True, slots=True)
class Vectors:
    """Passages' ids [n] and their vectors [n, dimension]."""

    ids: NDArray[np.int64]
    rows: NDArray[np.float32]


def labels(metadata: Mapping[str, str]) -> set[tuple[str, str]]:
    """What a document can be filtered by: each key with its value, and each of its tags."""
    tags = {(TAGS, part.strip()) for part in metadata.get(TAGS, "").split(",") if part.strip()}
    return {*metadata.items(), *tags}
