"""What a question and the turns before it look like to the follow-up model: numbers a word, no judgement."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qa.answering.turn import Turn
from qa.reading.windows import Floats
from qa.reading.words import WORD, is_content

# A subject is named again within a few turns; the first turn usually named it.
_RECENT_TURNS = 8
# The words of an answer that a later question refers to stand early in it.
_ANSWER_WORDS = 60
_TITLE_WORDS = 24
_FILE_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}$", re.IGNORECASE)

# Symbols that stand before the words of the vocabulary; a word outside of it is represented by its shape.
START, END, NUMBER, NAME, OTHER = range(5)
SHAPES = 5

Symbols = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    key: str
    content: bool

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def number(self) -> bool:
        return self.text[0].isdigit()


@dataclass(frozen=True, slots=True)
class Utterance:
    """A title, a question or an answer of the turns before."""

    kind: str
    turn: int
    words: Sequence[Word]


@dataclass(frozen=True, slots=True)
class ContextWord:
    """A word of the turns before that the question may need, and where it stands: (utterance, word)."""

    text: str
    key: str
    places: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class ModelInput:
    """What the model reads: the question word by word and as a whole, and each candidate."""

    candidates: Sequence[ContextWord]
    symbols: Symbols  # (words + 2)
    marks: Floats  # (words + 2, MARKS)
    question: Floats  # (QUESTION)
    context: Symbols  # (candidates, 3): the candidate, the word before it, the word behind it
    features: Floats  # (candidates, FEATURES)


MARKS, QUESTION, FEATURES = 5, 18, 34


@lru_cache(4096)
def key(word: str) -> str:
    """What two mentions of a word share: "Lindenhof's" and "lindenhof" are one."""
    return re.sub(r"['’]s?$", "", word.lower())


def model_input(question: str, history: Sequence[Turn], vocabulary: Mapping[str, int]) -> ModelInput:
    """The question and its candidates in numbers."""
    asked = _words(question)
    utterances = list(_utterances(history))
    known = {word.key for utterance in utterances for word in utterance.words if word.content}
    candidates = _candidates(asked, utterances)
    there = {word.key for word in asked if word.content}
    new = [word for word in asked if word.content and word.key not in known]
    whole = _question(question, asked, known, utterances)
    return ModelInput(
        candidates,
        np.array([START, *(_symbol(word, vocabulary) for word in asked), END], np.int64),
        _marks(asked, known),
        whole,
        np.array([_context(candidate, utterances, vocabulary) for candidate in candidates], np.int64).reshape(
            -1, 3
        ),
        np.array(
            [_features(candidate, there, new, utterances) for candidate in candidates], np.float32
        ).reshape(-1, FEATURES),
    )


def _words(text: str) -> list[Word]:
    return [Word(word, key(word), is_content(word) and is_content(key(word))) for word in WORD.findall(text)]


def _utterances(history: Sequence[Turn]) -> Iterator[Utterance]:
    titles: set[str] = set()
    first = max(0, len(history) - _RECENT_TURNS)
    for number, turn in enumerate(history):
        if 0 < number < first:
            continue
        if turn.title and turn.title not in titles:
            titles.add(turn.title)
            yield Utterance("title", number, _words(_title(turn.title))[:_TITLE_WORDS])
        yield Utterance("question", number, _words(turn.question))
        yield Utterance("answer", number, _words(turn.answer)[:_ANSWER_WORDS])


def _title(name: str) -> str:
    """The title in words: "car-insurance.md" is the car insurance."""
    bare = _FILE_SUFFIX.sub("", name.rpartition("/")[2]) if " " not in name else name
    return (bare if " " in bare else bare.replace("-", " ")).replace("_", " ")


def _candidates(asked: Sequence[Word], utterances: Sequence[Utterance]) -> list[ContextWord]:
    """The content words of the turns before that the question lacks, in their order."""
    there = {word.key for word in asked}
    places: dict[str, list[tuple[int, int]]] = {}
    for number, utterance in enumerate(utterances):
        for place, word in enumerate(utterance.words):
            if word.content and word.key and word.key not in there:
                places.setdefault(word.key, []).append((number, place))
    return [
        ContextWord(re.sub(r"['’]s?$", "", utterances[at[0][0]].words[at[0][1]].text), name, at)
        for name, at in places.items()
    ]


def _symbol(word: Word, vocabulary: Mapping[str, int]) -> int:
    shape = NUMBER if word.number else NAME if word.capital else OTHER
    return vocabulary.get(word.text.lower(), shape)


def _marks(asked: Sequence[Word], known: set[str]) -> Floats:
    """Word by word: known from before, capital, content, and how much stands in front of it."""
    marks = np.zeros((len(asked) + 2, MARKS), np.float32)
    content = names = 0
    for row, word in enumerate(asked, 1):
        capital = word.capital and row > 1
        marks[row] = (word.key in known, capital, word.content, min(content, 4) / 4, min(names, 2) / 2)
        content += word.content
        names += word.content and capital
    return marks


def _question(
    question: str, asked: Sequence[Word], known: set[str], utterances: Sequence[Utterance]
) -> Floats:
    content = [word for word in asked if word.content]
    new = [word for word in content if word.key not in known]
    names = [word for word in asked[1:] if word.content and word.capital]
    last = utterances[-1].turn
    before = {word.key for part in utterances if part.turn == last for word in part.words if word.content}
    title = {word.key for part in utterances if part.kind == "title" for word in part.words}
    return np.array(
        [
            math.log1p(len(asked)),
            math.log1p(len(content)),
            not content,
            len(content) == 1,
            math.log1p(len(new)),
            math.log1p(len(content) - len(new)),
            len(new) / max(1, len(content)),
            sum(word.key not in known for word in names),
            sum(word.key in known for word in names),
            any(word.number and word.key not in known for word in asked),
            any(word.number and word.key in known for word in asked),
            question == question.lower(),
            question.endswith("?"),
            math.log1p(sum(word.key in before for word in content)),
            math.log1p(sum(word.key in title for word in content)),
            math.log1p(last),
            bool(title),
            any(part.kind == "answer" and part.words for part in utterances),
        ],
        np.float32,
    )


def _context(
    candidate: ContextWord, utterances: Sequence[Utterance], vocabulary: Mapping[str, int]
) -> list[int]:
    number, place = candidate.places[-1]
    words = utterances[number].words
    return [
        _symbol(words[place], vocabulary),
        _symbol(words[place - 1], vocabulary) if place else START,
        _symbol(words[place + 1], vocabulary) if place + 1 < len(words) else END,
    ]


def _features(
    candidate: ContextWord, there: set[str], new: Sequence[Word], utterances: Sequence[Utterance]
) -> list[float]:
    last = utterances[-1].turn
    parts = [(utterances[number], place) for number, place in candidate.places]
    kinds = {(part.kind, part.turn) for part, _ in parts}
    turns = [part.turn for part, _ in parts if part.kind != "title"]
    inner = [part.words[place] for part, place in parts if place and part.kind != "title"]
    utterance, place = parts[-1]
    word, count = utterance.words[place], len(utterance.words)
    titles = [(part, at) for part, at in parts if part.kind == "title"]
    in_title = titles[-1] if titles else None
    beside = [utterance.words[at] for at in (place - 1, place + 1) if 0 <= at < count]
    return [
        ("question", last) in kinds,
        ("answer", last) in kinds,
        any(kind == "question" for kind, _ in kinds),
        any(kind == "answer" for kind, _ in kinds),
        bool(titles),
        ("question", 0) in kinds,
        1 / (1 + last - max(turns)) if turns else 0,
        math.log1p(len(parts)),
        math.log1p(len({turn for kind, turn in kinds if kind == "question"})),
        any(one.capital for one in inner),
        any(part.words[at].capital for part, at in parts),
        candidate.text.isupper(),
        word.number,
        min(len(candidate.key), 12) / 12,
        utterance.kind == "question",
        utterance.kind == "answer",
        place / max(1, count - 1),
        1 / (count - place),
        math.log1p(count),
        place > 0 and utterance.words[place - 1].content,
        place + 1 < count and utterance.words[place + 1].content,
        min(_names_around(utterance.words, place), 4) / 4,
        any(one.key in there for one in beside),
        any(len(one) > 4 and one[:5] == candidate.key[:5] for one in there),
        word.number and any(one.number for one in new),
        any(one.capital for one in inner) and any(one.capital for one in new),
        bool(titles) and ("question", last) in kinds,
        bool(titles) and len(kinds) == 1,
        in_title[1] / len(in_title[0].words) if in_title else 0,
        1 / len(in_title[0].words) if in_title else 0,
        in_title is not None and in_title[1] > 0 and not in_title[0].words[in_title[1] - 1].content,
        math.log1p(last),
        sum(one.content for one in utterance.words[:place]) == 0,
        math.log1p(sum(one.content for one in utterance.words)),
    ]


def _names_around(words: Sequence[Word], place: int) -> int:
    """How many capitalised words stand together there."""
    if not words[place].capital:
        return 0
    start = end = place
    while start > 0 and words[start - 1].capital:
        start -= 1
    while end + 1 < len(words) and words[end + 1].capital:
        end += 1
    return end - start + 1
