"""What each hand-written rule of reading and composing earns: the figures with all of them, and without each.

    python -m benchmarks.rules [--data ../shared/data]

On data that no rule was written from: people's questions about 13 real documents (reader2/real_dev), asked
of those documents with the 78 that the reader was trained on beside them, and lists beside their passages
(MultiSpanQA). A question is served when the short answer is right (F1 of 0.5 or more), or the sentences shown
with the answer, up to 120 words of them, hold three fifths of the words of one that a person would quote.
"""

import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.common import arguments, rows, write
from benchmarks.reader import run
from index import Document, Library, OnnxModel
from qa import Answer, Service
from qa.answering import answerer, compose, followups, lists, passages
from qa.evaluate import Way
from qa.evaluate.measures import f1
from qa.reading import candidates, span_reader, windows
from qa.reading.span_reader import SpanReader
from qa.reading.windows import Output, Window
from qa.settings import Settings

MOST_SHOWN = 120  # words; nobody reads on
LEAST_HELD = 0.6

# Each rule by what it says, with what is put in its place when it is left out.
RULES: dict[str, tuple[ModuleType | type, str, Any]] = {
    "a sentence that only asks again is no answer": (candidates, "_only_asks", lambda asked, words: False),
    "between two figures as likely the sentence answers": (compose, "_rivals", lambda best, other: False),
    "others are shown beside an unsure answer": (compose, "_SURE_ALONE", 0.0),
    "what leads on is quoted with what follows": (passages, "_with_what_follows", lambda span: span),
    "a list is taken whole": (answerer, "whole_list", lambda items, sentences: tuple(items)),
    "all lines of a list are taken for one sooner": (lists, "are_lines", lambda items: False),
    "a question that may follow up is asked both ways": (
        answerer,
        "resolutions",
        lambda question, history: followups.resolutions(question, history)[:1],
    ),
    "a question that follows up is asked of the document before too": (
        answerer.Answerer,
        "_where_it_was",
        lambda *_: iter(()),
    ),
}


class Remembered:
    """What the reader's models make of each input, computed once however often it is asked for."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, tuple[int, ...], int], Output] = {}

    def __call__(self, model: OnnxModel, given: Sequence[Window]) -> list[Output]:
        keys = [(id(model), tuple(one.ids), one.second) for one in given]
        new = {key: one for key, one in zip(keys, given, strict=True) if key not in self._known}
        self._known.update(zip(new, windows.outputs(model, list(new.values())), strict=True))
        return [self._known[key] for key in keys]


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--limit", type=int, default=326, help="list questions at most")
    parsed = parser.parse_args()
    asked = list(rows(parsed.data / "reader2/real_dev.jsonl.gz"))
    others = list(rows(parsed.data / "reader2/real_train.jsonl.gz"))
    with tempfile.TemporaryDirectory() as folder, Library.open(folder) as library:
        library.add(documents([*asked, *others]))
        library.wait_until_embedded()
        service = Service(library, SpanReader())
        with replaced(span_reader, "outputs", Remembered()):
            found = {"all rules": figures(service, asked)}
            for rule, changed in RULES.items():
                with replaced(*changed):
                    found[f"without: {rule}"] = figures(service, asked)
                print(rule, found[f"without: {rule}"], file=sys.stderr, flush=True)
    lists = {"all rules": list_figures(parsed.data, parsed.limit)}
    with replaced(*RULES["a list is taken whole"]):
        lists["without: a list is taken whole"] = list_figures(parsed.data, parsed.limit)
    write("rules", {"real_dev": found, "multispan given": lists})


def documents(asked: Iterable[dict[str, Any]]) -> list[Document]:
    """Each document that questions are about, as far as their passages and misleading texts show it."""
    parts: dict[str, dict[str, None]] = {}
    titles: dict[str, str] = {}
    for row in asked:
        titles.setdefault(row["document"], re.split(r" [-–—>:] ", row["title"])[0])
        parts.setdefault(row["document"], {}).update(dict.fromkeys([row["context"], *row["near"]]))
    return [Document(name, "\n\n".join(texts), titles[name]) for name, texts in parts.items()]


@contextmanager
def replaced(module: ModuleType | type, name: str, instead: object) -> Iterator[None]:
    """With something else in the place of what the module names so."""
    before = getattr(module, name)
    setattr(module, name, instead)
    try:
        yield
    finally:
        setattr(module, name, before)


def figures(service: Service, asked: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Shares of the questions with an answer that are served, of the answers that don't serve, and so on."""
    served = answered = words = refused = 0
    answerable = [row for row in asked if row["answerable"]]
    for row in asked:
        answer = service.ask(row["question"], [turn["q"] for turn in row["history"]])
        answered += answer.answered
        words += len(shown(answer).split())
        served += row["answerable"] and serves(answer, row)
        refused += not row["answerable"] and not answer.answered
    return {
        "served": round(served / len(answerable), 3),
        "not served, of answers": round(1 - served / answered, 3),
        "refused, of those without an answer": round(refused / (len(asked) - len(answerable)), 3),
        "words shown": round(words / answered, 1),
    }


def shown(answer: Answer) -> str:
    """The sentences that stand with the answer, as far as a person reads."""
    sentences = dict.fromkeys(citation.sentence for citation in answer.citations)
    return " ".join(" ".join(sentences).split()[:MOST_SHOWN])


def serves(answer: Answer, row: dict[str, Any]) -> bool:
    """Whether the answer is right, or the sentences shown hold most of one that a person would quote."""
    if not answer.answered:
        return False
    golds = [one["text"] for one in row["short"]]
    held = words_of(shown(answer))
    return bool(golds and f1(answer.text, golds) >= 0.5) or any(
        len(words_of(one["text"]) & held) >= LEAST_HELD * len(words_of(one["text"]))
        for one in row["evidence"]
    )


def words_of(text: str) -> frozenset[str]:
    """Words and figures in lower case."""
    return frozenset(re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", text.lower()))


def list_figures(data: Path, limit: int) -> dict[str, float]:
    """F1 of the items that are given for list questions beside their passages, in hundredths."""
    found = run(data / "eval/multispan.jsonl.gz", Settings(), Way.GIVEN_PASSAGE, limit)
    assert found.lists_exact and found.lists_overlap
    return {"exact": round(100 * found.lists_exact.f1, 1), "overlap": round(100 * found.lists_overlap.f1, 1)}


if __name__ == "__main__":
    main()
