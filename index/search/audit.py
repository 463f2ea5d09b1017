"""Whether the indexes hold what the store holds, and nothing else."""

from collections.abc import Iterator

from index.search.dense.dense_index import DenseIndex
from index.search.lexical.lexical_index import LexicalIndex
from index.store.store import Store

# Passages whose own vector is searched for in the dense index, evenly spread over all of them.
_SEARCHED = 200
_NEAREST = 10
# A passage of the same text has the same vector, and either may come first; 16 bits leave it this near.
_SAME = 0.99
# The share of those searched for that an inverted file may miss: a number outside the range of the passages
# that it was made of is cut off at its end.
_MISSED_SHARE = 0.02


def lexical_problems(store: Store, lexical: LexicalIndex) -> Iterator[str]:
    """What is wrong with the lexical index."""
    passages, found = store.passage_ids(), lexical.ids()
    if wrong := lexical.problem():
        yield f"the word index is {wrong}"
    elif found != passages:
        lacking, too_many = len(passages - found), len(found - passages)
        yield f"the word index lacks {lacking:,} passages, {too_many:,} are too many"


def dense_problems(store: Store, dense: DenseIndex) -> Iterator[str]:
    """What is wrong with the dense index."""
    if not dense.whole:
        yield "the dense index is not made yet"
        return
    embedded = store.embedded_ids()
    if len(dense) != len(embedded):
        yield f"the dense index has {len(dense):,} vectors instead of {len(embedded):,}"
    vectors = store.vectors_of(embedded[:: max(len(embedded) // _SEARCHED, 1)])
    unfound = sum(
        not any(near == id or cosine >= _SAME for near, cosine in dense.search(row, _NEAREST))
        for id, row in zip(vectors.ids.tolist(), vectors.rows, strict=True)
    )
    if unfound > (0 if dense.exact else _MISSED_SHARE * len(vectors.ids)):
        yield f"the dense index doesn't find {unfound:,} of {len(vectors.ids):,} vectors"
