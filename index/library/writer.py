"""A document's way into a library: looked up, split, named and written."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from index.documents.document import Document, id_of, normalise
from index.documents.names import free_name
from index.documents.passage import Place, split
from index.embedders.embedder import SPECIAL_TOKENS, Embedder
from index.library.outcome import Outcome, Status
from index.library.timing import Timing
from index.store.pictures import DocumentPictures, FilePictures
from index.store.store import DocumentInfo, Store


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document that comes with something to be kept beside it.

    `record` is called inside the transaction that writes the document, so that what it keeps in the store
    lives or dies with it; what it returns is the outcome. `sha256` is that of the file, or archive, that it
    was read from, by which it is known again while its pictures are still to be read.
    """

    document: Document
    record: Callable[[Outcome], Outcome]
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An arrival and the places of its passages, none if the library has its document already."""

    arrival: Arrival
    places: list[Place]


def prepare(store: Store, embedder: Embedder, one: Document | Arrival | Outcome) -> Prepared | Outcome:
    """The document, split so that the embedder can read its passages, or why there is nothing to write."""
    if isinstance(one, Outcome):
        return one
    document = _normalised(one.document if isinstance(one, Arrival) else one)
    known = _already(store.find(document.collection, source=document.identity), document)
    if known and isinstance(one, Document):
        return known
    arrival = one if isinstance(one, Arrival) else Arrival(document, _as_it_is)
    return Prepared(replace(arrival, document=document), [] if known else split_by(embedder, document))


def groups(prepared: Iterable[Prepared | Outcome], timing: Timing) -> Iterator[list[Prepared | Outcome]]:
    """Runs of documents that go into the word index together."""
    group: list[Prepared | Outcome] = []
    passages = 0
    began = time.monotonic()
    for one in prepared:
        group.append(one)
        passages += len(one.places) if isinstance(one, Prepared) else 0
        if passages >= timing.group_passages or time.monotonic() - began >= timing.group_seconds:
            yield group
            group, passages = [], 0
            began = time.monotonic()
    if group:
        yield group


def write(store: Store, embedder: Embedder, one: Prepared) -> Outcome:
    """Puts the document in, under the name that it has, or one that no other document has."""
    document = one.arrival.document
    with store.transaction():
        # Looked up again: it may have come twice in one batch, or from another process.
        old = store.find(document.collection, source=document.identity)
        outcome = _half_of(store, old, one.arrival) if document.left else _already(old, document)
        if not outcome:
            name = old.name if old else _free_name(store, document)
            named = replace(document, name=name, source=document.identity)
            places = one.places or split_by(embedder, named)
            store.add(named, places)
            if document.left:
                found = FilePictures(one.arrival.sha256, document.name, document.left)
                DocumentPictures(store).put(named.id, found)
            outcome = _outcome("replaced" if old else "added", named, len(places))
        return one.arrival.record(outcome)


def _normalised(document: Document) -> Document:
    """Its name identifies it when it has no source."""
    name, collection = normalise(document.name), normalise(document.collection)
    return replace(document, name=name, collection=collection, title=normalise(document.title))


def split_by(embedder: Embedder, document: Document) -> list[Place]:
    """The places of the document's passages, which the embedder can read."""
    return split(document, embedder.token_counts, embedder.maximum_length - SPECIAL_TOKENS)


def _free_name(store: Store, document: Document) -> str:
    return free_name(
        document.name,
        document.identity,
        lambda name: store.find(document.collection, name=name) is not None,
    )


def _already(known: DocumentInfo | None, document: Document) -> Outcome | None:
    """That the library has the document already, if it has."""
    if not known or id_of(document.collection, known.name, document.sha256) != known.id:
        return None
    return _outcome("unchanged", replace(document, name=known.name), known.passages)


def _half_of(store: Store, known: DocumentInfo | None, arrival: Arrival) -> Outcome | None:
    """That the library has the document with its pictures, or is about to read those of this very file."""
    pictures = DocumentPictures(store).of(known.id) if known else None
    if not known or not pictures or not arrival.sha256 or pictures.sha256 != arrival.sha256:
        return None
    unread = known.unread
    return Outcome(known.name, "unchanged", known.id, known.passages, "; ".join(unread), unread)


def _outcome(status: Status, document: Document, passages: int) -> Outcome:
    unread = document.unread
    return Outcome(document.name, status, document.id, passages, "; ".join(unread), unread)


def _as_it_is(outcome: Outcome) -> Outcome:
    return outcome
