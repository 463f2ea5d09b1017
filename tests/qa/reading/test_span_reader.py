import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Document, Hit, Library, ModelError, Passage
from qa.reading.reader import Reading
from qa.reading.span_reader import BUNDLED, SpanReader
from tests.waiting import PATIENCE

IBM = (
    "IBM stopped selling general purpose facial recognition software in June 2020. "
    "Its chief executive Arvind Krishna told Congress so in a letter."
)
VAULT = "The Svalbard Global Seed Vault opened in 2008. Its seeds are kept at minus 18 degrees Celsius."
PLANETS = "The gas giants are Jupiter and Saturn. The ice giants are Uranus and Neptune."


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    return SpanReader()


def hit(text: str, title: str = "", score: float = 0.8) -> Hit:
    document = Document("a.txt", text, title)
    return Hit(Passage(1, document, 0, len(text)), score)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which company stopped selling facial recognition software?", "IBM"),
        ("who is the chief executive of ibm", "Arvind Krishna"),
        ("When did the seed vault open?", "2008"),
        ("At what temperature are the seeds kept?", "minus 18 degrees Celsius"),
    ],
)
def test_the_answer_is_short_and_exact(reader: SpanReader, question: str, expected: str) -> None:
    spans = reader.read(question, [hit(IBM), hit(VAULT)]).spans
    assert spans[0].text == expected
    assert [span.probability for span in spans] == sorted((span.probability for span in spans), reverse=True)


def test_a_list_gives_its_items_one_by_one(reader: SpanReader) -> None:
    items = reader.read("Which planets are gas giants?", [hit(PLANETS)]).items
    assert {"Jupiter", "Saturn"} <= {item.text for item in reader.select_items(items)}


def test_places_are_the_documents_and_the_title_is_never_among_them(reader: SpanReader) -> None:
    text = "Before. " + IBM
    document = Document("a.txt", text, "IBM leaves")
    passage = Passage(1, document, 8, len(text))
    for span in reader.read("Which company stopped selling facial recognition?", [Hit(passage, 0.8)]).spans:
        assert 8 <= span.start < span.end <= len(text)
        assert span.text == text[span.start : span.end]


def test_what_is_read_beside_a_passage_does_not_change_its_answer(reader: SpanReader) -> None:
    question = "When did the seed vault open?"
    alone = reader.read(question, [hit(VAULT)]).items[0]
    others = [hit(IBM, score=0.1), hit(PLANETS * 3, score=0.1)]
    together = next(
        item for item in reader.read(question, [*others, hit(VAULT)]).items if item.text == alone.text
    )
    assert together.probability == pytest.approx(alone.probability, abs=1e-4)


def test_a_passage_longer_than_one_input_is_read_to_its_end(reader: SpanReader) -> None:
    filler = "The weather on the island was calm and the sea was grey that day. " * 60
    spans = reader.read("When did the seed vault open?", [hit(filler + VAULT)]).spans
    assert spans[0].text == "2008"


def test_overlapping_passages_give_a_place_once(reader: SpanReader) -> None:
    document = Document("a.txt", VAULT)
    hits = [Hit(Passage(1, document, 0, len(VAULT)), 0.8), Hit(Passage(2, document, 0, 46), 0.7)]
    places = [(span.start, span.end) for span in reader.read("When did the seed vault open?", hits).spans]
    assert len(places) == len(set(places))


def test_no_passages_give_no_answers(reader: SpanReader) -> None:
    assert reader.read("Anything?", []) == Reading()


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        SpanReader(tmp_path)


@pytest.mark.parametrize("damaged", ["model.onnx", "careful/model.onnx"])
def test_a_damaged_model_is_refused(tmp_path: Path, damaged: str) -> None:
    folder = shutil.copytree(BUNDLED, tmp_path / "reader")
    (folder / damaged).write_bytes(b"damaged")
    with pytest.raises(ModelError, match="sha256"):
        SpanReader(folder).read("Anything?", [hit(IBM)])


def test_without_the_careful_model_the_first_one_reads_alone_with_what_was_fitted_to_it(
    reader: SpanReader, tmp_path: Path
) -> None:
    alone = SpanReader(careful=False)
    manifests = [json.loads((BUNDLED / name / "manifest.json").read_text()) for name in (".", "careful")]
    assert [alone.threshold, reader.threshold] == [one["threshold"] for one in manifests]
    shutil.copytree(BUNDLED, tmp_path / "reader", ignore=shutil.ignore_patterns("careful"))
    question, hits = "When did the seed vault open?", [hit(VAULT), hit(PLANETS)]
    assert SpanReader(tmp_path / "reader").read(question, hits) == alone.read(question, hits)
    assert reader.read(question, hits) != alone.read(question, hits)


def test_two_models_of_one_mind_say_what_one_says(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "careful"):
        folder.mkdir(exist_ok=True)
        for name in ("model.onnx", "tokenizer.json", "manifest.json"):
            shutil.copy(BUNDLED / name, folder)
    hits = [hit(text) for text in (IBM, VAULT, PLANETS, f"{VAULT} {PLANETS}", f"{IBM} {VAULT}")]
    question = "When did the seed vault open?"
    assert SpanReader(tmp_path).read(question, hits) == SpanReader(careful=False).read(question, hits)


@pytest.mark.parametrize("calibration", [{"features": ["length of the place"]}, {"listed": None}])
def test_a_reader_calibrated_for_another_version_is_refused(
    tmp_path: Path, calibration: dict[str, object]
) -> None:
    manifest = json.loads((BUNDLED / "manifest.json").read_text())
    manifest["calibration"] |= calibration
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=r"another version of Quoth. Calibrate it again"):
        SpanReader(tmp_path)


def test_an_item_of_a_passage_about_something_else_is_not_selected(reader: SpanReader) -> None:
    others = [hit(IBM, score=0.3), hit(VAULT, score=0.3)]
    items = reader.read("Which planets are gas giants?", [hit(PLANETS), *others]).items
    selected = reader.select_items(items)
    assert {"Jupiter", "Saturn"} <= {item.text for item in selected}
    assert {item.passage.text for item in selected} == {PLANETS}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library")
    yield opened
    opened.close()


def test_found_passages_are_read_end_to_end(library: Library, reader: SpanReader) -> None:
    library.add([Document("ibm", IBM), Document("vault", VAULT), Document("planets", PLANETS)])
    spans = reader.read(
        "When did the seed vault open?", library.search("When did the seed vault open?", 10)
    ).spans
    assert (spans[0].text, spans[0].passage.document.name) == ("2008", "vault")


def test_a_question_that_the_passages_do_not_answer_stays_below_the_threshold(
    library: Library, reader: SpanReader
) -> None:
    library.add([Document("ibm", IBM), Document("vault", VAULT), Document("planets", PLANETS)])
    assert library.wait_until_embedded(PATIENCE)
    for question in ("What is the boiling point of tungsten?", "Who painted the ceiling of the chapel?"):
        assert reader.read(question, library.search(question, 6)).spans[0].probability < reader.threshold
