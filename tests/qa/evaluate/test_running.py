"""Evaluations in the background: what is asked, what is kept, and how they end."""

import threading
from collections.abc import Iterator

import pytest

from index import LibraryError
from qa import Answer, Searched
from qa.evaluate import Question, Result, measure
from qa.evaluate.result import Way
from qa.evaluate.running import MOST, EvaluationRun, EvaluationRuns, RunState

QUESTIONS = [Question(str(number), f"What is {number}?", ()) for number in range(5)]


def result(question: Question) -> Result:
    searched = Searched(1, 1, 1)
    answer = Answer(question.question, question.question, "none", (), 0, (), (), 0.1, (), searched, 1.0)
    return Result(question, answer, None, ("", ""), (), None, None, 1.0)


def ended(results: Iterator[Result], stop_first: bool = False) -> EvaluationRun:
    run = EvaluationRun("a.jsonl", QUESTIONS, 0.4)
    if stop_first:
        run.stop()
    run.go_through(results)
    return run


def failing(error: Exception) -> Iterator[Result]:
    yield result(QUESTIONS[0])
    raise error


def test_a_run_asks_everything_and_has_the_figures_of_it() -> None:
    run = ended(map(result, QUESTIONS))
    assert run.state == "done" and not run.running and run.problem == ""
    assert [one.result.question for one in run.judged] == QUESTIONS
    assert {one.outcome for one in run.judged} == {"rightly refused"}
    assert run.figures == measure(run.judged, Way.LIBRARY, 0.4)


@pytest.mark.parametrize(
    ("results", "stop", "state", "asked", "problem"),
    [
        (map(result, QUESTIONS), True, "stopped", 1, ""),
        (failing(LibraryError("It is gone.")), False, "failed", 1, "It is gone."),
        (failing(ZeroDivisionError("x")), False, "failed", 1, "Something went wrong here."),
    ],
)
def test_what_ends_a_run_early_leaves_what_was_asked(
    results: Iterator[Result], stop: bool, state: RunState, asked: int, problem: str
) -> None:
    run = ended(results, stop)
    assert (run.state, len(run.judged)) == (state, asked)
    assert run.problem.startswith(problem)


def test_of_very_many_questions_some_are_asked_from_the_whole_file() -> None:
    run = EvaluationRun("many.jsonl", QUESTIONS * MOST, 0.4)
    assert (run.of, len(run.questions)) == (5 * MOST, MOST)


def test_evaluations_wait_for_each_other_and_a_new_one_ends_that_of_the_same_user() -> None:
    runs, go_on, begun, finished = EvaluationRuns(), threading.Event(), threading.Event(), threading.Event()

    def slow() -> Iterator[Result]:
        begun.set()
        assert go_on.wait(60)
        yield from map(result, QUESTIONS)

    def last() -> Iterator[Result]:
        yield from map(result, QUESTIONS)
        finished.set()

    first, other, second = (EvaluationRun(name, QUESTIONS, 0.4) for name in "abc")
    runs.start("ann", first, slow())
    assert begun.wait(60)
    runs.start("bob", other, map(result, QUESTIONS))
    assert other.state == "waiting"
    runs.start("ann", second, last())
    go_on.set()
    assert finished.wait(60)
    assert (first.state, len(first.judged)) == ("stopped", 1)
    assert runs.of("ann") is second and runs.of("bob") is other and runs.of("cara") is None
