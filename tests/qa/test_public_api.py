"""What a program gets from `qa`: every name it needs, and help that runs."""

import inspect
import re
import shutil
import textwrap
import typing
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import index
import qa
from qa import (
    Busy,
    Document,
    Filter,
    Hit,
    LibraryError,
    ModelError,
    QuestionError,
    QuothError,
    Reading,
    Service,
    SettingError,
    Span,
    UnknownDocument,
)
from qa.reading.span_reader import BUNDLED, SpanReader
from qa.service.queueing import AnswerQueue

QUESTION = "When did the Svalbard vault open?"
VAULT = "The Svalbard vault opened in 2008. It stores the seeds of food crops."


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with Service.open(tmp_path / "library") as service:
        service.add_documents([("vault.txt", VAULT)])
        yield service


def names_in(annotation: object) -> Iterator[str]:
    """The project's own classes that an annotation speaks of."""
    for part in (annotation, *typing.get_args(annotation)):
        if inspect.isclass(part) and part.__module__.split(".")[0] in ("index", "qa"):
            yield part.__name__
        elif part is not annotation:
            yield from names_in(part)


def test_every_name_in_the_signatures_of_the_service_comes_from_qa() -> None:
    methods = [
        member
        for name, member in inspect.getmembers(Service, inspect.isroutine)
        if not name.startswith("_") or name == "__init__"
    ]
    assert len(methods) > 15
    for method in methods:
        for annotation in typing.get_type_hints(method).values():
            for name in names_in(annotation):
                assert name in qa.__all__, f"{method.__name__} speaks of {name}"


def test_every_error_comes_from_qa() -> None:
    errors = {
        name for name, one in vars(index).items() if inspect.isclass(one) and issubclass(one, QuothError)
    }
    assert errors <= set(qa.__all__)


def test_the_example_in_the_help_of_ask_runs(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    example = (inspect.getdoc(Service.ask) or "").partition("Example:\n")[2]
    lines = textwrap.dedent(example)
    assert len(lines.strip().splitlines()) == 3
    exec(lines, {"service": service})
    assert capsys.readouterr().out == "2008 vault.txt None\n"


class Removing:
    """A reader that has its document removed each time before it reads it."""

    threshold = 0.5

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        raise UnknownDocument(f"{hits[0].passage.document.name} has just been removed.")

    def judge(self, reading: Reading) -> Reading:
        return reading

    def select_items(self, items: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(items)


def damaged_reader(folder: Path) -> Path:
    shutil.copytree(BUNDLED, folder, ignore=shutil.ignore_patterns("*.onnx", "careful"))
    (folder / "model.onnx").write_bytes(b"damaged")
    return folder


def ask_with_a_damaged_model(service: Service, folder: Path) -> None:
    Service(service.library, SpanReader(damaged_reader(folder / "reader"))).ask(QUESTION)


def ask_of_a_library_that_has_gone(service: Service, folder: Path) -> None:
    (folder / "library").rename(folder / "elsewhere")
    service.ask(QUESTION)


def ask_behind_too_many(service: Service, _folder: Path) -> None:
    service.queue = AnswerQueue(1, most=0)
    service.ask(QUESTION)


# Each way in which asking can fail.
FAILURES: dict[str, tuple[type[QuothError], Callable[[Service, Path], object]]] = {
    "an empty question": (QuestionError, lambda service, _: service.ask(" ")),
    "a long question": (QuestionError, lambda service, _: service.ask("when " * 1_000)),
    "a history of numbers": (QuestionError, lambda service, _: service.ask(QUESTION, typing.cast(Any, [7]))),
    "an unknown collection": (
        QuestionError,
        lambda service, _: service.ask(QUESTION, filter=Filter(collections=("valut",))),
    ),
    "a collection without a name": (
        SettingError,
        lambda service, _: service.ask(QUESTION, filter=Filter(collections=(" ",))),
    ),
    "metadata that are no texts": (
        SettingError,
        lambda service, _: service.ask(QUESTION, filter=Filter(metadata=typing.cast(Any, {"year": 7}))),
    ),
    "too many askers": (Busy, ask_behind_too_many),
    "documents that go": (
        UnknownDocument,
        lambda service, _: Service(service.library, Removing()).ask(QUESTION),
    ),
    "a library that has gone": (LibraryError, ask_of_a_library_that_has_gone),
    "a damaged model": (ModelError, ask_with_a_damaged_model),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_what_ask_raises_is_in_its_help(failure: str, service: Service, tmp_path: Path) -> None:
    error, ask = FAILURES[failure]
    with pytest.raises(error) as raised:
        ask(service, tmp_path)
    assert type(raised.value).__name__ in errors_in_the_help_of_ask()


def test_the_help_of_ask_names_no_error_that_it_does_not_raise() -> None:
    assert errors_in_the_help_of_ask() == {error.__name__ for error, _ in FAILURES.values()}


def errors_in_the_help_of_ask() -> set[str]:
    words = set(re.findall(r"\w+", inspect.getdoc(Service.ask) or "")) & set(qa.__all__)
    things = {name: getattr(qa, name) for name in words - {"QuothError"}}
    return {name for name, one in things.items() if inspect.isclass(one) and issubclass(one, QuothError)}


def test_texts_are_added_replaced_and_found(service: Service) -> None:
    (same,) = service.add_documents([("vault.txt", VAULT)])
    assert same.status == "unchanged"
    (changed,) = service.add_documents([("vault.txt", VAULT.replace("2008", "2009"))])
    assert changed.status == "replaced"
    assert service.ask("When did the vault open?").text == "2009"


def test_documents_keep_their_collection_and_texts_get_what_is_given(service: Service) -> None:
    own = Document("note.md", "Rice is sown in spring.", collection="garden", metadata={"year": "2020"})
    added = service.add_documents([own, ("b.txt", "Wheat is sown in autumn.")], "field", {"by": "Ann"})
    assert [one.status for one in added] == ["added", "added"]
    infos = {info.name: info for info in service.documents(Filter(metadata={"by": "Ann"}))}
    assert {name: info.collection for name, info in infos.items()} == {"note.md": "garden", "b.txt": "field"}
    assert infos["note.md"].metadata["year"] == "2020"


def test_an_empty_text_is_reported_and_the_rest_goes_in(service: Service) -> None:
    empty, added = service.add_documents([("a.txt", " \n"), ("b.txt", "Wheat is sown in autumn.")])
    assert (empty.status, empty.reason) == ("failed", "The text is empty.")
    assert added.status == "added"


@pytest.mark.parametrize(
    ("texts", "collection", "metadata", "message"),
    [
        ([("a.txt",)], "x", {}, "must be a pair of a name and a text"),
        ([("", "text")], "x", {}, "needs one of 1 to 1,000 characters"),
        ([("a", "text")], "x" * 201, {}, "has 201 characters, but may have 200"),
        ([("a", "text")], "a\x00b", {}, "control characters"),
        ([("a", "text")], "a\ud800b", {}, r"collection 'a\\ud800b' has control characters"),
        ([("a", "text")], " ", {}, "must be a name"),
        ([("a", "text")], "x", {str(number): "" for number in range(1_000)}, "metadata has 1,000 keys"),
        ([("a", "text")], "x", {"k": 7}, "metadata k is 7, but must be text"),
        ([("a", "text")], "x", {"k": "\ud800"}, r"metadata k is '\\ud800'"),
        ([("a", "text")], "x", {7: "v"}, "metadata has the key 7"),
    ],
)
def test_what_can_not_be_kept_is_a_clear_error(
    texts: typing.Any, collection: str, metadata: typing.Any, message: str, service: Service
) -> None:
    before = service.documents()
    with pytest.raises(SettingError, match=message):
        service.add_documents(texts, collection, metadata)
    assert service.documents() == before


def test_a_library_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"There is no library in .*/mistyped\. quoth add FILE"):
        Service.open(tmp_path / "mistyped", create=False)
    assert not (tmp_path / "mistyped").exists()


def test_a_collection_that_is_not_there_is_named_with_those_that_are(service: Service) -> None:
    for ask in (service.ask, service.search):
        with pytest.raises(QuestionError, match=r"no collection 'valut'\. There are: default\."):
            ask("When did the vault open?", filter=Filter(collections=("valut",)))


def test_a_collection_that_is_not_there_is_an_error_beside_one_that_is(service: Service) -> None:
    with pytest.raises(QuestionError, match="no collection 'valut'"):
        service.ask("When?", filter=Filter(collections=("default", "valut")))
