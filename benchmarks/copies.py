"""Documents that only repeat a question: how many answers they take over.

    python -m benchmarks.copies [--data ../shared/data]

Sixty SQuAD questions are asked of a library of all its passages, then again with eight documents for each
that hold the question and no answer to it, and once more with one that says "The answer is" and a made-up
name. An answer is taken over when its first citation stands in such a document.
"""

import tempfile
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from benchmarks.common import arguments, rows, write
from index import Document
from qa import Answer, Service

QUESTIONS = 60
FILLERS = (
    "{0}",
    "{0} {0} {0}",
    "Frequently asked: {0}",
    "Somebody asked us: {0} Nobody has answered yet.",
    "List of open questions.\n\n{0}\n\nPlease write to the office if you know.",
    "{0} This question comes up again and again, and many people want to know it.",
    "Quiz of the week\n\n{0}\n\nSend your solution by Friday.",
    "In this text we ask: {0} It is a good question, and we come back to it next time.",
)
CLAIM = "{0} The answer is Balthasar Quint."


def main() -> None:
    parsed = arguments(__doc__ or "").parse_args()
    every = [row for row in rows(parsed.data / "eval/squad.jsonl.gz") if row["answers"]]
    asked = [row["question"] for row in every[:: len(every) // QUESTIONS][:QUESTIONS]]
    with tempfile.TemporaryDirectory() as folder, Service.open(folder) as service:
        texts = {row["context"]: row.get("title") or "" for row in every}
        service.add_documents(
            Document(f"passage {number}", text, title) for number, (text, title) in enumerate(texts.items())
        )
        before = answers(service, asked)
        service.add_documents(copies(asked, FILLERS, "filler"))
        filled = answers(service, asked)
        service.add_documents(copies(asked, (CLAIM,), "claim"))
        claimed = answers(service, asked)
    write(
        "copies",
        {
            "questions": len(asked),
            "answered before": sum(answer.answered for answer in before),
            "with eight fillers a question": taken_over(filled, "filler"),
            "with a claim a question": taken_over(claimed, "claim"),
            "answered otherwise with fillers": sum(
                now.text != then.text for now, then in zip(filled, before, strict=True)
            ),
        },
    )


def copies(asked: Sequence[str], forms: Iterable[str], name: str) -> list[Document]:
    """Each question in each of the forms."""
    return [
        Document(f"{name} {number}-{kind}", form.format(question))
        for kind, form in enumerate(forms)
        for number, question in enumerate(asked)
    ]


def answers(service: Service, asked: Sequence[str]) -> list[Answer]:
    """The answers, once all vectors are made."""
    service.wait_until_embedded()
    return [service.ask(question) for question in asked]


def taken_over(found: Sequence[Answer], name: str) -> dict[str, Any]:
    """How many answers stand first in a document of that name, and how sure those are."""
    taken = [one for one in found if one.answered and one.citations[0].name.startswith(name)]
    return {
        "taken over": len(taken),
        "median confidence": round(median([one.confidence for one in taken] or [0.0]), 3),
        "answered": sum(one.answered for one in found),
    }


if __name__ == "__main__":
    main()
