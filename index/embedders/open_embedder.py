"""The embedder of a name: the bundled one, or a sentence-transformers model."""

from pathlib import Path

from index.embedders.embedder import Embedder
from index.embedders.onnx_embedder import OnnxEmbedder


def open_embedder(name: str | None = None, threads: int | None = None) -> Embedder:
    """The bundled embedder, also by its name, or the sentence-transformers model of that name or folder.

    A folder becomes its whole path, since a library remembers it, and may be opened from elsewhere.
    """
    bundled = OnnxEmbedder(threads=threads)
    if not name or name == bundled.name:
        return bundled
    from index.embedders.sentence_transformers import SentenceTransformersEmbedder

    folder = Path(name).expanduser()
    return SentenceTransformersEmbedder(str(folder.resolve()) if folder.is_dir() else name, threads=threads)
