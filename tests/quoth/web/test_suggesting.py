"""Questions that documents answer are offered a few at a time, and each once."""

from types import SimpleNamespace
from typing import Any

from quoth.web.suggesting import Suggesting


class Known:
    """A view whose documents are known to answer these questions."""

    def __init__(self, *questions: list[str]) -> None:
        self._questions = {str(number): asked for number, asked in enumerate(questions)}

    def documents(self) -> list[Any]:
        return [SimpleNamespace(id=one, name=f"{one}.txt", added=-int(one)) for one in self._questions]

    def suggestions(self, document_id: str) -> list[str]:
        return self._questions[document_id]


def offered(view: Any, documents: list[str]) -> str:
    event: Any = SimpleNamespace(request={"documents": documents})
    *_, last = Suggesting(view).suggest(event)
    return str(last["html"])


def test_a_question_of_several_documents_is_offered_once() -> None:
    html = offered(Known(["What does ESA stand for?"], ["What does ESA stand for?", "Who leads it?"]), [])
    assert html.count("data-example=") == 2
    assert html.count(">What does ESA stand for?<") == 1


def test_at_first_sight_two_of_a_document_are_offered_and_of_an_upload_all() -> None:
    view = Known(["A?", "B?", "C?"], ["D?"])
    assert offered(view, []).count("data-example=") == 3
    assert offered(view, ["0"]).count("data-example=") == 3
    assert ">C?<" in offered(view, ["0"])
