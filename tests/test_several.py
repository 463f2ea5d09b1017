from index import Document, Passage
from qa import Reading, Span
from qa.several import names_several

TEXT = "Jupiter and Saturn are gas giants, says Saturn's discoverer."
QUESTION = "What is a gas giant?"
PASSAGE = Passage(1, Document("planets", TEXT), 0, len(TEXT))


def item(text: str, probability: float, passage: Passage = PASSAGE) -> Span:
    start = passage.document.text.index(text)
    return Span(passage, start, start + len(text), probability)


def test_two_sure_items_of_one_passage_make_a_list() -> None:
    assert names_several(QUESTION, Reading(items=(item("Jupiter", 0.9), item("Saturn", 0.8))))


def test_items_that_are_unsure_or_the_same_make_none() -> None:
    assert not names_several(QUESTION, Reading(items=(item("Jupiter", 0.9), item("Saturn", 0.1))))
    assert not names_several(QUESTION, Reading(items=(item("Saturn", 0.9), item("Saturn's", 0.9))))


def test_less_sure_items_make_a_list_where_the_likeliest_answer_names_them_together() -> None:
    items = (item("Jupiter", 0.6), item("Saturn", 0.6))
    assert not names_several(QUESTION, Reading(spans=(item("Jupiter", 0.9),), items=items))
    assert names_several(QUESTION, Reading(spans=(item("Jupiter and Saturn", 0.9),), items=items))


def test_words_that_follow_each_other_are_one_thing() -> None:
    text = "It is kept at minus 18 degrees there."
    passage = Passage(3, Document("vault", text), 0, len(text))
    assert not names_several(
        "At what temperature is it kept?",
        Reading(items=(item("minus", 0.9, passage), item("18 degrees", 0.9, passage))),
    )


def test_figures_are_cells_of_a_table_and_no_list() -> None:
    text = "Revenue | 2022: $ 5,931 | 2021: $ 7,103 (20 %) | Titan and Rhea"
    passage = Passage(4, Document("report", text), 0, len(text))
    figures = tuple(item(figure, 0.9, passage) for figure in ("$ 5,931", "$ 7,103", "20 %"))
    names = (item("Titan", 0.9, passage), item("Rhea", 0.9, passage))
    assert not names_several("What was the revenue?", Reading(items=figures))
    assert names_several("What was the revenue?", Reading(items=figures + names))


def test_items_of_different_passages_make_none() -> None:
    other = Passage(2, Document("other", "Neptune is an ice giant."), 0, 24)
    assert not names_several(QUESTION, Reading(items=(item("Jupiter", 0.9), item("Neptune", 0.9, other))))


def test_no_items_make_none() -> None:
    assert not names_several(QUESTION, Reading())


def test_a_question_for_a_reason_or_a_time_gets_a_phrase() -> None:
    reading = Reading(items=(item("Jupiter", 0.9), item("Saturn", 0.8)))
    assert names_several("Who are the giants?", reading)
    for question in ("Why is Saturn there?", "how are they called", "When was it?", "What did Saturn do?"):
        assert not names_several(question, reading)
