"""Evaluations in the background, one at a time: how far each has come, and what it came to."""

import logging
import threading
from collections.abc import Iterator, Sequence
from typing import Literal

from index import QuothError
from index.errors import BROKEN
from qa.evaluate.figures import Figures, Judged, judge, measure
from qa.evaluate.questions import Question
from qa.evaluate.result import Result, Way
from qa.evaluate.way import spread

RunState = Literal["waiting", "running", "done", "stopped", "failed"]
# Questions of one file that are asked; of more, so many are, spread evenly.
MOST = 1_000
logger = logging.getLogger(__name__)


class EvaluationRun:
    """A file of questions being asked; every method may be called from any thread."""

    def __init__(self, name: str, questions: Sequence[Question], threshold: float) -> None:
        self.name = name
        self.of = len(questions)
        self.questions = spread(questions, MOST)
        self.threshold = threshold
        self.judged: list[Judged] = []
        self.state: RunState = "waiting"
        self.problem = ""
        self._stopped, self._ended = threading.Event(), threading.Event()

    @property
    def running(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def figures(self) -> Figures:
        """What the questions amount to that have been asked so far."""
        return measure(list(self.judged), Way.LIBRARY, self.threshold)

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until it has ended; False when `timeout` seconds were too few."""
        return self._ended.wait(timeout)

    def stop(self) -> None:
        """Asks no more; what has been asked stays."""
        self._stopped.set()

    def go_through(self, results: Iterator[Result]) -> None:
        """Asks question after question; says in `problem` what ended it before the last one."""
        self.state = "running"
        try:
            for result in results:
                self.judged.append(judge(result))
                if self._stopped.is_set():
                    break
            self.state = "done" if len(self.judged) == len(self.questions) else "stopped"
        except QuothError as error:
            self.state, self.problem = "failed", str(error)
        except Exception:
            logger.exception("An evaluation could not be finished.")
            self.state, self.problem = "failed", BROKEN
        finally:
            self._ended.set()


class EvaluationRuns:
    """The last evaluation of each user, under a key of their own; they wait for each other."""

    def __init__(self) -> None:
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._runs: dict[object, EvaluationRun] = {}

    def of(self, key: object) -> EvaluationRun | None:
        return self._runs.get(key)

    def start(self, key: object, run: EvaluationRun, results: Iterator[Result]) -> None:
        """Begins in the background; an evaluation of the same user that still runs is stopped first."""
        with self._lock:
            if before := self._runs.get(key):
                before.stop()
            self._runs[key] = run
        threading.Thread(target=self._take_turn, args=(run, results), daemon=True).start()

    def _take_turn(self, run: EvaluationRun, results: Iterator[Result]) -> None:
        with self._turn:
            run.go_through(results)
