"""Texts that ask a question and don't answer it: a list of questions, a letter, an exercise."""

from __future__ import annotations

import random
from collections.abc import Sequence

from data import Row, sentences
from negatives import flat

# {0} is the question, {1} some sentences about something else, {2} and {3} other questions.
FORMS = (
    "{0}\n\n{1}", "{0} {1}", "{1} {0}", "Q: {0}\nA: {1}", "{1}\n\n{0}", "{0}\n{2}\n{3}\n\n{1}",
    "Open points\n\n{2}\n{0}\n{3}", "Some readers wrote to us and wanted to know: {0} {1}",
    "Topic: {0}\n{1}", "We do not know the answer to this one. {0} {1}", "Re: {0}\n\n{1}",
    "{1} That raises the question: {0}", "Chapter 4. {0}\n\n{1}", "Exercise: {0}\n{1}",
    "{0} Opinions differ on this. {1}", "{0} {0}\n{1}", "{2} {0} {3} {1}",
)  # fmt: skip
_TRIES = 5


def echo(row: Row, others: Sequence[Row], rng: random.Random) -> Row | None:
    """The question with a text that only repeats it; None where what stands around it happens to answer."""
    golds = [flat(answer) for answer in row.answers]
    for _ in range(_TRIES):
        about, first, second = rng.sample(others, 3)
        places = sentences(about.passage)
        at = rng.randrange(len(places))
        around = "".join(about.passage[start:end] for start, end in places[at : at + rng.randrange(1, 5)])
        asked = row.question if row.question.endswith("?") else row.question + "?"
        text = rng.choice(FORMS).format(asked, around.strip(), first.question, second.question)
        if not any(gold in flat(text) for gold in golds):
            return row.unanswered(passage=text, title=about.title if rng.random() < 0.5 else row.title)
    return None
