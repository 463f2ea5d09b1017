"""The reader: a BERT-shaped encoder with one linear head a token and one for the whole passage.

The encoder is that of MiniLM, or that of MPNet (Song et al. 2020), whose attention also sees how far apart
two tokens stand, by one table for all layers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import gelu


@dataclass(frozen=True)
class Shape:
    """The sizes of the encoder; the defaults are those of MiniLM-L6-H384.

    `distances` is how many steps of distance the attention tells apart, 0 for none.
    """

    vocabulary: int = 30522
    positions: int = 512
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    epsilon: float = 1e-12
    distances: int = 0


MPNET = Shape(width=768, layers=12, inner=3072, epsilon=1e-5, distances=32)
FARTHEST = 128  # tokens farther apart than this are all in the last step of distance
MPNET_OFFSET = 4  # MPNet's vocabulary is BERT's behind four words of its own
MPNET_SPECIAL = {101: 0, 102: 2, 0: 1, 100: 104}  # what it has for [CLS], [SEP], [PAD], [UNK]


class Scores(NamedTuple):
    """Logits: `start`, `end`, `evidence` [batch, length]; `answerable` [batch]; `form` [batch, 3].

    `items` is [batch, length, 3]. A sentence's evidence is the mean over its tokens.
    """

    start: Tensor
    end: Tensor
    answerable: Tensor
    items: Tensor
    evidence: Tensor
    form: Tensor


class Layer(nn.Module):
    """One transformer layer, normalised after each residual, as BERT does it."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query_key_value = nn.Linear(shape.width, 3 * shape.width)
        self.attention_output = nn.Linear(shape.width, shape.width)
        self.attention_norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.expand = nn.Linear(shape.width, shape.inner)
        self.contract = nn.Linear(shape.inner, shape.width)
        self.output_norm = nn.LayerNorm(shape.width, shape.epsilon)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """Attend, then transform every token by itself; `bias` hides the padding."""
        batch, length, width = hidden.shape
        joined = self.query_key_value(hidden).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = joined.permute(2, 0, 3, 1, 4).unbind(0)
        weights = query * (query.shape[-1] ** -0.5) @ key.transpose(-1, -2) + bias.to(query.dtype)
        # Written out and without autocast (which would run softmax in float32): on a CPU the backward pass of
        # scaled_dot_product_attention alone takes a third of the step.
        with torch.autocast(hidden.device.type, enabled=False):
            mixed = weights.softmax(-1) @ value
        mixed = mixed.transpose(1, 2).reshape(batch, length, width)
        hidden = self.attention_norm(hidden + self.attention_output(mixed))
        out: Tensor = self.output_norm(hidden + self.contract(gelu(self.expand(hidden))))
        return out


class Reader(nn.Module):
    """Scores every token of `[CLS] question [SEP] title passage [SEP]` as span start, end and list item."""

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        shape = shape or Shape()
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.positions, shape.width)
        self.types = nn.Embedding(2, shape.width)
        self.distances = nn.Embedding(shape.distances, shape.heads) if shape.distances else None
        self.norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.token_head = nn.Linear(shape.width, 5)
        self.passage_head = nn.Linear(shape.width, 1)
        self.evidence_head = nn.Linear(shape.width, 1)
        self.form_head = nn.Linear(shape.width, 3)
        for head in (self.token_head, self.passage_head, self.evidence_head, self.form_head):
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        with torch.no_grad():
            self.evidence_head.bias[0] = -2.0  # most sentences are not what answers
            self.token_head.bias[2] = 3.0  # nearly every token is outside of an item

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Scores:
        """The logits of a batch; the arguments are int64 [batch, length]."""
        places = torch.arange(input_ids.shape[1], device=input_ids.device)
        hidden = self.norm(self.words(input_ids) + self.places(places) + self.types(token_type_ids))
        bias = (1.0 - attention_mask[:, None, None, :].to(hidden.dtype)) * -10000.0
        if self.distances is not None:
            steps = distance_steps(input_ids.shape[1], self.distances.num_embeddings)
            bias = bias + self.distances(steps.to(input_ids.device)).permute(2, 0, 1)
        for layer in self.layers:
            hidden = layer(hidden, bias)
        tokens = self.token_head(hidden)
        passage = self.passage_head(hidden[:, 0])
        evidence = self.evidence_head(hidden)[:, :, 0]
        form = self.form_head(hidden[:, 0])
        return Scores(tokens[:, :, 0], tokens[:, :, 1], passage[:, 0], tokens[:, :, 2:], evidence, form)


def distance_steps(length: int, count: int) -> Tensor:
    """For each pair of places [length, length], the step of their distance: T5's (Raffel et al. 2020).

    Half of the steps are for tokens that come later. Of each half the first half are single distances, the
    others widen with the logarithm up to FARTHEST.
    """
    places = torch.arange(length)
    behind = places[:, None] - places[None, :]
    half, away = count // 2, behind.abs()
    exact = half // 2
    share = torch.log(away.clamp(min=1).float() / exact) / math.log(FARTHEST / exact)
    wide = (exact + (share * (half - exact)).long()).clamp(max=half - 1)
    return torch.where(away < exact, away, wide) + (behind < 0).long() * half


def shape_of(state: Mapping[str, Tensor]) -> Shape:
    """The shape of a reader whose weights these are."""
    layers = {name.split(".")[1] for name in state if name.startswith("layers.")}
    known = MPNET if "distances.weight" in state else Shape()
    return replace(known, layers=len(layers))


def load_encoder(reader: Reader, weights: Path) -> None:
    """Copy the encoder's weights from a safetensors file of its kind; the heads stay as they are.

    The file may have more layers than the reader: its lowest ones are taken.
    """
    of_its_kind = bert_state if reader.distances is None else mpnet_state
    state = of_its_kind(load_file(weights), len(reader.layers))
    missing, unexpected = reader.load_state_dict(state, strict=False)
    assert not unexpected and all("head" in name for name in missing), (missing, unexpected)


def bert_state(given: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """The weights of a BERT-shaped encoder under the reader's names."""
    state = {
        "words.weight": given["embeddings.word_embeddings.weight"],
        "places.weight": given["embeddings.position_embeddings.weight"],
        "types.weight": given["embeddings.token_type_embeddings.weight"],
    }
    names = ("attention.self.query", "attention.self.key", "attention.self.value")
    return state | layer_states(
        given, layers, (*names, "attention.output.dense", "attention.output.LayerNorm")
    )


def mpnet_state(given: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """MPNet's weights under the reader's names, its words in the order of BERT's vocabulary."""
    order = torch.arange(MPNET.vocabulary) + MPNET_OFFSET
    order[list(MPNET_SPECIAL)] = torch.tensor(list(MPNET_SPECIAL.values()))
    state = {
        "words.weight": given["embeddings.word_embeddings.weight"][order],
        "places.weight": given["embeddings.position_embeddings.weight"][-MPNET.positions :],
        "types.weight": torch.zeros(2, MPNET.width),
        "distances.weight": given["encoder.relative_attention_bias.weight"],
    }
    names = ("attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o")
    return state | layer_states(given, layers, (*names, "attention.LayerNorm"))


def layer_states(given: Mapping[str, Tensor], layers: int, names: tuple[str, ...]) -> dict[str, Tensor]:
    """The first norm and the lowest layers; `names` are those of query, key, value, output and norm."""
    *joined, output, norm = names
    others = {
        "attention_output": output,
        "attention_norm": norm,
        "expand": "intermediate.dense",
        "contract": "output.dense",
        "output_norm": "output.LayerNorm",
    }
    state: dict[str, Tensor] = {}
    for part in ("weight", "bias"):
        state[f"norm.{part}"] = given[f"embeddings.LayerNorm.{part}"]
        for number in range(layers):
            old, new = f"encoder.layer.{number}.", f"layers.{number}."
            state[f"{new}query_key_value.{part}"] = torch.cat(
                [given[f"{old}{name}.{part}"] for name in joined]
            )
            for name, theirs in others.items():
                state[f"{new}{name}.{part}"] = given[f"{old}{theirs}.{part}"]
    return state


def span_loss(scores: Scores, allowed: Tensor, spans: Tensor, span_mask: Tensor) -> Tensor:
    """Per row, minus the log of the probability on all gold spans together; `spans` is [batch, golds, 2].

    Several golds (alternatives, list items, repeated mentions) share the probability, so the reader may
    settle on any one of them.
    """
    start = scores.start.float().masked_fill(~allowed, -1e4).log_softmax(-1)
    end = scores.end.float().masked_fill(~allowed, -1e4).log_softmax(-1)
    joint = start.gather(1, spans[:, :, 0]) + end.gather(1, spans[:, :, 1])
    return -joint.masked_fill(~span_mask, -1e4).logsumexp(-1)


def sentence_means(tokens: Tensor, sentence: Tensor, count: int) -> Tensor:
    """The mean of each sentence's token logits; `sentence` numbers the batch's sentences, -1 is none."""
    inside = sentence >= 0
    numbers = sentence[inside]
    sums = tokens.new_zeros(count).index_add(0, numbers, tokens[inside])
    sizes = tokens.new_zeros(count).index_add(0, numbers, torch.ones_like(tokens[inside]))
    return sums / sizes.clamp(min=1.0)


def ranking_loss(answerable: Tensor, positive: Tensor, group: Tensor) -> Tensor:
    """For each positive, minus its log share among itself and its group's negatives; `group` is [batch]."""
    rival = (group[:, None] == group[None, :]) & ~positive[None, :]
    contested = positive & rival.any(1)
    if not contested.any():
        return answerable.sum() * 0.0
    field = answerable[None, :].masked_fill(~rival, -1e4)
    total = torch.logsumexp(torch.cat([answerable[:, None], field], 1), 1)
    return (total - answerable)[contested].mean()
