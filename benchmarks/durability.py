"""Kills a library at random moments, fills its disk, and checks what is left of it.

    python -m benchmarks.durability [--kills 200] [--steps 20000]

- kills: the ledger of `index/testing/kills.py`. Files are written, moved, copied, swapped and deleted, some
  of them in an archive, while the word index merges segments and vectors follow, made without a model.
- machine: the state machine of `index/testing/store_machine.py`, beside a dictionary.
- full disk: the same on a file system of 24 MB (needs root, to mount it) until it is full, then with room.
"""

import argparse
import itertools
import random
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.common import write
from index.testing.kills import Ledger, has, kills
from index.testing.library_process import LibraryProcess, Zygote
from index.testing.store_machine import run_store_machine

# So many that the library only grows.
MANY_NAMES = 1_000_000
SMALL_DISK_MEGABYTES = 24
ROOM_MEGABYTES = 6


def machine(folder: Path, zygote: Zygote, steps: int) -> dict[str, Any]:
    """So many steps of the state machine."""
    folders = (folder / str(number) for number in itertools.count())
    ran = run_store_machine(lambda: LibraryProcess(next(folders), zygote), steps)
    return {"steps": ran.steps, "wrong": ran.failures}


def full_disk(zygote: Zygote) -> dict[str, Any]:
    """Fills a small file system until a document doesn't fit, makes room, and goes on."""
    choice = random.Random(1)
    with _small_disk() as folder:
        ballast = folder / "ballast"
        ledger = Ledger(names=MANY_NAMES)
        store = LibraryProcess(folder / "library", zygote)
        ballast.write_bytes(bytes((SMALL_DISK_MEGABYTES - ROOM_MEGABYTES) * 1_000_000))
        message = _until_error(lambda: ledger.work(store, choice))
        acknowledged = ledger.acknowledged
        store.kill()
        full = ledger.verify(store, choice, problems=False)
        ballast.unlink()
        room = ledger.verify(store, choice)
        store.add("afterwards", "afterwards there is room again", "default", {})
        works = has(store.search("afterwards", 5), "afterwards")
        store.close()
    return {
        "acknowledged_before": acknowledged,
        "message": message.replace(str(folder), "FOLDER"),
        "wrong_while_full": full,
        "wrong_with_room_again": room,
        "adds_again": works,
    }


def _until_error(work: Callable[[], None]) -> str:
    try:
        work()
    except RuntimeError as error:
        return str(error)
    raise AssertionError("work without end has ended")


@contextmanager
def _small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        options = f"size={SMALL_DISK_MEGABYTES}m"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="where the libraries go (default: a temporary folder)")
    parsed = parser.parse_args()
    with Zygote() as zygote, tempfile.TemporaryDirectory(dir=parsed.folder) as folder:
        write(
            "durability",
            {
                "options": {key: str(value) for key, value in vars(parsed).items()},
                "kills": kills(Path(folder, "kills"), zygote, parsed.kills, seed=1),
                "full_disk": full_disk(zygote),
                "state_machine": machine(Path(folder, "machine"), zygote, parsed.steps),
            },
        )


if __name__ == "__main__":
    main()
