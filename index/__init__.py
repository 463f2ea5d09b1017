"""Documents in, ranked passages out."""

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
from index.lexical import terms
from index.library import Added, Library
from index.loaders import Limits
from index.onnx_model import OnnxModel
from index.passage import Hit, Passage
from index.sentences import sentences
from index.store import DocumentInfo, Filter

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
    "Limits",
    "ModelError",
    "OnnxModel",
    "Passage",
    "QuestionError",
    "QuothError",
    "SettingError",
    "UnknownDocument",
    "add_files",
    "normalise",
    "open_embedder",
    "sentences",
    "terms",
]
