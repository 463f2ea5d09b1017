"""From a question to its Answer: resolve, search, read, judge, compose."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from index import Filter, Hit, UnknownDocument
from qa.answering.answer import Answer, Searched
from qa.answering.blocks import whole_list
from qa.answering.compose import compose
from qa.answering.followups import resolutions
from qa.answering.lists import is_list
from qa.answering.question import checked
from qa.answering.turn import Turn, latest
from qa.reading.reader import Reader, Reading
from qa.settings import Settings

# As sure of an answer as this, reading stops.
SURE = 0.6
# Words of earlier turns are added to a question that may stand alone, and one that follows up is asked of the
# document before alone, if its answer is so much surer then.
_MUCH_SURER = 0.1
# A question is searched for so many times when documents are removed while they are read.
_MOST_SEARCHES = 10


# A way to understand a question: its words, and which documents it is asked of.
_Understood = tuple[str, Filter]


class Searchable(Protocol):
    """All that asking needs of documents; a Library is one."""

    def search(self, question: str, limit: int, filter: Filter) -> list[Hit]:
        """The passages that fit the question best, best first, at most `limit`."""
        ...

    def counts(self, filter: Filter) -> tuple[int, int]:
        """How many documents and passages are searched."""
        ...


class Answerer:
    """Answers questions over anything that can be searched; every method may be called from any thread."""

    def __init__(self, documents: Searchable, reader: Reader, settings: Settings = Settings()) -> None:
        self._documents = documents
        self._reader = reader
        self._settings = settings

    @property
    def threshold(self) -> float:
        """The confidence below which the documents count as not saying."""
        return self._reader.threshold if self._settings.threshold is None else self._settings.threshold

    def answer(self, question: str, history: Sequence[Turn | str] = (), filter: Filter = Filter()) -> Answer:
        """The whole Answer; QuestionError when the question can't be asked."""
        *_, answer = self.stream(question, history, filter)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn | str] = (), filter: Filter = Filter()
    ) -> Iterator[Answer]:
        """The answer so far each time more passages have been read; the last one is whole.

        QuestionError, at once, when the question can't be asked.
        """
        began = time.perf_counter()
        asked, turns = checked(question), latest(history)
        first, *others = resolutions(asked, turns)
        ways = ((understood, filter) for understood in others)
        if first != asked:
            ways = ((first, own) for own in self._where_it_was(turns[-1], filter))
        return self._best_way(question, (first, filter), ways, began)

    def _where_it_was(self, turn: Turn | str, filter: Filter) -> Iterator[Filter]:
        """The document that the turn before was about, as a filter; none where nothing is found for it."""
        turn = Turn.of(turn)
        hits = self._documents.search(turn.question, self._settings.passages, filter)
        found = [hit.passage.document for hit in hits]
        cited = [one for one in found if turn.title and turn.title in (one.title, one.name)]
        yield from (replace(filter, documents=(one.id,)) for one in [*cited, *found][:1])

    def _best_way(
        self, question: str, first: _Understood, others: Iterable[_Understood], began: float
    ) -> Iterator[Answer]:
        """The answer to the first way to understand the question, or to another that is answered surer."""
        for best in self._until_read(question, *first, began):
            yield best
        for way in others if best.confidence < SURE else ():
            *_, other = self._until_read(question, *way, began)
            if other.answered and other.confidence >= best.confidence + _MUCH_SURER:
                best = other
                yield best

    def _until_read(self, question: str, understood: str, filter: Filter, began: float) -> Iterator[Answer]:
        for searches in range(1, _MOST_SEARCHES + 1):
            try:
                yield from self._read(question, understood, filter, began)
                return
            except UnknownDocument:
                # A long document's text is read when it is needed, and this one was removed before that.
                if searches == _MOST_SEARCHES:
                    raise

    def _read(self, question: str, understood: str, filter: Filter, began: float) -> Iterator[Answer]:
        """Searches, and reads batch by batch: for a phrase until it is sure, for a list to the end."""
        documents, passages = self._documents.counts(filter)
        wanted, read = self._settings.most_passages, 0
        hits, reading = self._documents.search(understood, wanted, filter), Reading()
        while True:
            batch = hits[read : read + self._settings.passages]
            read += len(batch)
            reading = reading.joined(self._reader.read(understood, batch))
            judged = self._reader.judge(reading)
            items = whole_list(self._reader.select_items(reading.items), judged.sentences)
            as_list = is_list(judged.forms, items)
            answer = compose(
                question,
                understood,
                replace(judged, items=items),
                hits,
                threshold=self.threshold,
                as_list=as_list,
                searched=Searched(documents, passages, read),
                milliseconds=1000 * (time.perf_counter() - began),
            )
            yield answer
            most = self._settings.list_passages if as_list else self._settings.most_passages
            if read >= most or (not as_list and answer.confidence >= SURE):
                return
            if most > wanted:
                wanted, hits = most, self._documents.search(understood, most, filter)
            if read >= len(hits):
                return
