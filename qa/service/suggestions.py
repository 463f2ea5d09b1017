"""Questions that a document answers: those made of it are tried out, and the surely answered are kept."""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Protocol

from index import Document, Filter
from qa.answering.answer import Answer
from qa.answering.answerer import SURE
from qa.answering.turn import Turn
from qa.wording import SuggestedQuestion, candidates

# Of one document: how many are kept, and tried for that.
MOST, MOST_TRIED = 3, 6
# What no word alone is an answer to.
_WANTS_A_SENTENCE = re.compile(r"(?:How (?:do|does|to|can|should)|Why|What happens|What should)\b")
_A_SENTENCE = 5  # words of a phrase that says as much as one
_MOST_KNOWN = 500  # documents whose questions are remembered


class Asked(Protocol):
    """What questions are tried out on: a Service."""

    def ask(self, question: str, history: Sequence[Turn | str] = (), filter: Filter = Filter()) -> Answer: ...

    def document(self, document_id: str, filter: Filter = Filter()) -> Document: ...


class Suggestions:
    """What to ask of documents; what was found once is remembered."""

    def __init__(self, service: Asked) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, tuple[str, ...]], list[str]] = OrderedDict()

    def of(self, document_id: str, filter: Filter = Filter()) -> list[str]:
        """Up to `MOST` questions that the reader answers surely, and from the place they were made of.

        They are asked of all that `filter` lets through. UnknownDocument when that has none of that id.
        """
        document = self._service.document(document_id, filter)
        key = document_id, filter.hidden
        with self._lock:
            if key in self._known:
                return self._known[key]
        answered = self._answered(document, filter)
        found = [one.question for _, one in zip(range(MOST), answered, strict=False)]
        with self._lock:
            self._known[key] = found
            while len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return found

    def _answered(self, document: Document, filter: Filter) -> Iterator[SuggestedQuestion]:
        tried, columns = 0, set[str]()
        for candidate in candidates(document):
            # The price of one row is enough: that of another says nothing new about what can be asked.
            if candidate.column in columns:
                continue
            if tried == MOST_TRIED:
                return
            tried += 1
            answer = self._service.ask(candidate.question, filter=filter)
            stands = any(
                one.document_id == document.id
                and one.sentence_start < candidate.end
                and candidate.start < one.sentence_end
                # Where the words are known that must be said, another document may say them too.
                for one in (answer.citations if candidate.expected else answer.citations[:1])
            )
            text = " ".join(answer.text.split()).casefold()
            wants_a_sentence = bool(_WANTS_A_SENTENCE.match(candidate.question))
            whole = answer.form != "phrase" or not wants_a_sentence or len(answer.text.split()) >= _A_SENTENCE
            if answer.confidence >= SURE and stands and whole and candidate.expected.casefold() in text:
                if candidate.column:
                    columns.add(candidate.column)
                yield candidate
