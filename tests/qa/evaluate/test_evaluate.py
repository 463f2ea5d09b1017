import json
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from index import Document, Hit, Library, QuothError, SettingError
from qa import Reading, Service, Settings, Span
from qa.evaluate import Judged, Question, Result, Way, asking, choose, judge, measure, worst, write_report
from qa.evaluate.asking import (
    add_contexts,
    ask_contexts,
    ask_given_passages,
    ask_library,
    ask_without_own_article,
)
from qa.evaluate.way import spread
from qa.reading.reader import Forms, without_overlaps

VAULT = "The Svalbard seed vault opened in 2008. It lies on the island of Spitsbergen, in Norway."
GATES = "The doors of the vault are made of steel. The vault was built by Norway for 45 million kroner."
BEES = "Karl von Frisch decoded the waggle dance. Honeybees tell one another where nectar is."
STONE = "The Rosetta Stone was found in 1799. It shows one text in three scripts."
FACES = "IBM left the business. Amazon paused sales, and Microsoft waits for a law."
HOSTILE = "<script>alert(1)</script> was found by <img src=x onerror=alert(2)> & \"Eve\" 'Mallory'."

QUESTIONS = (
    Question("vault", "When did the vault open?", ("2008", "in 2008"), VAULT, title="Svalbard"),
    Question("where", "On which island is the vault?", ("Spitsbergen",), VAULT, title="Svalbard"),
    Question("doors", "What are the doors of the vault made of?", ("steel",), GATES, title="Svalbard"),
    Question("dance", "Who decoded the waggle dance?", ("Karl von Frisch",), BEES, title="Bees"),
    Question("queen", "How long does a queen live?", (), BEES, title="Bees"),
    Question("stone", "When was the Rosetta Stone found?", ("1799",), STONE),
    Question("faces", "Which companies acted?", ("IBM", "Amazon", "Microsoft"), FACES, multi=True),
)
# What the reader of these tests answers, wherever it reads that text, and how sure it is.
SCRIPT = {
    "When did the vault open?": (("2008", 0.9),),
    "On which island is the vault?": (("Norway", 0.7),),
    "What are the doors of the vault made of?": (("made of steel", 0.3),),
    "Who decoded the waggle dance?": (("Karl von Frisch", 0.8),),
    "How long does a queen live?": (("Honeybees", 0.6),),
    "When was the Rosetta Stone found?": (),
    "Which companies acted?": (("IBM", 0.95), ("Amazon paused", 0.9), ("law", 0.2)),
}


class ScriptedReader:
    """Answers what is scripted, and nothing else; the threshold is one half."""

    threshold = 0.5

    def __init__(self, script: Mapping[str, Sequence[tuple[str, float]]] = SCRIPT) -> None:
        self._script = script

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        spans = [
            Span(hit.passage, start, start + len(text), probability)
            for hit in hits
            for text, probability in self._script[question]
            if (start := hit.passage.document.text.find(text, hit.passage.start, hit.passage.end)) >= 0
        ]
        best_first = without_overlaps(spans)
        if question.startswith("Which"):
            return Reading(best_first, (), best_first, Forms(0.0, 1.0, 0.0))
        return Reading(best_first)

    def judge(self, reading: Reading) -> Reading:
        return reading

    def select_items(self, items: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(item for item in items if item.probability >= self.threshold)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service(Library.open(tmp_path_factory.mktemp("library")), ScriptedReader()) as service:
        yield service


@pytest.fixture(scope="module")
def results(service: Service) -> dict[str, Result]:
    contexts = add_contexts(service, QUESTIONS)
    return {result.question.id: result for result in ask_contexts(service, QUESTIONS, contexts)}


@pytest.fixture(scope="module")
def judged(results: dict[str, Result]) -> list[Judged]:
    return [judge(result) for result in results.values()]


def test_the_whole_way_goes_over_all_contexts(service: Service, results: dict[str, Result]) -> None:
    assert [info.name for info in service.documents()] == ["dance", "doors", "faces", "stone", "vault"]
    vault = results["vault"]
    assert (vault.answers, vault.best_text, vault.answer.confidence) == (("2008",), "2008", 0.9)
    assert vault.answer.searched.documents == 5
    assert len(vault.passages) == 5
    first = vault.passages[0]
    assert (first.name, first.probability, first.relevant) == ("vault", 0.9, True)
    assert vault.around == (VAULT[: VAULT.index("2008")], VAULT[VAULT.index("2008") + 4 :])


def test_reading_moves_a_passage_ahead_of_those_with_nothing(results: dict[str, Result]) -> None:
    for result in results.values():
        read = [seen.probability for seen in result.passages]
        known = [probability for probability in read if probability is not None]
        assert known == sorted(known, reverse=True)
        assert all(probability is None for probability in read[len(known) :])
        assert sorted(seen.found for seen in result.passages) == list(range(1, len(read) + 1))


def test_the_likeliest_span_is_kept_when_it_is_not_given(results: dict[str, Result]) -> None:
    doors = results["doors"]
    assert doors.answers == ()
    assert doors.best_text == "made of steel"
    assert doors.answer.confidence == 0.3
    stone = results["stone"]
    assert (stone.best, stone.best_text, stone.answer.confidence) == (None, "", 0.0)


def test_the_figures_by_hand(judged: list[Judged]) -> None:
    figures = measure(judged, Way.CONTEXTS, 0.5)
    assert (figures.questions, figures.answerable, figures.list_questions) == (7, 6, 1)
    # Of the five for one thing with an answer: 2008 and von Frisch are right, "made of steel" in part.
    assert figures.best is not None
    assert figures.best.exact == pytest.approx(2 / 5)
    assert figures.best.f1 == pytest.approx((1 + 0 + 2 * 1 / 4 + 1 + 0) / 5)
    assert figures.given is not None
    assert [figures.given.questions, figures.given.f1] == pytest.approx([6, 2 / 6])
    assert figures.given_answerable is not None
    assert figures.given_answerable.f1 == pytest.approx(2 / 5)
    assert figures.given_unanswerable is not None
    assert figures.given_unanswerable.f1 == 0.0
    # Answered are vault, where, dance, queen and faces; wrong are where and queen.
    rates = figures.rates
    assert (rates.answered.count, rates.answered.total) == (5, 7)
    assert (rates.right_of_answered.count, rates.right_of_answered.total) == (3, 5)
    assert (rates.wrong_given.count, rates.wrong_given.total) == (2, 7)
    assert (rates.wrong_given_unanswerable.count, rates.wrong_given_unanswerable.total) == (1, 1)
    assert (rates.wrong_refusals.count, rates.wrong_refusals.total) == (2, 6)
    # The sentence of the wrong place has the island too, those of the list all three golds; not so queen's.
    assert (figures.shown.served.count, figures.shown.served.total) == (4, 6)
    assert (figures.shown.not_served.count, figures.shown.not_served.total) == (1, 5)
    assert {form: (rate.count, rate.total) for form, rate in figures.shown.forms.items()} == {
        "list": (1, 1),
        "phrase": (3, 4),
    }
    assert figures.lists_exact is not None
    assert [figures.lists_exact.precision, figures.lists_exact.recall] == pytest.approx([1 / 2, 1 / 3])
    assert figures.lists_overlap is not None
    assert figures.lists_overlap.recall == pytest.approx((1 + 1 + 1 / len("microsoft")) / 3, abs=0.1)
    assert figures.recall is not None
    assert figures.recall.questions == 6
    assert figures.recall.after[5] == 1.0
    assert [one.result.question.id for one in worst(judged)] == ["where", "queen"]


def test_a_higher_threshold_never_answers_more(judged: list[Judged]) -> None:
    trade = measure(judged, Way.CONTEXTS, 0.5).trade
    shares = [one.answered for one in trade]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == pytest.approx(6 / 7)
    assert next(one for one in trade if one.threshold == 0.5).right == pytest.approx(3 / 5)


def test_the_best_threshold_gives_the_highest_f1(judged: list[Judged]) -> None:
    figures = measure(judged, Way.CONTEXTS, 0.5)
    single = [one for one in judged if not one.result.question.multi]

    def f1_at(threshold: float) -> float:
        return sum(
            (one.best_f1 if one.confidence >= threshold else 0.0)
            if one.result.question.answerable
            else float(one.confidence < threshold)
            for one in single
        ) / len(single)

    assert figures.threshold_of_best_f1 is not None
    assert figures.best_f1 == pytest.approx(max(f1_at(step / 100) for step in range(102)))
    assert figures.best_f1 == pytest.approx(f1_at(figures.threshold_of_best_f1))


def test_without_its_own_article_a_question_has_no_answer(service: Service) -> None:
    contexts = add_contexts(service, QUESTIONS)
    for result in ask_without_own_article(service, QUESTIONS, contexts):
        own = {question.id for question in QUESTIONS if question.title == result.question.title}
        titled = own if result.question.title else {result.question.id}
        assert result.passages
        assert not titled & {seen.name for seen in result.passages}
        assert not result.question.answerable
        assert result.answer.searched.documents < 5
    # "Norway" stands in no other article, and neither does any of the other answers.
    judged = [judge(one) for one in ask_without_own_article(service, QUESTIONS, contexts)]
    assert measure(judged, Way.WITHOUT_OWN_ARTICLE, 0.5).rates.wrong_given.count == 0


def test_nothing_is_found_when_all_contexts_are_of_one_article(tmp_path: Path) -> None:
    questions = QUESTIONS[:3]
    with Service(Library.open(tmp_path), ScriptedReader()) as service:
        contexts = add_contexts(service, questions)
        for result in ask_without_own_article(service, questions, contexts):
            assert (result.passages, result.answers, result.answer.searched.documents) == ((), (), 0)


def test_a_given_passage_is_read_without_search(service: Service) -> None:
    results = list(ask_given_passages(service, QUESTIONS))
    assert [result.question for result in results] == list(QUESTIONS)
    assert results[0].answers == ("2008",)
    assert {seen.name for result in results for seen in result.passages} == {one.id for one in QUESTIONS}
    assert results[0].answer.searched.passages == 1
    assert measure([judge(one) for one in results], Way.GIVEN_PASSAGE, 0.5).recall is None


def test_a_long_given_context_is_read_as_several_passages(service: Service) -> None:
    long = Question("vault", "When did the vault open?", ("2008",), f"{'It is cold there. ' * 400}{VAULT}")
    (result,) = ask_given_passages(service, [long])
    assert result.answer.searched.passages > 10
    assert result.answers == ("2008",)
    citation = result.answer.citations[0]
    assert (long.context or "")[citation.start : citation.end] == "2008"


def test_a_library_is_asked_with_golds_alone(tmp_path: Path) -> None:
    questions = [
        Question("a", "When did the vault open?", ("2008",)),
        Question("b", "Who decoded the waggle dance?", ("Karl von Frisch",), document="vault.txt"),
    ]
    with Service(Library.open(tmp_path), ScriptedReader()) as service:
        service.library.add([Document("vault.txt", VAULT), Document("bees.txt", BEES)])
        known, elsewhere = ask_library(service, questions)
    assert [seen.name for seen in known.passages if seen.relevant] == ["vault.txt"]
    assert (known.rank_read, known.rank_found) == (1, 1)
    # The gold stands in bees.txt, but the question says that it should come from another document.
    assert (elsewhere.rank_read, elsewhere.rank_found) == (None, None)


def test_a_prediction_has_what_it_takes_to_check_it(results: dict[str, Result]) -> None:
    line = json.loads(json.dumps(results["faces"].to_json()))
    assert line["answers"] == ["IBM", "Amazon paused"]
    assert line["best"] == "IBM"
    assert line["confidence"] == 0.95
    for citation, text in zip(line["citations"], line["answers"], strict=True):
        assert citation["document"] == "faces"
        assert FACES[citation["start"] : citation["end"]] == text
    assert line["passages"][0]["document"] == "faces"
    assert line["milliseconds"] >= line["reading_milliseconds"] >= 0
    assert results["doors"].to_json()["answers"] == []
    assert results["doors"].to_json()["best"] == "made of steel"


def test_the_way_follows_from_the_questions() -> None:
    bare = [Question("a", "Who?", ("x",))]
    named = {"given_passage": False, "without_own_article": False, "library_named": False}
    assert choose(QUESTIONS, **named) is Way.CONTEXTS
    assert choose(QUESTIONS, **named | {"given_passage": True}) is Way.GIVEN_PASSAGE
    assert choose(QUESTIONS, **named | {"without_own_article": True}) is Way.WITHOUT_OWN_ARTICLE
    assert choose(QUESTIONS, **named | {"library_named": True}) is Way.LIBRARY
    assert choose(bare, **named) is Way.LIBRARY
    for questions, changed in (
        ([*QUESTIONS, *bare], named),
        (bare, named | {"given_passage": True}),
        (bare, named | {"without_own_article": True}),
        (QUESTIONS, named | {"given_passage": True, "library_named": True}),
    ):
        with pytest.raises(SettingError):
            choose(questions, **changed)


def test_a_limit_takes_questions_from_the_whole_file() -> None:
    assert [one.id for one in spread(QUESTIONS, 3)] == ["vault", "doors", "queen"]
    assert spread(QUESTIONS, 99) == list(QUESTIONS)


def test_a_library_without_documents_or_the_named_one_is_an_error(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "library")
    question = Question("a", "When did the vault open?", ("2008",), document="other.txt")
    with (
        pytest.raises(QuothError, match="There is no library in"),
        asking([question], settings, Way.LIBRARY),
    ):
        pass
    Service.open(settings=settings).close()
    with (
        pytest.raises(QuothError, match="There are no documents in the library"),
        asking([question], settings, Way.LIBRARY),
    ):
        pass
    with Service.open(settings=settings) as service:
        service.library.add([Document("vault.txt", VAULT)])
    with (
        pytest.raises(SettingError, match=r"'a' names the document 'other\.txt'"),
        asking([question], settings, Way.LIBRARY),
    ):
        pass


class Tags(HTMLParser):
    """Collects every tag and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")


def test_the_report_holds_no_script_no_link_and_no_markup_from_outside(tmp_path: Path) -> None:
    question = Question('<b id="x">', "Who <script>found()</script> it?", ("<i>Alice</i>",), HOSTILE)
    script = {question.question: (('<img src=x onerror=alert(2)> & "Eve"', 0.9),)}
    with Service(Library.open(tmp_path / "library"), ScriptedReader(script)) as service:
        judged = [judge(one) for one in ask_given_passages(service, [question])]
    path = write_report(tmp_path / "report", measure(judged, Way.GIVEN_PASSAGE, 0.5), judged, "<u>file</u>")
    page = path.read_text("utf-8")
    found = Tags(page)
    assert not found.tags & {"script", "img", "link", "iframe", "a", "b", "i", "u", "object", "base"} - {"i"}
    assert not {name for name in found.attributes if name.startswith("on") or name in {"src", "href"}}
    assert found.attributes["http-equiv"] == {"Content-Security-Policy"}
    assert "://" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert "&lt;script&gt;found()&lt;/script&gt;" in page
    assert "&lt;i&gt;Alice&lt;/i&gt;" in page
    assert "<mark>&lt;img src=x onerror=alert(2)&gt; &amp; &quot;Eve&quot;</mark>" in page


def test_the_report_shows_the_plots_the_figures_and_the_errors(tmp_path: Path, judged: list[Judged]) -> None:
    path = write_report(tmp_path, measure(judged, Way.CONTEXTS, 0.5), judged, "ours.jsonl")
    page = path.read_text("utf-8")
    assert page.count("<svg") == page.count("</svg>") == 3
    assert "At the threshold 0.50" in page
    assert "The 2 most confident errors" in page
    assert page.index("On which island is the vault?") < page.index("How long does a queen live?")
    assert "nan" not in page


def test_a_report_of_refusals_alone_can_be_written(tmp_path: Path, service: Service) -> None:
    judged = [judge(one) for one in ask_given_passages(service, [QUESTIONS[5]])]
    write_report(tmp_path, measure(judged, Way.GIVEN_PASSAGE, 0.5), judged, "ours.jsonl")
    assert "There are none." in (tmp_path / "report.html").read_text("utf-8")
