"""Questions without an answer: by passages ranked high, by altered questions, and by answers cut out."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

from data import Row, Span, sentences
from noise import STOP
from opposites import OPPOSITES

from index import Document, Filter, Library, normalise

# In these almost any passage of the source answers the question, or one must know which text is meant.
NOT_MINED = {"policyqa", "friendsqa", "qasrl_gs", "tables", "figures"}
# Questions of these name what they are about, so that one altered word leaves them without an answer.
ALTERED = {
    "squad11_du",
    "squadshifts_new_wiki",
    "tydiqa_en",
    "nq_oracle",
    "timeqa_human",
    "qed_nq",
    "bioasq_factoid",
    "tatqa_text",
}
NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-Z][\w'-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w'-]+)*")
NUMBER = re.compile(r"\b\d{1,4}\b")
HELPING = re.compile(
    r"\b(is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|may|might|must)\b"
)
# What two words have in common that makes one fit where the other stands.
ENDINGS = (
    "tion",
    "ment",
    "ity",
    "ness",
    "ing",
    "ed",
    "er",
    "ist",
    "ism",
    "ers",
    "ies",
    "es",
    "s",
    "al",
    "ic",
    "ly",
    "",
)
SHORTEST_SWAPPED = 5
FEW = 40  # documents of a small library


def flat(text: str) -> str:
    """Lower case words with single spaces, for finding one text in another."""
    return " " + " ".join(re.findall(r"\w+", text.lower())) + " "


class Search:
    """The project's own search over the passages of a training pass, cut as any document is."""

    def __init__(self, rows: list[Row], folder: Path) -> None:
        passages = {row.passage: row for row in rows if row.source not in NOT_MINED}
        self.library = Library.open(folder)
        # Under a name made of its text, a passage that an earlier pass had keeps its vectors.
        documents = [
            Document(sha256(row.passage.encode()).hexdigest(), normalise(row.passage), row.title)
            for row in passages.values()
        ]
        self.library.add(documents)
        self.library.wait_until_embedded()
        self.ids = [document.id for document in documents]

    def in_few(self, row: Row, rng: random.Random) -> list[Row]:
        """What `lacking` finds in a library as small as many are, mostly about something else."""
        return self.lacking(row, 3, Filter(documents=tuple(rng.sample(self.ids, FEW))))

    def lacking(self, row: Row, depth: int = 12, filter: Filter = Filter()) -> list[Row]:
        """The row's question with the passages ranked high for it that hold no answer and are not its own."""
        golds = [flat(answer) for answer in row.answers]
        own = flat(row.passage)
        out = []
        for hit in self.library.search(row.question, depth, filter):
            text = flat(hit.passage.text)
            if not any(gold in text for gold in golds) and text not in own:
                out.append(unanswered(row, hit.passage.text, hit.passage.document.title))
        return out


def unanswered(row: Row, passage: str, title: str) -> Row:
    """The row's question with a passage that does not answer it."""
    return row.unanswered(passage=passage, title=title)


class Alterations:
    """Makes questions that the passage nearly answers, by a name, a number or a word of opposite meaning."""

    def __init__(self, rows: list[Row]) -> None:
        self.names: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            self.names[row.title].extend(NAME.findall(row.question))

    def altered(self, row: Row, rng: random.Random) -> Row | None:
        """The row with a question that the passage no longer answers, or None where none can be made."""
        ways = [
            self.other_name,
            self.other_number,
            self.opposite,
            self.conditioned,
            self.denied,
            self.other_word,
        ]
        # Names, numbers and opposites first, mostly: they read like questions that somebody would ask.
        later = (self.conditioned, self.denied, self.other_word)
        ways.sort(key=lambda way: rng.random() + (way in later) * 0.6)
        for way in ways:
            question = way(row, rng)
            if question and question != row.question:
                return row.unanswered(question=question)
        return None

    def other_name(self, row: Row, rng: random.Random) -> str | None:
        """A name in the question replaced by another of the passage or of the same article's questions."""
        found = list(NAME.finditer(row.question))
        if not found:
            return None
        old = rng.choice(found)
        pool = [
            name
            for name in (*NAME.findall(row.passage), *(self.names[row.title] if row.title else ()))
            if name not in row.question
        ]
        pool = [
            re.sub(r"['’]s$", "", name)
            for name in pool
            if old[0] not in name and not any(name in answer for answer in row.answers)
        ]
        return row.question[: old.start()] + rng.choice(pool) + row.question[old.end() :] if pool else None

    def other_number(self, row: Row, rng: random.Random) -> str | None:
        """A number in the question replaced by another, of the passage or close by."""
        found = list(NUMBER.finditer(row.question))
        if not found:
            return None
        old = rng.choice(found)
        near = [
            str(int(old[0]) + step)
            for step in (-20, -10, -3, -2, -1, 1, 2, 3, 7, 10)
            if int(old[0]) + step > 0
        ]
        pool: list[str] = [
            n for n in NUMBER.findall(row.passage) if n != old[0] and len(n) == len(old[0])
        ] + near
        return row.question[: old.start()] + rng.choice(pool) + row.question[old.end() :]

    def opposite(self, row: Row, rng: random.Random) -> str | None:
        """A word of the question replaced by its opposite."""
        found = [word for word in re.finditer(r"\w+", row.question) if word[0].lower() in OPPOSITES]
        if not found:
            return None
        old = rng.choice(found)
        return (
            row.question[: old.start()]
            + rng.choice(sorted(OPPOSITES[old[0].lower()]))
            + row.question[old.end() :]
        )

    def conditioned(self, row: Row, rng: random.Random) -> str | None:
        """The question with a year or a place that the answer's sentence doesn't speak of."""
        if NUMBER.search(row.question) or re.match(r"(when|where|what year)\b", row.question, re.IGNORECASE):
            return None
        near = "".join(
            row.passage[start:end]
            for start, end in sentences(row.passage)
            if any(start < gold_end and end > gold_start for gold_start, gold_end in row.spans)
        )
        years = re.findall(r"\b1[5-9]\d\d\b|\b20[0-2]\d\b", row.passage)
        places = re.findall(r"(?<=\b[Ii]n )[A-Z][a-z]+(?: [A-Z][a-z]+)*", row.passage)
        conditions = [word for word in (*years, *places) if word not in near and word not in row.question]
        return f"{row.question.rstrip(' ?')} in {rng.choice(conditions)}?" if conditions else None

    def denied(self, row: Row, rng: random.Random) -> str | None:
        """The question with its helping verb denied."""
        found = HELPING.search(row.question)
        if not found or re.search(r"\b(not|never|no|n't)\b", row.question):
            return None
        after = re.match(r"\s+(the\s+|a\s+|an\s+)?\S+", row.question[found.end() :])
        # "did not X" reads better behind the subject of "what did X": "what did X never".
        place = found.end() + (after.end() if after and found[0] in ("did", "does", "do") else 0)
        return f"{row.question[:place]} {rng.choice(('not', 'never'))}{row.question[place:]}"

    def other_word(self, row: Row, rng: random.Random) -> str | None:
        """A longer word of question and passage, replaced by another of the passage with its ending."""
        words = [
            word for word in re.finditer(r"\b[a-z]+\b", row.question) if len(word[0]) >= SHORTEST_SWAPPED
        ]
        passage = {word for word in re.findall(r"\b[a-z]+\b", row.passage) if len(word) >= SHORTEST_SWAPPED}
        shared = [word for word in words if word[0] in passage and word[0] not in STOP]
        if not shared:
            return None
        old = rng.choice(shared)
        ending = next(ending for ending in ENDINGS if old[0].endswith(ending))
        pool = sorted(
            word
            for word in passage - STOP
            if word.endswith(ending)
            and (ending or not word.endswith(ENDINGS[:-1]))
            and word[:4] != old[0][:4]
            and word not in row.question
            and not any(word in answer for answer in row.answers)
        )
        return row.question[: old.start()] + rng.choice(pool) + row.question[old.end() :] if pool else None


def answer_cut_out(row: Row) -> Row | None:
    """The row without the sentences that hold an answer, or None when too little would be left."""
    golds = [flat(answer) for answer in row.answers]

    def holds(span: Span) -> bool:
        touches = any(start < span[1] and end > span[0] for start, end in (*row.spans, *row.items))
        return touches or any(gold in flat(row.passage[span[0] : span[1]]) for gold in golds)

    kept = "".join(
        row.passage[start:end] for start, end in sentences(row.passage) if not holds((start, end))
    ).strip()
    if len(kept.split()) < 25 or any(gold in flat(kept) for gold in golds):
        return None
    return row.unanswered(passage=kept)
