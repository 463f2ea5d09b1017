import pytest

from index import Document, Hit, Passage
from qa import Answer, Reading, Searched, Span
from qa.answering.compose import compose
from qa.reading.reader import Forms

TEXT = "The rent is 845 euros. It is due on the first. The flat has two rooms, a bath and a cellar."
DOCUMENT = Document("lease.txt", TEXT)
PASSAGE = Passage(1, DOCUMENT, 0, len(TEXT))
PHRASE, PASSAGES = Forms(0.8, 0.0, 0.2), Forms(0.2, 0.0, 0.8)


def span(text: str, probability: float) -> Span:
    return Span(PASSAGE, TEXT.index(text), TEXT.index(text) + len(text), probability)


def composed(reading: Reading, as_list: bool = False, question: str = "rent?") -> Answer:
    return compose(
        question,
        question,
        reading,
        [Hit(PASSAGE, 0.8, also=("copy.txt",))],
        threshold=0.5,
        as_list=as_list,
        searched=Searched(1, 1, 1),
        milliseconds=1.0,
    )


def test_a_phrase_stands_in_its_sentence() -> None:
    answer = composed(Reading((span("845 euros", 0.9),), (span("The rent is 845 euros.", 0.8),), (), PHRASE))
    assert (answer.form, answer.text) == ("phrase", "845 euros")
    assert answer.citations[0].sentence == "The rent is 845 euros."
    assert answer.citations[0].also == ("copy.txt",)


def test_whole_sentences_answer_where_the_reader_says_so() -> None:
    reading = Reading((span("845 euros", 0.9),), (span("The rent is 845 euros.", 0.8),), (), PASSAGES)
    answer = composed(reading)
    assert (answer.form, answer.text, answer.confidence) == ("passage", "The rent is 845 euros.", 0.8)


def test_a_sentence_that_is_sure_enough_stands_in_for_a_phrase_that_is_not() -> None:
    reading = Reading((span("845", 0.3),), (span("The rent is 845 euros.", 0.7),), (), PHRASE)
    assert composed(reading).form == "passage"


@pytest.mark.parametrize(
    ("likely", "own", "text"),
    [
        (0.7, 0.3, "It is due on the first."),
        (0.9, 0.3, "845 euros"),
        (0.7, 0.75, "845 euros"),
    ],
)
def test_a_short_answer_elsewhere_than_the_best_sentence_needs_a_question_for_one_or_a_sentence_as_likely(
    likely: float, own: float, text: str
) -> None:
    sentences = (span("It is due on the first.", 0.8), span("The rent is 845 euros.", own))
    reading = Reading((span("845 euros", 0.9),), sentences, (), Forms(likely, 0.0, 1 - likely))
    assert composed(reading).text == text


def test_where_few_words_dont_answer_the_sentence_of_the_likeliest_does() -> None:
    reading = Reading((span("845 euros", 0.7),), (span("The rent is 845 euros.", 0.3),), (), PASSAGES)
    answer = composed(reading)
    assert (answer.form, answer.text, answer.confidence) == ("passage", "The rent is 845 euros.", 0.7)


def test_an_answer_is_not_shown_beside_itself_where_other_sentences_are() -> None:
    sentences = (span("It is due on the first.", 0.4), span("The rent is 845 euros.", 0.3))
    answer = composed(Reading((span("845 euros", 0.7),), sentences, (), PASSAGES))
    assert answer.text == "The rent is 845 euros."
    assert [item.text for item in answer.alternatives] == ["It is due on the first."]


FIGURES = "The fee is 30 euros for members and 45 euros for guests. Children pay nothing."


@pytest.mark.parametrize(("other", "form"), [(0.78, "passage"), (0.6, "phrase")])
def test_between_two_figures_that_are_as_likely_the_sentence_answers(other: float, form: str) -> None:
    passage = Passage(2, Document("fees.txt", FIGURES), 0, len(FIGURES))

    def at(text: str, probability: float) -> Span:
        return Span(passage, FIGURES.index(text), FIGURES.index(text) + len(text), probability)

    sentence = at("The fee is 30 euros for members and 45 euros for guests.", 0.9)
    answer = composed(Reading((at("30 euros", 0.8), at("45 euros", other)), (sentence,), (), PHRASE))
    assert answer.form == form
    assert answer.citations[0].sentence == sentence.text


@pytest.mark.parametrize(("probability", "beside"), [(0.6, ["It is due on the first."]), (0.9, [])])
def test_other_sentences_are_shown_beside_one_that_is_unsure(probability: float, beside: list[str]) -> None:
    best = span("The rent is 845 euros.", probability)
    others = (span("It is due on the first.", 0.25), span("The flat has two rooms", 0.02))
    answer = composed(Reading(sentences=(best, *others), forms=PASSAGES))
    assert answer.text == "The rent is 845 euros."
    assert [item.text for item in answer.alternatives] == beside


@pytest.mark.parametrize(("probability", "beside"), [(0.6, ["It is due on the first."]), (0.9, [])])
def test_other_sentences_are_shown_beside_a_phrase_that_is_unsure(
    probability: float, beside: list[str]
) -> None:
    own = span("The rent is 845 euros.", probability)
    others = (span("It is due on the first.", 0.25), span("The flat has two rooms", 0.02))
    answer = composed(Reading((span("845 euros", probability),), (own, *others), (), PHRASE))
    assert answer.text == "845 euros"
    assert [item.text for item in answer.alternatives] == beside


OFFICES = (
    "The permit is issued here. It costs 40 euros. IT has its office in room 5. The permit needs a photo."
)


def offices(text: str, probability: float) -> Span:
    passage = Passage(3, Document("offices.txt", OFFICES), 0, len(OFFICES))
    return Span(passage, OFFICES.index(text), OFFICES.index(text) + len(text), probability)


@pytest.mark.parametrize(
    ("phrase", "sentence", "form", "text"),
    [
        ("here", "The permit is issued here.", "passage", "The permit is issued here."),
        ("It", "It costs 40 euros.", "passage", "It costs 40 euros."),
        ("IT", "IT has its office in room 5.", "phrase", "IT"),
    ],
)
@pytest.mark.parametrize("likely", [0.9, 0.3])
def test_a_word_that_only_points_is_answered_with_its_sentence(
    phrase: str, sentence: str, form: str, text: str, likely: float
) -> None:
    answer = composed(Reading((offices(phrase, 0.9),), (offices(sentence, likely),), (), PHRASE))
    assert (answer.form, answer.text, answer.confidence) == (form, text, 0.9)


@pytest.mark.parametrize(
    ("question", "beside"), [("Who issues the permit?", []), ("Is it a permit or a photo?", ["The permit"])]
)
def test_the_words_of_the_question_are_no_other_answer(question: str, beside: list[str]) -> None:
    best = span("845 euros", 0.9)
    answer = composed(Reading((best, offices("The permit", 0.8)), (), (), PHRASE), question=question)
    assert [item.text for item in answer.alternatives] == beside


def test_a_list_keeps_the_order_of_its_document() -> None:
    items = (span("a cellar", 0.9), span("two rooms", 0.8), span("a bath", 0.7))
    answer = composed(Reading(items[:1], (), items, PHRASE), as_list=True)
    assert (answer.form, answer.found) == ("list", 3)
    assert [item.text for item in answer.items] == ["two rooms", "a bath", "a cellar"]


@pytest.mark.parametrize("forms", [PHRASE, PASSAGES])
def test_what_is_unsure_is_no_answer_but_shows_its_best_sentence(forms: Forms) -> None:
    answer = composed(Reading((span("845", 0.3),), (span("It is due on the first.", 0.4),), (), forms))
    assert (answer.form, answer.answered, answer.confidence, answer.found) == ("none", False, 0.4, 0)
    assert (answer.closest[0].quote, answer.closest[0].sentence) == (TEXT, "It is due on the first.")
