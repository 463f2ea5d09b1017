from pathlib import Path

from benchmarks.durability import machine
from benchmarks.library_process import Zygote

STEPS = 2000


def test_a_library_does_what_a_dictionary_does_whatever_happens_to_it(
    memory_folder: Path, zygote: Zygote
) -> None:
    outcome = machine(memory_folder, zygote, STEPS)
    assert outcome["wrong"] == []
    assert outcome["steps"] >= STEPS / 2
