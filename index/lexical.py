"""Search by words: BM25 over the passages in tantivy, derived from the store."""

import shutil
import threading
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import tantivy

from index.files import read_checked, write_checked
from index.store import Change, Store

# Part of the derived files' facts: a change of analyser or schema makes a new index.
_ANALYSIS = 2
_WRITER_BYTES = 64_000_000
# Longer than any word worth looking up; what is longer is data.
_LONGEST_TERM = 80
# Words of a question that say how it asks, not what about; tantivy's English stop words lack them. Without
# them 1 to 3 of 100 development questions more find their passage first, and the search takes half the time.
_ASKING_WORDS = (
    "what which who whom whose when where why how did do does done doing have has had having were being been "
    "am can could would should may might must shall i you he she we me him her us my your his its our them "
    "than so some any many much more most other about"
)
# Two neighbouring words of a question that also stand close together in a passage count this much more:
# 1 to 1.5 of 100 development questions more find their passage first.
_PAIR_WEIGHT = 0.3
_PAIR_GAP = 2
# Only where one of the two stands in at most so many passages: of two common words the place says little and
# looking it up takes longest. Over a million passages 1 in 250 development questions more find theirs first.
_PAIR_PASSAGES = 20_000

Runs = Sequence[tuple[int, int]]


class LexicalIndex:
    """BM25 by English stems without stop words; `applied` is the last change of the store that is in it.

    tantivy lets one process write at a time: call `catch_up` while holding the library's write lock.
    """

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        self._facts: dict[str, int | str] = {"analysis": _ANALYSIS}
        self._state = folder.with_suffix(".state")
        self._lock = threading.Lock()
        self.applied = 0
        self._index = self._open()

    def __len__(self) -> int:
        return self._index.searcher().num_docs

    def search(self, question: str, limit: int, runs: Runs | None = None) -> list[tuple[int, float]]:
        """The `limit` best passages for any of the question's terms as (id, score), best first.

        The score is BM25 with an addition for the question's neighbours that stand close together.

        `runs`, half-open, limits the search to those passage numbers.
        """
        wanted = question_terms(question)
        if not wanted or limit < 1 or runs == []:
            return []
        schema, searcher = self._index.schema, self._index.searcher()
        query = _any_of(schema, wanted, searcher)
        if runs is not None:
            # A constant score of nothing, so that the filter doesn't change the ranking.
            allowed = tantivy.Query.const_score_query(_in_runs(schema, runs), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, allowed)])
        hits = searcher.search(query, limit, count=False).hits
        ids = searcher.fast_field_values("passage", [address for _, address in hits])
        return [(int(id), float(score)) for id, (score, _) in zip(ids, hits, strict=True) if id is not None]

    def catch_up(self) -> None:
        """Takes in what changed in the store since `applied`."""
        with self._lock:
            self._refresh()
            changes = self._store.changes_since(self.applied)
            if not changes:
                return
            anew = not len(self)
            with self._index.writer(_WRITER_BYTES, num_threads=1) as writer:
                for change in changes:
                    self._apply(writer, change, anew)
                writer.commit()
            self._index.reload()
            self.applied = changes[-1].id
            self._save()

    def refresh(self) -> None:
        """Sees what another process has written."""
        with self._lock:
            self._refresh()

    def _refresh(self) -> None:
        saved = read_checked(self._state, self._facts)
        if saved and int(saved[0]["applied"]) > self.applied:
            self._index.reload()
            self.applied = int(saved[0]["applied"])

    def _apply(self, writer: tantivy.IndexWriter, change: Change, anew: bool) -> None:
        # Deleted first even when added, so that a change which a crash made us apply twice does no harm;
        # but not in an empty index, since tantivy goes through all it has for each deletion.
        if not (anew and change.added):
            run = [(change.first_passage, change.end_passage)]
            writer.delete_documents_by_query(_in_runs(self._index.schema, run))
        if change.added:
            for passage in self._store.passages_of(change.first_passage, change.end_passage):
                entry = tantivy.Document(text=f"{passage.context}\n{passage.text}")
                entry.add_unsigned("passage", passage.id)
                writer.add_document(entry)

    def _open(self) -> tantivy.Index:
        saved = read_checked(self._state, self._facts)
        if saved:
            try:
                index = self._register(tantivy.Index.open(str(self._folder)))
                self.applied = int(saved[0]["applied"])
                return index
            except ValueError:
                pass  # tantivy's word for a folder it can't read: made anew below
        return self._new()

    def _new(self) -> tantivy.Index:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("passage", indexed=True, fast=True)
        builder.add_text_field("text", tokenizer_name="quoth", index_option="position")
        index = self._register(tantivy.Index(builder.build(), path=str(self._folder)))
        self.applied = 0
        self._save()
        return index

    def _register(self, index: tantivy.Index) -> tantivy.Index:
        index.register_tokenizer("quoth", _analyser())
        return index

    def _save(self) -> None:
        write_checked(self._state, {**self._facts, "applied": self.applied}, memoryview(b""))


def terms(text: str) -> list[str]:
    """What `text` is looked up by: its words in order, as English stems, without stop words."""
    return _analyser().analyze(text)


def question_terms(question: str) -> list[str]:
    """The terms of a question without those that only ask, in order; all of them if no other is left."""
    every = terms(question)
    return [term for term in every if term not in _asking_terms()] or every


@cache
def _asking_terms() -> frozenset[str]:
    return frozenset(terms(_ASKING_WORDS))


def _any_of(schema: tantivy.Schema, wanted: Sequence[str], searcher: tantivy.Searcher) -> tantivy.Query:
    """Any of the terms; neighbours among them that stand close together count for more."""
    rare = {term for term in wanted if searcher.doc_freq("text", term) <= _PAIR_PASSAGES}
    single = [tantivy.Query.term_query(schema, "text", term) for term in dict.fromkeys(wanted)]
    pairs = dict.fromkeys(
        pair for pair in pairwise(wanted) if pair[0] != pair[1] and not rare.isdisjoint(pair)
    )
    close = [
        tantivy.Query.boost_query(
            tantivy.Query.phrase_query(schema, "text", list(pair), slop=_PAIR_GAP), _PAIR_WEIGHT
        )
        for pair in pairs
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in (*single, *close)])


@cache
def _analyser() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_TERM))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _in_runs(schema: tantivy.Schema, runs: Runs) -> tantivy.Query:
    return tantivy.Query.boolean_query(
        [
            (
                tantivy.Occur.Should,
                tantivy.Query.range_query(
                    schema, "passage", tantivy.FieldType.Unsigned, first, end, include_upper=False
                ),
            )
            for first, end in runs
        ]
    )
