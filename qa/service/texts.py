"""Texts that stand in no file, on their way into the library."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from index import Document, Outcome, SettingError, normalise
from qa.limits import check_collection, check_metadata, shortened

LONGEST_NAME = 1_000


def as_documents(
    texts: Iterable[Document | tuple[str, str]], collection: str, metadata: Mapping[str, str]
) -> Iterator[Document | Outcome]:
    """A Document for each text, or what became of one that is empty."""
    for one in texts:
        document = one if isinstance(one, Document) else _document(one, collection)
        check_collection(document.collection)
        described = check_metadata({**document.metadata, **metadata})
        if document.text:
            yield replace(document, metadata=described)
        else:
            yield Outcome(document.name, "failed", reason="The text is empty.")


def _document(pair: tuple[str, str], collection: str) -> Document:
    if not (isinstance(pair, tuple | list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)):
        raise SettingError(f"A text is {shortened(pair)}, but must be a pair of a name and a text.")
    name, text = normalise(pair[0]), normalise(pair[1])
    if not 0 < len(name) <= LONGEST_NAME or "\n" in name:
        raise SettingError(
            f"A text has the name {shortened(name)}, but needs one of 1 to {LONGEST_NAME:,} characters."
        )
    return Document(name, text, collection=collection)
