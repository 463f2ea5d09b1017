"""Whether the passages, rather than the question's wording, say that an answer has several parts."""

from qa.reader import Reading
from qa.same import grouped

# Chosen on development questions.
_SURE = 0.6
_FEWEST = 2


def names_several(reading: Reading) -> bool:
    """Whether the best item's passage names two different items or more that are surely asked for."""
    if not reading.items:
        return False
    passage = reading.items[0].passage
    sure = [item for item in reading.items if item.passage.id == passage.id and item.probability >= _SURE]
    return len(grouped(sure, within=True)) >= _FEWEST
