"""A BERT-shaped encoder as an ONNX graph in 8 bits, written down node by node.

Written instead of exported for three reasons: nothing but numpy and onnx takes part, the same weights always
give the same bytes, and ONNX Runtime gets its fast operators directly (multi-head attention, residual + bias
+ layer normalisation, bias + GELU).

What is in 8 bits, and how:
- The weights of the matrix products: signed, symmetric, one scale for each output column, the values kept
  within ±64. Processors without VNNI add two u8·s8 products in 16 bits, which saturates with ±127; with
  ±64 it can't (255·64·2 = 32,640 < 32,767), so every processor computes the same, at the same speed. It
  costs the embedder 0.0007 of the mean cosine to the float model.
- Their inputs: unsigned, one fixed range for each product, measured by `training/input_ranges.py`. Ranges
  found anew for each batch, which is the usual way, make a text's result depend on the texts beside it
  (cosine of the embedder's vector to the one alone: 0.994 for alike passages, 0.97 for odd ones) and are
  less exact besides.
- The table of words: signed, symmetric, one scale a word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.input_ranges import Range

BERT_EPSILON = 1e-12
LARGEST_WEIGHT = 64
LARGEST_WORD = 127
ONNX_VERSION = 18
IR_VERSION = 10  # read by every ONNX Runtime since 1.18

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """A weight and a bias; a product's weight is [outputs, inputs], as torch keeps it."""

    weight: Array
    bias: Array


@dataclass(frozen=True)
class Layer:
    """One transformer layer; `joined` makes queries, keys and values at once."""

    joined: Weights
    mixed: Weights
    attention_norm: Weights
    expand: Weights
    contract: Weights
    output_norm: Weights


class Graph:
    """Nodes and constants in the order in which they were written; `ranges` are those of the products."""

    def __init__(self, ranges: Mapping[str, Range], epsilon: float = BERT_EPSILON) -> None:
        self.ranges = ranges
        self.epsilon = epsilon  # of the normalisations
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

    def model(
        self, name: str, inputs: Sequence[str], outputs: Mapping[str, Sequence[str | int]]
    ) -> onnx.ModelProto:
        """The whole: int64 [batch, length] `inputs` to float32 `outputs` of these shapes."""
        given = [helper.make_tensor_value_info(one, TensorProto.INT64, ["batch", "length"]) for one in inputs]
        made = [
            helper.make_tensor_value_info(one, TensorProto.FLOAT, shape) for one, shape in outputs.items()
        ]
        whole = helper.make_graph(self.nodes, name, given, made, self.constants)
        versions = [helper.make_opsetid("", ONNX_VERSION), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(whole, opset_imports=versions, ir_version=IR_VERSION)
        model.producer_name = "quoth"
        return model


def quantise(values: Array, axis: int, largest: int) -> tuple[NDArray[np.int8], Array]:
    """Symmetric int8 and its scales, one for each slice along `axis`."""
    scales = np.abs(values).max(axis=axis, keepdims=True) / np.float32(largest)
    scales[scales == 0] = 1.0
    return np.round(values / scales).astype(np.int8), scales.astype(np.float32)


def add_product(graph: Graph, hidden: str, name: str, weight: Array) -> str:
    """`hidden` times `weight` [outputs, inputs], in 8 bits; the bias comes with the next operator."""
    weight = weight.T
    given = graph.ranges[name]
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


def add_words(graph: Graph, words: Array, places: Array) -> str:
    """The rows of `input_ids` in the table of words, in 8 bits, plus those of their places."""
    values, scales = quantise(words, 1, LARGEST_WORD)
    rounded = graph.add("Gather", [graph.constant("words", values), "input_ids"], "words.rounded")
    scale = graph.add("Gather", [graph.constant("words.scale", scales), "input_ids"], "words.scales")
    whole = graph.add("Cast", [rounded], "words.float", to=TensorProto.FLOAT)
    scaled = graph.add("Mul", [whole, scale], "words.scaled")

    zero, one, two = (graph.constant(f"axis.{n}", np.array([n], np.int64)) for n in range(3))
    length = graph.add("Slice", [graph.add("Shape", ["input_ids"], "shape"), one, two], "length")
    place = graph.add("Slice", [graph.constant("places", places), zero, length], "place")
    return graph.add("Add", [scaled, place], "words.placed")


def add_norm(graph: Graph, hidden: str, norm: Weights) -> str:
    """The normalisation before the first layer."""
    constants = [
        graph.constant("words.norm.weight", norm.weight),
        graph.constant("words.norm.bias", norm.bias),
    ]
    return graph.add("LayerNormalization", [hidden, *constants], "words.norm", axis=-1, epsilon=graph.epsilon)


def add_residual(graph: Graph, residual: str, product: str, bias: Array, norm: Weights, name: str) -> str:
    """`residual` + `product` + the product's bias, normalised."""
    given = {"weight": norm.weight, "bias": norm.bias, "product_bias": bias}
    constants = [graph.constant(f"{name}.{part}", values) for part, values in given.items()]
    return graph.add_fused(
        "SkipLayerNormalization", [residual, product, *constants], name, epsilon=graph.epsilon
    )


def add_distances(graph: Graph, steps: NDArray[np.uint8], table: Array) -> str:
    """What attention adds for the distance of two tokens, [1, heads, length, length].

    `steps` [longest, longest] has the row of the `table` [steps, heads] for each two places.
    """
    first, both = graph.constant("corner", np.zeros(2, np.int64)), graph.constant("both", np.array([0, 1]))
    corner = graph.add("Concat", ["length", "length"], "square", axis=0)
    near = graph.add("Slice", [graph.constant("steps", steps), first, corner, both], "steps.near")
    rows = graph.add("Cast", [near], "steps.rows", to=TensorProto.INT32)
    biases = graph.add("Gather", [graph.constant("distances", table.T), rows], "distances.heads", axis=1)
    return graph.add("Unsqueeze", [biases, "axis.0"], "distances.bias")


def add_layer(graph: Graph, layer: Layer, name: str, heads: int, hidden: str, masks: list[str]) -> str:
    """One transformer layer."""
    bias = graph.constant(f"{name}.bias", layer.joined.bias)
    joined = add_product(graph, hidden, f"{name}.joined", layer.joined.weight)
    parts = [f"{name}.{part}" for part in ("query", "key", "value")]
    graph.add("Split", [joined], parts, axis=-1, num_outputs=3)
    mixed = graph.add_fused(
        "MultiHeadAttention", [*parts, bias, *masks], f"{name}.attention", num_heads=heads
    )
    product = add_product(graph, mixed, f"{name}.mixed", layer.mixed.weight)
    hidden = add_residual(graph, hidden, product, layer.mixed.bias, layer.attention_norm, f"{name}.attended")

    wide = add_product(graph, hidden, f"{name}.expand", layer.expand.weight)
    wide_bias = graph.constant(f"{name}.expand.bias", layer.expand.bias)
    wide = graph.add_fused("BiasGelu", [wide, wide_bias], f"{name}.gelu")
    product = add_product(graph, wide, f"{name}.contract", layer.contract.weight)
    return add_residual(graph, hidden, product, layer.contract.bias, layer.output_norm, f"{name}.output")


def add_layers(
    graph: Graph, layers: Sequence[Layer], heads: int, hidden: str, distances: str | None = None
) -> str:
    """The layers one after another; `attention_mask` hides the padding, `distances` is added to attention."""
    masks = [graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)]
    masks += [distances] if distances else []
    for number, layer in enumerate(layers):
        hidden = add_layer(graph, layer, f"layer.{number}", heads, hidden, masks)
    return hidden
