"""Measures what goes into the reader's matrix products, for the fixed ranges that `export.py` builds in.

    python training/reader/ranges.py --base FOLDER --checkpoint final.pt --out ranges.json

`export.py` does the same when it is given no ranges. They are of one version of the model.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from data import Row, read, to_row
from evidence_groups import window
from evidence_rows import quoted_row, real_row
from features import MAXIMUM_LENGTH, Feature, encode
from model import Layer, Reader, shape_of
from tokenizers import Tokenizer

sys.path.append(str(Path(__file__).parents[2]))  # after this folder, which is first when a script of it runs
from training.input_ranges import InputRanges, Range

ROWS = 300
UNRELATED = 150
NEWER, TOKENS = 60, 260  # rows of either kind of the data with evidence, and about how long
SEED = 0
ODD_TEXTS = ["", "a", "1 2 3 4", "🙂 ok", "hello world", "." * 400, "the " * 400]
PRODUCTS = {
    "joined": "query_key_value",
    "mixed": "attention_output",
    "expand": "expand",
    "contract": "contract",
}


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True, help="the mean of several")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    return parser.parse_args()


def sample(data: Path) -> list[Row]:
    """Questions with their passages, others with one that has nothing to do with them, and oddities."""
    rng = random.Random(SEED)
    rows = [to_row(raw) for raw in rng.sample(read(data / "reader" / "train.jsonl.gz"), ROWS + UNRELATED)]
    passages = rng.sample(rows, len(rows))
    for number in range(ROWS, len(rows)):
        other = passages[number]
        rows[number] = replace(rows[number], title=other.title, passage=other.passage, spans=(), items=())
    nothing = Row("", "", "", "", "", (), (), False)
    odd = [replace(nothing, question=text[:40], passage=text) for text in ODD_TEXTS]
    asked = [replace(nothing, question="What is it?", passage=text) for text in ODD_TEXTS]
    return rows + newer(data, rng) + odd + asked


def newer(data: Path, rng: random.Random) -> list[Row]:
    """Questions about real documents, many over tables, and people's own about documentation."""
    real = [real_row(raw) for raw in rng.sample(read(data / "reader2" / "real_train.jsonl.gz"), NEWER)]
    docfaq = read(data / "reader2" / "train" / "spans.docfaq.jsonl.gz")
    asked = [quoted_row(raw) for raw in rng.sample(docfaq, NEWER)]
    return [window(row, TOKENS, rng) for row in real + asked]


def inputs(feature: Feature) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The three arguments of the reader, for one row alone."""
    ids = torch.from_numpy(feature.ids).long()[None]
    types = torch.zeros_like(ids)
    types[:, feature.second :] = 1
    return ids, torch.ones_like(ids), types


def measure(reader: Reader, tokenizer: Tokenizer, data: Path) -> dict[str, Range]:
    """The range of every product, over the sample's rows one by one."""
    torch.set_num_threads(1)  # short texts one by one: with more, they wait for whatever else is running
    measured = InputRanges()
    hooks = [
        layer.get_submodule(module).register_forward_pre_hook(measured.recorder(f"layer.{number}.{product}"))
        for number, layer in enumerate(layers(reader))
        for product, module in PRODUCTS.items()
    ]
    with torch.inference_mode():
        for feature in encode(sample(data), tokenizer, MAXIMUM_LENGTH):
            reader(*inputs(feature))
    for hook in hooks:
        hook.remove()
    return measured.summary()


def layers(reader: Reader) -> Iterator[Layer]:
    """The transformer layers, lowest first."""
    for layer in reader.layers:
        assert isinstance(layer, Layer)
        yield layer


def load_reader(checkpoints: Sequence[Path]) -> tuple[Reader, int]:
    """The trained reader, ready to run, and how many steps it was trained.

    Of several checkpoints, one trained on from the other, the mean of their weights (Wortsman et al. 2022),
    and the steps of the last.
    """
    states = [torch.load(path, map_location="cpu", weights_only=True) for path in checkpoints]
    models = [state["model"] for state in states]
    reader = Reader(shape_of(models[0]))
    # A head that an older version lacks is the mean of the others', or stays as it was made.
    names = {name for model in models for name in model}
    state = {
        name: torch.stack([model[name].float() for model in models if name in model]).mean(0)
        for name in names
    }
    missing, unexpected = reader.load_state_dict(state, strict=False)
    assert not unexpected and all("head" in name for name in missing), (missing, unexpected)
    return reader.eval(), states[-1]["step"]


def load_tokenizer(base: Path) -> Tokenizer:
    """The tokenizer without truncation and padding."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def write(ranges: dict[str, Range], path: Path) -> None:
    """As JSON, for `--ranges` of export.py."""
    path.write_text(json.dumps(ranges, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    options = parse()
    reader, _ = load_reader(options.checkpoint)
    write(measure(reader, load_tokenizer(options.base), options.data), options.out)
