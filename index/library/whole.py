"""A document that is put in the place of the one without the text of its pictures."""

from collections.abc import Sequence
from dataclasses import replace

from index.documents.document import Document
from index.documents.passage import Place
from index.documents.places import Places
from index.library.originals import OriginalFiles
from index.store.pictures import DocumentPictures
from index.store.store import Store


def put_whole(
    store: Store,
    originals: OriginalFiles,
    number: int,
    whole: Document,
    places: Sequence[Place],
    read: bool,
) -> bool:
    """Puts it in, inside a transaction, if the document of that number still waits; whether it did.

    `read`: its pictures are; otherwise they are tried again when the file is added again. It keeps its name,
    collection and source, its metadata, and a copy of its file where pages of it can be shown.
    """
    noted = DocumentPictures(store)
    document_id = noted.id_of(number)
    if not document_id:
        return False  # removed or replaced meanwhile
    part, pictures = store.document(document_id), noted.of(document_id)
    original = originals.known(document_id)
    assert pictures
    document = replace(
        whole,
        name=part.name,
        collection=part.collection,
        source=part.identity,
        metadata={**whole.metadata, **part.metadata},
    )
    store.add(document, places)
    if original:  # whose copy is kept for those alone whose pages can be shown
        kept = original.kept and Places(document.places).drawn
        originals.restore(document.id, replace(original, kept=kept))
    if read:
        noted.put(document.id, replace(pictures, read=pictures.found))
    if document.id != part.id:
        noted.former(document.id, part)
    return True
