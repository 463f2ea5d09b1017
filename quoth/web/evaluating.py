"""The evaluation of the page: questions whose answers are known, asked all at once in the background."""

import json

import gradio as gr

from index import QuothError
from qa.access.view import View
from qa.evaluate import questions_in
from qa.evaluate.report import page
from qa.evaluate.running import EvaluationRun, EvaluationRuns
from quoth.web.evaluation_view import progress, results
from quoth.web.events import Patch, file, logger, new, request_of, text_of
from quoth.web.exporting import as_questions

_LONGEST_NAME = 200
_JUDGED = "your judged answers"


class Evaluating:
    """What the page's events do; each answers with how things stand."""

    def __init__(self, service: View, runs: EvaluationRuns) -> None:
        self._service, self._runs = service, runs
        # Whoever may see less than when they began doesn't get what was found then.
        self._key = service.viewer

    def evaluate(self, event: gr.EventData) -> Patch:
        """Begins with the questions of a file, or with the judged answers where no file is given."""
        request = request_of(event)
        try:
            if request.get("judged"):
                name, text = _JUDGED, as_questions(self._service.judgements.all())
            else:
                name, text = text_of(request, "name")[:_LONGEST_NAME], text_of(request, "text")
            run = EvaluationRun(name, questions_in(text, name), self._service.threshold)
            self._runs.start(self._key, run, self._service.evaluating(run.questions))
        except QuothError as error:
            return self._state(str(error))
        except (KeyError, TypeError, ValueError):
            logger.warning("Questions could not be read.", exc_info=True)
            return self._state("These questions can't be used: they were kept by another version of Quoth.")
        return self._state()

    def evaluation(self) -> Patch:
        """How far it has come."""
        return self._state()

    def halt(self) -> Patch:
        if run := self._runs.of(self._key):
            run.stop()
        return self._state()

    def report(self) -> Patch:
        """The page that `quoth evaluate --report` writes."""
        run = self._runs.of(self._key)
        if not run or not run.judged:
            return self._state("There is no evaluation to report on.")
        there = self._there()
        shown = [one for one in run.judged if not one.result.best or one.result.best.document_id in there]
        return file("quoth-report.html", page(run.figures, shown, run.name))

    def _there(self) -> frozenset[str]:
        return frozenset(one.id for one in self._service.names())

    def _state(self, problem: str = "") -> Patch:
        run = self._runs.of(self._key)
        html = "" if run is None else progress(run) if run.running else results(run, self._there())
        return new(
            {
                "html": html,
                "running": bool(run and run.running),
                "problem": problem,
                "judged": _usable(self._service),
            }
        )


def _usable(service: View) -> int:
    """How many judged answers can be asked again: those whose right answer is known."""
    try:
        return len([json.loads(line) for line in as_questions(service.judgements.all()).splitlines() if line])
    except (KeyError, TypeError, ValueError, QuothError):
        return 0
