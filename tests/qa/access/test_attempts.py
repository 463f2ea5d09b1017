"""Wrong tries cost time, more with each, and never much."""

from qa.access.attempts import Attempts


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_first_failures_are_free_and_the_wait_doubles_up_to_a_bound() -> None:
    clock = Clock()
    attempts = Attempts(free=2, longest=5, clock=clock)
    waits = []
    for _ in range(7):
        waits.append(attempts.wait("ann"))
        attempts.failed("ann")
    assert waits == [0, 0, 1, 2, 4, 5, 5]
    clock.now += 5
    assert attempts.wait("ann") == 0
    assert attempts.wait("bob") == 0


def test_a_success_or_time_forgets_the_failures() -> None:
    clock = Clock()
    attempts = Attempts(free=1, longest=5, clock=clock)
    attempts.failed("ann")
    assert attempts.wait("ann") == 1
    attempts.succeeded("ann")
    assert attempts.wait("ann") == 0
    attempts.failed("ann")
    clock.now += 60
    attempts.failed("ann")
    assert attempts.wait("ann") == 1


def test_of_many_only_the_latest_are_remembered() -> None:
    attempts = Attempts(free=1, most=3, clock=Clock())
    for name in "abcd":
        attempts.failed(name)
    assert [attempts.wait(name) > 0 for name in "abcd"] == [False, True, True, True]
