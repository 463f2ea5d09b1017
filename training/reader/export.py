"""Export a checkpoint to int8 ONNX: `python export.py --base FOLDER --checkpoint final.pt --out FOLDER`.

`training/int8_graph.py` says what is in 8 bits, and how; the heads stay in float. The ranges are measured
on `--data` and left in the folder as `ranges.json`; with `--ranges` those of a file are taken, and the same
checkpoint then gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from features import MAXIMUM_LENGTH
from model import Reader
from ranges import layers, load_reader, load_tokenizer, measure, write
from tokenizers import Tokenizer
from torch import nn

sys.path.append(str(Path(__file__).parents[2]))  # after this folder, which is first when a script of it runs
from training.input_ranges import Range
from training.int8_graph import Array, Graph, Layer, Weights, add_layers, add_norm, add_words

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = ["start", "end", "answerable", "items"]
VERSION = "5"


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True, help="the mean of several")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--ranges", type=Path, help="of this checkpoint, by ranges.py, instead of measuring")
    parser.add_argument(
        "--float", type=Path, help="folder for the same in floating point, to measure the loss"
    )
    return parser.parse_args()


def array(values: torch.Tensor) -> Array:
    """A parameter in numpy."""
    return values.detach().float().numpy()


def pick(module: nn.Module) -> Weights:
    """A module's weight and bias."""
    return Weights(array(module.get_parameter("weight")), array(module.get_parameter("bias")))


def add_heads(graph: Graph, reader: Reader, hidden: str) -> None:
    """Each token's five logits, and those of the passage, which are made from its first token."""
    tokens, passage = pick(reader.token_head), pick(reader.passage_head)
    weight = graph.constant("tokens.weight", tokens.weight.T)
    product = graph.add("MatMul", [hidden, weight], "tokens.product")
    logits = graph.add("Add", [product, graph.constant("tokens.bias", tokens.bias)], "tokens")
    parts = graph.constant("tokens.parts", np.array([1, 1, 3], np.int64))
    graph.add("Split", [logits, parts], ["tokens.start", "tokens.end", "items"], axis=-1)
    graph.add("Squeeze", ["tokens.start", "axis.2"], "start")
    graph.add("Squeeze", ["tokens.end", "axis.2"], "end")

    first = graph.add("Gather", [hidden, graph.constant("first", np.int64(0))], "passage.first", axis=1)
    weight = graph.constant("passage.weight", passage.weight.T)
    product = graph.add("MatMul", [first, weight], "passage.product")
    logit = graph.add("Add", [product, graph.constant("passage.bias", passage.bias)], "passage")
    graph.add("Squeeze", [logit, "axis.1"], "answerable")


def build(reader: Reader, ranges: dict[str, Range]) -> onnx.ModelProto:
    """The reader as a graph of the same inputs and outputs."""
    graph = Graph(ranges)
    placed = add_words(graph, array(reader.words.weight), array(reader.places.weight))
    types = graph.constant("types", array(reader.types.weight))
    typed = graph.add("Add", [placed, graph.add("Gather", [types, "token_type_ids"], "type")], "words.typed")
    hidden = add_norm(graph, typed, pick(reader.norm))
    given = list(layers(reader))
    weights = [
        Layer(
            joined=pick(layer.query_key_value),
            mixed=pick(layer.attention_output),
            attention_norm=pick(layer.attention_norm),
            expand=pick(layer.expand),
            contract=pick(layer.contract),
            output_norm=pick(layer.output_norm),
        )
        for layer in given
    ]
    add_heads(graph, reader, add_layers(graph, weights, given[0].heads, hidden))
    tokens = ["batch", "length"]
    shapes: dict[str, list[str | int]] = {
        "start": [*tokens],
        "end": [*tokens],
        "answerable": ["batch"],
        "items": [*tokens, 3],
    }
    return graph.model("quoth-reader", INPUTS, shapes)


def write_float(reader: Reader, path: Path) -> None:
    """The reader as torch writes it, with batch and length left open."""
    example = torch.ones(2, 16, dtype=torch.int64)
    axes = {name: {0: "batch", 1: "length"} for name in [*INPUTS, *OUTPUTS]}
    axes["answerable"] = {0: "batch"}
    torch.onnx.export(
        reader,
        (example, example, torch.zeros_like(example)),
        str(path),
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def manifest(steps: int, digest: str) -> dict[str, object]:
    """What one needs to know to run the model and to read its scores."""
    return {
        "name": "quoth-reader",
        "version": VERSION,
        "heads": {
            "start": "[batch, length] span start logits",
            "end": "[batch, length] span end logits, the token is inside",
            "answerable": "[batch] logit: the passage answers the question",
            "items": "[batch, length, 3] logits of list items: outside, begins, goes on",
        },
        "maximum_length": MAXIMUM_LENGTH,
        "input": "[CLS] question (at most 48 tokens) [SEP] title. passage [SEP]; the title may lack",
        "sha256": digest,
        "licence": "CC BY-SA 4.0",
        "made_by": "training/reader of this project, from all-MiniLM-L6-v2 (Apache 2.0)",
        "trained_on": "18 public sources of questions, made-up tables, mined negatives; see the model card",
        "steps": steps,
    }


def main() -> None:
    """Measure, export, describe."""
    options = parse()
    options.out.mkdir(parents=True, exist_ok=True)
    reader, steps = load_reader(options.checkpoint)
    tokenizer = load_tokenizer(options.base)
    if options.ranges:
        ranges: dict[str, Range] = json.loads(options.ranges.read_text(encoding="utf-8"))
    else:
        ranges = measure(reader, tokenizer, options.data)
        write(ranges, options.out / "ranges.json")

    onnx.save(build(reader, ranges), options.out / "model.onnx")
    finish(options.out, tokenizer, steps)
    if options.float:
        options.float.mkdir(parents=True, exist_ok=True)
        write_float(reader, options.float / "model.onnx")
        finish(options.float, tokenizer, steps)


def finish(folder: Path, tokenizer: Tokenizer, steps: int) -> None:
    """What stands beside a model's graph."""
    tokenizer.save(str(folder / "tokenizer.json"))
    digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest(steps, digest), indent=2) + "\n")


if __name__ == "__main__":
    main()
