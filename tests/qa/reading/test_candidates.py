import numpy as np
import pytest
from numpy.typing import NDArray

from index import Document, Hit, Passage
from qa.reading.candidates import FEATURES, Candidates, candidates
from qa.reading.windows import Output, Window

TEXT = "What is the rent?\nThe rent is 845 euros.\nRent | Sum: 845"
HIT = Hit(Passage(1, Document("lease.txt", TEXT), 0, len(TEXT)), 0.6)


def offsets() -> NDArray[np.int64]:
    places, at = [], 0
    for word in TEXT.split():
        at = TEXT.index(word, at)
        places.append((at, at + len(word)))
        at += len(word)
    return np.array(places, np.int64)


def found(question: str = "What is the rent?") -> Candidates:
    """Each token's evidence is its number; the span is "845 euros."."""
    places = offsets()
    count = len(places)
    start, end, tags = (np.full(shape, -8.0, np.float32) for shape in (count, count, (count, 3)))
    start[7], end[8] = 8.0, 8.0
    tags[:, 0] = 8.0
    window = Window(HIT, [0] * (count + 3), 2, 2, places)
    output = Output(
        start, end, tags, np.arange(count, dtype=np.float32), 1.5, np.array([1.0, 0.0, 0.0], np.float32)
    )
    return candidates(question, [window], [output])


def test_a_sentence_has_the_mean_evidence_of_its_tokens() -> None:
    by_text = {one.text: dict(zip(FEATURES, one.features, strict=True)) for one in found().sentences}
    assert by_text["The rent is 845 euros."]["evidence"] == pytest.approx(6.0)
    assert by_text["The rent is 845 euros."]["passage"] == 1.5
    assert by_text["The rent is 845 euros."]["search"] == 0.6


def test_a_row_of_a_table_is_one_sentence() -> None:
    assert "Rent | Sum: 845" in {one.text for one in found().sentences}


def test_the_questions_own_words_are_no_answer_to_it() -> None:
    assert "What is the rent?" not in {one.text for one in found().sentences}
    assert "What is the rent?" in {one.text for one in found("When is the deposit due?").sentences}


def test_a_short_answer_has_the_features_of_its_sentence() -> None:
    best = max(found().spans, key=lambda one: one.features[0])
    assert best.text == "845 euros"
    assert best.features[FEATURES.index("evidence")] == pytest.approx(6.0)


def test_words_are_the_share_of_the_questions_words_in_sentence_name_and_context() -> None:
    words = FEATURES.index("words")
    by_text = {one.text: one.features[words] for one in found("rent of the lease in Porto").sentences}
    assert by_text["The rent is 845 euros."] == pytest.approx(2 / 3)


def test_forms_are_probabilities() -> None:
    forms = found().forms[1]
    assert forms.phrase + forms.list + forms.passage == pytest.approx(1.0)
    assert forms.phrase > forms.list


def test_a_sentence_is_measured_by_the_best_one_of_its_passage() -> None:
    behind = FEATURES.index("behind")
    by_text = {one.text: one.features[behind] for one in found("When is it due?").sentences}
    assert max(by_text.values()) == by_text["Rent | Sum: 845"] == 0.0
    assert by_text["The rent is 845 euros."] == pytest.approx(6.0 - 10.5)


@pytest.mark.parametrize(("text", "looks"), [("Rent:", (1.0, 1.0)), ("The vault is open.", (0.0, 0.0))])
def test_a_word_or_two_and_what_only_leads_on_are_told(text: str, looks: tuple[float, float]) -> None:
    passage = Passage(2, Document("note.txt", text), 0, len(text))
    places = np.array([(0, len(text))], np.int64)
    nothing = np.zeros(1, np.float32)
    output = Output(nothing, nothing, np.zeros((1, 3), np.float32), nothing, 0.0, np.zeros(3, np.float32))
    sentences = candidates("Why?", [Window(Hit(passage, 0.5), [0] * 4, 2, 2, places)], [output]).sentences
    assert sentences[0].features[-2:] == looks
