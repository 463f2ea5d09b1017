"""Train the reader: `python train.py --base FOLDER` (the MiniLM-L6 folder), the same on a CPU and on a GPU.

With `--mpnet 8` the encoder is the lowest eight layers of MPNet, and FOLDER the one of all-mpnet-base-v2.

It writes checkpoints and goes on from the last one when started again. The learning rate warms up, stays, and
falls to nothing between `--decay-at` and `--steps`; a file `schedule.json` in the output folder, such as
`{"decay_at": 2400, "steps": 3200}`, overrides both while it runs, so the end can be chosen by the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from features import MAXIMUM_LENGTH, Batch, Feature, batches, collate, encode
from mix import epoch_groups
from model import MPNET, Reader, Scores, Shape, load_encoder, ranking_loss, sentence_means, span_loss
from ranges import load_reader, load_tokenizer
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

LAYER_DECAY = 0.9  # the top layer has the full rate, each one below 0.9 of the one above it
HEAD_RATE, NEW_HEAD_RATE = 2.0, 5.0  # times the top layer's
NEW_HEADS = ("evidence_head", "form_head")  # of a version that begins where one without them ended
HEADS = (*NEW_HEADS, "token_head", "passage_head")
WARMUP = 100
WEIGHT_DECAY = 0.01
CLIP = 1.0
BATCH_TOKENS = 3072  # padded; about 27 question and passage pairs
SEED = 9
ANSWERABLE_WEIGHT, RANKING_WEIGHT, ITEM_WEIGHT = 1.0, 0.5, 1.0
EVIDENCE_WEIGHT, CONTEST_WEIGHT, FORM_WEIGHT = 3.0, 0.7, 0.4
# Item losses are summed over a row, since nearly all tokens are easy, and scaled to the size of the others.
ITEM_SCALE = 1 / 8
SAVE_SECONDS = 240.0


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--base", type=Path, required=True, help="folder with model.safetensors and tokenizer.json"
    )
    parser.add_argument(
        "--start", type=Path, nargs="+", help="checkpoints whose mean to start from, in the base's place"
    )
    parser.add_argument(
        "--mpnet", type=int, default=0, help="so many layers of MPNet instead of MiniLM's six"
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path(".checkpoints/reader"))
    parser.add_argument("--rate", type=float, default=1e-4, help="of the top layer")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--decay-at", type=int, default=1500)
    parser.add_argument(
        "--first-pass", type=int, default=0, help="other passes take other rows under the caps"
    )
    parser.add_argument("--rows", type=int, default=0, help="use only so many rows, to try it out")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


def rate(step: int, decay_at: int, steps: int) -> float:
    """The share of the full learning rate at a step."""
    if step < WARMUP:
        return (step + 1) / WARMUP
    return min(1.0, max(0.0, (steps - step) / max(1, steps - decay_at)))


def optimizer_of(reader: Reader, full: float, new_heads: tuple[str, ...]) -> torch.optim.AdamW:
    """AdamW with a learning rate a layer, and weight decay on matrices only."""
    settings: list[dict[str, Any]] = []
    for name, parameter in reader.named_parameters():
        if not parameter.requires_grad:
            continue
        depth = (
            len(reader.layers) - int(name.split(".")[1]) - 1
            if name.startswith("layers.")
            else len(reader.layers)
        )
        times = NEW_HEAD_RATE if name.startswith(new_heads) else HEAD_RATE
        top = full * (times if "head" in name else LAYER_DECAY**depth)
        decay = WEIGHT_DECAY if parameter.ndim > 1 else 0.0
        settings.append({"params": [parameter], "lr": top, "top": top, "weight_decay": decay})
    return torch.optim.AdamW(settings, betas=(0.9, 0.98), fused=True)


def losses(scores: Scores, batch: Batch) -> dict[str, Tensor]:
    """The parts of the loss, each a mean over the rows it applies to."""
    positive = batch.positive
    answerable = scores.answerable.float()
    span = span_loss(scores, batch.allowed, batch.spans, batch.span_mask)[batch.span_mask.any(1)]
    items = cross_entropy(scores.items.float().transpose(1, 2), batch.tags, ignore_index=-1, reduction="none")
    return {
        "span": span.mean() if len(span) else answerable.sum() * 0.0,
        "answerable": ANSWERABLE_WEIGHT * binary_cross_entropy_with_logits(answerable, positive.float()),
        "ranking": RANKING_WEIGHT * ranking_loss(answerable, positive, batch.group),
        "items": ITEM_WEIGHT * ITEM_SCALE * (items.sum(1) * batch.tag_weight).mean(),
        **sentence_losses(scores, batch),
        "form": FORM_WEIGHT * form_loss(scores, batch),
    }


def sentence_losses(scores: Scores, batch: Batch) -> dict[str, Tensor]:
    """Of each sentence by itself, and of the quoted ones against all others of the question's passages."""
    means = sentence_means(scores.evidence.float(), batch.sentence, len(batch.quoted))
    known = batch.quoted >= 0
    means, quoted, owners = means[known], batch.quoted[known] == 1, batch.sentence_row[known]
    if not len(means):
        return {"evidence": scores.evidence.sum() * 0.0, "contest": scores.evidence.sum() * 0.0}
    return {
        "evidence": EVIDENCE_WEIGHT * binary_cross_entropy_with_logits(means, quoted.float()),
        "contest": CONTEST_WEIGHT * ranking_loss(means, quoted, batch.group[owners]),
    }


def form_loss(scores: Scores, batch: Batch) -> Tensor:
    """Cross entropy over the rows whose form of answer is known."""
    summed = cross_entropy(scores.form.float(), batch.form, ignore_index=-1, reduction="sum")
    return summed / (batch.form >= 0).sum().clamp(min=1)


class Run:
    """The state that a checkpoint holds, and its saving and loading."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        torch.manual_seed(SEED)
        self.reader = Reader(replace(MPNET, layers=options.mpnet) if options.mpnet else Shape())
        if options.start:
            self.reader, _ = load_reader(options.start)
        else:
            load_encoder(self.reader, options.base / "model.safetensors")
        # Half of all parameters; in one pass few words are seen often enough to gain from moving.
        self.reader.words.weight.requires_grad_(False)
        if self.reader.distances is not None:  # its gradient is a sum over all pairs of tokens of every layer
            self.reader.distances.weight.requires_grad_(False)
        self.reader.to(options.device)
        # Processors without bfloat16 are several times slower with it.
        self.half = options.device != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
        self.optimizer = optimizer_of(self.reader, options.rate, NEW_HEADS if options.start else HEADS)
        self.step, self.epoch, self.position = 0, options.first_pass, 0
        self.latest: Path = options.out / "latest.pt"
        if self.latest.exists():
            self.load()

    def load(self) -> None:
        """Go on from the last checkpoint."""
        state = torch.load(self.latest, map_location=self.options.device, weights_only=True)
        self.reader.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.epoch, self.position = state["step"], state["epoch"], state["position"]
        torch.set_rng_state(state["random"].cpu())

    def save(self, name: str = "latest.pt") -> None:
        """Write the checkpoint aside and rename it, so that a kill leaves a whole one."""
        state = {
            "model": self.reader.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "epoch": self.epoch,
            "position": self.position,
            "random": torch.get_rng_state(),
        }
        path: Path = self.options.out / name
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def schedule(self) -> tuple[int, int]:
        """When to begin to decay, and when to stop."""
        path: Path = self.options.out / "schedule.json"
        wished = json.loads(path.read_text()) if path.exists() else {}
        return wished.get("decay_at", self.options.decay_at), wished.get("steps", self.options.steps)

    def record(self, **values: object) -> None:
        """Add a line to the log."""
        with (self.options.out / "log.jsonl").open("a") as log:
            log.write(json.dumps(values) + "\n")


def epoch_batches(run: Run, rows_wanted: int) -> list[list[list[Feature]]]:
    """All batches of the run's epoch, the same ones whenever it is asked for."""
    rng = random.Random(SEED * 1000 + run.epoch)
    grouped = epoch_groups(run.options.data, run.options.out.parent / "mined", run.epoch, rows_wanted, rng)
    tokenizer = load_tokenizer(run.options.base)
    encoded = encode([row for group in grouped for row in group], tokenizer, MAXIMUM_LENGTH)
    return batches([[next(encoded) for _ in group] for group in grouped], BATCH_TOKENS, rng)


def main() -> None:
    """Train until the schedule's last step."""
    options = parse()
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "pid").write_text(str(os.getpid()))
    torch.set_flush_denormal(True)
    run = Run(options)
    decay_at, steps = run.schedule()
    before_decay_saved = run.step >= decay_at
    saved = logged = time.monotonic()
    tokens, sums, count = 0, dict[str, float](), 0
    while run.step < steps:
        epoch = epoch_batches(run, options.rows)
        run.record(
            epoch=run.epoch,
            batches=len(epoch),
            position=run.position,
            seconds=round(time.monotonic() - logged),
        )
        logged = time.monotonic()
        while run.position < len(epoch) and run.step < steps:
            batch = Batch(*(part.to(options.device) for part in collate(epoch[run.position])))
            share = rate(run.step, decay_at, steps)
            for group in run.optimizer.param_groups:
                group["lr"] = group["top"] * share
            with torch.autocast(options.device, torch.bfloat16, enabled=run.half):
                scores = run.reader(batch.input_ids, batch.attention_mask, batch.token_type_ids)
            parts = losses(scores, batch)
            torch.autograd.backward(list(parts.values()))
            torch.nn.utils.clip_grad_norm_(run.reader.parameters(), CLIP)
            run.optimizer.step()
            run.optimizer.zero_grad(set_to_none=True)
            run.step, run.position = run.step + 1, run.position + 1
            tokens, count = tokens + batch.input_ids.numel(), count + 1
            for name, value in parts.items():
                sums[name] = sums.get(name, 0.0) + value.item()
            if run.step % 20 == 0:
                means = {name: round(value / count, 4) for name, value in sums.items()}
                speed = round(tokens / (time.monotonic() - logged))
                run.record(
                    step=run.step,
                    share=round(share, 4),
                    **means,
                    tokens_per_second=speed,
                    time=time.strftime("%H:%M:%S"),
                )
                logged, tokens, sums, count = time.monotonic(), 0, {}, 0
                decay_at, steps = run.schedule()
            if run.step >= decay_at and not before_decay_saved:
                run.save("before-decay.pt")
                before_decay_saved = True
            if time.monotonic() - saved > SAVE_SECONDS:
                run.save()
                saved = time.monotonic()
        if run.position >= len(epoch):
            run.epoch, run.position = run.epoch + 1, 0
    run.save()
    run.save("final.pt")


if __name__ == "__main__":
    main()
