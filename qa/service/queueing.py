"""Who is answered when.

An answer is made in steps, one for each batch of passages that is read. As many steps run at once as there
are places: more would make nothing faster, since the processor is busy, and would wait for one another inside
the interpreter. Of the questions that wait, the one asked first goes first, with its later steps too. Batches
of several questions are not merged: larger batches take longer for each token.

What is asked while the same is being answered, of the same documents, gets the same answers: it is read once
for all who wait for it. The next step runs in the thread of any of them, so that nothing is read for askers
who have left, and nothing is lost for the others. Between its steps a question holds no place, however slowly
a client takes what it is sent.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice

from index import QuothError
from qa.answering.answer import Answer

# One asker more is refused at once, which is better than an answer after minutes.
MOST_ASKERS = 200


class Busy(QuothError):
    """So many askers wait that one more would wait too long."""


class Left(QuothError):
    """Whoever asked has left."""


class Asker:
    """Whoever waits for an answer. Any thread may say that they have left."""

    def __init__(self) -> None:
        self.gone = False
        # Set to wake the threads that wait for this asker: in general one.
        self.waits: list[threading.Event] = []

    def leave(self) -> None:
        """Ends the waiting, and with it the work that nobody else waits for."""
        self.gone = True
        for woken in tuple(self.waits):
            woken.set()


@dataclass(slots=True, eq=False)
class _Flight:
    """A question that is being answered: its steps, what they have made, and who waits for more."""

    question: Hashable
    start: Callable[[], Iterator[Answer]]
    steps: Iterator[Answer] | None = None
    askers: int = 0
    waiting: list[threading.Event] = field(default_factory=list)
    running: bool = False
    made: int = 0
    answer: Answer | None = None
    done: bool = False
    error: BaseException | None = None

    def step(self) -> None:
        """Reads one more batch."""
        try:
            if self.steps is None:
                self.steps = self.start()
            self.answer = next(self.steps)
            self.made += 1
        except StopIteration:
            self.done = True
        except BaseException as error:  # raised for each asker in its own thread
            self.done, self.error = True, error


class AnswerQueue:
    """Answers questions in turn, equal ones together; every method may be called from any thread.

    `places` steps run at once, and there are at most `most` askers.
    """

    def __init__(self, places: int, most: int = MOST_ASKERS) -> None:
        self._free = places
        self._most = most
        self._askers = 0
        self._lock = threading.Lock()
        # In the order in which they were asked.
        self._flights: dict[Hashable, _Flight] = {}

    @property
    def questions(self) -> int:
        """How many different questions are being answered or wait for it."""
        with self._lock:
            return len(self._flights)

    def answers(
        self, question: Hashable, start: Callable[[], Iterator[Answer]], asker: Asker
    ) -> Iterator[Answer]:
        """The answer so far after each step; the last one is whole.

        `question` is equal for what has equal answers, and `start` begins to make them. Busy when too many
        ask, Left when `asker` has gone; an error of a step is raised for all who wait for it.
        """
        began, made = time.perf_counter(), 0
        with self._asked(question, start) as flight:
            while newer := self._newer(flight, made, asker):
                made, answer = newer
                yield replace(answer, milliseconds=1000 * (time.perf_counter() - began))

    @contextmanager
    def _asked(self, question: Hashable, start: Callable[[], Iterator[Answer]]) -> Iterator[_Flight]:
        """The flight of the question, which ends when all who asked it have left."""
        with self._lock:
            if self._askers >= self._most:
                raise Busy(f"{self._askers:,} questions wait already. Ask again in a minute.")
            flight = self._flights.setdefault(question, _Flight(question, start))
            flight.askers += 1
            self._askers += 1
        try:
            yield flight
        finally:
            with self._lock:
                flight.askers -= 1
                self._askers -= 1
                if not flight.askers:
                    self._end(flight)

    def _newer(self, flight: _Flight, made: int, asker: Asker) -> tuple[int, Answer] | None:
        """Waits for an answer after the one of that number, or makes it; None when there is none."""
        with self._waiting(flight, asker) as woken:
            while True:
                with self._lock:
                    woken.clear()
                    if asker.gone:
                        raise Left("Whoever asked has left.")
                    if flight.answer and flight.made > made:
                        return flight.made, flight.answer
                    if flight.error:
                        raise flight.error
                    if flight.done:
                        return None
                    runs = self._takes_place(flight)
                if runs:
                    self._run(flight)
                else:
                    woken.wait()

    @contextmanager
    def _waiting(self, flight: _Flight, asker: Asker) -> Iterator[threading.Event]:
        """What is set when the asker should look again."""
        woken = threading.Event()
        asker.waits.append(woken)
        with self._lock:
            flight.waiting.append(woken)
        try:
            yield woken
        finally:
            asker.waits.remove(woken)
            with self._lock:
                flight.waiting.remove(woken)
                self._wake_next()

    def _run(self, flight: _Flight) -> None:
        flight.step()
        with self._lock:
            flight.running = False
            self._free += 1
            if flight.done:
                self._end(flight)
            for woken in flight.waiting:
                woken.set()
            self._wake_next()

    def _takes_place(self, flight: _Flight) -> bool:
        """Whether it is the flight's turn, which then has a place. The thread holds the lock."""
        if flight.running or flight not in self._next():
            return False
        flight.running = True
        self._free -= 1
        return True

    def _next(self) -> list[_Flight]:
        """The flights that may take the free places. The thread holds the lock."""
        ready = (flight for flight in self._flights.values() if flight.waiting and not flight.running)
        return list(islice(ready, self._free))

    def _wake_next(self) -> None:
        for flight in self._next():
            flight.waiting[0].set()

    def _end(self, flight: _Flight) -> None:
        if self._flights.get(flight.question) is flight:
            del self._flights[flight.question]
