"""Answers as text to take along: copied, as Markdown, and as questions for `quoth evaluate`."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from qa import Answer, Citation
from quoth.web.stretches import stretches
from quoth.web.turn import ShownTurn

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")


def copied(answer: Answer) -> str:
    """The answer and each quote in its sentence, with file and page."""
    lines = [answer.text] if answer.answered else ["No sure answer."]
    for one in stretches(answer.citations or answer.closest):
        lines += ["", f"“{_sentences(one.citations)}”", f"— {_place(one.first)}"]
    return "\n".join(lines)


def as_markdown(title: str, turns: Sequence[ShownTurn]) -> str:
    """The conversation with its citations."""
    return "\n\n".join([f"# {_plain(title)}", *map(_turn, turns)]) + "\n"


def as_questions(judged: Sequence[Mapping[str, Any]]) -> str:
    """The judged answers whose right answer is known, in the form that `quoth evaluate` reads.

    Each is `{"id", "verdict", "right", "turn"}`: `verdict` is right, wrong or incomplete, and `right` what
    the person wrote as the right answer, one a line, None when nothing was written.
    """
    rows = [row for one in judged if (row := _row(one))]
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _row(one: Mapping[str, Any]) -> dict[str, Any] | None:
    turn = ShownTurn.from_json(one["turn"])
    answer, verdict, written = turn.answer, str(one["verdict"]), one.get("right")
    if answer is None or (verdict != "right" and written is None):
        return None
    golds = [item.text for item in answer.items]
    if verdict != "right":
        golds = [line.strip() for line in str(written).splitlines() if line.strip()]
    return {
        "id": str(one["id"]),
        "question": answer.question,
        "answers": golds,
        "multi": len(golds) > 1,
        "document": answer.citations[0].name if verdict == "right" and answer.citations else "",
        "verdict": verdict,
        "answer": answer.text,
        "passages": [
            {"document": c.name, "page": c.page, "start": c.start, "end": c.end, "sentence": c.sentence}
            for c in answer.citations or answer.closest
        ],
    }


def _turn(turn: ShownTurn) -> str:
    parts = [f"## {_plain(turn.question)}"]
    if turn.scope.words:
        parts.append(f"*{_plain(turn.scope.words)}*")
    if turn.problem:
        parts.append(_plain(turn.problem))
    if turn.answer:
        parts += _answer(turn.answer)
    return "\n\n".join(parts)


def _answer(answer: Answer) -> list[str]:
    if len(answer.items) > 1:
        answered = "\n".join(f"- **{_plain(item.text)}**" for item in answer.items)
    else:
        answered = f"**{_plain(answer.text)}**" if answer.answered else "No sure answer. Perhaps:"
    quotes = [
        f"> {_plain(_sentences(one.citations))}\n>\n> — {_plain(_place(one.first))}"
        for one in stretches(answer.citations or answer.closest)
    ]
    unsure = f" ({answer.certainty})" if answer.answered else ""
    return [answered + unsure, *quotes]


def _sentences(citations: Sequence[Citation]) -> str:
    return " ".join(dict.fromkeys(" ".join(one.sentence.split()) for one in citations))


def _place(citation: Citation) -> str:
    return f"{citation.name}, {citation.place}" if citation.place else citation.name


def _plain(text: str) -> str:
    """Text that Markdown shows as it stands."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
