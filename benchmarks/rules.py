"""What each hand-written rule of reading and composing earns: the figures with all of them, and without each.

    python -m benchmarks.rules [--data ../shared/data] [--library FOLDER]

People's questions about real documents (as `benchmarks.real` asks them) and lists beside their passages
(MultiSpanQA). No rule was written from either: they were found on development questions and on documents of our
own. A library that was made by an earlier run can be named, which saves the time of filling it.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.common import arguments, write
from benchmarks.reader import run
from benchmarks.real import ask_all, module_at, read_lines, scored
from index import Hit, Library
from qa import Service, answerer
from qa.answering import compose, followups, passages
from qa.evaluate import Way
from qa.reading import candidates
from qa.reading.candidates import Candidates
from qa.reading.span_reader import SpanReader
from qa.settings import Settings


# Each rule by what it says, with what is put in its place when it is left out.
RULES: dict[str, tuple[ModuleType, str, Any]] = {
    "a sentence that only asks again is no answer": (candidates, "_only_asks", lambda asked, words: False),
    "a short answer stands in the best sentence": (compose, "_stands_in", lambda phrase, sentence: True),
    "between two figures as likely the sentence answers": (compose, "_rivals", lambda best, other: False),
    "others are shown beside an unsure sentence": (compose, "_SURE_ALONE", 0.0),
    "what leads on is quoted with what follows": (passages, "_with_what_follows", lambda span: span),
    "an enumeration is completed": (answerer, "completed", lambda spans, items, selected: tuple(selected)),
    "a list is taken whole": (compose, "whole_list", tuple),
    "a question that may follow up is asked both ways": (
        answerer,
        "resolutions",
        lambda question, history: followups.resolutions(question, history)[:1],
    ),
}


class Remembering(SpanReader):
    """The bundled reader, which reads no passage twice for a question."""

    def __init__(self) -> None:
        super().__init__()
        self._read: dict[tuple[str, int, str], Candidates] = {}

    def candidates(self, question: str, hits: Sequence[Hit]) -> Candidates:
        found = Candidates()
        for hit in hits:
            key = question, hit.passage.start, hit.passage.document.id
            if key not in self._read:
                self._read[key] = super().candidates(question, [hit])
            one = self._read[key]
            found.spans += one.spans
            found.sentences += one.sentences
            found.items += one.items
            found.forms |= one.forms
        return found


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--library", help="of the real documents, filled by this command if it is not there")
    parser.add_argument("--limit", type=int, default=326, help="list questions at most")
    parsed = parser.parse_args()
    real: Path = parsed.data / "real"
    with tempfile.TemporaryDirectory() as folder:
        library = parsed.library or f"{folder}/library"
        if not Library.exists(library):
            ask_all(parsed.data, library, Path(folder) / "answers.jsonl")
        opened = Library.open(library)
        reader = Remembering()
        with Service(opened, reader) as service:
            found = {"all rules": figures(service, real)}
            for rule in RULES:
                with without(rule):
                    # What was read must be read anew where the rule is part of reading.
                    asked = Service(opened, Remembering()) if RULES[rule][0] is candidates else service
                    found[f"without: {rule}"] = figures(asked, real)
                print(rule, found[f"without: {rule}"], file=sys.stderr, flush=True)
    lists = {"all rules": list_figures(parsed.data, parsed.limit)}
    for rule in ("an enumeration is completed", "a list is taken whole"):
        with without(rule):
            lists[f"without: {rule}"] = list_figures(parsed.data, parsed.limit)
    write("rules", {"real": found, "multispan given": lists})


@contextmanager
def without(rule: str) -> Iterator[None]:
    """With the rule left out."""
    module, name, instead = RULES[rule]
    before = getattr(module, name)
    setattr(module, name, instead)
    try:
        yield
    finally:
        setattr(module, name, before)


def figures(service: Service, real: Path) -> dict[str, float]:
    """Of people's questions about the real documents."""
    shown = module_at(real / "ask_real.py").shown
    answers = [
        {"id": row["id"], **shown(service, service.ask(row["question"], row["history"]))}
        for row in read_lines(real / "questions.jsonl")
    ]
    every: dict[str, float] = scored(real, answers)["all"]
    wanted = ("served", "right", "wrong of answered", "rightly refused of unanswerable", "median words shown")
    return {name: every[name] for name in wanted}


def list_figures(data: Path, limit: int) -> dict[str, float]:
    """F1 of the items that are given for list questions beside their passages, in hundredths."""
    found = run(data / "eval/multispan.jsonl.gz", Settings(), Way.GIVEN_PASSAGE, limit)
    assert found.lists_exact and found.lists_overlap
    return {"exact": round(100 * found.lists_exact.f1, 1), "overlap": round(100 * found.lists_overlap.f1, 1)}


if __name__ == "__main__":
    main()
