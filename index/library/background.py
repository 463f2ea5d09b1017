"""What a library does beside answering: vectors, the text of pictures, and a change of its embedder."""

import time

from index.embedders.embedder import Embedder
from index.errors import QuothError
from index.library.background_worker import Progress
from index.library.embedder_in_use import EmbedderInUse
from index.library.embedding_worker import EmbeddingWorker
from index.library.picture_worker import PictureWorker
from index.store.pictures import DocumentPictures
from index.store.records import Filter
from index.store.reembedding import Reembedding
from index.store.store import Store


class BackgroundWork:
    """The part of a Library that starts the work in its background, waits for it and says how it stands.

    Every method may be called from any thread.
    """

    def __init__(
        self, store: Store, embedders: EmbedderInUse, embedding: EmbeddingWorker, pictures: PictureWorker
    ) -> None:
        self._store = store
        self._embedders = embedders
        self._embedding = embedding
        self._pictures = pictures

    def wait_until_embedded(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until all pictures are read and every passage has its vector; False when it takes longer.

        `progress` gets what is read, such as a page of a document, empty when it is vectors, and the share
        that is done.
        """
        began = time.monotonic()
        if not self._pictures.wait(timeout, progress):
            return False
        left = None if timeout is None else max(timeout - (time.monotonic() - began), 0.0)
        return self._embedding.wait(left, progress)

    def go_on_embedding(self) -> None:
        """Embeds passages without vectors in the background, also after an embedder that failed.

        Reads pictures, too.
        """
        self._pictures.start()
        if self._store.waiting():
            self._embedding.start()

    def pictures_left(self, filter: Filter = Filter()) -> int:
        """How many pictures of the documents that pass the filter are still to be read."""
        return DocumentPictures(self._store).left(filter)[0]

    @property
    def embedding_failure(self) -> QuothError | None:
        """The error that ended the embedding in this process; None after it has been started again."""
        return self._embedding.failure

    @property
    def pictures_failure(self) -> QuothError | None:
        """The error that ended the reading of pictures in this process; None once it has begun again."""
        return self._pictures.failure

    @property
    def change_failure(self) -> QuothError | None:
        """The error that ended the change of the embedder in this process, until it is asked for again."""
        return self._embedding.change.failure

    def change_embedder(self, embedder: Embedder, after: float = 0.0) -> None:
        """Changes the library to that embedder, from `after` seconds on, in the background.

        Its own embedder ends a change to another one, whose vectors go.
        """
        self._embedders.expected = embedder
        self._embedding.change.ask(embedder)
        self._embedding.start(after)

    def next_embedder(self) -> tuple[str, float]:
        """The embedder that the library is being changed to, empty when to none; the share done, 0 to 1."""
        begun, asked = Reembedding(self._store), self._embedding.change.asked
        name = asked.name if asked and asked.name != self._store.made_with() else begun.embedder
        return name, begun.share() if name == begun.embedder else 0.0

    def wait_until_changed(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until the change of the embedder that this library was asked for is done, or given up.

        Like `wait_until_embedded`; raises the error that ended it.
        """
        return self._embedding.wait_for_change(timeout, progress)
