"""A document of the store: its facts are read at once, its text when it is used."""

import json
from collections.abc import Callable
from functools import cached_property

from index.documents.document import Document, Heading


class StoredDocument(Document):
    """A document whose text and layout are read when they are first used.

    `load` gives its text, where `text` is not known yet, `load_layout` its pages, headings and what is unread
    as JSON, `load_places` its packed places.
    UnknownDocument when it has been removed in the meantime.
    """

    def __init__(
        self,
        id: str,
        name: str,
        title: str,
        collection: str,
        metadata: str,
        source: str,
        load: Callable[[], str],
        load_layout: Callable[[], tuple[str, str, str]],
        load_places: Callable[[], bytes],
        text: str | None = None,
    ) -> None:
        self.__dict__.update(
            id=id,
            name=name,
            title=title,
            collection=collection,
            metadata=json.loads(metadata),
            source=source,
        )
        self.__dict__.update(_load=load, _load_layout=load_layout, _load_places=load_places)
        if text is not None:
            self.__dict__["text"] = text

    _load: Callable[[], str]
    _load_layout: Callable[[], tuple[str, str, str]]
    _load_places: Callable[[], bytes]

    @cached_property
    def text(self) -> str:
        return self._load()

    @cached_property
    def places(self) -> bytes:
        return self._load_places()

    @cached_property
    def _layout(self) -> tuple[tuple[int, ...], tuple[Heading, ...], tuple[str, ...]]:
        pages, headings, unread = map(json.loads, self._load_layout())
        return tuple(pages), tuple(Heading(*heading) for heading in headings), tuple(unread)

    @property
    def pages(self) -> tuple[int, ...]:
        return self._layout[0]

    @property
    def headings(self) -> tuple[Heading, ...]:
        return self._layout[1]

    @property
    def unread(self) -> tuple[str, ...]:
        return self._layout[2]

    @property
    def loaded(self) -> bool:
        """Whether its text is in memory."""
        return "text" in self.__dict__

    def load(self) -> None:
        """Reads its text and layout now."""
        assert self.text is not None and self._layout is not None

    def whole(self) -> Document:
        """The same as a document that depends on no store."""
        return Document(
            self.name,
            self.text,
            self.title,
            self.pages,
            self.headings,
            self.collection,
            self.metadata,
            self.source,
            self.places,
            self.unread,
        )

    def __eq__(self, other: object) -> bool:
        return self.whole() == (other.whole() if isinstance(other, StoredDocument) else other)

    __hash__ = None  # type: ignore[assignment]
