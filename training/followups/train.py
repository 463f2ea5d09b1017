"""Trains the follow-up model: qa/models/followups/weights.json.

    python -m training.followups.train [--data ../shared/data]

1. Examples: CAsT 2019, MTRAG, PACIFIC and the half of CANARD's articles that is not reported on, as people
   rewrote them; and conversations made of questions that stand alone (synthetic.py).
2. The network of qa/answering/followups.py, in torch, learns both decisions at once.
3. Thresholds: of the questions of reader/dev and reader2/real_dev, each once among others of its article,
   1 % are altered (many of these do refer back: "How does she describe Jay Z?"). Words are added from the
   probability that is best for the F1 on a tenth of the training half of CANARD.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from qa.answering.conversation import FEATURES, MARKS, QUESTION, SHAPES, ModelInput, model_input
from qa.answering.followups import WEIGHTS, WIDTH, Followups
from qa.reading.words import WORD
from training.followups.data import Example, articles, canard, conversations, rewritten, varied
from training.followups.synthetic import Maker

SOURCES = ("squad11_du", "squadshifts_new_wiki")
MADE = 4_500
VOCABULARY = 450
VECTOR, FILTERS, HIDDEN, ASKED = 12, 32, 32, 12
EPOCHS, BATCH, RATE, DECAY, DROPOUT = 9, 64, 6e-3, 1e-2, 0.2
ALTERED = 0.01
SEED = 11


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.vectors = nn.Embedding(VOCABULARY + SHAPES, VECTOR)
        self.filters = nn.Linear(WIDTH * (VECTOR + MARKS), FILTERS)
        self.refers = nn.Sequential(nn.Linear(FILTERS + QUESTION, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1))
        self.asked = nn.Sequential(nn.Linear(FILTERS + QUESTION, ASKED), nn.ReLU())
        self.belongs = nn.Sequential(
            nn.Linear(FEATURES + 3 * VECTOR + ASKED, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1)
        )
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, batch: Sequence[ModelInput]) -> tuple[Tensor, Tensor]:
        """The logits: each question refers back; its candidates (padded) belong to it."""
        symbols = pad_sequence([torch.from_numpy(one.symbols) for one in batch], True, -1)
        marks = pad_sequence([torch.from_numpy(one.marks) for one in batch], True)
        there = (symbols >= 0).unsqueeze(-1)
        rows = torch.cat([self.vectors(symbols.clamp(min=0)), marks], -1) * there
        padded = nn.functional.pad(self.dropout(rows), (0, 0, 1, 1))
        windows = torch.cat([padded[:, i : i + rows.shape[1]] for i in range(WIDTH)], -1)
        pooled = (self.filters(windows).relu() * there).amax(1)
        whole = torch.cat([pooled, torch.from_numpy(np.stack([one.question for one in batch]))], -1)
        whole = self.dropout(whole)
        features = pad_sequence([torch.from_numpy(one.features) for one in batch], True)
        context = pad_sequence([torch.from_numpy(one.context) for one in batch], True)
        asked = self.asked(whole).unsqueeze(1).expand(-1, features.shape[1], -1)
        vectors = self.dropout(self.vectors(context).flatten(2))
        belongs = self.belongs(torch.cat([features, vectors, asked], -1)).squeeze(-1)
        return self.refers(whole).squeeze(-1), belongs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data: Path = parser.parse_args().data
    dice = Random(SEED)
    torch.manual_seed(SEED)

    halved = [rewritten(row["question"], row["rewrite"], turns, 2) for row, turns in canard(data, False)]
    choosing, halved = halved[: len(halved) // 10], halved[len(halved) // 10 :]
    maker = Maker(articles(data, "train", SOURCES), dice)
    people = [*conversations(data), *halved]
    examples = [*people, *(varied(one, dice) for one in people)]
    examples += [varied(one, dice) for one in (*maker.alone(MADE), *maker.referring(MADE))]
    print(f"{len(people)} examples by people, {len(examples)} in all")

    words = vocabulary(examples)
    numbers = {word: number for number, word in enumerate(words, SHAPES)}
    seen = [(model_input(one.question, one.turns, numbers), one) for one in examples]
    network = train([pair for pair in seen if pair[0].candidates], dice)

    arrays = {name: values.numpy() for name, values in network.state_dict().items()}
    model = Followups(numbers, arrays, 0.0, 0.0)
    asked = Maker(articles(data, "dev", SOURCES), dice).each()
    alone = np.array([model.probabilities(model_input(one.question, one.turns, numbers))[0] for one in asked])
    below = float(np.quantile(alone, 1 - ALTERED))
    start = best_start(model, choosing)
    print(f"refers back from {below:.3f}, words from {start:.2f}")
    stored = {
        "vocabulary": words,
        "stands_alone_below": round(below, 4),
        "word_from": start,
        "arrays": {name: np.round(values.astype(float), 3).tolist() for name, values in arrays.items()},
    }
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_text(json.dumps(stored, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def vocabulary(examples: Sequence[Example]) -> list[str]:
    """The words that most questions share, in small letters."""
    counts = Counter(
        word
        for one in examples
        for word in {word.lower() for word in WORD.findall(one.question)}
        if word.isalpha() and word == word.lower()
    )
    return sorted(word for word, _ in counts.most_common(VOCABULARY))


def train(examples: list[tuple[ModelInput, Example]], dice: Random) -> Network:
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(examples) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for epoch in range(EPOCHS):
        losses = []
        for batch in batches(examples, dice):
            value = loss(network, batch)
            optimizer.zero_grad()
            value.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            losses.append(value.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    return network.eval()


def batches(
    examples: list[tuple[ModelInput, Example]], dice: Random
) -> Iterator[list[tuple[ModelInput, Example]]]:
    dice.shuffle(examples)
    for start in range(0, len(examples), BATCH):
        yield examples[start : start + BATCH]


def loss(network: Network, batch: Sequence[tuple[ModelInput, Example]]) -> Tensor:
    """Both decisions' cross-entropy; words count where the question refers back and they are known."""
    refers, belongs = network([seen for seen, _ in batch])
    weights = torch.tensor([one.weight for _, one in batch])
    right = torch.tensor([float(one.refers) for _, one in batch])
    entropy = nn.functional.binary_cross_entropy_with_logits
    first = (entropy(refers, right, reduction="none") * weights).sum() / weights.sum()
    targets = [word_targets(pair) for pair in batch]
    gold = pad_sequence([gold for gold, _ in targets], True)
    mask = pad_sequence([counts for _, counts in targets], True)
    second = (entropy(belongs, gold, reduction="none") * mask).sum() / mask.sum().clamp(min=1)
    return first + 3 * second


def word_targets(pair: tuple[ModelInput, Example]) -> tuple[Tensor, Tensor]:
    """Which candidates belong to the question, and how much each counts."""
    seen, one = pair
    counts = one.weight if one.refers and one.words is not None else 0.0
    gold = [float(candidate.key in (one.words or ())) for candidate in seen.candidates]
    return torch.tensor(gold), torch.full((len(gold),), counts)


def best_start(model: Followups, examples: Sequence[Example]) -> float:
    """The probability from which words are added, by the mean F1 of the questions that refer back."""
    found = []
    for one in examples:
        seen = model_input(one.question, one.turns, model.vocabulary)
        if one.words:
            found.append((one.words, [word.key for word in seen.candidates], model.probabilities(seen)[1]))
    values = {
        start: np.mean([f1(gold, {k for k, p in zip(names, belongs, strict=True) if p >= start})
                        for gold, names, belongs in found])
        for start in (0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.35, 0.4)
    }  # fmt: skip
    print({start: round(float(value), 3) for start, value in values.items()})
    return max(values, key=lambda start: values[start])


def f1(gold: frozenset[str], found: set[str]) -> float:
    return 2 * len(gold & found) / (len(gold) + len(found))


if __name__ == "__main__":
    main()
