"""What the tests of more than one file need."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from index.embedders.sentence_transformers import SentenceTransformersEmbedder
from index.testing.hashed_embedder import HashedEmbedder
from index.testing.library_process import Zygote

# The same examples every time; `python -m benchmarks.properties` tries many more, others each time.
settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.load_profile("fixed")

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "company", "bread", "police", "who", "short", "one", "."]


@pytest.fixture
def embedder() -> HashedEmbedder:
    return HashedEmbedder()


@pytest.fixture
def zygote() -> Iterator[Zygote]:
    with Zygote() as running:
        yield running


@pytest.fixture
def memory_folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a place: a kill, unlike a power cut, takes nothing from a file system."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> SentenceTransformersEmbedder:
    """A sentence-transformers model of random weights, made on the spot and read from a folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    base, folder = tmp_path_factory.mktemp("base"), tmp_path_factory.mktemp("tiny")
    (base / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    BertTokenizer(vocab=str(base / "vocab.txt")).save_pretrained(base)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(base)
    transformer = Transformer(str(base), max_seq_length=16)
    SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu").save(str(folder))
    return SentenceTransformersEmbedder(str(folder), threads=1)
