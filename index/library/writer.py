"""A document's way into a library: looked up, split, and written in groups."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from index.documents.document import Document, normalise
from index.documents.passage import Place, split
from index.embedders.embedder import SPECIAL_TOKENS, Embedder
from index.store.store import Store

# Documents go into the word index together, up to this many passages and for no longer than this.
_BATCH_PASSAGES = 256
_BATCH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one document or file that was to go in; `removed` when its archive lacks it now."""

    name: str
    status: Literal["added", "replaced", "unchanged", "failed", "removed"]
    document_id: str | None = None
    passages: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that the library doesn't have, and the places of its passages."""

    document: Document
    places: list[Place]


def prepare(store: Store, embedder: Embedder, document: Document | Added) -> Prepared | Added:
    """The document, split so that the embedder can read its passages, or why there is nothing to add."""
    if isinstance(document, Added):
        return document
    document = replace(document, name=normalise(document.name), title=normalise(document.title))
    known = _already(store, document)
    if known:
        return known
    return Prepared(
        document, split(document, embedder.token_counts, embedder.maximum_length - SPECIAL_TOKENS)
    )


def groups(prepared: Iterable[Prepared | Added]) -> Iterator[list[Prepared | Added]]:
    """Runs of documents that go into the word index together."""
    group: list[Prepared | Added] = []
    passages = 0
    began = time.monotonic()
    for one in prepared:
        group.append(one)
        passages += len(one.places) if isinstance(one, Prepared) else 0
        if passages >= _BATCH_PASSAGES or time.monotonic() - began >= _BATCH_SECONDS:
            yield group
            group, passages = [], 0
            began = time.monotonic()
    if group:
        yield group


def write(store: Store, one: Prepared) -> Added:
    """Puts the document in, without vectors."""
    document = one.document
    # Looked at again: the same text may have come twice in one batch, or from another process.
    known = _already(store, document)
    if known:
        return known
    old = store.find(document.collection, name=document.name)
    store.add(document, one.places)
    return Added(document.name, "replaced" if old else "added", document.id, len(one.places))


def _already(store: Store, document: Document) -> Added | None:
    """The document in the library that makes this one superfluous."""
    named = store.find(document.collection, name=document.name)
    same = store.find(document.collection, sha256=document.sha256)
    if same and (named is None or named.id == document.id):
        reason = "" if named else f"the same text as {same.name}"
        return Added(document.name, "unchanged", same.id, same.passages, reason)
    return None
