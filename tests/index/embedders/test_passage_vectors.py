import numpy as np
import pytest

from index import Document, Heading, Passage
from index.embedders.passage_vectors import passage_vectors
from index.testing.hashed_embedder import HashedEmbedder

TEXT = "Zebras graze on the plain while lions sleep under a tree."


class ShortSighted(HashedEmbedder):
    """Reads five words and its two marks, as a model does that cuts the rest."""

    maximum_length = 7

    def embed(self, texts: object) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        assert isinstance(texts, list)
        return super().embed([" ".join(text.split()[:5]) for text in texts])


def passage(text: str, title: str = "") -> Passage:
    return Passage(1, Document("a", text, title), 0, len(text))


def test_a_passage_is_embedded_with_its_context() -> None:
    embedder = HashedEmbedder()
    headed = Document("a", "Animals\nZebras graze.", "Africa", headings=(Heading(0, 7, 1),))
    passage_vectors(embedder, [Passage(1, headed, 8, 21), passage("Lions hunt.")])
    assert embedder.texts == ["Africa: Animals\nZebras graze.", "Lions hunt."]


def test_one_that_is_longer_than_the_embedder_reads_gets_the_mean_of_its_parts() -> None:
    embedder = ShortSighted()
    short, long = passage_vectors(embedder, [passage("Lions hunt."), passage(TEXT)])
    np.testing.assert_array_equal(short, HashedEmbedder().embed(["Lions hunt."])[0])
    parts = embedder.texts[1:]
    assert " ".join(parts) == TEXT
    mean = HashedEmbedder().embed(parts).mean(axis=0)
    np.testing.assert_allclose(long, mean / np.linalg.norm(mean), atol=1e-6)


@pytest.mark.parametrize("word", TEXT.split())
def test_no_word_of_a_long_passage_goes_unread(word: str) -> None:
    whole, other = passage_vectors(ShortSighted(), [passage(TEXT), passage(TEXT.replace(word, "otherwise"))])
    assert float(whole @ other) < 0.9999
