"""Who is answered when: steps are let through one by one, so that no test depends on time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from queue import Queue

import pytest

from index import QuestionError
from qa import Answer, Searched
from qa.service.queueing import AnswerQueue, Asker, Busy, Left
from tests.waiting import PATIENCE


def answer(text: str) -> Answer:
    return Answer(text, text, "none", (), 0, (), (), 0.0, (), Searched(0, 0, 0), 0.0)


class Reading:
    """A question of so many steps. Each says that it has begun, and ends when it is let through."""

    def __init__(self, steps: int, begun: "Queue[str]", name: str = "") -> None:
        self._steps, self._begun, self._name = steps, begun, name
        self.through = threading.Semaphore(0)
        self.starts = 0

    def start(self) -> Iterator[Answer]:
        self.starts += 1
        for number in range(self._steps):
            self._begun.put(f"{self._name}{number}")
            assert self.through.acquire(timeout=PATIENCE)
            yield answer(f"{self._name}{number}")


class Asking(threading.Thread):
    """Asks in a thread of its own, and keeps what came of it."""

    def __init__(self, queue: AnswerQueue, question: str, start: Callable[[], Iterator[Answer]]) -> None:
        super().__init__(daemon=True)
        self.asker = Asker()
        self.heard: list[str] = []
        self.error: Exception | None = None
        self._growing = queue.answers(question, start, self.asker)
        self.start()

    def run(self) -> None:
        try:
            self.heard = [one.asked for one in self._growing]
        except Exception as error:
            self.error = error

    def end(self) -> list[str]:
        self.join(PATIENCE)
        assert not self.is_alive()
        return self.heard

    def waits(self) -> None:
        """Returns when the asker waits."""
        while not self.asker.waits:
            threading.Event().wait(0.001)


@pytest.fixture
def begun() -> "Queue[str]":
    return Queue()


def test_what_is_asked_twice_at_a_time_is_read_once(begun: "Queue[str]") -> None:
    queue, reading = AnswerQueue(2), Reading(2, begun)
    first = Asking(queue, "q", reading.start)
    assert begun.get(timeout=PATIENCE) == "0"
    others = [Asking(queue, "q", reading.start) for _ in range(5)]
    for other in others:
        other.waits()
    reading.through.release(2)
    assert [asking.end()[-1] for asking in (first, *others)] == ["1"] * 6
    assert (reading.starts, queue.questions) == (1, 0)


def test_who_asks_when_it_has_been_answered_is_answered_anew(begun: "Queue[str]") -> None:
    queue, reading = AnswerQueue(1), Reading(1, begun)
    reading.through.release(2)
    assert Asking(queue, "q", reading.start).end() == Asking(queue, "q", reading.start).end() == ["0"]
    assert reading.starts == 2


def test_the_oldest_question_goes_first_and_no_more_run_than_there_are_places(begun: "Queue[str]") -> None:
    queue = AnswerQueue(2)
    readings = [Reading(1, begun, name) for name in "abcd"]
    askings = []
    for number, reading in enumerate(readings):
        askings.append(Asking(queue, str(number), reading.start))
        askings[-1].waits()
    assert {begun.get(timeout=PATIENCE) for _ in range(2)} == {"a0", "b0"}
    assert begun.empty()
    readings[1].through.release()
    assert begun.get(timeout=PATIENCE) == "c0"
    assert begun.empty()
    for reading in readings:
        reading.through.release()
    assert begun.get(timeout=PATIENCE) == "d0"
    assert [asking.end() for asking in askings] == [["a0"], ["b0"], ["c0"], ["d0"]]


def test_nothing_is_read_for_one_who_left_while_waiting(begun: "Queue[str]") -> None:
    queue, ahead, never = AnswerQueue(1), Reading(1, begun, "a"), Reading(1, begun, "b")
    first = Asking(queue, "a", ahead.start)
    begun.get(timeout=PATIENCE)
    leaving = Asking(queue, "b", never.start)
    leaving.waits()
    leaving.asker.leave()
    leaving.end()
    assert isinstance(leaving.error, Left)
    ahead.through.release()
    assert first.end() == ["a0"]
    assert (never.starts, queue.questions) == (0, 0)


def test_one_who_leaves_while_being_answered_frees_the_place_after_that_step(begun: "Queue[str]") -> None:
    queue, left, other = AnswerQueue(1), Reading(3, begun, "a"), Reading(1, begun, "b")
    leaving = Asking(queue, "a", left.start)
    assert begun.get(timeout=PATIENCE) == "a0"
    waiting = Asking(queue, "b", other.start)
    waiting.waits()
    leaving.asker.leave()
    left.through.release(3)
    other.through.release()
    assert waiting.end() == ["b0"]
    leaving.end()
    assert isinstance(leaving.error, Left)
    assert begun.get(timeout=PATIENCE) == "b0"
    assert begun.empty()


def test_what_one_began_who_left_is_finished_for_the_others(begun: "Queue[str]") -> None:
    queue, reading = AnswerQueue(1), Reading(3, begun)
    leaving = Asking(queue, "q", reading.start)
    begun.get(timeout=PATIENCE)
    staying = Asking(queue, "q", reading.start)
    staying.waits()
    leaving.asker.leave()
    reading.through.release(3)
    assert staying.end()[-1] == "2"
    leaving.end()
    assert (isinstance(leaving.error, Left), reading.starts) == (True, 1)


def test_a_slow_client_holds_no_place(begun: "Queue[str]") -> None:
    queue, slow, quick = AnswerQueue(1), Reading(2, begun, "a"), Reading(1, begun, "b")
    slow.through.release(2)
    quick.through.release()
    with closing(queue.answers("a", slow.start, Asker())) as growing:  # type: ignore[type-var]
        assert next(growing).asked == "a0"
        assert Asking(queue, "b", quick.start).end() == ["b0"]
    assert queue.questions == 0


def test_one_asker_too_many_is_refused_at_once_and_the_next_has_room(begun: "Queue[str]") -> None:
    queue, reading = AnswerQueue(1, most=1), Reading(1, begun)
    asking = Asking(queue, "q", reading.start)
    begun.get(timeout=PATIENCE)
    with pytest.raises(Busy, match="1 questions wait already"):
        next(queue.answers("q", reading.start, Asker()))
    reading.through.release(2)
    assert asking.end() == Asking(queue, "q", reading.start).end() == ["0"]


def test_an_error_is_raised_for_all_who_wait_and_frees_the_place() -> None:
    queue, through, begun = AnswerQueue(1), threading.Event(), threading.Event()

    def fail() -> Iterator[Answer]:
        begun.set()
        assert through.wait(PATIENCE)
        raise QuestionError("It can't be asked.")

    askings = [Asking(queue, "q", fail)]
    assert begun.wait(PATIENCE)
    askings.append(Asking(queue, "q", fail))
    askings[1].waits()
    through.set()
    for asking in askings:
        asking.end()
        assert isinstance(asking.error, QuestionError)
    reading = Reading(1, Queue())
    reading.through.release()
    assert Asking(queue, "q", reading.start).end() == ["0"]
