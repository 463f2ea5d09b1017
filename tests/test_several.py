from index import Document, Passage
from qa import Reading, Span
from qa.several import names_several

TEXT = "Jupiter and Saturn are gas giants, says Saturn's discoverer."
PASSAGE = Passage(1, Document("planets", TEXT), 0, len(TEXT))


def item(text: str, probability: float, passage: Passage = PASSAGE) -> Span:
    start = passage.document.text.index(text)
    return Span(passage, start, start + len(text), probability)


def test_two_sure_items_of_one_passage_make_a_list() -> None:
    assert names_several(Reading(items=(item("Jupiter", 0.9), item("Saturn", 0.8))))


def test_items_that_are_unsure_or_the_same_make_none() -> None:
    assert not names_several(Reading(items=(item("Jupiter", 0.9), item("Saturn", 0.1))))
    assert not names_several(Reading(items=(item("Saturn", 0.9), item("Saturn's", 0.9))))


def test_items_of_different_passages_make_none() -> None:
    other = Passage(2, Document("other", "Neptune is an ice giant."), 0, 24)
    assert not names_several(Reading(items=(item("Jupiter", 0.9), item("Neptune", 0.9, other))))


def test_no_items_make_none() -> None:
    assert not names_several(Reading())
