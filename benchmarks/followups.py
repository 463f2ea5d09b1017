"""How well follow-ups are understood: words added, what search finds by them, and what is left alone.

    python -m benchmarks.followups [--data ../shared/data]

CANARD (questions of QuAC that people rewrote to stand alone): the half of the articles that training did
not see. Every turn has its answer and the article's title, and an empty first turn names the article.

- F1 of the added words: content words that the rewrite has and the question lacks, against those that
  were added; the mean over the questions (1 where neither adds any).
- Recall: two corpora of the whole of CANARD. `sections`: the answers of each dialogue joined, right is the
  dialogue's own; `answers`: every answer, right is the question's own. `gap closed` is where recall@5
  stands between the question as typed (0) and as rewritten (1).
- Left alone: questions of SQuAD, each after one to three others of its article with their answers and title,
  that were altered, and whose first passage in a search over all contexts was.

CAsT, MTRAG and PACIFIC were trained on, so they are not reported. `words of questions` is what Quoth did
before: a word list decided what is a follow-up, and it got the content words of the last question that stood
alone. `with titles` is the same with the title as the first question.
"""

import hashlib
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.common import arguments, rows, write
from benchmarks.retrieval import Task, filled, passages_of
from index import Document, Library, normalise
from qa import Turn
from qa.answering.followups import resolve
from qa.reading.words import content_words

DEPTH = 5
STANDALONE = 2_000
SEED = 5
NO_ANSWER = "I don't know."
_REFERS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|one|ones)\b"
    r"|^(?:and|but|or|so|also)\b|^(?:what|how) about\b|^(?:why|when|where|who|how)(?: not)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question of CANARD with its dialogue, the turns before it and a person's rewrite."""

    dialogue: str
    place: int
    question: str
    rewrite: str
    turns: Sequence[Turn]


Way = Callable[[FollowUp], str]


def main() -> None:
    data: Path = arguments(__doc__ or "").parse_args().data
    asked = [follow_up(row) for row in rows(data / "conversation/canard.jsonl.gz")]
    report = [one for one in asked if in_report_half(one)]
    corpora = {"sections": sections(asked), "answers": answers(asked)}
    found: dict[str, dict[str, list[bool]]] = {}
    for name, corpus in corpora.items():
        found[name] = searched(corpus, report)
    write(
        "followups",
        {
            "canard": {
                "questions": len(report),
                "dialogues": len({one.dialogue for one in report}),
                "f1 of added words": {name: added_f1(way, report) for name, way in WAYS.items()},
                **{name: recalls(hits) for name, hits in found.items()},
            },
            "squad": left_alone(data),
            "milliseconds": milliseconds(report),
        },
    )


def follow_up(row: Mapping[str, Any]) -> FollowUp:
    """The row; its history is the article's title, the section's, then question and answer in turn."""
    title, _, *rest = row["history"]
    pairs = zip(rest[::2], rest[1::2], strict=True)
    turns = (Turn("", title=title), *(Turn(question, answer, title) for question, answer in pairs))
    dialogue, _, place = row["id"].rpartition("-")
    return FollowUp(dialogue, int(place), row["question"], row["rewrite"], turns)


def in_report_half(one: FollowUp) -> bool:
    """As in training/followups/data.py: halves by article."""
    return hashlib.sha256(one.turns[0].title.encode()).digest()[0] % 2 == 1


def sections(asked: Sequence[FollowUp]) -> dict[str, tuple[str, set[tuple[str, int]]]]:
    """Documents, each with the questions that it is right for: all answers of a dialogue make one."""
    longest = {one.dialogue: one for one in sorted(asked, key=lambda one: one.place)}
    places = defaultdict(set)
    for one in asked:
        places[one.dialogue].add((one.dialogue, one.place))
    return {
        name: (" ".join(dict.fromkeys(given(one))), places[name])
        for name, one in longest.items()
        if given(one)
    }


def answers(asked: Sequence[FollowUp]) -> dict[str, tuple[str, set[tuple[str, int]]]]:
    """Each answer is a document; a question's own stands in the next question's history."""
    in_order = sorted(asked, key=lambda one: (one.dialogue, one.place))
    right: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for one, after in pairwise(in_order):
        last = after.turns[-1]
        if one.dialogue == after.dialogue and last.question == one.question and last.answer != NO_ANSWER:
            right[last.answer].add((one.dialogue, one.place))
    return {str(number): pair for number, pair in enumerate(right.items())}


def given(one: FollowUp) -> list[str]:
    return [turn.answer for turn in one.turns if turn.answer and turn.answer != NO_ANSWER]


def searched(
    corpus: Mapping[str, tuple[str, set[tuple[str, int]]]], asked: Sequence[FollowUp]
) -> dict[str, list[bool]]:
    """For each way of asking, whether a right document is among the first five."""
    right = defaultdict(set)
    for name, (_, places) in corpus.items():
        for place in places:
            right[place].add(name)
    judged = [one for one in asked if right[one.dialogue, one.place]]
    documents = [Document(name, normalise(text)) for name, (text, _) in corpus.items()]
    with (
        tempfile.TemporaryDirectory() as folder,
        filled(Path(folder), Task("", documents, [], [])) as library,
    ):
        return {
            name: [bool(right[one.dialogue, one.place] & set(first(library, way(one)))) for one in judged]
            for name, way in WAYS.items()
        }


def first(library: Library, question: str) -> list[str]:
    hits = library.search(question, 4 * DEPTH)
    return list(dict.fromkeys(hit.passage.document.name for hit in hits))[:DEPTH]


def recalls(found: Mapping[str, Sequence[bool]]) -> dict[str, Any]:
    means = {name: statistics.fmean(hits) for name, hits in found.items()}
    gap = means["rewritten"] - means["typed"]
    return {
        "questions": len(found["typed"]),
        "recall@5": {name: round(mean, 4) for name, mean in means.items()},
        "gap closed": {name: round((mean - means["typed"]) / gap, 4) for name, mean in means.items()},
    }


def added_f1(way: Way, asked: Sequence[FollowUp]) -> float:
    return round(
        statistics.fmean(
            f1(keys(one.rewrite) - keys(one.question), keys(way(one)) - keys(one.question)) for one in asked
        ),
        4,
    )


def f1(gold: set[str], found: set[str]) -> float:
    return 2 * len(gold & found) / (len(gold) + len(found)) if gold or found else 1.0


def keys(text: str) -> set[str]:
    return {re.sub(r"['’]s?$", "", word.lower()) for word in content_words(text)}


def by_words(question: str, history: Sequence[str]) -> str:
    """What Quoth did before it had a trained model."""
    if not history or not (_REFERS_BACK.search(question) or len(content_words(question)) < 2):
        return question
    known = {word.lower() for word in content_words(question)}
    for earlier in reversed(history):
        words = [word for word in content_words(earlier) if word.lower() not in known]
        if words and (not _REFERS_BACK.search(earlier) or earlier is history[0]):
            return f"{question} ({' '.join(words)})"
    return question


def left_alone(data: Path) -> dict[str, Any]:
    """The shares of SQuAD's questions that the turns before altered, and whose first passage they did."""
    groups = defaultdict(list)
    for row in rows(data / "eval/squad.jsonl.gz"):
        groups[row["title"]].append(row)
    dice = Random(SEED)
    pairs = [in_mid_conversation(dice, groups) for _ in range(STANDALONE)]
    before = [by_words(question, [turn.question for turn in turns]) != question for question, turns in pairs]
    altered = [(question, now) for question, turns in pairs if (now := resolve(question, turns)) != question]
    with (
        tempfile.TemporaryDirectory() as folder,
        filled(Path(folder), passages_of(data, "squad")) as library,
    ):
        moved = sum(first(library, question)[:1] != first(library, now)[:1] for question, now in altered)
    return {
        "questions": len(pairs),
        "altered": {"words of questions": statistics.fmean(before), "learned": len(altered) / len(pairs)},
        "first passage altered, learned": moved / len(pairs),
    }


def in_mid_conversation(
    dice: Random, groups: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[str, list[Turn]]:
    title = dice.choice(list(groups))
    row, *before = dice.sample(groups[title], dice.choice((2, 3, 4)))
    return row["question"], [Turn(one["question"], one["answers"][0]["text"], title) for one in before]


def milliseconds(asked: Sequence[FollowUp]) -> dict[str, float]:
    """What one question costs, with the turns before it."""
    taken = []
    for one in asked:
        began = time.perf_counter()
        resolve(one.question, one.turns)
        taken.append(1000 * (time.perf_counter() - began))
    return {
        "p50": round(statistics.median(taken), 2),
        "p99": round(statistics.quantiles(taken, n=100)[98], 2),
    }


WAYS: Mapping[str, Way] = {
    "typed": lambda one: one.question,
    "rewritten": lambda one: one.rewrite,
    "words of questions": lambda one: by_words(one.question, [turn.question for turn in one.turns[1:]]),
    "with titles": lambda one: by_words(
        one.question, [one.turns[0].title, *(turn.question for turn in one.turns[1:])]
    ),
    "title always": lambda one: f"{one.question} ({one.turns[0].title})",
    "learned": lambda one: resolve(one.question, one.turns),
    "learned, questions alone": lambda one: resolve(one.question, [turn.question for turn in one.turns[1:]]),
}

if __name__ == "__main__":
    main()
