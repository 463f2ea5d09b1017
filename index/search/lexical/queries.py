"""Questions as queries of tantivy."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import tantivy

from index.search.lexical.sizes import LexicalSizes

# The field with a passage's text and what stands above it.
TEXT = "text"
# Two neighbouring words of a question that also stand close together in a passage count this much more:
# 1 to 1.5 of 100 development questions more find their passage first.
_PAIR_WEIGHT = 0.3
_PAIR_GAP = 2


def any_of(
    schema: tantivy.Schema, wanted: Sequence[str], searcher: tantivy.Searcher, sizes: LexicalSizes
) -> tantivy.Query:
    """Any of the terms; neighbours among them that stand close together count for more."""
    rare = {term for term in wanted if searcher.doc_freq(TEXT, term) <= sizes.pair_passages}
    single = [tantivy.Query.term_query(schema, TEXT, term) for term in dict.fromkeys(wanted)]
    pairs = dict.fromkeys(
        pair for pair in pairwise(wanted) if pair[0] != pair[1] and not rare.isdisjoint(pair)
    )
    close = [
        tantivy.Query.boost_query(
            tantivy.Query.phrase_query(schema, TEXT, list(pair), slop=_PAIR_GAP), _PAIR_WEIGHT
        )
        for pair in pairs
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in (*single, *close)])


def weights_of(searcher: tantivy.Searcher, field: str, wanted: Sequence[str]) -> dict[str, float]:
    """The inverse document frequency of each term that the field has at all."""
    counts = {term: searcher.doc_freq(field, term) for term in dict.fromkeys(wanted)}
    every = searcher.num_docs
    return {
        term: math.log(1 + (every - count + 0.5) / (count + 0.5)) for term, count in counts.items() if count
    }


def weighted(
    schema: tantivy.Schema, field: str, weights: Mapping[str, float], passages: Sequence[int]
) -> tantivy.Query:
    """The entries of these passages, scored by the sum of the weights of the terms in them."""
    terms = [
        tantivy.Query.const_score_query(tantivy.Query.term_query(schema, field, term), weight)
        for term, weight in weights.items()
    ]
    any_term = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
    among = tantivy.Query.const_score_query(
        tantivy.Query.term_set_query(schema, "passage", list(passages)), 0.0
    )
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, any_term), (tantivy.Occur.Must, among)])
