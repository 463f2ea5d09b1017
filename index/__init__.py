"""Documents in, ranked passages out."""

from index.check import Problem, check, rebuild
from index.document import DEFAULT_COLLECTION, Document, Heading, normalise
from index.embedder import Embedder, open_embedder
from index.errors import (
    DocumentError,
    FolderError,
    LibraryBusy,
    LibraryError,
    LibraryMismatch,
    ModelError,
    QuestionError,
    QuothError,
    SettingError,
    UnknownDocument,
)
from index.incoming import Synced
from index.intake import add_files
from index.library import Added, Library
from index.loaders import Limits
from index.onnx_model import OnnxModel
from index.passage import Hit, Passage
from index.sentences import sentences
from index.store import DocumentInfo, Filter
from index.sync import sync_folder
from index.terms import stem, terms
from index.transfer import export_library, import_library
from index.watch import Watcher, WatchStatus

__all__ = [
    "DEFAULT_COLLECTION",
    "Added",
    "Document",
    "DocumentError",
    "DocumentInfo",
    "Embedder",
    "Filter",
    "FolderError",
    "Heading",
    "Hit",
    "Library",
    "LibraryBusy",
    "LibraryError",
    "LibraryMismatch",
    "Limits",
    "ModelError",
    "OnnxModel",
    "Passage",
    "Problem",
    "QuestionError",
    "QuothError",
    "SettingError",
    "Synced",
    "UnknownDocument",
    "WatchStatus",
    "Watcher",
    "add_files",
    "check",
    "export_library",
    "import_library",
    "normalise",
    "open_embedder",
    "rebuild",
    "sentences",
    "stem",
    "sync_folder",
    "terms",
]
