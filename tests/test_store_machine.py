import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.library_process import LibraryProcess, Zygote
from benchmarks.store_machine import StoreMachine

EXAMPLES, STEPS = 40, 50


def test_a_library_does_what_a_dictionary_does_whatever_happens_to_it(
    memory_folder: Path, zygote: Zygote
) -> None:
    folders = (memory_folder / str(number) for number in itertools.count())

    class Machine(StoreMachine):
        opened = staticmethod(lambda: LibraryProcess(next(folders), zygote))

    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Exception:
        pytest.fail("\n".join(Machine.failures[:1]))
    assert Machine.steps >= EXAMPLES * STEPS / 2
