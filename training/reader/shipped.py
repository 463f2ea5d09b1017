"""The weights of an exported reader in floating point again, so that training can go on from it.

`python training/reader/shipped.py FOLDER OUT.pt` makes a checkpoint of them, to be one of those of a mean.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

PARTS = {
    "query_key_value": "joined",
    "attention_output": "mixed",
    "expand": "expand",
    "contract": "contract",
}
NORMS = {"attention_norm": "attended", "output_norm": "output"}


def shipped_state(folder: Path) -> dict[str, Tensor]:
    """The weights of `folder`, undoing what `training/int8_graph.py` did; heads it lacks are left out.

    What rounding to 8 bits took is gone.
    """
    graph = onnx.load(folder / "model.onnx").graph
    given = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    def tensor(name: str) -> Tensor:
        return torch.from_numpy(np.array(given[name], np.float32))

    def product(name: str) -> Tensor:
        values = given[f"{name}.weight"].astype(np.float32) * given[f"{name}.weight_scale"]
        if f"{name}.divisor" in given:
            values = values * given[f"{name}.divisor"][:, None]
        return torch.from_numpy(np.ascontiguousarray(values.T))

    state: dict[str, Tensor] = {
        "words.weight": torch.from_numpy(given["words"].astype(np.float32) * given["words.scale"]),
        "places.weight": tensor("places"),
        "types.weight": tensor("types"),
        "norm.weight": tensor("words.norm.weight"),
        "norm.bias": tensor("words.norm.bias"),
        "token_head.weight": tensor("tokens.weight").T,
        "token_head.bias": tensor("tokens.bias"),
        "passage_head.weight": tensor("passage.weight").T,
        "passage_head.bias": tensor("passage.bias"),
    }
    if "distances" in given:  # of the careful reader
        state["distances.weight"] = tensor("distances").T
    layers = sum(name.endswith(".joined.weight") for name in given)
    for number in range(layers):
        old, new = f"layer.{number}", f"layers.{number}"
        for mine, theirs in PARTS.items():
            state[f"{new}.{mine}.weight"] = product(f"{old}.{theirs}")
        state[f"{new}.query_key_value.bias"] = tensor(f"{old}.bias")
        state[f"{new}.expand.bias"] = tensor(f"{old}.expand.bias")
        state[f"{new}.attention_output.bias"] = tensor(f"{old}.attended.product_bias")
        state[f"{new}.contract.bias"] = tensor(f"{old}.output.product_bias")
        for mine, theirs in NORMS.items():
            state[f"{new}.{mine}.weight"] = tensor(f"{old}.{theirs}.weight")
            state[f"{new}.{mine}.bias"] = tensor(f"{old}.{theirs}.bias")
    for head in ("evidence", "form"):
        if f"{head}.weight" in given:  # since version 6
            state[f"{head}_head.weight"] = tensor(f"{head}.weight").T
            state[f"{head}_head.bias"] = tensor(f"{head}.bias")
    return state


def main(folder: Path, out: Path) -> None:
    """Writes the checkpoint."""
    steps = int(json.loads((folder / "manifest.json").read_text())["steps"])
    torch.save({"model": shipped_state(folder), "step": steps}, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
