"""Documents in, ranked passages out."""

from index.check import Problem, check, rebuild
from index.document import DEFAULT_COLLECTION, Document, Heading, normalise
from index.embedder import Embedder, open_embedder
from index.errors import (
    DocumentError,
    LibraryBusy,
    LibraryError,
    LibraryMismatch,
    ModelError,
    QuestionError,
    QuothError,
    SettingError,
    UnknownDocument,
)
from index.intake import add_files
from index.library import Added, Library
from index.onnx_model import OnnxModel
from index.passage import Hit, Passage
from index.sentences import sentences
from index.store import DocumentInfo, Filter
from index.terms import terms
from index.transfer import export_library, import_library

__all__ = [
    "DEFAULT_COLLECTION",
    "Added",
    "Document",
    "DocumentError",
    "DocumentInfo",
    "Embedder",
    "Filter",
    "Heading",
    "Hit",
    "Library",
    "LibraryBusy",
    "LibraryError",
    "LibraryMismatch",
    "ModelError",
    "OnnxModel",
    "Passage",
    "Problem",
    "QuestionError",
    "QuothError",
    "SettingError",
    "UnknownDocument",
    "add_files",
    "check",
    "export_library",
    "import_library",
    "normalise",
    "open_embedder",
    "rebuild",
    "sentences",
    "terms",
]
