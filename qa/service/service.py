"""The service behind every door: documents in, questions in, answers out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

from index import (
    DEFAULT_COLLECTION,
    Document,
    DocumentInfo,
    Embedder,
    Filter,
    Hit,
    Library,
    Limits,
    Outcome,
    QuestionError,
    SettingError,
    UnknownDocument,
    Watcher,
    WatchStatus,
    add_files,
    cores,
    open_embedder,
    sync_folder,
)
from index.library.library import Progress
from index.library.page_pictures import PagePictures
from qa.answering.answer import Answer
from qa.answering.answerer import Answerer
from qa.answering.question import checked
from qa.answering.turn import Turn, latest
from qa.limits import (
    check_collection,
    check_metadata,
    is_text,
    must_exist,
    must_still_exist,
    shortened,
)
from qa.reading.reader import Reader
from qa.reading.sentence_reader import SentenceReader
from qa.reading.span_reader import BUNDLED, SpanReader
from qa.service.background import Background, EmbedderChange
from qa.service.queueing import AnswerQueue, Asker
from qa.service.suggestions import Suggestions
from qa.service.texts import as_documents
from qa.service.undoing import Undoing
from qa.settings import Settings

# Of a library's collections, as many are named where one is asked for that is not there.
_MOST_NAMES = 20


class Service:
    """Questions in, answers with citations out; every method may be called from any thread."""

    def __init__(self, library: Library, reader: Reader, settings: Settings = Settings()) -> None:
        self.library = library
        self.reader = reader
        self.settings = settings
        self._answerer = Answerer(library, reader, settings)
        self.queue = AnswerQueue(settings.threads or cores())
        self.pictures = PagePictures(library, self._limits)
        self.undoing = Undoing(library)
        self.suggestions = Suggestions(self)
        self._watchers: list[Watcher] = []
        self._opened: Path | None = None

    @classmethod
    def open(
        cls,
        library: Path | str | None = None,
        settings: Settings | None = None,
        change_embedder: bool = True,
        create: bool = True,
    ) -> Self:
        """A service over the library in that folder, with the bundled models; settings from the environment
        unless given. A library that is not there is made, or with `create` false a LibraryError.

        An existing library keeps its embedder. When the settings name another one, the library is changed to
        it in the background while its own answers, and goes over in one step when all vectors are there; an
        opening that names none goes on with what was begun. With `change_embedder` false neither happens,
        and another embedder is a LibraryMismatch, unless the library is being changed to it already. The
        sentence reader keeps the embedder that it was opened with.
        """
        settings = settings or Settings.from_environment(library=str(library) if library else None)
        by_name = partial(open_embedder, threads=settings.threads or None)
        folder = Path(library).expanduser() if library else settings.library
        if not create:
            must_exist(folder)
        opened = Library.open(
            folder,
            by_name(settings.embedder) if settings.embedder else None,
            change_embedder,
            by_name,
            limits=Limits(settings.load_seconds, settings.load_megabytes),
        )
        service = cls(opened, _open_reader(settings, opened.embedder), settings)
        service._opened = folder
        return service

    def close(self) -> None:
        for watcher in self._watchers:
            watcher.stop()
        self.undoing.close()
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, question: str, history: Sequence[Turn | str] = (), filter: Filter = Filter()) -> Answer:
        """The answer to `question`, quoted from the documents; that they don't say is an Answer too.

        `history` holds the turns of the conversation before it, oldest first: Turns with their answer and the
        title of the document cited, or the questions alone; of a long one the latest are read. `filter` says
        which documents are searched.

        What comes back: an Answer. `answer.text` is the answer as one line, `answer.citations` the quotes it
        stands on, each with its sentence, file and page, `answer.confidence` the probability that it is
        right. Where the documents don't say, `answer.answered` is false and `answer.closest` shows the
        nearest passages.

        Errors, each of them a QuothError: QuestionError when the question is empty or too long, `history`
        holds what is no turn, or the filter a collection that is not there; SettingError when the filter
        holds what no document can have; Busy when too many wait for an answer; UnknownDocument when
        documents are removed again and again while they are read; LibraryError when the library is damaged
        or gone; ModelError when a model is.

        Example:
            answer = service.ask("When was the vault opened?")
            for citation in answer.citations:
                print(citation.quote, citation.name, citation.page)

        """
        *_, answer = self.stream(question, history, filter)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn | str] = (),
        filter: Filter = Filter(),
        asker: Asker | None = None,
    ) -> Iterator[Answer]:
        """Like `ask`, but yields the answer so far each time more passages have been read; the last is whole.

        Passages are read batch by batch, best first: for one thing until the answer is sure, for a list all
        that fit it well. When a document is removed while it is read, the question is searched for again.
        Questions are answered in turn, see `qa/service/queueing.py`; the work for an `asker` who leaves ends.
        """
        self._must_have(filter)
        checked(question)
        turns = tuple(latest(history))
        return self.queue.answers(
            (question, turns, filter, self.library.state()),
            lambda: self._answerer.stream(question, turns, filter),
            asker or Asker(),
        )

    @property
    def _limits(self) -> Limits:
        return Limits(self.settings.load_seconds, self.settings.load_megabytes)

    @property
    def threshold(self) -> float:
        """The confidence below which the documents count as not saying."""
        return self._answerer.threshold

    def search(self, question: str, limit: int = 10, filter: Filter = Filter()) -> list[Hit]:
        """The passages that fit the question best, best first."""
        if limit < 1:
            raise SettingError(f"limit is {limit}, but must be at least 1.")
        asked = checked(question)
        self._must_have(filter)
        return self.library.search(asked, limit, filter)

    def _must_have(self, filter: Filter) -> None:
        """QuestionError for a collection without a document: its name is most likely mistyped."""
        self._must_be_there()
        check_metadata(filter.metadata)
        for name in filter.collections:
            check_collection(name)
            named = Filter(collections=(name,), hidden=filter.hidden)
            if name != DEFAULT_COLLECTION and not self.library.counts(named)[0]:
                seen = self.library.documents(Filter(hidden=filter.hidden))
                there = sorted({info.collection for info in seen})
                shown = f" There are: {', '.join(there[:_MOST_NAMES])}." if there else ""
                raise QuestionError(f"There is no collection {shortened(name)}.{shown}")

    def check(self) -> None:
        """LibraryError when the library has gone, or can't be read."""
        self._must_be_there()
        self.library.counts()

    def _must_be_there(self) -> None:
        """LibraryError when the library has been deleted since it was opened."""
        if self._opened:
            must_still_exist(self._opened)

    def add(
        self,
        paths: Iterable[Path | str],
        collection: str = DEFAULT_COLLECTION,
        metadata: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> list[Outcome]:
        """Adds files, folders and globs; what can't be read is reported and costs nothing else."""
        return list(self.adding(paths, collection, metadata, progress))

    def adding(
        self,
        paths: Iterable[Path | str],
        collection: str = DEFAULT_COLLECTION,
        metadata: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Outcome]:
        """Like `add`, file by file as they go in."""
        self._must_be_there()
        check_collection(collection)
        metadata = check_metadata(metadata or {})
        keep = self.settings.keep_originals
        return add_files(self.library, paths, collection, metadata, progress, self._limits, keep)

    def add_documents(
        self,
        documents: Iterable[Document | tuple[str, str]],
        collection: str = DEFAULT_COLLECTION,
        metadata: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> list[Outcome]:
        """Adds texts that stand in no file, each as `(name, text)`; says what became of each.

        A text of a name that is there is replaced. A Document keeps its own collection, and gets `metadata`
        beside its own. SettingError for a name, a collection or metadata that can't be used; an empty text
        is reported as failed and costs nothing else.
        """
        self._must_be_there()
        check_collection(collection)
        made = as_documents(documents, collection, check_metadata(metadata or {}))
        return list(self.library.adding(made, progress))

    def sync(
        self,
        folder: Path | str,
        collection: str = DEFAULT_COLLECTION,
        *,
        dry_run: bool = False,
        delete_all: bool = False,
        progress: Progress | None = None,
    ) -> list[Outcome]:
        """Makes what the library has of the folder equal to it, and says what became of each file.

        FolderError, before anything is changed, when all its files are gone, unless `delete_all`.
        """
        return list(
            self.syncing(folder, collection, dry_run=dry_run, delete_all=delete_all, progress=progress)
        )

    def syncing(
        self,
        folder: Path | str,
        collection: str = DEFAULT_COLLECTION,
        *,
        dry_run: bool = False,
        delete_all: bool = False,
        progress: Progress | None = None,
    ) -> Iterator[Outcome]:
        """Like `sync`, file by file: what has been yielded is on disk."""
        check_collection(collection)
        return sync_folder(
            self.library,
            folder,
            collection,
            dry_run=dry_run,
            delete_all=delete_all,
            progress=progress,
            limits=self._limits,
        )

    def watch(
        self,
        folder: Path | str,
        collection: str = DEFAULT_COLLECTION,
        report: Callable[[Outcome], None] | None = None,
        on_status: Callable[[WatchStatus], None] | None = None,
    ) -> Watcher:
        """Keeps the library equal to the folder until the service is closed, in the background.

        `report` is called with every file that changed, `on_status` with every new status.
        """
        check_collection(collection)
        watcher = Watcher(self.library, folder, collection, report, on_status, self._limits)
        self._watchers.append(watcher)
        watcher.start()
        return watcher

    def watched(self) -> list[WatchStatus]:
        """The status of each watched folder."""
        return [watcher.status for watcher in self._watchers]

    def background(self) -> Background:
        """The state of the work in the background."""
        failure, pictures_failure = self.library.embedding_failure, self.library.pictures_failure
        waiting, pictures = self.library.store.waiting(), self.library.pictures_left()
        return Background(
            change=self.library.store.last_change(),
            waiting=waiting,
            failure=str(failure) if failure and waiting else "",
            watched=tuple(self.watched()),
            embedder_change=self._embedder_change(),
            pictures=pictures,
            pictures_failure=str(pictures_failure) if pictures_failure and pictures else "",
        )

    def _embedder_change(self) -> EmbedderChange | None:
        embedder, share = self.next_embedder()
        failure = self.library.change_failure
        return EmbedderChange(embedder, share, str(failure or "")) if embedder else None

    def go_on_embedding(self) -> None:
        """Tries again, in the background, to make the vectors that wait after an embedder that failed."""
        self.library.go_on_embedding()

    def wait_until_embedded(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until all pictures are read, and every passage is found by its vector, too.

        False when `timeout` seconds were too few; `progress` gets a name and the share that is done.
        """
        return self.library.wait_until_embedded(timeout, progress)

    def next_embedder(self) -> tuple[str, float]:
        """The embedder that the library is being changed to, empty when to none, and how much is done."""
        return self.library.next_embedder()

    def wait_until_changed(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until the library has the embedder that the settings name; like `wait_until_embedded`."""
        return self.library.wait_until_changed(timeout, progress)

    def documents(self, filter: Filter = Filter()) -> list[DocumentInfo]:
        """What is in the library, in the order of the names."""
        return self.library.documents(filter)

    def document(self, document_id: str, filter: Filter = Filter()) -> Document:
        """The whole document; UnknownDocument when none that passes the filter has that id."""
        wanted = replace(filter, documents=(document_id,))
        if filter and (not is_text(document_id) or not self.library.counts(wanted)[0]):
            raise UnknownDocument(f"There is no document with the id {document_id!r}.")
        return self.library.document(document_id)

    def remove(
        self, document: str, collection: str = DEFAULT_COLLECTION, filter: Filter = Filter()
    ) -> DocumentInfo:
        """Removes a document, named by id or by name and collection, from the disk and from every answer.

        UnknownDocument when none that passes the filter is of that id or name.
        """
        self._must_be_there()
        if not is_text(document) or not is_text(collection):
            raise UnknownDocument(f"There is no document {shortened(document)}.")
        named = self.library.find(document, collection)
        wanted = replace(filter, documents=(named.id if named else document,))
        found = self.library.documents(wanted)
        if not found:
            raise UnknownDocument(f"There is no document {document!r} in the collection {collection!r}.")
        self.library.remove(found[0].id)
        return found[0]

    def remove_many(self, document_ids: Sequence[str]) -> str:
        """Removes documents by id, all or none; what `undo_removal` takes, empty when it can't be undone.

        They are gone from the disk and from every answer at once. UnknownDocument when one is not there.
        """
        self._must_be_there()
        return self.undoing.remove(document_ids)

    def undo_removal(self, key: str) -> list[Outcome]:
        """Adds what `remove_many` removed again, durably; no outcome when that was too long ago."""
        self._must_be_there()
        return self.undoing.put_back(key)

    def move(self, document_ids: Sequence[str], collection: str) -> list[Outcome]:
        """Moves documents to another collection; an outcome for each, `failed` with a reason if it stays."""
        self._must_be_there()
        check_collection(collection)
        return self.library.move(document_ids, collection)


def _open_reader(settings: Settings, embedder: Embedder) -> Reader:
    if settings.reader == "sentence":
        return SentenceReader(embedder)
    folder = BUNDLED if settings.reader == "span" else Path(settings.reader)
    return SpanReader(folder, settings.threads or None, careful=settings.careful)
