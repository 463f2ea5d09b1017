"""Documents in, ranked passages out."""

from index.documents.document import DEFAULT_COLLECTION, Document, Heading, normalise
from index.documents.passage import Hit, Passage
from index.documents.sentences import quotable, sentences
from index.documents.terms import stem, terms
from index.embedders.embedder import Embedder
from index.embedders.onnx_model import OnnxModel, cores
from index.embedders.open_embedder import open_embedder
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
from index.intake.add import add_files
from index.intake.sync import sync_folder
from index.intake.watch import Watcher, WatchStatus
from index.library.library import Library
from index.library.outcome import Outcome
from index.loaders import Limits
from index.store.store import DocumentInfo, Filter
from index.upkeep.check import Problem, check, rebuild
from index.upkeep.transfer import export_library, import_library

__all__ = [
    "DEFAULT_COLLECTION",
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
    "Outcome",
    "Passage",
    "Problem",
    "QuestionError",
    "QuothError",
    "SettingError",
    "UnknownDocument",
    "WatchStatus",
    "Watcher",
    "add_files",
    "check",
    "cores",
    "export_library",
    "import_library",
    "normalise",
    "open_embedder",
    "quotable",
    "rebuild",
    "sentences",
    "stem",
    "sync_folder",
    "terms",
]
