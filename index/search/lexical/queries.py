"""Questions as queries of tantivy."""

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import tantivy

from index.search.lexical.entries import TEXT
from index.search.lexical.sizes import LexicalSizes

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


def frequencies(searcher: tantivy.Searcher, field: str, wanted: Sequence[str]) -> dict[str, int]:
    """In how many entries the field has each term, of those that it has at all."""
    counts = {term: searcher.doc_freq(field, term) for term in dict.fromkeys(wanted)}
    return {term: count for term, count in counts.items() if count}


def weights_of(frequencies: Mapping[str, int], entries: int) -> dict[str, float]:
    """The inverse document frequency of each term."""
    return {
        term: math.log(1 + (entries - count + 0.5) / (count + 0.5)) for term, count in frequencies.items()
    }


def weighted(schema: tantivy.Schema, field: str, weights: Mapping[str, float]) -> tantivy.Query:
    """The entries with any of the terms, scored by the sum of the weights of those in them."""
    terms = [
        tantivy.Query.const_score_query(tantivy.Query.term_query(schema, field, term), weight)
        for term, weight in weights.items()
    ]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])


def among(schema: tantivy.Schema, query: tantivy.Query, passages: Collection[int]) -> tantivy.Query:
    """Those that a query finds among the entries of these passages, scored as by the query."""
    # Looking for a set of numbers takes tantivy four times as long as looking for each of some hundred.
    each = [
        tantivy.Query.const_score_query(tantivy.Query.term_query(schema, "passage", id), 0.0)
        for id in sorted(passages)
    ]
    must = (query, tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in each]))
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in must])
