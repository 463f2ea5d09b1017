"""Questions in, answers with citations out: everything a program needs, from one place."""

from index import (
    DEFAULT_COLLECTION,
    Document,
    DocumentError,
    DocumentInfo,
    Embedder,
    Filter,
    FolderError,
    Heading,
    Hit,
    Library,
    LibraryBusy,
    LibraryError,
    LibraryMismatch,
    ModelError,
    Outcome,
    Passage,
    QuestionError,
    QuothError,
    SettingError,
    UnknownDocument,
    Watcher,
    WatchStatus,
)
from qa.answering.answer import Answer, Citation, Form, Item, Searched
from qa.answering.turn import Turn
from qa.reading.reader import Reader, Reading, Span
from qa.service.background import Background, EmbedderChange
from qa.service.queueing import Asker, Busy, Left
from qa.service.service import Service
from qa.settings import Settings

__all__ = [  # noqa: RUF022 - grouped by what they are for
    # The service and how it works
    "Service",
    "Settings",
    # What is asked, and what comes back for it
    "Turn",
    "Asker",
    "Answer",
    "Citation",
    "Form",
    "Item",
    "Searched",
    "Hit",
    "Passage",
    # Documents, and which of them are meant
    "Document",
    "DocumentInfo",
    "Filter",
    "Heading",
    "DEFAULT_COLLECTION",
    # What became of files and folders
    "Outcome",
    "Watcher",
    "WatchStatus",
    "Background",
    "EmbedderChange",
    # Parts of a service that can be replaced
    "Embedder",
    "Library",
    "Reader",
    "Reading",
    "Span",
    # Errors, all of them QuothError
    "QuothError",
    "Busy",
    "DocumentError",
    "FolderError",
    "Left",
    "LibraryBusy",
    "LibraryError",
    "LibraryMismatch",
    "ModelError",
    "QuestionError",
    "SettingError",
    "UnknownDocument",
]
