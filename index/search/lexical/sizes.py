"""From how many passages on the lexical index does what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LexicalSizes:
    """The defaults are measured; tests pass smaller ones."""

    # Neighbours in a question count for more only where one of the two stands in at most so many passages: of
    # two common words the place says little and finding it takes longest. Over a million passages 1 in 250
    # development questions more find their passage first.
    pair_passages: int = 20_000
    # Files of more bytes than this together are verified while questions are answered already.
    verified_at_once: int = 100_000_000
    # More runs than this are 50 microseconds each as ranges; with more, so many of the best passages are
    # checked first.
    most_ranges: int = 32
    checked: int = 2_000
    # Up to so many places of a question's terms in whole documents, all these documents are taken, which is
    # up to twice as fast as to have tantivy look for the two hundred wanted.
    covering: int = 2_000
