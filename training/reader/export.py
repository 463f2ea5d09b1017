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
from model import Reader, distance_steps
from ranges import layers, load_reader, load_tokenizer, measure, write
from tokenizers import Tokenizer
from torch import nn

sys.path.append(str(Path(__file__).parents[2]))  # after this folder, which is first when a script of it runs
from training.input_ranges import Range
from training.int8_graph import (
    Array,
    Graph,
    Layer,
    Weights,
    add_distances,
    add_layers,
    add_norm,
    add_words,
)

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = ["start", "end", "answerable", "items", "evidence", "form"]
NAME, VERSION, BASE = "quoth-reader", "7", "all-MiniLM-L6-v2 (Apache 2.0)"
CAREFUL, CAREFUL_VERSION = "quoth-careful-reader", "1"
CAREFUL_BASE = "the lowest eight layers of all-mpnet-base-v2 (Apache 2.0)"
FITTED = ("calibration", "threshold", "item_threshold", "given_passage_threshold")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True, help="the mean of several")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--before", type=Path, help="folder of the older version, for what was fitted to it")
    parser.add_argument("--steps-before", type=int, default=0, help="of the stages before this one")
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
    """The logits of each token, and those of the passage, which are made from its first token."""
    tokens = pick(reader.token_head)
    weight = graph.constant("tokens.weight", tokens.weight.T)
    product = graph.add("MatMul", [hidden, weight], "tokens.product")
    logits = graph.add("Add", [product, graph.constant("tokens.bias", tokens.bias)], "tokens")
    parts = graph.constant("tokens.parts", np.array([1, 1, 3], np.int64))
    graph.add("Split", [logits, parts], ["tokens.start", "tokens.end", "items"], axis=-1)
    graph.add("Squeeze", ["tokens.start", "axis.2"], "start")
    graph.add("Squeeze", ["tokens.end", "axis.2"], "end")

    quoted = add_head(graph, hidden, "evidence", "evidence.logits", pick(reader.evidence_head))
    graph.add("Squeeze", [quoted, "axis.2"], "evidence")

    first = graph.add("Gather", [hidden, graph.constant("first", np.int64(0))], "passage.first", axis=1)
    logit = add_head(graph, first, "passage", "passage", pick(reader.passage_head))
    graph.add("Squeeze", [logit, "axis.1"], "answerable")
    add_head(graph, first, "form", "form", pick(reader.form_head))


def add_head(graph: Graph, hidden: str, name: str, output: str, head: Weights) -> str:
    """One linear head, in float."""
    product = graph.add(
        "MatMul", [hidden, graph.constant(f"{name}.weight", head.weight.T)], f"{name}.product"
    )
    return graph.add("Add", [product, graph.constant(f"{name}.bias", head.bias)], output)


def build(reader: Reader, ranges: dict[str, Range]) -> onnx.ModelProto:
    """The reader as a graph of the same inputs and outputs."""
    graph = Graph(ranges, reader.norm.eps)
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
    distances = None
    if reader.distances is not None:
        steps = distance_steps(MAXIMUM_LENGTH, reader.distances.num_embeddings).numpy().astype(np.uint8)
        distances = add_distances(graph, steps, array(reader.distances.weight))
    add_heads(graph, reader, add_layers(graph, weights, given[0].heads, hidden, distances))
    tokens = ["batch", "length"]
    shapes: dict[str, list[str | int]] = {
        "start": [*tokens],
        "end": [*tokens],
        "answerable": ["batch"],
        "items": [*tokens, 3],
        "evidence": [*tokens],
        "form": ["batch", 3],
    }
    return graph.model("quoth-reader", INPUTS, shapes)


def write_float(reader: Reader, path: Path) -> None:
    """The reader as torch writes it, with batch and length left open."""
    example = torch.ones(2, 16, dtype=torch.int64)
    axes = {name: {0: "batch", 1: "length"} for name in [*INPUTS, *OUTPUTS]}
    axes["answerable"] = axes["form"] = {0: "batch"}
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


def manifest(careful: bool, steps: int, digest: str, before: dict[str, object]) -> dict[str, object]:
    """What one needs to know to run the model and to read its scores.

    What was fitted to an older version's scores is taken over, until `calibrate.py` fits it anew.
    """
    return {
        "name": CAREFUL if careful else NAME,
        "version": CAREFUL_VERSION if careful else VERSION,
        "heads": {
            "start": "[batch, length] span start logits",
            "end": "[batch, length] span end logits, the token is inside",
            "answerable": "[batch] logit: the passage answers the question",
            "items": "[batch, length, 3] logits of list items: outside, begins, goes on",
            "evidence": "[batch, length] logits; the mean over a sentence or table row: one would quote it",
            "form": "[batch, 3] logits of what answers: a short phrase, several items, whole sentences",
        },
        "maximum_length": MAXIMUM_LENGTH,
        "input": "[CLS] question (at most 48 tokens) [SEP] title. passage [SEP]; the title may lack",
        "sha256": digest,
        "licence": "CC BY-SA 4.0",
        "made_by": f"training/reader of this project, from {CAREFUL_BASE if careful else BASE}",
        "trained_on": "31 public sources of questions, questions about real documents, made-up tables, "
        "mined negatives; see the model card",
        "steps": steps,
        **{name: before[name] for name in FITTED if name in before},
    }


def main() -> None:
    """Measure, export, describe."""
    options = parse()
    options.out.mkdir(parents=True, exist_ok=True)
    reader, steps = load_reader(options.checkpoint)
    steps += options.steps_before
    tokenizer = load_tokenizer(options.base)
    if options.ranges:
        ranges: dict[str, Range] = json.loads(options.ranges.read_text(encoding="utf-8"))
    else:
        ranges = measure(reader, tokenizer, options.data)
        write(ranges, options.out / "ranges.json")

    onnx.save(build(reader, ranges), options.out / "model.onnx")
    before = json.loads((options.before / "manifest.json").read_text()) if options.before else {}
    careful = reader.distances is not None
    finish(options.out, tokenizer, careful, steps, before)
    if options.float:
        options.float.mkdir(parents=True, exist_ok=True)
        write_float(reader, options.float / "model.onnx")
        finish(options.float, tokenizer, careful, steps, before)


def finish(folder: Path, tokenizer: Tokenizer, careful: bool, steps: int, before: dict[str, object]) -> None:
    """What stands beside a model's graph."""
    tokenizer.save(str(folder / "tokenizer.json"))
    digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(
        json.dumps(manifest(careful, steps, digest, before), indent=2) + "\n"
    )


if __name__ == "__main__":
    main()
