import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index import Filter, Hit, QuestionError, UnknownDocument
from qa import Answer, Reading, Service, Settings, Span
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[3]
# Written as a program would reword it, which many pages of the web are: far from how anybody would ask.
REWORDED = """\
A bunch of civil liberties teams on Monday launched an online letter calling for Halden to finish \
its work with sheriffs.

The letter takes goal at the facial recognition expertise of Halden, and at the doorbell cameras it \
sells for house safety.

Halden did not instantly return a request for remark. Its shareholders final 12 months rejected \
proposals to prohibit gross sales of facial recognition expertise to governments.

Brightwater this week stated it is now not promoting normal objective facial recognition software \
program and is opposed to utilizing such expertise for mass surveillance.

The century-old agency known as for nationwide requirements on how police companies ought to use \
such programs.
"""


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service.open(tmp_path_factory.mktemp("library")) as service:
        articles = [path for path in (ROOT / "seeds").iterdir() if path.suffix in {".md", ".txt"}]
        service.add(path for path in articles if path.name != "SOURCES.md")
        assert service.wait_until_embedded(PATIENCE)
        yield service


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Service]:
    with Service.open(tmp_path / "library") as service:
        yield service


def check_quotes(service: Service, answer: Answer) -> None:
    for citation in (*answer.citations, *answer.closest):
        document = service.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote


def test_the_main_question_is_answered_with_a_quote_about_ibm(seeds: Service) -> None:
    answer = seeds.ask("Which companies stopped selling facial recognition?")
    assert answer.answered
    assert "IBM" in answer.text
    assert answer.citations[0].name == "ibm-leaves-facial-recognition.md"
    check_quotes(seeds, answer)


@pytest.mark.parametrize(
    ("question", "expected", "document"),
    [
        ("How long did Amazon stop police use of Rekognition?", "one year", "amazon-pauses-rekognition.md"),
        ("At what temperature are the seeds in Svalbard stored?", "minus 18", "svalbard-seed-vault.md"),
        ("When was the Rosetta Stone found?", "1799", "rosetta-stone.md"),
    ],
)
def test_questions_find_their_document(seeds: Service, question: str, expected: str, document: str) -> None:
    answer = seeds.ask(question)
    assert expected in answer.text
    assert answer.citations[0].name == document
    check_quotes(seeds, answer)


def test_what_the_documents_do_not_say_is_refused_with_the_closest_passages(seeds: Service) -> None:
    answer = seeds.ask("What is the boiling point of tungsten?")
    assert not answer.answered
    assert answer.text == "Not found in your documents."
    assert answer.citations == ()
    assert len(answer.closest) == 3
    check_quotes(seeds, answer)


def test_wording_far_from_the_questions_still_cites_its_sentence(tmp_path: Path, empty: Service) -> None:
    # It says "now not promoting", and a wrong name, Halden, stands near words that are much closer.
    (tmp_path / "letter.txt").write_text(REWORDED)
    empty.add([tmp_path / "letter.txt"])
    empty.wait_until_embedded()
    answer = empty.ask("Which companies stopped selling facial recognition?")
    assert [item.text for item in answer.items] == ["Brightwater"]
    text = empty.document(answer.citations[0].document_id).text
    assert text[answer.citations[0].start :].startswith("Brightwater this week stated")


def test_an_empty_library_says_that_it_found_nothing(empty: Service) -> None:
    answer = empty.ask("Is anybody there?")
    assert (answer.answered, answer.closest, answer.searched.passages) == (False, (), 0)


def test_a_question_is_asked_of_the_filtered_documents_alone(seeds: Service) -> None:
    stone = next(info for info in seeds.documents() if info.name == "rosetta-stone.md")
    question = "Which companies stopped selling facial recognition?"
    answer = seeds.ask(question, filter=Filter(documents=(stone.id,)))
    assert {citation.name for citation in (*answer.citations, *answer.closest)} == {"rosetta-stone.md"}
    assert answer.searched.documents == 1


def test_a_follow_up_is_understood_with_the_history_and_shown_so(seeds: Service) -> None:
    answer = seeds.ask("When was it found?", ["What is the Rosetta Stone?"])
    assert answer.question == "When was it found? (Rosetta Stone)"
    assert answer.citations[0].name == "rosetta-stone.md"


def test_streaming_ends_with_the_whole_answer(seeds: Service) -> None:
    question = "Which companies stopped selling facial recognition?"
    *_, last = seeds.stream(question)
    asked = seeds.ask(question)
    assert (last.items, last.citations) == (asked.items, asked.citations)


def test_an_empty_question_is_refused(seeds: Service) -> None:
    with pytest.raises(QuestionError):
        seeds.ask(" ")


def test_a_document_is_removed_by_name_or_id(tmp_path: Path, empty: Service) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"The colour of {name} is blue.", encoding="utf-8")
    added = empty.add([tmp_path / "a.txt", tmp_path / "b.txt"])
    assert empty.remove("a.txt").name == "a.txt"
    assert empty.remove(added[1].document_id or "").name == "b.txt"
    assert not empty.ask("What is the colour of a.txt?").answered
    with pytest.raises(UnknownDocument, match=r"no document 'a\.txt' in the collection 'default'"):
        empty.remove("a.txt")


def test_many_threads_get_the_same_answers_as_one(seeds: Service) -> None:
    questions = ["When was the Rosetta Stone found?", "Who wrote to Congress?", "What is a waggle dance?"]

    def asked(question: str) -> Answer:
        return replace(seeds.ask(question), milliseconds=0)

    alone = {question: asked(question) for question in questions}
    together: list[dict[str, Answer]] = []

    def run(first: int) -> None:
        together.append({question: asked(question) for question in questions[first:] + questions[:first]})

    threads = [threading.Thread(target=run, args=(number % 3,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == [alone] * 6
    assert seeds.queue.questions == 0


def test_a_threshold_of_one_refuses_everything(seeds: Service) -> None:
    strict = Service(seeds.library, seeds.reader, Settings(threshold=1.0))
    assert not strict.ask("When was the Rosetta Stone found?").answered


class SingleAnswers:
    """A reader that knows no lists."""

    threshold = 0.5

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        passage = hits[0].passage
        return Reading((Span(passage, passage.start, passage.start + 5, 0.9),))

    def judge(self, reading: Reading) -> Reading:
        return reading

    def select_items(self, items: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(items)


def test_a_question_that_only_looked_as_if_it_asked_for_several_gets_its_one_answer(seeds: Service) -> None:
    answer = Service(seeds.library, SingleAnswers()).ask(
        "Which companies stopped selling facial recognition?"
    )
    assert len(answer.items) == 1
    check_quotes(seeds, answer)
