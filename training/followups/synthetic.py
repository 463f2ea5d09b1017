"""Conversations made of questions that stand alone: some left as they are, some made to refer back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from qa.answering.turn import Turn
from training.followups.data import Example, Row, keys

_NAME = r"[A-Z][\w’'-]*"
_NAMES = re.compile(rf"(?<=\w )(?:the )?({_NAME}(?: (?:of |de |the )?{_NAME})*)")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_PHRASE = re.compile(r"\bthe ([a-z]{4,}) ([a-z]{4,})\b(?! of\b)")
_LAST_NOUN = re.compile(
    r"\b(?:the |a |an |my |your |(?<=for )|(?<=of )|(?<=on )|(?<=with ))([a-z]{4,}(?: [a-z]{4,})?)(?=\W*$)"
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")

_SUBJECT = ("it", "he", "she", "they", "this", "that", "it", "they", "these", "the company", "this one")
_OWNER = ("its", "his", "her", "their")
_ANOTHER = (
    "And {}?", "and {}?", "And {}", "What about {}?", "what about {}", "What about {}?", "How about {}?",
    "And in {}?", "and in {}?", "And for {}?", "and for {}?", "And of {}?", "and on {}", "{}?", "or {}?",
    "what about in {}?", "And what about {}?", "But {}?", "and {} too?", "And with {}?", "same for {}?",
)  # fmt: skip
_TIMES = (
    "last year", "the year before", "the last {} days", "the next {} years", "the first half of the year",
    "weekends", "the second quarter", "the first {} months", "night", "children under {}", "the rest",
)  # fmt: skip
_BARE = (
    "Why?", "When?", "Where?", "How?", "Who?", "why", "when?", "How so?", "Why not?", "How long?",
    "How many?",
    "How much?", "Since when?", "By whom?", "Which ones?", "Which one?", "What else?", "Anything else?",
    "Why is that?", "Why did they do that?", "Why did it happen?", "When was that?",
    "When did it happen?", "When did they start?", "Who did it?", "Who did that?", "Where was it?",
    "How does it work?", "How was it done?", "What happened then?", "What happened next?",
    "Who decided that?",
    "How much does it cost?", "how much is it", "Who is responsible for it?", "Who owns it?",
    "who pays for it?",
    "Is it free?", "Is that still true?", "When does it end?", "how do i get it", "can i change it",
    "How long did it take?", "What was the reason?", "And after that?", "and then?", "What does it mean?",
    "Does it apply to everyone?", "Is there a deadline for that?", "Are there any exceptions?",
    "Why did she leave?", "Why did he do it?", "When will they begin?", "Why did they refuse?",
    "Are they safe?",
    "How did they do it?", "Did they succeed?", "who else", "Tell me more.", "Can you explain that?",
)  # fmt: skip
_DEFINING = ("What is {}?", "what is {}", "Who is {}?", "What is a {}?", "Tell me about {}.",
             "What does {} mean?",
             "define {}", "What are {}?", "Where is {}?", "How does {} work?")  # fmt: skip


@dataclass(frozen=True)
class Maker:
    """Makes examples of questions that were asked of articles."""

    articles: dict[str, list[Row]]
    dice: Random

    def alone(self, count: int) -> list[Example]:
        """Other questions of the article, or of another, stand before a question: it is left alone."""
        return [self._alone() for _ in range(count)]

    def each(self) -> list[Example]:
        """Every question as it was asked, after one to four others of its article."""
        return [self._plain(row, rows) for rows in self.articles.values() for row in rows]

    def referring(self, count: int) -> list[Example]:
        made: list[Example] = []
        while len(made) < count:
            way = self.dice.choice((self._pronoun, self._pronoun, self._pronoun, self._another, self._bare))
            if example := way():
                made.append(example)
        return made

    def _plain(self, row: Row, rows: Sequence[Row]) -> Example:
        others = [one for one in rows if one is not row]
        before = self.dice.sample(others, min(len(others), self.dice.choice((1, 2, 3, 4))))
        return Example(row["question"], [self._turn(one) for one in before], False, frozenset())

    def _alone(self) -> Example:
        rows = self._group()
        row, *before = self.dice.sample(rows, min(len(rows), self.dice.choice((2, 2, 3, 4, 5))))
        if self.dice.random() < 0.25:
            before = self.dice.sample(self._group(), 2)
        turns = [self._turn(one) for one in before]
        chance = self.dice.random()
        question: str = row["question"]
        if chance < 0.12 and (name := self._a_name(self._group())):
            question = self.dice.choice(_DEFINING).format(name)
        elif chance < 0.30 and (swapped := self._swapped(before[-1]["question"])):
            question = swapped
        return Example(question, turns, False, frozenset())

    def _swapped(self, question: str) -> str | None:
        """The same question about something else: "… in the Rosengarten building" after one on Lindenhof."""
        found = _NAMES.search(question)
        name = self._a_name(self._group())
        if not found or not name or name in question:
            return None
        return question[: found.start(1)] + name + question[found.end(1) :]

    def _pronoun(self) -> Example | None:
        """A name, or a phrase that the turns before hold too, becomes a pronoun."""
        rows = self._group()
        row = self.dice.choice(rows)
        asked = row["question"]
        found = self.dice.choice(
            [*_NAMES.finditer(asked), *_PHRASE.finditer(asked), *_LAST_NOUN.finditer(asked), None]
        )
        if not found:
            return None
        named = " ".join(found.groups())
        pattern = re.compile(rf"\b{re.escape(named)}\b", re.IGNORECASE)
        holding = [
            one for one in rows if one is not row and pattern.search(f"{one['question']} {one['answer']}")
        ]
        introduced = self.dice.random() < 0.5
        if not holding and not introduced and not pattern.search(str(row["title"]).replace("_", " ")):
            return None
        first = self.dice.choice(holding or [one for one in rows if one is not row])
        others = [one for one in rows if one is not row and one is not first]
        between = self.dice.sample(others, min(len(others), self.dice.choice((0, 0, 0, 1, 2))))
        turns = [self._turn(first), *(self._turn(one, pattern) for one in between)]
        if not holding and introduced:
            turns[0] = Turn(self.dice.choice(_DEFINING).format(named), turns[0].answer, turns[0].title)
        elif not holding:
            turns = [Turn(turn.question, turn.answer, str(row["title"])) for turn in turns]
        question = _with_pronoun(asked, found, self.dice)
        return Example(question, turns, True, frozenset(keys(named) - keys(question)))

    def _another(self) -> Example | None:
        """The question before, asked of something else: "And Microsoft?"."""
        rows = self._group()
        first = self.dice.choice(rows)
        asked: str = first["question"]
        replaced: str
        if (number := _NUMBER.search(asked)) and self.dice.random() < 0.7:
            year = len(number.group()) == 4
            replaced, other = number.group(), str(self.dice.randint(*((1990, 2030) if year else (1, 300))))
        elif (phrase := _PHRASE.search(asked)) and self.dice.random() < 0.7:
            word = self.dice.choice(sorted(keys(self.dice.choice(rows)["question"]) or {"other"}))
            replaced, other = phrase.group(), f"the {word} {phrase.group(2)}"
        elif self.dice.random() < 0.15:
            replaced, other = "", self.dice.choice(_TIMES).format(self.dice.randint(2, 90))
        else:
            name = _NAMES.search(asked)
            other = (self.dice.random() < 0.5 and self._a_noun(rows)) or self._a_name(rows) or ""
            replaced = name.group() if name else ""
        if not other or keys(other) <= keys(asked):
            return None
        question = self.dice.choice(_ANOTHER).format(other)
        needed = keys(asked) - keys(replaced) - keys(question)
        return self._of_the_last(first, question, needed)

    def _bare(self) -> Example | None:
        first = self.dice.choice(self._group())
        question = self.dice.choice(_BARE)
        return self._of_the_last(first, question, keys(first["question"]) - keys(question))

    def _of_the_last(self, first: Row, question: str, needed: set[str]) -> Example | None:
        """A question that needs the words of the one before, behind up to two others."""
        if not 0 < len(needed) <= 9:
            return None
        before = self.dice.sample(self._group(), self.dice.choice((0, 0, 1, 2)))
        turns = [*(self._turn(one) for one in before), self._turn(first)]
        return Example(question, turns, True, frozenset(needed))

    def _group(self) -> list[Row]:
        """The questions of an article; one with many questions comes more often."""
        sizes = [len(rows) ** 0.5 for rows in self.articles.values()]
        return self.dice.choices(list(self.articles.values()), sizes)[0]

    def _a_name(self, rows: Sequence[Row]) -> str | None:
        """A name or a short answer of one of the article's questions."""
        row = self.dice.choice(rows)
        found = _NAMES.search(row["question"])
        short: str = row["answer"]
        if found and self.dice.random() < 0.6:
            return found.group(1)
        return short.strip(" .,") if len(short.split()) <= 3 and keys(short) else None

    def _a_noun(self, rows: Sequence[Row]) -> str | None:
        """One or two words in small letters at the end of one of the article's questions."""
        found = _LAST_NOUN.search(self.dice.choice(rows)["question"])
        return self.dice.choice(("", "", "the ", "the other ")) + found.group(1) if found else None

    def _turn(self, row: Row, hidden: re.Pattern[str] | None = None) -> Turn:
        """The question with its answer, short or in its sentence; what `hidden` finds becomes a pronoun."""
        answer: str = row["answer"]
        start = row["context"].find(answer)
        if self.dice.random() < 0.5 and start >= 0:
            sentences = _SENTENCE.finditer(row["context"])
            answer = next((one.group().strip() for one in sentences if one.end() > start), answer)
        question: str = row["question"]
        if hidden and (found := hidden.search(question)):
            question = _with_pronoun(question, found, self.dice)
        return Turn(question, answer, str(row["title"]))


def _with_pronoun(question: str, found: re.Match[str], dice: Random) -> str:
    start, end = found.start(), found.end()
    behind = question[end:]
    if found.group().endswith(("'s", "’s")) or behind.startswith(("'s", "’s", "' ")):
        return question[:start] + dice.choice(_OWNER) + re.sub(r"^['’]s?", "", behind)
    return question[:start] + dice.choice(_SUBJECT) + behind
