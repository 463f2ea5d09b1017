"""The lexical index: BM25 over the passages in tantivy, derived from the store."""

import logging
import shutil
import threading
import zlib
from collections.abc import Sequence, Set
from pathlib import Path

import numpy as np
import tantivy

from index.documents.terms import analyser, question_terms
from index.errors import LibraryError
from index.search.derived_file import read_checked, write_checked
from index.search.lexical.entries import ANALYSER, WHOLE, entry, schema
from index.search.lexical.queries import among, any_of, frequencies, weighted, weights_of
from index.search.lexical.sizes import LexicalSizes
from index.search.lexical.tantivy_files import fault, files_of, readable, remove_left_over
from index.store.records import ChangesForgotten
from index.store.runs import Runs, numbers
from index.store.store import Change, Store

# Part of the derived files' facts: another analyser, schema or form of the state makes a new index.
_ANALYSIS = 4
_WRITER_BYTES = 64_000_000
# The kinds of changes that concern the words.
_OF_WORDS = ("added", "removed")
# What tantivy says when the disk is full.
_NO_ROOM = "No space left"
# Stands for the checksum while tantivy writes.
_COMMITTING = b"committing"
_logger = logging.getLogger(__name__)


class LexicalIndex:
    """BM25 by English stems without stop words; `applied` is the last change of the store that is in it.

    Searching is safe from any thread; all else is for one thread at a time. tantivy lets one process write
    at a time: call `catch_up` while holding the library's write lock.
    """

    def __init__(self, folder: Path, store: Store, sizes: LexicalSizes = LexicalSizes()) -> None:
        self._sizes = sizes
        self._folder = folder
        self._store = store
        self._facts: dict[str, int | str] = {"analysis": _ANALYSIS}
        self._state = folder.with_suffix(".state")
        # Why the index on disk can't be used; only `catch_up`, alone in writing, may make it again.
        self._fault = ""
        self.applied = 0
        self._index = self._open() or self._empty()

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
        query = any_of(self._index.schema, wanted, self._index.searcher(), self._sizes)
        if runs is None:
            return self._found(query, limit)
        if len(runs) > self._sizes.most_ranges:
            # Mostly enough of the best pass, and to check them is quicker than a filter of many runs.
            best = self._found(query, self._sizes.checked)
            passing = _within(best, runs)
            if len(passing) >= limit or len(best) < self._sizes.checked:
                return passing[:limit]
        # A constant score of nothing, so that the filter doesn't change the ranking.
        allowed = tantivy.Query.const_score_query(self._in_runs(runs), 0.0)
        must = [(tantivy.Occur.Must, query), (tantivy.Occur.Must, allowed)]
        return self._found(tantivy.Query.boolean_query(must), limit)

    def coverage(self, question: str, documents: Set[int]) -> dict[int, float]:
        """The share, 0 to 1, of the question's terms that stand anywhere in each of these documents.

        A document is named by its first passage. A rare term counts for more, by its inverse document
        frequency; a term that stands in no document doesn't count. Documents with none of the terms are
        left out.
        """
        searcher, fields = self._index.searcher(), self._index.schema
        counts = frequencies(searcher, WHOLE, question_terms(question))
        if not counts or not documents:
            return {}
        weights = weights_of(counts, searcher.num_docs)
        query, limit = weighted(fields, WHOLE, weights), sum(counts.values())
        if limit > self._sizes.covering:
            query, limit = among(fields, query, documents), len(documents)
        everything = sum(weights.values())
        found = self._found(query, limit)
        return {id: score / everything for id, score in found if id in documents}

    def behind(self) -> bool:
        """Whether passages were added or removed in the store since `applied`."""
        if self._fault:
            return True
        try:
            changes = self._store.changes_since(self.applied)
        except ChangesForgotten:
            return True
        if any(change.kind in _OF_WORDS for change in changes):
            return True
        self.applied = changes[-1].id if changes else self.applied
        return False

    def catch_up(self) -> None:
        """Takes in what changed in the store since `applied`; LibraryError when it can't be written."""
        self.refresh()
        try:
            if self._fault:
                self._make_whole()
            self._write([one for one in self._changes() if one.kind in _OF_WORDS])
        except (OSError, ValueError) as error:
            full = "there is no room left on the disk" if _NO_ROOM in str(error) else error
            raise LibraryError(
                f"The word index {self._folder} can't be written: {full}. No document is lost. "
                "Make room on the disk and try again; if there is enough, run quoth rebuild."
            ) from error

    def refresh(self) -> None:
        """Sees what another process has written."""
        if self._fault:
            self._index = self._open() or self._index
            return
        saved = read_checked(self._state, self._facts)
        if saved and int(saved[0]["applied"]) > self.applied:
            self._index.reload()
            self.applied = int(saved[0]["applied"])

    def _changes(self) -> list[Change]:
        try:
            return self._store.changes_since(self.applied)
        except ChangesForgotten:
            self._fault = "too far behind the library"
            self._make_whole()
            return self._store.changes_since(self.applied)

    def ids(self) -> set[int]:
        """The numbers of all passages that are in it."""
        return {id for id, _ in self._found(tantivy.Query.all_query(), max(len(self), 1))}

    def problem(self) -> str:
        """What is wrong with its files, all of them read; empty when nothing is."""
        try:
            return self._fault or fault(files_of(self._folder))
        except ValueError as error:
            return str(error)

    def _found(self, query: tantivy.Query, limit: int) -> list[tuple[int, float]]:
        searcher = self._index.searcher()
        hits = searcher.search(query, limit, count=False).hits
        ids = searcher.fast_field_values("passage", [address for _, address in hits])
        return [(int(id), float(score)) for id, (score, _) in zip(ids, hits, strict=True) if id is not None]

    def _write(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        # After a kill between the two, what tantivy has committed is more than `applied` says, not damaged.
        self._save(_COMMITTING)
        remove_left_over(self._folder)
        # What a killed process has committed is in it too.
        self._index.reload()
        was_empty = not len(self)
        writer = self._index.writer(_WRITER_BYTES, num_threads=1)
        try:
            for change in changes:
                self._apply(writer, change, was_empty)
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self._index.reload()
        self.applied = changes[-1].id
        self._save(self._checksum())

    def _apply(self, writer: tantivy.IndexWriter, change: Change, was_empty: bool) -> None:
        # Deleted first even when added, so that a change which a crash made us apply twice does no harm;
        # but not in an empty index, since tantivy goes through all it has for each deletion.
        if not (was_empty and change.kind == "added"):
            run = [(change.first_passage, change.end_passage)]
            writer.delete_documents_by_query(self._in_runs(run))
        if change.kind == "added":
            for place, passage in enumerate(
                self._store.passages_of(change.first_passage, change.end_passage)
            ):
                writer.add_document(entry(passage, first=place == 0))

    def _open(self) -> tantivy.Index | None:
        """The index on disk; None when there is none, or it can't be trusted."""
        self._fault = self._fault or "missing, or of another version"
        saved = read_checked(self._state, self._facts)
        if saved is None or not self._store.follows(saved[0]):
            return None
        try:
            unread = self._verify(saved[1])
            with readable(self._folder) as folder:
                index = self._register(tantivy.Index.open(str(folder)))
                index.searcher()
        except (OSError, ValueError) as error:
            self._fault = f"damaged: {error}"
            return None
        self._fault = ""
        self.applied = int(saved[0]["applied"])
        if unread:
            threading.Thread(target=self._verify_later, args=(unread,), daemon=True).start()
        return index

    def _verify(self, checksum: bytes) -> list[Path]:
        """ValueError when the files aren't what was written; those of a large index, to be read later."""
        paths = files_of(self._folder)
        if checksum not in (_COMMITTING, self._checksum()):
            raise ValueError("meta.json is damaged")
        sizes = [path.stat().st_size if path.is_file() else None for path in paths]
        if None not in sizes and sum(filter(None, sizes)) > self._sizes.verified_at_once:
            return paths
        if wrong := fault(paths):
            raise ValueError(wrong)
        return []

    def _verify_later(self, paths: Sequence[Path]) -> None:
        wrong = fault(paths)
        # A file that has gone since then was removed by a commit.
        if wrong and not wrong.endswith("missing"):
            self._state.unlink(missing_ok=True)
            self._fault = f"damaged: {wrong}"

    def _make_whole(self) -> None:
        """Starts over, with all that is in the store now."""
        newest = self._store.last_change()
        self._make()
        self._write(self._store.as_added())
        if self.applied < newest:
            self.applied = newest
            self._save(self._checksum())

    def _make(self) -> None:
        """Puts an empty index in the place of the one on disk."""
        if self._store.last_change():
            # Where there was none at all, as after an import, nothing is wrong.
            level = logging.WARNING if self._folder.exists() else logging.INFO
            _logger.log(level, "The word index %s is %s. It is made again.", self._folder, self._fault)
        self._state.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._index = self._empty(self._folder)
        self.applied = 0
        self._save(self._checksum())
        self._fault = ""

    def _empty(self, folder: Path | None = None) -> tantivy.Index:
        return self._register(tantivy.Index(schema(), path=str(folder) if folder else None))

    def _register(self, index: tantivy.Index) -> tantivy.Index:
        index.register_tokenizer(ANALYSER, analyser())
        return index

    def _checksum(self) -> bytes:
        """Of the file that says which files belong to the index; those carry their own."""
        return b"%d" % zlib.crc32((self._folder / "meta.json").read_bytes())

    def _in_runs(self, runs: Runs) -> tantivy.Query:
        """The passages whose number lies in one of the runs."""
        fields = self._index.schema
        if len(runs) > self._sizes.most_ranges:
            return tantivy.Query.term_set_query(fields, "passage", numbers(runs).tolist())
        ranges = [
            tantivy.Query.range_query(
                fields, "passage", tantivy.FieldType.Unsigned, first, end, include_upper=False
            )
            for first, end in runs
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in ranges])

    def _save(self, checksum: bytes) -> None:
        write_checked(
            self._state, {**self._facts, **self._store.position(self.applied)}, memoryview(checksum)
        )


def _within(found: Sequence[tuple[int, float]], runs: Runs) -> list[tuple[int, float]]:
    """Those of the passages found whose number lies in one of the runs, which are in order."""
    starts, ends = np.array(runs).T
    ids = np.array([id for id, _ in found], np.int64)
    before = np.searchsorted(starts, ids, side="right") - 1
    inside = (before >= 0) & (ids < ends[before])
    return [pair for pair, passes in zip(found, inside.tolist(), strict=True) if passes]
