from index import Document, Passage
from qa import Span
from qa.answering.passages import quoted

TEXT = "Soak the beans. Rinse them. Boil them for an hour. Salt them. Serve."
PASSAGE = Passage(1, Document("beans.md", TEXT), 0, len(TEXT))


def sentence(text: str, probability: float, passage: Passage = PASSAGE) -> Span:
    start = passage.document.text.index(text)
    return Span(passage, start, start + len(text), probability)


def texts(*sentences: Span, threshold: float = 0.5) -> list[str]:
    ranked = sorted(sentences, key=lambda one: -one.probability)
    return [group.text for group in quoted(ranked, threshold)]


def test_the_best_sentence_is_quoted_with_the_likely_ones_beside_it() -> None:
    boil, rinse, salt = (
        sentence("Boil them for an hour.", 0.9),
        sentence("Rinse them.", 0.5),
        sentence("Salt them.", 0.3),
    )
    assert texts(boil, rinse, salt) == ["Rinse them. Boil them for an hour."]


def test_no_more_than_three_sentences_are_one_answer_and_each_stands_in_one() -> None:
    beans = ("Soak the beans.", "Rinse them.", "Boil them for an hour.", "Salt them.")
    likely = [sentence(text, 0.9 - number / 100) for number, text in enumerate(beans)]
    assert texts(*likely) == ["Soak the beans. Rinse them. Boil them for an hour.", "Salt them."]


def test_a_likely_sentence_farther_away_is_another_answer() -> None:
    assert texts(sentence("Soak the beans.", 0.9), sentence("Serve.", 0.8)) == ["Soak the beans.", "Serve."]


def test_what_is_below_the_threshold_starts_no_answer() -> None:
    assert texts(sentence("Serve.", 0.4)) == []
    assert texts(sentence("Soak the beans.", 0.9), sentence("Serve.", 0.4)) == ["Soak the beans."]


def test_a_sentence_of_another_document_is_never_joined() -> None:
    other = Passage(2, Document("rice.md", TEXT), 0, len(TEXT))
    found = texts(sentence("Soak the beans.", 0.9), sentence("Rinse them.", 0.8, other))
    assert found == ["Soak the beans.", "Rinse them."]


LEADING = """Good to know.

The following are covered:

Frames
Lenses

Not covered are cases."""


def test_a_sentence_that_leads_to_a_list_is_quoted_with_it() -> None:
    passage = Passage(3, Document("glasses.md", LEADING), 0, len(LEADING))
    (group,) = quoted([sentence("The following are covered:", 0.9, passage)], 0.5)
    assert group.spans[0].text == "The following are covered:\n\nFrames\nLenses"


def test_what_it_leads_to_is_not_quoted_where_it_is_long() -> None:
    text = "It says:\n" + "word " * 400
    passage = Passage(4, Document("long.md", text), 0, len(text))
    (group,) = quoted([sentence("It says:", 0.9, passage)], 0.5)
    assert group.spans[0].text == "It says:"


def test_what_another_answer_holds_does_not_follow_a_lead() -> None:
    passage = Passage(5, Document("glasses.md", LEADING), 0, len(LEADING))
    found = texts(sentence("Lenses", 0.9, passage), sentence("The following are covered:", 0.6, passage))
    assert found == ["Lenses", "The following are covered:"]
