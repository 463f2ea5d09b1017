"""A service as one user may see and change it: all that a door needs, and nothing of others."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index import DEFAULT_COLLECTION, Document, DocumentInfo, Filter, Hit, Outcome, UnknownDocument, normalise
from index.library.library import Progress
from index.library.page_pictures import PagePictures
from index.store.judgements import Judgements
from index.store.records import Named
from qa.access.viewer import EVERYONE, NotAllowed, Viewer
from qa.answering.answer import Answer
from qa.answering.turn import Turn
from qa.limits import check_collection, shortened
from qa.service.background import Background
from qa.service.queueing import Asker
from qa.service.service import Service

if TYPE_CHECKING:
    from qa.evaluate import Question, Result


class View:
    """The methods of Service that doors use, for `viewer`; NotAllowed where that is not for them.

    What is hidden from the viewer is left out before anything is searched, listed or counted, and looks like
    what is not there. `note` hears of every whole answer. Questions are those of `asker`, who may leave.
    """

    def __init__(
        self,
        service: Service,
        viewer: Viewer = EVERYONE,
        note: Callable[[Answer], None] | None = None,
        asker: Asker | None = None,
    ) -> None:
        self._service = service
        self._note = note
        self._asker = asker
        self.viewer = viewer

    def ask(self, question: str, history: Sequence[Turn | str] = (), filter: Filter = Filter()) -> Answer:
        *_, answer = self.stream(question, history, filter)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn | str] = (), filter: Filter = Filter()
    ) -> Iterator[Answer]:
        answer = None
        for answer in self._service.stream(question, history, self._seen(filter), self._asker):
            yield answer
        if answer and self._note:
            self._note(answer)

    def search(self, question: str, limit: int = 10, filter: Filter = Filter()) -> list[Hit]:
        return self._service.search(question, limit, self._seen(filter))

    def documents(self, filter: Filter = Filter()) -> list[DocumentInfo]:
        return self._service.documents(self._seen(filter))

    def names(self, filter: Filter = Filter()) -> list[Named]:
        """Little of each document, in the order of `documents`, and quickly."""
        return self._service.library.store.names(self._seen(filter))

    def document(self, document_id: str) -> Document:
        return self._service.document(document_id, self._seen())

    def document_at(self, document_id: str, places: Sequence[int] = ()) -> tuple[Document, list[int]]:
        """The document and these places in it, also by those that it had before its pictures were read."""
        now, moved = self._service.library.places_now(document_id, places)
        try:
            return self.document(now), moved
        except UnknownDocument:  # by the id that was given, since the other may be that of a hidden one
            return self.document(document_id), moved

    def adding(
        self,
        paths: Iterable[Path | str],
        collection: str = DEFAULT_COLLECTION,
        metadata: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Outcome]:
        self._must_edit(collection)
        return self._service.adding(paths, collection, metadata, progress)

    def add_texts(
        self, texts: Iterable[tuple[str, str]], collection: str = DEFAULT_COLLECTION
    ) -> list[Outcome]:
        """Adds texts that stand in no file, each as `(name, text)`."""
        self._must_edit(collection)
        return self._service.add_documents(texts, collection)

    def remove(self, document: str, collection: str = DEFAULT_COLLECTION) -> DocumentInfo:
        self._must_edit()
        return self._service.remove(document, collection, self._seen())

    def remove_many(self, document_ids: Sequence[str]) -> str:
        self._must_edit()
        self._must_see(document_ids)
        return self._service.remove_many(document_ids)

    def undo_removal(self, key: str) -> list[Outcome]:
        """Puts back what the key was given for, which nobody else can guess."""
        self._must_edit()
        return self._service.undo_removal(key)

    def move(self, document_ids: Sequence[str], collection: str) -> list[Outcome]:
        self._must_edit(collection)
        self._must_see(document_ids)
        return self._service.move(document_ids, collection)

    def evaluating(self, questions: "Sequence[Question]") -> "Iterator[Result]":
        """What became of each question, asked of what the viewer sees, as it is gone through."""
        # Not needed to answer.
        from qa.evaluate.asking import ask_library

        self._must_edit()
        return ask_library(self._service, questions, self._seen())

    @property
    def threshold(self) -> float:
        """The confidence below which the documents count as not saying."""
        return self._service.threshold

    def suggestions(self, document_id: str) -> list[str]:
        """Questions that the document answers surely."""
        return self._service.suggestions.of(document_id, self._seen())

    @property
    def pictures(self) -> PagePictures:
        """The pages of documents that `document` gave."""
        self._must_read()
        return self._service.pictures

    @property
    def judgements(self) -> Judgements:
        """What the viewer said of answers."""
        self._must_read()
        return Judgements(self._service.library.store, self.viewer.name)

    def background(self) -> Background:
        """What goes on by itself; without what can be told from it of hidden documents, or of folders."""
        state = self._service.background()
        if not self.viewer.name:
            return state
        seen = self._seen()
        library = self._service.library
        return replace(
            state,
            change=hash(tuple(library.store.ids(seen))) if seen else state.change,
            waiting=library.store.waiting(seen),
            pictures=library.pictures_left(seen),
            failure=state.failure if self.viewer.edits else "",
            pictures_failure=state.pictures_failure if self.viewer.edits else "",
            watched=tuple(
                one
                for one in state.watched
                if self.viewer.edits and normalise(one.collection) not in seen.hidden
            ),
        )

    def go_on_embedding(self) -> None:
        self._must_edit()
        self._service.go_on_embedding()

    def _seen(self, filter: Filter = Filter()) -> Filter:
        """The filter without what is hidden."""
        self._must_read()
        return replace(filter, hidden=(*filter.hidden, *self.viewer.hidden))

    def _must_read(self) -> None:
        if not self.viewer.reads:
            raise NotAllowed("This user sees the server's figures alone, and no documents.")

    def _must_see(self, document_ids: Sequence[str]) -> None:
        seen = {info.id for info in self.documents(Filter(documents=tuple(document_ids)))}
        for document_id in document_ids:
            if document_id not in seen:
                raise UnknownDocument(f"There is no document {shortened(document_id)}.")

    def _must_edit(self, collection: str = DEFAULT_COLLECTION) -> None:
        if not self.viewer.edits:
            raise NotAllowed("You may read here, but not change anything. An editor can.")
        check_collection(collection)
        if normalise(collection) in self.viewer.hidden:
            raise NotAllowed(f"The collection {shortened(collection)} is not one that you may add to.")
