"""A document on its way from one collection to another."""

from index.documents.names import free_name
from index.library.outcome import Outcome
from index.store.store import Filter, Store


def move_to(store: Store, document_id: str, collection: str) -> Outcome:
    """Moves it, inside a transaction; it keeps its passages and vectors, and its name if that is free."""
    found = store.documents(Filter(documents=(document_id,)))
    if not found:
        return Outcome(document_id, "failed", reason="it is no longer there")
    (info,) = found
    if info.collection == collection:
        return Outcome(info.name, "unchanged", info.id)
    if store.synced(info.id):
        return Outcome(
            info.name, "failed", reason="it belongs to a synced folder, and stays in its collection"
        )
    if store.find(collection, source=info.source):
        return Outcome(info.name, "failed", reason=f"the collection {collection} has it already")
    name = free_name(info.name, info.source, lambda name: store.find(collection, name=name) is not None)
    source = name if info.source == info.name else info.source
    moved = store.move(info.id, name, source, info.metadata, collection)
    return Outcome(name, "moved", moved, info.passages, f"was in {info.collection}")
