"""Right, wrong or incomplete: what people say of answers is kept with the library."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from index import QuothError, SettingError
from qa.access.view import View
from quoth.web.events import Patch, file, logger, new, request_of, text_of
from quoth.web.exporting import as_questions
from quoth.web.turn import ShownTurn

VERDICTS = ("right", "wrong", "incomplete")
_LONGEST_ID, _LONGEST_RIGHT = 100, 20_000


class Judging:
    """What the page's events do."""

    def __init__(self, service: View) -> None:
        self._judgements = service.judgements

    def judge(self, event: gr.EventData) -> Patch:
        """Keeps what was said of an answer, or takes it back; says so only once it is on the disk."""
        request = request_of(event)
        try:
            id = text_of(request, "id")
            if not 0 < len(id) <= _LONGEST_ID:
                raise SettingError("The answer has no id.")
            if request.get("verdict") is None:
                self._judgements.drop(id)
            else:
                self._judgements.put(id, _judgement(id, request))
        except QuothError as error:
            return new({"failed": f"This was not kept. {error}"})
        return new({"judged": self._judgements.count()})

    def judged(self) -> Patch:
        """How many answers were judged."""
        return new({"judged": self._judgements.count()})

    def export_judged(self) -> Patch:
        """The judged answers as questions for `quoth evaluate`."""
        try:
            return file("quoth-questions.jsonl", as_questions(self._judgements.all()))
        except (KeyError, TypeError, ValueError, QuothError):
            logger.warning("Judged answers could not be exported.", exc_info=True)
            return new({"failed": "These can't be exported: they were kept by another version of Quoth."})


def _judgement(id: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The judgement as it is kept: with the question, the answer and its passages."""
    verdict, right = request["verdict"], request.get("right")
    if verdict not in VERDICTS:
        raise SettingError(f"verdict is {verdict!r:.40}, but must be one of {', '.join(VERDICTS)}.")
    if right is not None and (not isinstance(right, str) or len(right) > _LONGEST_RIGHT):
        raise SettingError(f"The right answer may have {_LONGEST_RIGHT:,} characters.")
    try:
        turn = ShownTurn.from_json(request["turn"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SettingError("The answer can't be read.") from error
    return {"id": id, "verdict": verdict, "right": right, "turn": turn.to_json()}
