"""The terms of a text in the lexical index: English stems without stop words."""

from functools import cache, lru_cache

import tantivy

# Longer than any word worth looking up; what is longer is data.
_LONGEST_TERM = 80
# Words of a question that say how it asks, not what about; tantivy's English stop words lack them. Without
# them 1 to 3 of 100 development questions more find their passage first, and the search takes half the time.
_ASKING_WORDS = (
    "what which who whom whose when where why how did do does done doing have has had having were being been "
    "am can could would should may might must shall i you he she we me him her us my your his its our them "
    "than so some any many much more most other about"
)


def terms(text: str) -> list[str]:
    """The words of `text` in order, as English stems, without stop words."""
    return analyser().analyze(text)


def question_terms(question: str) -> list[str]:
    """The terms of a question without those that only ask, in order; all of them if no other is left."""
    every = terms(question)
    return [term for term in every if term not in _asking_terms()] or every


@lru_cache(50_000)
def stem(word: str) -> str:
    """The English stem of one word; the word in lower case if it is a stop word."""
    stems = terms(word)
    return stems[0] if stems else word.lower()


@cache
def _asking_terms() -> frozenset[str]:
    return frozenset(terms(_ASKING_WORDS))


@cache
def analyser() -> tantivy.TextAnalyzer:
    """The way from a text to its terms, for documents and questions alike."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_TERM))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
