"""The service behind every door: documents in, questions in, answers out."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from index import (
    DEFAULT_COLLECTION,
    Added,
    Document,
    DocumentInfo,
    Filter,
    Hit,
    Library,
    Limits,
    UnknownDocument,
    add_files,
    open_embedder,
)
from index.library import Progress
from qa.answer import Answer, Searched
from qa.compose import compose
from qa.question import checked, resolve, wants_several
from qa.reader import Reader, Span
from qa.sentence_reader import SentenceReader
from qa.settings import Settings
from qa.span_reader import SpanReader


class Service:
    """Questions in, answers with citations out; every method may be called from any thread."""

    def __init__(self, library: Library, reader: Reader, settings: Settings = Settings()) -> None:
        self.library = library
        self.reader = reader
        self.settings = settings

    @classmethod
    def open(cls, library: Path | str | None = None, settings: Settings | None = None) -> Self:
        """A service over the library in that folder, with the bundled models; settings from the environment
        unless given.
        """
        settings = settings or Settings.from_environment(library=str(library) if library else None)
        embedder = open_embedder(settings.embedder or None, settings.threads or None)
        opened = Library.open(Path(library) if library else settings.library, embedder)
        reader = (
            SentenceReader(embedder)
            if settings.reader == "sentence"
            else SpanReader(threads=settings.threads or None)
        )
        return cls(opened, reader, settings)

    def close(self) -> None:
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, question: str, history: Sequence[str] = (), filter: Filter = Filter()) -> Answer:
        """The answer to `question`; `history` holds the earlier questions of the conversation, oldest first.

        QuestionError when it is empty or too long. That the documents don't say is an answer, not an error.
        """
        *_, answer = self.stream(question, history, filter)
        return answer

    def stream(
        self, question: str, history: Sequence[str] = (), filter: Filter = Filter()
    ) -> Iterator[Answer]:
        """Like `ask`, but yields the answer so far each time more passages have been read; the last is whole.

        A question for one thing is answered from one batch of passages, one for several from more.
        """
        began = time.perf_counter()
        asked = resolve(checked(question), history)
        several = wants_several(asked)
        batch = self.settings.passages
        hits = self.library.search(asked, self.settings.list_passages if several else batch, filter)
        searched = Searched(*self.library.counts(filter))
        threshold = self.reader.threshold if self.settings.threshold is None else self.settings.threshold
        spans: list[Span] = []

        def so_far(several: bool) -> Answer:
            spans.sort(key=lambda span: -span.probability)
            return compose(
                asked,
                spans,
                hits,
                threshold=threshold,
                several=several,
                searched=searched,
                milliseconds=1000 * (time.perf_counter() - began),
            )

        for start in range(0, max(len(hits), 1), batch):
            spans += self.reader.read(asked, hits[start : start + batch], several)
            answer = so_far(several)
            yield answer
        if several and not answer.answered:
            # A list of one, or a question that only looked as if it asked for several.
            spans += self.reader.read(asked, hits[:batch])
            yield so_far(several=False)

    def search(self, question: str, limit: int = 10, filter: Filter = Filter()) -> list[Hit]:
        """The passages that fit the question best, best first."""
        return self.library.search(checked(question), limit, filter)

    def add(
        self,
        paths: Iterable[Path | str],
        collection: str = DEFAULT_COLLECTION,
        metadata: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> list[Added]:
        """Adds files, folders and globs; what can't be read is reported and costs nothing else."""
        return list(self.adding(paths, collection, metadata, progress))

    def adding(
        self,
        paths: Iterable[Path | str],
        collection: str = DEFAULT_COLLECTION,
        metadata: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Added]:
        """Like `add`, file by file as they go in."""
        limits = Limits(self.settings.load_seconds, self.settings.load_megabytes)
        return add_files(self.library, paths, collection, metadata, progress, limits)

    def documents(self, filter: Filter = Filter()) -> list[DocumentInfo]:
        """What is in the library, in the order of the names."""
        return self.library.documents(filter)

    def document(self, document_id: str) -> Document:
        """The whole document; UnknownDocument when there is none of that id."""
        return self.library.document(document_id)

    def remove(self, document: str, collection: str = DEFAULT_COLLECTION) -> DocumentInfo:
        """Removes a document, named by id or by name and collection, from the disk and from every answer."""
        named = self.library.find(document, collection)
        found = [named] if named else self.library.documents(Filter(documents=(document,)))
        if not found:
            raise UnknownDocument(f"There is no document {document!r} in the collection {collection!r}.")
        self.library.remove(found[0].id)
        return found[0]
