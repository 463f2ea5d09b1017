import numpy as np

from index import Document, Hit, OnnxModel, Passage
from qa.reading.span_reader import BUNDLED
from qa.reading.windows import outputs, windows

TEXTS = (
    "The vault opened in 2008.",
    "The Svalbard vault stores the seeds of food crops, in boxes that belong to those who sent them. " * 4,
    "A heron nests in the meadow by the river, and leaves it in autumn. " * 9,
)


def test_what_is_read_of_a_passage_is_the_same_whatever_is_read_beside_it() -> None:
    model = OnnxModel(BUNDLED)
    documents = [Document(f"{number}.txt", text.strip()) for number, text in enumerate(TEXTS)]
    hits = [Hit(Passage(number, one, 0, len(one.text)), 0.5) for number, one in enumerate(documents)]
    given = windows(model, "When did the vault open?", hits * 3)
    together, alone = outputs(model, given), [outputs(model, [one])[0] for one in given]
    for one, other in zip(together, alone, strict=True):
        for name in ("start", "end", "items", "evidence", "form", "answerable"):
            assert np.array_equal(getattr(one, name), getattr(other, name))
